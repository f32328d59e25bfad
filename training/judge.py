"""Fit the judge of sync: `python -m training.judge --assets ASSETS --work WORK [--write]`.

The judge is what `lipwright measure` hears a sound with. It shares nothing with the drivers: other features
(`engine/quality/listener/bands.py`), no phones, no teacher, another kind of regression, other weights. For
every person one is fitted that knows all the others' mouths and not theirs (`WORK/left_out/PERSON.npz`);
--write puts the one fitted on everybody into the package. A minute or two of one processor once the clips
are tracked; nothing but NumPy and SciPy is needed.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import signal
from scipy.ndimage import gaussian_filter1d

from lipwright.engine.arrays import check_array
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SPEECH_RATE_HZ, SpeechSound
from lipwright.engine.quality.listener.bands import FEATURES, LISTENING_RATE_HZ, heard_bands
from lipwright.engine.quality.listener.expectation import expected_mouth
from lipwright.engine.quality.listener.regression import (
    CHANNELS,
    CONTEXT_ROWS,
    WEIGHTS_PATH,
    ListenerRegression,
    write_regression,
)
from lipwright.engine.quality.sync import FASTEST_S, SLOWEST_S, measure_sync
from training.judge_clips import JudgeClip, clip_paths, load_clip

# Components that are kept of the context, and random units that mix them. With twice as many units strangers
# are followed worse, with half as many all are.
COMPONENTS, UNITS = 120, 600
# Shrinkage, as a share of the mean of the diagonal.
SHRINKAGE = 0.03
# A person counts as their number of rows to this power: wholly and one man with 108 clips decides, equally
# and three seconds count as much as five minutes.
PERSON_POWER = 0.4
# How often the clips' own offsets are measured and taken off. They are measured by regressions that do not
# know the person.
ROUNDS = 2
# An offset that is found with less agreement is chance and taken as none; so is a larger one.
LEAST_SURE, MOST_OWN_OFFSET_S = 0.45, 0.24
SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Example:
    """A clip as the regression sees it.

    mouth: float32 (row, channel) at LISTENING_RATE_HZ, without what is too slow or too fast, in deviations
    of the clip. known: float32 (row, 1), 1 where the mouth was seen.
    """

    mouth: NDArray[np.float32]
    known: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "mouth", np.float32, ("row", len(CHANNELS)))
        check_array(self, "known", np.float32, (len(self.mouth), 1))


def main() -> None:
    """Fit, and write the regressions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="also the regression of the package")
    arguments = parser.parse_args()
    clips = [load_clip(path, arguments.work / "tracks") for path in clip_paths(arguments.assets)]
    whole, left_out, offsets_s = fit(clips)
    folder = arguments.work / "left_out"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "offsets.json").write_text(json.dumps(offsets_s, indent=1))
    for person, regression in left_out.items():
        write_regression(regression, folder / f"{person}.npz")
    write_regression(whole, WEIGHTS_PATH if arguments.write else folder / "whole.npz")


def fit(
    clips: list[JudgeClip],
) -> tuple[ListenerRegression, dict[str, ListenerRegression], dict[str, float]]:
    """The regression of all clips, those without each person by the person, and the clips' own offsets,
    seconds.

    An offset is by how much the sound is later than the mouth.
    """
    sounds = {clip.name: disguised(clip.sound) for clip in clips}
    base = random_units([bands[0] for bands in sounds.values()])
    people = sorted({clip.person for clip in clips})
    usual = np.median([clip.mouth[clip.is_seen].std(axis=0) for clip in clips], axis=0)
    offsets_s = dict.fromkeys(sounds, 0.0)
    for _ in range(ROUNDS):
        squares, products = _sums(clips, sounds, offsets_s, base)
        square, product = (np.sum(list(sums.values()), axis=0) for sums in (squares, products))
        left_out = {
            person: base.with_readout(_solved(square - squares[person], product - products[person], usual))
            for person in people
        }
        offsets_s = own_offsets(clips, left_out)
    return base.with_readout(_solved(square, product, usual)), left_out, offsets_s


def disguised(sound: SpeechSound) -> tuple[NDArray[np.float32], ...]:
    """The bands of a sound: plain, in noise, through a telephone, and in a room."""
    rng = np.random.default_rng(len(sound.samples))
    samples = sound.samples.astype(np.float64)
    level = float(np.sqrt(np.mean(samples**2))) + 1e-9
    noise = rng.normal(0, 0.1 * level, len(samples))
    telephone = signal.sosfilt(
        signal.butter(4, (300, 3400), "bandpass", fs=SPEECH_RATE_HZ, output="sos"), samples
    )
    # A room: noise that dies away within 0.3 s.
    tail = rng.normal(0, 1, 4800) * np.exp(-np.arange(4800) / 900)
    room = signal.fftconvolve(samples, tail)[: len(samples)]
    room *= 0.4 * level / (float(np.sqrt(np.mean(room**2))) + 1e-9)
    kinds = (samples, samples + noise, telephone, samples + room)
    return tuple(heard_bands(SpeechSound(samples=np.clip(kind, -1, 1).astype(np.float32))) for kind in kinds)


