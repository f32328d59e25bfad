"""Features of sounds in many disguises, made once before training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from lipwright.engine.articulation.drivers.learned_bands import BLOCK_ROWS, log_mel_db, mel_bank
from lipwright.engine.articulation.drivers.learned_features import BROAD_BANDS, described_blocks
from lipwright.engine.articulation.drivers.learned_network import OUTPUT_RATE_HZ
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SPEECH_RATE_HZ
from training.augment import Beds, augment, coloured, speech_level
from training.labels import RULE_REST, SpeechLabels, silent_labels
from training.mouth_clips import MouthClip
from training.spoken_corpus import Utterance

# Level that every sound is brought to before it is disguised.
LEVEL = 0.1
# Spread of the speed (with its pitch) and of the vocal tract's length, as deviations of their logarithms.
# Few speakers is the danger: with these one man becomes a small crowd.
SPEED_DEVIATION, TRACT_DEVIATION = 0.07, 0.08
SPEED_SHARE = 0.65
TRACT_RANGE = (0.82, 1.22)
SILENCE_SHARE, LONGEST_SILENCE_ROWS = 0.3, 100
BED_SECONDS = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpeechExample:
    """Features float16 (row, band) with the answers of a known text."""

    features: NDArray[np.float16]
    labels: SpeechLabels


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MouthExample:
    """Features float16 (row, band) with a real mouth.

    mouth: float32 (row / 2, 3), deviations. seen: float32 (row / 2,), 1 where the mouth is known.
    """

    clip: MouthClip
    features: NDArray[np.float16]
    mouth: NDArray[np.float32]
    seen: NDArray[np.float32]


def features_of(samples: NDArray[np.float32], tract: float = 1.0) -> NDArray[np.float32]:
    """What the network learns from: a whole sound against its voice, noise and all. The rows are even."""
    rows = (len(samples) // (SPEECH_RATE_HZ // CURVE_RATE_HZ) + 1) // 4 * 4
    mel_db = log_mel_db(samples, rows, mel_bank(tract))
    blocks = [mel_db[first : first + BLOCK_ROWS] for first in range(0, rows, BLOCK_ROWS)]
    return np.concatenate(list(described_blocks(blocks, foresight_s=rows / CURVE_RATE_HZ)))


def speech_example(utterance: Utterance, beds: Beds, seed: int) -> SpeechExample:
    """An utterance in one disguise."""
    rng = np.random.default_rng(seed)
    samples, speed = _respeeded(_levelled(utterance.samples), rng)
    rows = np.arange(len(samples) // (SPEECH_RATE_HZ // CURVE_RATE_HZ) + 1)
    source = np.minimum(np.round(rows * speed).astype(np.intp), len(utterance.labels.symbols) - 1)
    symbols, shapes = utterance.labels.symbols[source], utterance.labels.shapes[source]
    if rng.random() < SILENCE_SHARE:
        before, after = (int(count) for count in rng.integers(0, LONGEST_SILENCE_ROWS, 2))
        step = SPEECH_RATE_HZ // CURVE_RATE_HZ
        samples = np.pad(samples, (before * step, after * step))
        symbols = np.pad(symbols, (before, after))
        rest = RULE_REST.astype(np.float16)
        shapes = np.concatenate([np.tile(rest, (before, 1)), shapes, np.tile(rest, (after, 1))])
    features = features_of(augment(rng, samples, beds), _tract(rng))
    rows_kept = min(len(features), len(symbols)) // 4 * 4
    return SpeechExample(
        features=features[:rows_kept].astype(np.float16),
        labels=SpeechLabels(symbols=symbols[:rows_kept], shapes=shapes[:rows_kept]),
    )


def voiceless_example(beds: Beds, seed: int) -> SpeechExample:
    """Noise, music or nearly nothing: the mouth is to rest."""
    rng = np.random.default_rng(seed)
    kind = str(rng.choice(["noise", "music", "chords", "hum"], p=[0.25, 0.45, 0.25, 0.05]))
    level = 10 ** (rng.uniform(-45, -12) / 20) * (0.001 if rng.random() < 0.1 else 1)
    samples = coloured(rng, beds.draw(rng, BED_SECONDS * SPEECH_RATE_HZ, kind) * np.float32(level))
    features = features_of(samples, _tract(rng)).astype(np.float16)
    return SpeechExample(features=features, labels=silent_labels(len(features)))


def mouth_example(clip: MouthClip, beds: Beds, seed: int | None) -> MouthExample:
    """A clip in one disguise; as it is without a seed."""
    samples, speed, tract = _levelled(clip.samples), 1.0, 1.0
    if seed is not None:
        rng = np.random.default_rng(seed)
        samples, speed = _respeeded(samples, rng)
        samples, tract = augment(rng, samples, beds), _tract(rng)
    features = features_of(samples, tract)
    times_s = np.arange(len(features) // 2) / OUTPUT_RATE_HZ * speed
    return MouthExample(
        clip=clip,
        features=features.astype(np.float16),
        mouth=clip.deviations(times_s),
        seen=clip.covers(times_s).astype(np.float32),
    )


def crop(rows: int, want: int, rng: np.random.Generator) -> slice:
    """A stretch of at most `want` rows that begins at an even one."""
    length = min(rows, want)
    start = 2 * int(rng.integers(0, (rows - length) // 2 + 1))
    return slice(start, start + length)


def masked(features: NDArray[np.float16], rng: np.random.Generator, noise: float) -> NDArray[np.float32]:
    """Features with small errors, and with groups of bands and of phones blotted out."""
    rows = features.astype(np.float32)
    bands, phones = rows[:, :BROAD_BANDS], rows[:, BROAD_BANDS:]
    bands *= np.float32(rng.uniform(0.85, 1.15))
    bands += np.float32(rng.normal(0, 0.1))
    for part, most in ((bands, 2), (phones, 6)):
        first = rng.integers(0, part.shape[1] - 1)
        part[:, first : first + rng.integers(0, most)] = part.mean()
    return rows + noise * rng.standard_normal(rows.shape).astype(np.float32)


def shares(lengths: Sequence[float] | NDArray[np.floating]) -> NDArray[np.float64]:
    """Chances of being drawn that sum to one."""
    weights = np.asarray(lengths, dtype=np.float64)
    return weights / float(weights.sum())


def _levelled(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    return (samples * (LEVEL / (speech_level(samples) + 1e-6))).astype(np.float32)


def _respeeded(samples: NDArray[np.float32], rng: np.random.Generator) -> tuple[NDArray[np.float32], float]:
    if rng.random() >= SPEED_SHARE:
        return samples, 1.0
    speed = float(np.exp(rng.normal(0, SPEED_DEVIATION)))
    changed = soxr.resample(samples, SPEECH_RATE_HZ * speed, SPEECH_RATE_HZ, quality="MQ")
    return np.asarray(changed, dtype=np.float32), speed


def _tract(rng: np.random.Generator) -> float:
    return float(np.clip(np.exp(rng.normal(0, TRACT_DEVIATION)), *TRACT_RANGE))
