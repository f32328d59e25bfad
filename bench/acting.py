"""How our faces move beside people's: `uv run python -m bench.acting --assets FOLDER --cache WORK`.

Tracks the people of training/motion/clips.py, lets several voices of FOLDER/audio move a face with several
seeds in every manner, and prints spreads, speeds and bands of both; how well a judge who never saw the person
tells them apart; what meets the sound, at its delay, beside chance; whether a minute repeats itself; what it
costs. `--videos FOLDER` renders talking photos there, where it lacks them, and reads them back with the
tracker. `--write` puts the tables into docs/reference/quality.md.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from bench.acting_figures import (
    DIGITS,
    HEADINGS,
    SHORTEST_S,
    at,
    autocorrelation,
    effect,
    figures,
    likeness,
    louder,
    motion_of_curves,
    pieces,
    turns_of,
)
from bench.head_judge import RATE_HZ, Seen, judged, windows
from lipwright.engine import talking_photo
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture import people as natural
from lipwright.engine.gesture.curves import BLINKS, BROWS_INNER_UP, BROWS_OUTER_UP, Gesture, GestureCurves
from lipwright.engine.gesture.gestures import gestures
from lipwright.engine.gesture.listening import speaking_curve
from lipwright.engine.gesture.style import GestureStyle
from lipwright.engine.gesture.voice_curves import voice_curves
from lipwright.engine.media.values import SoundClip
from lipwright.engine.pipelines.modes import PhotoMode
from lipwright.engine.pipelines.options import TalkingPhotoOptions
from lipwright.engine.pipelines.photo_acting import style_of
from lipwright.engine.pipelines.speech_input import load_voice_track
from lipwright.engine.progress import JobContext
from lipwright.engine.speech.prosody import find_prosody
from lipwright.engine.speech.values import Prosody, SpeechActivity
from training.motion.clips import LOOKED_AT, present
from training.motion.spectra import FILTER_ROWS, SHORTEST_CLIP_S, filters_of
from training.motion.tracking import PersonMotion, track_motion

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "quality.md"
BEGIN, END = "<!-- made by bench/acting.py -->", "<!-- end of bench/acting.py -->"
VOICES = (
    "en_ivr_congrats.wav",
    "es_ivr_congrats.wav",
    "fr_ivr_congrats.wav",
    "en_jfk_11s.flac",
    "en_news_RD_Radio31.wav",
)
SEEDS = range(4)
# Voices follow one another up to this length where one face speaks for long.
LONG_S = 60.0
JUDGE_SEEDS = range(4)
# Photos whose videos are read back, each with a voice and a manner of the lists in turn; frontal ones, whose
# motion the tracker reads best.
READ_PHOTOS = (
    "ai_man_grey_suit_closed.jpg",
    "ai_man_half_body_1036.jpg",
    "ai_man_open_smile.jpg",
    "ai_woman_curly_closed_large.jpg",
    "ai_woman_glasses_hand.jpg",
    "painting_dark_skin.png",
    "painting_child_reading.jpg",
    "cartoon3d_boy.png",
)
READ_S, READ_PX = 9.0, 512
READ_FRAME_RATE = Fraction(25)


ASKED = {
    "realistic": TalkingPhotoOptions(),
    "expressive 1": TalkingPhotoOptions(mode=PhotoMode.PROMPTED, intensity=1.0),
    "expressive 2": TalkingPhotoOptions(mode=PhotoMode.PROMPTED, intensity=2.0),
}
MANNERS = {name: style_of(options)[0] for name, options in ASKED.items()}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Voice:
    """A voice as the gestures hear it."""

    name: str
    activity: SpeechActivity
    prosody: Prosody
    duration_s: float

    def moves(self, style: GestureStyle, seed: int) -> GestureCurves:
        """What it makes a face do."""
        return gestures(self.activity, self.prosody, self.duration_s, style, seed)


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = Path(os.environ.get("LIPWRIGHT_ASSETS", ROOT.parent / "shared" / "assets"))
    parser.add_argument("--assets", type=Path, default=default)
    parser.add_argument("--cache", type=Path, help="a folder that keeps what was tracked")
    parser.add_argument("--videos", type=Path, help="a folder for videos of talking photos, read back")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    people = [
        (source.person, track_motion(options.assets / source.path, options.cache))
        for source in present(options.assets)
    ]
    voices = [heard(options.assets / "audio" / name) for name in VOICES]
    read = []
    if options.videos:
        read = [
            (path.stem, track_motion(path, options.cache))
            for path in rendered(options.assets, options.videos)
        ]
    text = "\n".join(report(people, voices, read))
    print(text)
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def rendered(assets: Path, folder: Path) -> list[Path]:
    """Videos of the photos, one each; those that are there already stay."""
    folder.mkdir(parents=True, exist_ok=True)
    videos = []
    for place, photo in enumerate(READ_PHOTOS):
        voice, manner = VOICES[place % len(VOICES)], list(ASKED)[place % len(ASKED)]
        path = folder / f"{Path(photo).stem}-{Path(voice).stem}-{manner.replace(' ', '_')}.mp4"
        if not path.is_file():
            options = replace(
                ASKED[manner], seed=100 + place, max_resolution_px=READ_PX, frame_rate=READ_FRAME_RATE
            )
            sound = SoundClip(path=assets / "audio" / voice, end_s=READ_S)
            talking_photo(assets / "images" / photo, sound, path, options)
        videos.append(path)
    return videos


def heard(path: Path) -> Voice:
    """Listen to a sound."""
    with load_voice_track(
        SoundClip(path=path), transcript=None, language=None, context=JobContext()
    ) as speech:
        prosody = find_prosody(speech.sound, speech.activity, speech.phones)
        return Voice(
            name=path.stem,
            activity=speech.activity,
            prosody=prosody,
            duration_s=speech.sound.duration_s,
        )


def report(
    people: Sequence[tuple[str, PersonMotion]],
    voices: Sequence[Voice],
    read: Sequence[tuple[str, PersonMotion]],
) -> list[str]:
    """All tables, as lines of Markdown."""
    ours = {
        name: [
            # Every clip has a seed of its own, or the judge learns the motion of a seed by heart.
            (f"{voice.name} {seed}", motion_of_curves(voice.moves(style, len(SEEDS) * place + seed)))
            for place, voice in enumerate(voices)
            for seed in SEEDS
        ]
        for name, style in MANNERS.items()
    }
    lines = ["### How far and how fast", "", *spread_table(people, ours, read), ""]
    lines += ["### Told from people", "", *judge_table(people, ours, read, voices), ""]
    lines += ["### What meets the sound", "", *effect_table(voices), ""]
    longest = max(voices, key=lambda voice: voice.duration_s)
    lines += ["### Repetition and cost", "", *repetition(longest)]
    return lines


def spread_table(
    people: Sequence[tuple[str, PersonMotion]],
    ours: dict[str, list[tuple[str, PersonMotion]]],
    read: Sequence[tuple[str, PersonMotion]],
) -> Iterator[str]:
    """One row for each figure: people's quartiles, and the mean of each manner."""
    real = np.array([figures(motion) for _, motion in people if motion.duration_s >= SHORTEST_S])
    drawn = {
        name: np.array([figures(piece) for _, motion in motions for piece in pieces(_inner(motion))])
        for name, motions in ours.items()
    }
    if read:
        drawn["videos of all manners, read"] = np.array([figures(_inner(motion)) for _, motion in read])
    yield "| | people: median (quartiles) | " + " | ".join(drawn) + " |"
    yield "| --- | ---: |" + " ---: |" * len(drawn)
    for place, (heading, digits) in enumerate(zip(HEADINGS, DIGITS, strict=True)):
        low, middle, high = np.nanpercentile(real[:, place], [25, 50, 75])
        cells = [f"{middle:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"]
        cells += [f"{np.nanmean(rows[:, place]):.{digits}f}" for rows in drawn.values()]
        yield f"| {heading} | " + " | ".join(cells) + " |"


