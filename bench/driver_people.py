"""How closely the learned driver follows people it has not met, person by person and through bad lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.articulation.drivers.learned import LearnedDriver, load_network
from lipwright.engine.articulation.drivers.learned_mouth import MouthMeasure
from lipwright.engine.articulation.drivers.learned_network import MouthNetwork
from lipwright.engine.articulation.width import visible_width
from lipwright.engine.media.values import SpeechSound
from lipwright.engine.speech.activity import detect_activity
from training.augment import through_mp3, through_telephone
from training.folds import fold_of
from training.mouth_clips import GRID_SPEAKER, RIG_SPEAKER, MouthClip

Samples = NDArray[np.float32]
# Sentences of the one laboratory speaker of whom there are a hundred.
MOST_CLIPS_OF_ONE = 20
MP3_BITS_A_SECOND = 16_000
FOLLOWED = (MouthMeasure.OPENING, MouthMeasure.WIDTH, MouthMeasure.ROUNDING)

# By condition, then by speaker: mean correlation over the speaker's clips, in the order of FOLLOWED.
Figures = dict[str, dict[str, list[float]]]


def people_figures(
    clips: Sequence[MouthClip], beds: Mapping[str, Callable[[Samples], Samples]], left_out: Path | None
) -> Figures:
    """What the driver reaches with everybody, in every condition."""
    folds = fold_of([clip.speaker for clip in clips])
    drivers = {
        fold: LearnedDriver(MouthNetwork.load(left_out / f"fold{fold}.npz") if left_out else load_network())
        for fold in sorted(set(folds.values()))
    }
    conditions: dict[str, Callable[[Samples], Samples]] = {
        "clean": lambda samples: samples,
        **beds,
        "telephone (mu-law, 8 kHz)": through_telephone,
        "MP3, 16 kbit/s": lambda samples: through_mp3(samples, MP3_BITS_A_SECOND),
    }
    chosen = [clip for clip in clips if clip.speaker not in (GRID_SPEAKER, RIG_SPEAKER)]
    chosen += [clip for clip in clips if clip.speaker == GRID_SPEAKER][:MOST_CLIPS_OF_ONE]
    figures: Figures = {}
    for name, disguise in conditions.items():
        by_speaker: dict[str, list[list[float]]] = {}
        for clip in chosen:
            reached = follow(drivers[folds[clip.speaker]], clip, disguise(clip.samples))
            by_speaker.setdefault(clip.speaker, []).append(reached)
        figures[name] = {speaker: np.mean(rows, axis=0).tolist() for speaker, rows in by_speaker.items()}
    return figures


def follow(driver: LearnedDriver, clip: MouthClip, samples: Samples) -> list[float]:
    """Correlation of the curves with the tracked mouth, in the order of FOLLOWED."""
    sound = SpeechSound(samples=samples)
    mouth = driver.drive(sound, detect_activity(sound), None).sample(clip.times_s)
    rounding = np.maximum(mouth[:, Mouth.PUCKER], mouth[:, Mouth.FUNNEL])
    drawn = (mouth[:, Mouth.APERTURE], visible_width(mouth), rounding)
    return [
        float(np.corrcoef(one, clip.mouth[:, measure])[0, 1]) if one.std() > 0 else 0.0
        for one, measure in zip(drawn, FOLLOWED, strict=True)
    ]


def people_tables(figures: Figures, clips: Sequence[MouthClip], before: Path | None) -> list[str]:
    """Medians by condition, then everybody.

    before: figures of an earlier driver, as `--figures` wrote them.
    """
    kinds = {clip.speaker: clip.is_laboratory for clip in clips}
    earlier: Figures = json.loads(before.read_text()) if before else {}
    lines = ["| sound | laboratory: opening / width / rounding | in the wild |", "| --- | ---: | ---: |"]
    for label, told in (("", figures), ("driver before, ", earlier)):
        for condition, by_speaker in told.items():
            cells = [_medians(by_speaker, kinds, kind) for kind in (True, False)]
            lines.append(f"| {label}{condition} | {cells[0]} | {cells[1]} |")
    clean, clean_before = figures["clean"], earlier.get("clean", {})
    lines += [
        "",
        "| person | kind | opening / width / rounding | driver before |",
        "| --- | --- | ---: | ---: |",
    ]
    for speaker in sorted(clean, key=lambda name: (not kinds[name], name)):
        kind = "laboratory" if kinds[speaker] else "wild"
        was = _cell(clean_before[speaker]) if speaker in clean_before else "-"
        lines.append(f"| {speaker} | {kind} | {_cell(clean[speaker])} | {was} |")
    shared = [speaker for speaker in clean if speaker in clean_before]
    if shared:
        ahead = [np.mean(clean[one]) > np.mean(clean_before[one]) for one in shared]
        wider = [clean[one][0] > clean_before[one][0] for one in shared]
        lines += [
            "",
            f"Ahead of the driver before: with the mean of the three of {sum(ahead)}, with the "
            f"opening of {sum(wider)} of {len(shared)} people.",
        ]
    return lines


def _medians(by_speaker: Mapping[str, list[float]], kinds: Mapping[str, bool], kind: bool) -> str:
    rows = [values for speaker, values in by_speaker.items() if kinds[speaker] == kind]
    return _cell(np.median(rows, axis=0)) if rows else "-"


def _cell(values: Sequence[float] | NDArray[np.floating]) -> str:
    return " / ".join(f"{value:.2f}" for value in values)
