"""What the learned driver hears: bands against the voice's own level and colour, and likely phones.

The bands tell how loud and how bright something is said. The phones tell what is said; they come from an
acoustic model that has heard far more voices than there are people with a tracked mouth. Works on a stream in
blocks of a second, so that an hour of sound needs no more memory than a minute.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import tee

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.drivers.acoustic_model import (
    DIFFERENCE_REACH_ROWS,
    LEAST_LOG,
    MODEL_PHONES,
    load_acoustic_model,
)
from lipwright.engine.articulation.drivers.learned_bands import (
    ALL_BANDS,
    BAND_COUNT,
    BLOCK_ROWS,
    SILENCE_POWER,
)
from lipwright.engine.curves import CURVE_RATE_HZ

# The bands, then the phones of the acoustic model.
FEATURE_COUNT = BAND_COUNT + MODEL_PHONES
# The network of phones hears the bands in so many groups: from single bands it learns the voices of training
# by heart. The ear has heard enough voices to hear all of them.
BROAD_BANDS = 8
BROAD_COUNT = BROAD_BANDS + MODEL_PHONES

# How much of a file is heard before its first row is described. A sentence shows a voice's level and colour;
# a stream that cannot wait may use less and settles after a few words.
FORESIGHT_S = 10.0
# How fast older sound is forgotten. Shorter, a long vowel becomes the norm; longer, a second speaker
# is heard with the ears tuned to the first.
MEMORY_S = 30.0

# Level of the voice: this percentile of its loudest bands. The mean would depend on the share of pauses.
LEVEL_PERCENTILE = 95.0
# Sound this far below the voice's level says nothing about its colour: of the network's own bands, and of
# those of the acoustic model, which was trained against the mean over whole sentences, soft sounds included
# (of the frames of known words it hears .38 right with 70, .36 with 35).
VOICE_SPAN_DB, MODEL_SPAN_DB = 35.0, 70.0
# Power this far below the voice's level is added to every band: background hiss differs from file to file.
FLOOR_SPAN_DB = 60.0
# A band so far below the loudest of the same moment was left out by a telephone or a codec. Taken for
# colour, these holes cost most of the correlation at 8 kHz (-.05 to .36 in place of .98) and .1 at MP3 of
# 16 kbit/s.
HOLE_SPAN_DB = 60.0
# A band that is heard in less than this share of the rows has no colour of its own.
LEAST_HEARD_SHARE = 0.1
# Brings the features to about unit size.
FEATURE_SCALE_DB, FEATURE_SCALE_LOG = 15.0, 1.5

# What stays the same is noise: this percentile of every band, multiplied by a factor for its ripple, is taken
# off. Of the correlation with real mouths, white noise 10 dB below the speech costs .12 on average without it
# and .09 with it. Training does without: a network that only ever hears quiet pauses is lost when one is not.
NOISE_PERCENTILE = 10.0
NOISE_FACTOR = 3.0
# Spread of the bands between quietest and loudest, mean over all, dB: noise alone has less than the
# first, speech 5 dB above noise the second. Noise taken off noise leaves a tinkle that sounds like a voice.
LIFELESS_DB, LIVELY_DB = 8.5, 13.5
# At least this share of every band stays, or the rest of the noise would tinkle: with .01 noise costs .16.
LEAST_SHARE = 0.15

_LEVEL_BINS_DB = np.arange(-140, 41)


class SteadyNoise:
    """How loud every band is when it is quietest, over the sound heard so far."""

    def __init__(self) -> None:
        self._counts = np.zeros((len(_LEVEL_BINS_DB), ALL_BANDS))

    def hear(self, mel_db: NDArray[np.float32]) -> None:
        """Take in a block, forgetting older ones a little."""
        self._counts *= _kept_share(len(mel_db))
        np.add.at(self._counts, (_bins(mel_db), np.arange(ALL_BANDS)), 1)

    def answer(self, mel_db: NDArray[np.float32]) -> NDArray[np.float32]:
        """The block without the noise that never ceases, float32 of the same shape, dB."""
        cumulated = np.cumsum(self._counts, axis=0)
        quietest, loudest = (
            _LEVEL_BINS_DB[(cumulated >= cumulated[-1] * percentile / 100).argmax(axis=0)]
            for percentile in (NOISE_PERCENTILE, LEVEL_PERCENTILE)
        )
        liveliness = (float((loudest - quietest).mean()) - LIFELESS_DB) / (LIVELY_DB - LIFELESS_DB)
        noise = NOISE_FACTOR * float(np.clip(liveliness, 0, 1)) * 10 ** (quietest / 10)
        power = 10 ** (mel_db / 10)
        return np.asarray(
            10 * np.log10(np.maximum(power - noise, LEAST_SHARE * power) + SILENCE_POWER), np.float32
        )


class VoiceLevel:
    """Level and colour of the voice heard so far, whatever share of it is pauses."""

    def __init__(self, bands: int, span_db: float) -> None:
        """span_db: sound this far below the voice's level has no say in its colour."""
        self._span_db = span_db
        self._counts = np.zeros(len(_LEVEL_BINS_DB))
        self._sums_db = np.zeros((len(_LEVEL_BINS_DB), bands))
        # In how many rows a band was not left out by a codec.
        self._heard = np.zeros((len(_LEVEL_BINS_DB), bands))

    def hear(self, mel_db: NDArray[np.float32]) -> None:
        """Take in a block, forgetting older ones a little."""
        keep = _kept_share(len(mel_db))
        self._counts *= keep
        self._sums_db *= keep
        self._heard *= keep
        bins = _bins(mel_db.max(axis=1))
        self._counts += np.bincount(bins, minlength=len(_LEVEL_BINS_DB))
        is_heard = _is_heard(mel_db)
        np.add.at(self._sums_db, bins, np.where(is_heard, mel_db, 0))
        np.add.at(self._heard, bins, is_heard)

    def answer(self, mel_db: NDArray[np.float32]) -> NDArray[np.float32]:
        """The block against level and colour of the voice, float32 of the same shape, dB."""
        cumulated = np.cumsum(self._counts)
        level_bin = np.searchsorted(cumulated, cumulated[-1] * LEVEL_PERCENTILE / 100)
        level_db = float(_LEVEL_BINS_DB[min(level_bin, len(_LEVEL_BINS_DB) - 1)])
        weight = np.clip((_LEVEL_BINS_DB - (level_db - self._span_db)) / self._span_db, 0, 1)
        heard = weight @ self._heard
        floor_db = level_db - FLOOR_SPAN_DB
        is_carried = heard > LEAST_HEARD_SHARE * float(weight @ self._counts)
        colour_db = np.where(is_carried, weight @ self._sums_db / np.maximum(1e-6, heard), floor_db)
        colour_db = np.maximum(colour_db, floor_db)
        floored_db = 10 * np.log10(10 ** (mel_db / 10) + 10 ** (floor_db / 10))
        against_db = floored_db - colour_db
        # An empty band is as in training; a hole in another one goes along with its neighbours.
        is_kept = _is_heard(mel_db) | (colour_db <= floor_db)
        others_db = (against_db * is_kept).sum(axis=1) / np.maximum(1, is_kept.sum(axis=1))
        return np.where(is_kept, against_db, others_db[:, None]).astype(np.float32)