def judge_table(
    people: Sequence[tuple[str, PersonMotion]],
    ours: dict[str, list[tuple[str, PersonMotion]]],
    read: Sequence[tuple[str, PersonMotion]],
    voices: Sequence[Voice],
) -> Iterator[str]:
    """The areas under the curve; of people, those are asked about whom no constant was set on."""
    held_apart = {who for who, _ in people} - LOOKED_AT
    yield "| against people | turns | turns, sizes hidden | turns and brows | the same, sizes hidden |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    inner = {name: [(who, _inner(motion)) for who, motion in motions] for name, motions in ours.items()}
    inner["all manners"] = [
        each
        for place, row in enumerate(zip(*inner.values(), strict=True))
        for each in [row[place % len(row)]]
    ]
    with filters_of_those_looked_at(people):
        inner["all manners, filters of those looked at"] = [
            (f"{voice.name} {seed}", _inner(motion_of_curves(voice.moves(style, 50 + 10 * place + seed))))
            for place, voice in enumerate(voices)
            for seed, style in enumerate(MANNERS.values())
        ]
    if read:
        inner["videos of all manners, read by the tracker"] = [(who, _inner(motion)) for who, motion in read]
    inner["other people"] = []
    for name, motions in inner.items():
        cells = []
        for brows in (False, True):
            for sizes in (True, False):
                real = [(who, windows(turns_of(motion, brows=brows), sizes=sizes)) for who, motion in people]
                drawn = [
                    (who, windows(turns_of(motion, brows=brows), sizes=sizes)) for who, motion in motions
                ]
                areas = [
                    judged(real, drawn, seed, asked=held_apart)
                    if drawn
                    else judged(*_halves(real, seed), seed)
                    for seed in JUDGE_SEEDS
                ]
                cells.append(f"{np.mean(areas):.2f}")
        yield f"| {name} | " + " | ".join(cells) + " |"


