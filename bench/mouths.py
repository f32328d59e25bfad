"""What the mouth does in twelve languages without any words: `uv run python -m bench.mouths`.

Embedded voices say sentences whose phones they know, real people say sentences whose words are known, and
recordings of strangers are heard as they are. The curves of `articulate` are held against what is said.
`--write` puts the tables into docs/reference/quality.md. Exit status 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from bench.mouth_sentences import SENTENCES, grid_sentence
from lipwright.engine.articulation.articulate import articulate
from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.articulation.width import visible_width
from lipwright.engine.media.reading.sound import load_speech
from lipwright.engine.media.values import SPEECH_RATE_HZ, SoundClip, SpeechSound
from lipwright.engine.speech.activity import detect_activity
from lipwright.engine.speech.align.transcript import align_transcript
from lipwright.engine.speech.phones import BILABIAL, SILENCE
from lipwright.engine.speech.values import Phone
from lipwright.engine.speech.voices.speak import speak

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "quality.md"
BEGIN, END = "<!-- made by bench/mouths.py -->", "<!-- end of bench/mouths.py -->"
MISSED = "✗"
# Face heights at aperture 1, and the gap below which lips are seen as shut.
FULL_GAP, SHUT_GAP = 0.095, 0.008
# Lips meet up to so long before or after the sound; shorter labels are errors of an aligner.
NEAR_S, SHORTEST_S = 0.06, 0.025
LIP_TO_TEETH = frozenset({"F", "V"})
TUCKED = 0.6
# Sentences of GRID for each speaker, and how much of a recording is heard.
MOST_SENTENCES, MOST_S = 3, 12.0
# Recordings without known words, below the assets folder.
RECORDINGS = (
    "audio/en_news_RD_Radio31.wav",
    "audio/es_ivr_congrats.wav",
    "audio/fr_ivr_congrats.wav",
    "audio/zh_poem1.wav",
    "train2/de_german_20s.mp4",
    "train2/zh_facegood_zismeif.mp4",
    "train2/vc01_681100216.mp4",
    "train2/hdtf_RD_Radio2_000.mp4",
)
# Heading, digits, least and most that passes.
COLUMNS: dict[str, tuple[str, int, float, float]] = {
    "closures": ("p b m shut", 2, 0.90, 1.0),
    "false_closures": ("others shut", 3, 0.0, 0.125),
    "tucks": ("f v tucked", 2, 0.75, 1.0),
    "lead_ms": ("lips shut before the sound, ms", 0, -20, 60),
    "width_p5": ("width p5", 2, 0.68, 0.88),
    "width_p95": ("width p95", 2, 1.08, 1.20),
    "rounding_p95": ("rounding p95", 2, 0.5, 1.0),
    "opening_p95": ("opening p95", 3, 0.085, 0.130),
    "jaw": ("jaw per gap", 2, 0.38, 0.42),
    "shut": ("share shut", 2, 0.05, 0.35),
}

Samples = NDArray[np.float32]


@dataclass(slots=True)
class Tally:
    """What was counted of one group of sounds."""

    found: list[bool] = field(default_factory=list)
    false: list[bool] = field(default_factory=list)
    tucked: list[bool] = field(default_factory=list)
    leads_ms: list[float] = field(default_factory=list)
    rows: list[NDArray[np.float32]] = field(default_factory=list)

    def add(self, samples: Samples, phones: tuple[Phone, ...]) -> None:
        """Hear a sound and hold its curves against its phones, where they are known."""
        sound = SpeechSound(samples=samples)
        activity = detect_activity(sound)
        values = articulate(sound, activity).values
        count = min(len(values), len(activity.speaking))
        self.rows.append(values[:count][activity.is_speaking[:count]])
        is_shut = values[:, Mouth.APERTURE] * FULL_GAP < SHUT_GAP
        for phone in phones:
            if phone.symbol == SILENCE or phone.end_s - phone.start_s < SHORTEST_S:
                continue
            around = _rows_between(phone.start_s - NEAR_S, phone.end_s + NEAR_S, len(values))
            if phone.symbol in BILABIAL:
                self.found.append(bool(is_shut[around].any()))
                if is_shut[around].any():
                    first = around.start + int(is_shut[around].argmax())
                    self.leads_ms.append(1000 * phone.start_s - 10 * first)
                continue
            if phone.symbol in LIP_TO_TEETH:
                self.tucked.append(bool(values[around, Mouth.TUCK].max() > TUCKED))
            middle = min(len(values) - 1, round(50 * (phone.start_s + phone.end_s)))
            self.false.append(bool(is_shut[middle]))

    def figures(self) -> dict[str, float]:
        """The figures by the names of COLUMNS; those of phones are absent where none were known."""
        rows = np.concatenate(self.rows)
        gap, jaw = rows[:, Mouth.APERTURE], rows[:, Mouth.JAW]
        width = visible_width(rows)
        figures = {
            "width_p5": float(np.percentile(width, 5)),
            "width_p95": float(np.percentile(width, 95)),
            "rounding_p95": float(np.percentile(rows[:, [Mouth.PUCKER, Mouth.FUNNEL]].max(axis=1), 95)),
            "opening_p95": float(np.percentile(gap, 95)) * FULL_GAP,
            "jaw": float(np.polyfit(gap, jaw, 1)[0]),
            "shut": float((gap * FULL_GAP < SHUT_GAP).mean()),
        }
        for name, counted in (
            ("closures", self.found),
            ("false_closures", self.false),
            ("tucks", self.tucked),
        ):
            if counted:
                figures[name] = float(np.mean(counted))
        if self.leads_ms:
            figures["lead_ms"] = float(np.median(self.leads_ms))
        return figures


def main() -> None:
    """Print the tables, and write them where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = Path(os.environ.get("LIPWRIGHT_ASSETS", ROOT.parent / "shared" / "assets"))
    parser.add_argument("--assets", type=Path, default=default)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    tallies: dict[str, Tally] = {}
    for group, samples, phones in heard(options.assets):
        tallies.setdefault(group, Tally()).add(samples, phones)
        print(group, file=sys.stderr, flush=True)
    rested = dict(rests(options.assets))
    figures = {group: tally.figures() for group, tally in tallies.items()}
    missed = sum(not _passes(name, value) for row in figures.values() for name, value in row.items())
    missed += sum(off > 0 for off in rested.values())
    text = "\n".join([*table(figures), "", *rest_table(rested), "", f"Bars missed: {missed} ({MISSED})."])
    print(text)
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
    sys.exit(1 if missed else 0)