def quiet_blocks(
    mel_blocks: Iterable[NDArray[np.float32]], foresight_s: float = FORESIGHT_S
) -> Iterator[NDArray[np.float32]]:
    """Blocks of bands (row, ALL_BANDS) without the noise that never ceases."""
    return _answers(SteadyNoise(), mel_blocks, foresight_s)


def described_blocks(
    mel_blocks: Iterable[NDArray[np.float32]], foresight_s: float = FORESIGHT_S
) -> Iterator[NDArray[np.float32]]:
    """Blocks of bands (row, ALL_BANDS) as features, float32 (row, FEATURE_COUNT).

    Hears `foresight_s` beyond a block before it describes it; 0 is for streams that cannot wait.
    """
    first, second = tee(mel_blocks)
    own = (block[:, :BAND_COUNT] for block in first)
    models = (block[:, BAND_COUNT:] for block in second)
    coloured = _answers(VoiceLevel(BAND_COUNT, VOICE_SPAN_DB), own, foresight_s)
    heard = _answers(VoiceLevel(ALL_BANDS - BAND_COUNT, MODEL_SPAN_DB), models, foresight_s)
    for bands_db, around_db in zip(coloured, _with_margins(heard, DIFFERENCE_REACH_ROWS), strict=True):
        phones = load_acoustic_model().log_phones(around_db)
        yield np.concatenate(
            [bands_db / FEATURE_SCALE_DB, (phones - LEAST_LOG / 2) / FEATURE_SCALE_LOG], axis=1
        ).astype(np.float32)