@contextmanager
def filters_of_those_looked_at(people: Sequence[tuple[str, PersonMotion]]) -> Iterator[None]:
    """Motion with the mean spectrum of LOOKED_AT alone, as training.motion.spectra makes it of all."""
    used = [motion for who, motion in people if who in LOOKED_AT and motion.duration_s >= SHORTEST_CLIP_S]
    half = filters_of(used)[:, FILTER_ROWS // 2 :]
    whole = np.concatenate([half[:, :0:-1], half], axis=1)
    whole /= np.linalg.norm(whole, axis=1, keepdims=True)
    shipped = natural._filters
    natural._filters = lambda: whole  # type: ignore[assignment]
    try:
        yield
    finally:
        natural._filters = shipped


def effect_table(voices: Sequence[Voice]) -> Iterator[str]:
    """What is found at accents, phrases and blinks, and the most that chance shows."""
    yield "| what, in realistic | found | 95 % of shuffles below |"
    yield "| --- | ---: | ---: |"
    rows: dict[str, list[tuple[float, float]]] = {}
    for voice in voices:
        if voice.duration_s < LONG_S / 3:
            continue
        for seed in SEEDS:
            for name, found in _effects(voice, voice.moves(MANNERS["realistic"], seed)):
                rows.setdefault(name, []).append(found)
    for name, clips in rows.items():
        # Chance of a mean over independent clips falls with the root of their number.
        chance = np.sqrt(np.mean([most**2 for _, most in clips]) / len(clips))
        yield f"| {name} | {np.mean([value for value, _ in clips]):+.2f} | {chance:.2f} |"


def _effects(voice: Voice, curves: GestureCurves) -> Iterator[tuple[str, tuple[float, float]]]:
    values = curves.values.astype(np.float64)
    pitch = values[:, Gesture.PITCH]
    brow = values[:, [*BROWS_INNER_UP, *BROWS_OUTER_UP]].mean(axis=1)
    turns = values[:, [Gesture.YAW, Gesture.PITCH, Gesture.ROLL]]
    speed = np.linalg.norm(np.gradient(turns, axis=0), axis=1) * CURVE_RATE_HZ
    lid = values[:, BLINKS[0]]
    accents = [accent.time_s for accent in voice.prosody.accents]
    starts = [phrase.start_s for phrase in voice.prosody.phrases]
    ends = [phrase.end_s for phrase in voice.prosody.phrases]
    blinks = (np.flatnonzero((lid[1:] > 0.02) & (lid[:-1] <= 0.02)) / CURVE_RATE_HZ).tolist()
    between = (0.15, -0.20), (0.22, -0.40), (-0.36, 0.80)
    names = (
        "accent: pitch at +0.15 s less at -0.20 s, °",
        "phrase start: pitch at +0.22 s less at -0.40 s, °",
        "phrase end: pitch at -0.36 s less at +0.80 s, °",
    )
    for name, moments, (here, there) in zip(names, (accents, starts, ends), between, strict=True):
        yield (
            name,
            effect(pitch, moments, lambda c, m, a=here, b=there: at(c, m, a) - at(c, m, b)),  # type: ignore[misc]
        )
    yield (
        "accent: brows at -0.10 s less at -0.40 s, thousandths of a face height",
        effect(24 * brow, accents, lambda c, m: at(c, m, -0.10) - at(c, m, -0.40)),
    )
    loud = voice_curves(voice.activity, voice.prosody, len(speed)).loud
    spoken = speaking_curve(voice.activity, len(speed)) > 0.5
    yield "loudest third of the speech: speed less in the softest, °/s", louder(speed, loud, spoken)
    yield (
        "blink: speed of the head at +0.16 s less at -0.60 s, °/s",
        effect(speed, blinks, lambda c, m: at(c, m, 0.16) - at(c, m, -0.60)),
    )


def repetition(voice: Voice) -> Iterator[str]:
    """What a minute of one face has in common with itself, and what it costs."""
    style = MANNERS["realistic"]
    own, others, cost, again, by_chance = [], [], [], [], []
    for seed in SEEDS:
        started_s = time.process_time()
        first = _minute(voice, style, seed)
        cost.append((time.process_time() - started_s) / LONG_S)
        second = _minute(voice, style, seed + 100)
        for channel in (0, 1):
            a, b = (turns_of(motion_of_curves(each))[:, channel] for each in (first, second))
            again.append(autocorrelation(a, a, least_lag_s=4))
            by_chance.append(autocorrelation(a, b, least_lag_s=4))
            own.append(likeness(a, a, least_lag_s=4.5))
            others.append(likeness(a, b))
    yield (
        "Largest correlation of yaw or pitch with itself, shifted by 4 to 30 s, over a minute: "
        f"{np.mean(again):.2f}; of two faces with unlike seeds, shifted alike: {np.mean(by_chance):.2f}."
    )
    yield ""
    yield (
        "Largest correlation of any 4 s of yaw or pitch with any other 4 s of the same minute: "
        f"{np.mean(own):.2f}; with any 4 s of a face with another seed: {np.mean(others):.2f}."
    )
    yield ""
    yield f"Making the gestures takes {1000 * np.mean(cost):.1f} ms of a processor for a second of sound."


def _minute(voice: Voice, style: GestureStyle, seed: int) -> GestureCurves:
    """The face goes on after the voice has ended, and listens."""
    return gestures(voice.activity, voice.prosody, LONG_S, style, seed)


def _inner(motion: PersonMotion) -> PersonMotion:
    """Without the second at both ends in which a clip leaves the pose of its picture and comes back."""
    names = PersonMotion.__slots__
    return PersonMotion(**{name: getattr(motion, name)[RATE_HZ:-RATE_HZ] for name in names})


def _halves(clips: Sequence[Seen], seed: int) -> tuple[list[Seen], list[Seen]]:
    """The people in two halves."""
    names = np.random.default_rng(seed).permutation(sorted({name for name, _ in clips})).tolist()
    first = set(names[: len(names) // 2])
    return [clip for clip in clips if clip[0] in first], [clip for clip in clips if clip[0] not in first]


if __name__ == "__main__":
    main()