def heard(assets: Path) -> Iterator[tuple[str, Samples, tuple[Phone, ...]]]:
    """Every sound with the group that it counts for and its phones; none where they are not known."""
    for language, text in SENTENCES.items():
        for timbre in ("female", "male"):
            spoken = speak(text, f"{language}-{timbre}")
            samples = soxr.resample(spoken.samples, spoken.sample_rate_hz, SPEECH_RATE_HZ)
            yield language, samples.astype(np.float32), spoken.phones.phones
    speakers: dict[str, int] = {}
    for path in sorted((assets / "train2").glob("grid_*")):
        speaker = path.stem.split("_")[1]
        speakers[speaker] = speakers.get(speaker, 0) + 1
        if speakers[speaker] <= MOST_SENTENCES:
            sound = load_speech(SoundClip(path=path))
            timeline = align_transcript(sound, grid_sentence(path.stem), "en")
            yield "people, en", sound.samples, timeline.phones
    for name in RECORDINGS:
        sound = load_speech(SoundClip(path=assets / name))
        yield Path(name).stem, sound.samples[: round(MOST_S * SPEECH_RATE_HZ)], ()


def rests(assets: Path) -> Iterator[tuple[str, float]]:
    """How far the mouth is from rest at most where there is no voice, in any channel."""
    rng = np.random.default_rng(2)
    seconds = 6 * SPEECH_RATE_HZ
    noise = rng.standard_normal(seconds).astype(np.float32)
    times_s = np.arange(seconds) / SPEECH_RATE_HZ
    swell = np.clip(np.sin(2 * np.pi * 0.3 * times_s), 0, 1) ** 2
    sounds = {
        "digital silence": np.zeros(seconds, np.float32),
        "white noise": 0.1 * noise,
        "soft noise": 0.003 * noise,
        "breath": (0.02 * swell * noise).astype(np.float32),
        "recorded noise": load_speech(SoundClip(path=assets / "audio" / "noise_only.wav")).samples,
        "music": load_speech(SoundClip(path=assets / "audio" / "music_only_15s.wav")).samples,
    }
    for name, samples in sounds.items():
        sound = SpeechSound(samples=np.asarray(samples, np.float32))
        values = articulate(sound, detect_activity(sound)).values
        rest = ArticulationCurves.at_rest(0.01).values
        yield name, float(np.abs(values - rest).max())


def table(figures: dict[str, dict[str, float]]) -> list[str]:
    """A row for each group, with its bar in the second line."""
    lines = [
        "| who speaks | " + " | ".join(heading for heading, *_ in COLUMNS.values()) + " |",
        "| --- |" + " ---: |" * len(COLUMNS),
        "| bar | " + " | ".join(f"{low:g} to {high:g}" for _, _, low, high in COLUMNS.values()) + " |",
    ]
    for group, row in figures.items():
        lines.append(f"| {group} | " + " | ".join(_cell(name, row.get(name)) for name in COLUMNS) + " |")
    return lines


def rest_table(rested: dict[str, float]) -> list[str]:
    """How exactly the mouth rests."""
    lines = ["| sound without a voice | farthest from rest, any channel |", "| --- | ---: |"]
    return lines + [
        f"| {name} | {off:.3f}{f' {MISSED}' if off > 0 else ''} |" for name, off in rested.items()
    ]


def _rows_between(start_s: float, end_s: float, count: int) -> slice:
    first = min(count - 1, max(0, round(start_s * 100)))
    return slice(first, max(first + 1, min(count, round(end_s * 100))))


def _passes(name: str, value: float) -> bool:
    _, digits, low, high = COLUMNS[name]
    return low <= round(value, digits) <= high


def _cell(name: str, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.{COLUMNS[name][1]}f}" + ("" if _passes(name, value) else f" {MISSED}")


if __name__ == "__main__":
    main()
