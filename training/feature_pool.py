"""Features of sounds in many disguises, made once before training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from lipwright.engine.articulation.drivers.learned_bands import BLOCK_ROWS, log_mel_db, mel_bank
from lipwright.engine.articulation.drivers.learned_features import (
    BROAD_BANDS,
    broad,
    described_blocks,
    quiet_blocks,
)
from lipwright.engine.articulation.drivers.learned_network import OUTPUT_RATE_HZ
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SPEECH_RATE_HZ
from training.augment import Beds, augment, coloured, speech_level
from training.examples import FilmedExample, HeardExample
from training.labels import RULE_REST, SpeechLabels, silent_labels
from training.mouth_clips import MouthClip, MouthScale
from training.spoken_corpus import Utterance
from training.teacher import Teacher
from training.unfilmed import Unfilmed

# Level that every sound is brought to before it is disguised.
LEVEL = 0.1
# Spread of the speed (with its pitch) and of the vocal tract's length, as deviations of their logarithms.
# Few speakers is the danger: with these one man becomes a small crowd.
SPEED_DEVIATION, TRACT_DEVIATION = 0.07, 0.08
SPEED_SHARE = 0.65
TRACT_RANGE = (0.82, 1.22)
SILENCE_SHARE, LONGEST_SILENCE_ROWS = 0.3, 100
BED_SECONDS = 8
# Share of the sounds that are heard as the driver hears them, without the noise that never ceases. The rest
# keeps its noise: a network that only ever hears quiet pauses is lost when one is not.
QUIETED_SHARE = 0.6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpeechExample:
    """Features float16 (row, band) with the answers of a known text."""

    features: NDArray[np.float16]
    labels: SpeechLabels


def features_of(
    samples: NDArray[np.float32], tract: float = 1.0, is_quieted: bool = False
) -> NDArray[np.float32]:
    """What is learned from: a whole sound against its voice, (row, FEATURE_COUNT). The rows are even.

    is_quieted: without the noise that never ceases, as the driver hears it; else noise and all.
    """
    rows = (len(samples) // (SPEECH_RATE_HZ // CURVE_RATE_HZ) + 1) // 4 * 4
    mel_db = log_mel_db(samples, rows, mel_bank(tract))
    blocks = [mel_db[first : first + BLOCK_ROWS] for first in range(0, rows, BLOCK_ROWS)]
    if is_quieted:
        blocks = list(quiet_blocks(blocks, foresight_s=rows / CURVE_RATE_HZ))
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


def heard_example(
    speech: Unfilmed, teacher: Teacher, beds: Beds, seed: int, is_disguised: bool
) -> HeardExample:
    """Unfilmed speech in one disguise, with what the teacher hears in the sound before it."""
    rng = np.random.default_rng(seed)
    samples, speed = _respeeded(_levelled(speech.samples), rng)
    disguised = augment(rng, samples, beds) if is_disguised else samples
    tract = _tract(rng) if is_disguised else 1.0
    features = features_of(disguised, tract, is_quieted=rng.random() < QUIETED_SHARE).astype(np.float16)
    symbols = speech.symbols
    if len(symbols):
        source = np.round(np.arange(len(features)) * speed).astype(np.intp)
        symbols = symbols[np.minimum(source, len(symbols) - 1)]
    told = teacher.at_output_rows(samples, len(features) // 2)
    return HeardExample(source=speech.source, features=features, teacher=told, symbols=symbols)


def filmed_example(
    clip: MouthClip, scale: MouthScale, teacher: Teacher, beds: Beds, version: int, seed: int
) -> FilmedExample:
    """A clip in one disguise: version 0 as it is, 1 at another speed, those after it in company."""
    rng = np.random.default_rng(seed)
    samples, speed = _levelled(clip.samples), 1.0
    if version:
        samples, speed = _respeeded(samples, rng)
    disguised = augment(rng, samples, beds) if version > 1 else samples
    is_quieted = version == 0 or bool(rng.random() < QUIETED_SHARE)
    features = features_of(disguised, _tract(rng) if version else 1.0, is_quieted)
    times_s = np.arange(len(features) // 2) / OUTPUT_RATE_HZ * speed
    mouth = scale.deviations(clip, times_s)
    seen = clip.covers(times_s)[:, None] * np.isfinite(mouth[:1])
    return FilmedExample(
        name=clip.name,
        speaker=clip.speaker,
        is_laboratory=clip.is_laboratory,
        version=version,
        features=features.astype(np.float16),
        mouth=np.nan_to_num(mouth),
        seen=seen.astype(np.float32),
        teacher=teacher.at_output_rows(samples, len(times_s)),
    )


def crop(rows: int, want: int, rng: np.random.Generator) -> slice:
    """A stretch of at most `want` rows that begins at an even one."""
    length = min(rows, want)
    start = 2 * int(rng.integers(0, (rows - length) // 2 + 1))
    return slice(start, start + length)


def masked(features: NDArray[np.float16], rng: np.random.Generator, noise: float) -> NDArray[np.float32]:
    """Features with small errors, and with groups of bands and of phones blotted out."""
    rows = broad(features.astype(np.float32))
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