def random_units(sounds: list[NDArray[np.float32]]) -> ListenerRegression:
    """A regression that reads nothing yet, with the components of these sounds' bands."""
    rng = np.random.default_rng(SEED)
    rows = np.concatenate(sounds)
    blank = ListenerRegression(
        mean=rows.mean(axis=0),
        scale=rows.std(axis=0) + np.float32(0.05),
        components=np.eye(len(CONTEXT_ROWS) * FEATURES, COMPONENTS, dtype=np.float32),
        centre=np.zeros(COMPONENTS, np.float32),
        mixing=np.zeros((COMPONENTS, UNITS), np.float32),
        thresholds=rng.normal(0, 0.7, UNITS).astype(np.float32),
        readout=np.zeros((UNITS + COMPONENTS + 1, len(CHANNELS)), np.float32),
    )
    context = np.concatenate([blank.context(bands)[::5] for bands in sounds])
    centre = context.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(context.T))
    strongest = np.argsort(values)[::-1][:COMPONENTS]
    # Between leaving the strong components strong and making all alike.
    components = vectors[:, strongest] / values[strongest] ** 0.25
    components /= float(((context - centre) @ components).std())
    signs = rng.choice([-1.0, 1.0], size=(COMPONENTS, UNITS)) / np.sqrt(COMPONENTS)
    return ListenerRegression(
        mean=blank.mean,
        scale=blank.scale,
        components=components.astype(np.float16).astype(np.float32),  # as it is stored
        centre=(centre @ components).astype(np.float32),
        mixing=signs.astype(np.float16).astype(np.float32),
        thresholds=blank.thresholds,
        readout=blank.readout,
    )


def _sums(
    clips: list[JudgeClip],
    sounds: dict[str, tuple[NDArray[np.float32], ...]],
    offsets_s: dict[str, float],
    base: ListenerRegression,
) -> tuple[dict[str, NDArray[np.float64]], dict[str, NDArray[np.float64]]]:
    """Of every person the sums of squares and of products that a regression is solved from."""
    size = base.readout.shape[0]
    squares = {clip.person: np.zeros((size, size)) for clip in clips}
    products = {clip.person: np.zeros((size, len(CHANNELS))) for clip in clips}
    rows = dict.fromkeys(squares, 0.0)
    for clip in clips:
        seen = example(clip, len(sounds[clip.name][0]), offsets_s[clip.name])
        for bands in sounds[clip.name]:
            units = base.units(bands) * seen.known
            squares[clip.person] += units.T @ units
            products[clip.person] += units.T @ seen.mouth
            rows[clip.person] += float(seen.known.sum())
    for person, count in rows.items():
        weight = count ** (PERSON_POWER - 1)
        squares[person] *= weight
        products[person] *= weight
    return squares, products


def example(clip: JudgeClip, rows: int, offset_s: float) -> Example:
    """A clip's mouth at the rows of its sound. offset_s: how much later its sound is than its mouth."""
    # The mouth that was seen at t is heard at t + offset.
    at_s = np.arange(rows) / LISTENING_RATE_HZ - offset_s
    times_s = (np.arange(len(clip.mouth)) + 0.5) / CURVE_RATE_HZ
    inside = (at_s >= 0) & (at_s <= times_s[-1])
    known = inside & (np.interp(at_s, times_s, clip.is_seen.astype(float)) > 0.5)
    fast, slow = (
        gaussian_filter1d(clip.mouth.astype(np.float64), spread_s * CURVE_RATE_HZ, axis=0, mode="nearest")
        for spread_s in (FASTEST_S, SLOWEST_S)
    )
    lively = (fast - slow) / ((fast - slow).std(axis=0) + 1e-6)
    mouth = np.stack([np.interp(at_s, times_s, channel) for channel in lively.T], axis=1)
    return Example(mouth=mouth.astype(np.float32), known=known[:, None].astype(np.float32))


def _solved(
    square: NDArray[np.float64], product: NDArray[np.float64], usual: NDArray[np.floating]
) -> NDArray[np.float32]:
    """The readout; usual: the deviation of each channel of a usual mouth, so that what is expected has its
    unit.
    """
    shrinkage = SHRINKAGE * float(np.trace(square)) / len(square)
    return np.asarray(np.linalg.solve(square + shrinkage * np.eye(len(square)), product) * usual, np.float32)


def own_offsets(clips: list[JudgeClip], left_out: dict[str, ListenerRegression]) -> dict[str, float]:
    """By how much each clip's sound is later than its mouth, seconds; in a laboratory all of a person's
    alike.
    """
    found = {}
    for clip in clips:
        expected = expected_mouth(clip.sound, left_out[clip.person])
        sync = measure_sync(clip.mouth[:, :1], expected[:, :1], clip.is_seen)
        sure = sync is not None and sync.correlation > LEAST_SURE and abs(sync.offset_s) < MOST_OWN_OFFSET_S
        found[clip.name] = sync.offset_s if sure and sync is not None else 0.0
    for person in {clip.person for clip in clips if clip.is_laboratory}:
        names = [clip.name for clip in clips if clip.person == person]
        found |= dict.fromkeys(names, float(np.median([found[name] for name in names])))
    return found


if __name__ == "__main__":
    main()