def broad(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Features with neighbouring bands taken as one, float32 (row, BROAD_COUNT)."""
    bands = features[:, :BAND_COUNT].reshape(len(features), BROAD_BANDS, -1).mean(axis=2)
    return np.concatenate([bands, features[:, BAND_COUNT:]], axis=1)


def phone_shares(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """How likely every phone is, float32 (row, MODEL_PHONES), 0 to 1, out of features."""
    logs = features[:, BAND_COUNT:] * FEATURE_SCALE_LOG + LEAST_LOG / 2
    return np.asarray(np.exp(logs), dtype=np.float32)


def _answers(
    listener: SteadyNoise | VoiceLevel, blocks: Iterable[NDArray[np.float32]], foresight_s: float
) -> Iterator[NDArray[np.float32]]:
    waiting: deque[NDArray[np.float32]] = deque()
    for block in blocks:
        listener.hear(block)
        waiting.append(block)
        if len(waiting) * BLOCK_ROWS > foresight_s * CURVE_RATE_HZ:
            yield listener.answer(waiting.popleft())
    while waiting:
        yield listener.answer(waiting.popleft())


def _with_margins(blocks: Iterable[NDArray[np.float32]], reach: int) -> Iterator[NDArray[np.float32]]:
    """Every block with `reach` rows of its neighbours; at the ends the outermost row stands for them."""
    before: NDArray[np.float32] | None = None
    current: NDArray[np.float32] | None = None
    for block in blocks:
        if current is not None:
            yield _joined(before, current, block, reach)
            before = current
        current = block
    if current is not None:
        yield _joined(before, current, None, reach)


def _joined(
    before: NDArray[np.float32] | None,
    block: NDArray[np.float32],
    after: NDArray[np.float32] | None,
    reach: int,
) -> NDArray[np.float32]:
    ahead = block[:1] if before is None else before[-reach:]
    behind = block[-1:] if after is None else after[:reach]
    whole = np.concatenate([ahead, block, behind])
    return np.pad(whole, ((reach - len(ahead), reach - len(behind)), (0, 0)), mode="edge")


def _is_heard(mel_db: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where a band is not so far below the loudest of its row that a codec must have left it out."""
    return np.asarray(mel_db > mel_db.max(axis=1, keepdims=True) - HOLE_SPAN_DB)


def _bins(level_db: NDArray[np.float32]) -> NDArray[np.intp]:
    places = np.round(level_db).astype(np.intp) - int(_LEVEL_BINS_DB[0])
    return np.clip(places, 0, len(_LEVEL_BINS_DB) - 1).astype(np.intp)


def _kept_share(rows: int) -> float:
    return float(np.exp(-rows / (MEMORY_S * CURVE_RATE_HZ)))
