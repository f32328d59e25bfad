"""Fits the linear map from likely phones to the mouth, by ridge regression.

Sums over each person's rows are kept apart, so that a map without one person costs no more than solving anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from lipwright.engine.articulation.drivers.acoustic_model import MODEL_PHONES
from lipwright.engine.articulation.drivers.linear_mouth import LinearMouth, coarse_shares
from training.feature_pool import MouthExample
from training.mouth_clips import GRID_SPEAKER, RIG_SPEAKER

# Places around a row that are heard, in rows of 20 ms; between them the shares are smooth anyway.
PLACES = (-16, -12, -9, -6, -4, -2, -1, 0, 1, 2, 4, 6, 9, 12, 16)
# Shares flicker from frame to frame: a bell of this many rows is laid over them, up to four of them wide.
SMOOTHING_ROWS, SMOOTHING_REACH = 1.0, 4
# What a row counts. The ten people with little sound are what the map is to be good at.
ROW_WEIGHTS = {GRID_SPEAKER: 0.25, RIG_SPEAKER: 0.05}
OTHER_WEIGHT = 4.0
# Against weights that fit single people. A quarter or four times as much changes the correlation by .01.
PENALTY = 10_000.0
# What the map's answer counts beside that of the network, whose spread is about the same. With .5 to 1 the
# mean correlation over people left out is within .005.
SAY = 0.75
# Spread of a share below which it is not scaled up.
LEAST_DEVIATION = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sums:
    """Products of inputs with inputs and with outputs, by speaker.

    mean, deviation: float64 (input,), of the inputs over everybody.
    """

    by_speaker: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]
    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]

    @classmethod
    def over(cls, examples: Sequence[MouthExample]) -> Self:
        """The sums over examples."""
        inputs = [_around(coarse_shares(one.features.astype(np.float32))) for one in examples]
        mean = np.mean([rows.mean(axis=0) for rows in inputs], axis=0)
        squares = np.mean([np.square(rows - mean).mean(axis=0) for rows in inputs], axis=0)
        deviation = np.sqrt(squares) + LEAST_DEVIATION
        size = len(mean) + 1
        sums: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
        for one, rows in zip(examples, inputs, strict=True):
            scaled = np.concatenate([(rows - mean) / deviation, np.ones((len(rows), 1))], axis=1)
            weighted = scaled * (one.seen * ROW_WEIGHTS.get(one.clip.speaker, OTHER_WEIGHT))[:, None]
            squared, crossed = sums.get(one.clip.speaker, (np.zeros((size, size)), np.zeros((size, 3))))
            sums[one.clip.speaker] = (squared + weighted.T @ scaled, crossed + weighted.T @ one.mouth)
        return cls(by_speaker=sums, mean=mean, deviation=deviation)

    def solve(self, left_out: str | None = None) -> LinearMouth:
        """The map of everybody but one person, as much of it as is to be added to the network's answer."""
        kept = [sums for speaker, sums in self.by_speaker.items() if speaker != left_out]
        squared, crossed = sum(one[0] for one in kept), sum(one[1] for one in kept)
        solved = np.linalg.solve(squared + PENALTY * np.eye(len(self.mean) + 1), crossed)
        weights = solved[:-1] / self.deviation[:, None]
        margin = max(PLACES) + SMOOTHING_REACH
        kernel = np.zeros((2 * margin + 1, MODEL_PHONES, 3))
        for place, part in zip(PLACES, weights.reshape(len(PLACES), MODEL_PHONES, 3), strict=True):
            kernel[margin + place] = part
        kernel = gaussian_filter1d(kernel, SMOOTHING_ROWS, axis=0, radius=SMOOTHING_REACH, mode="constant")
        bias = solved[-1] - self.mean @ weights
        return LinearMouth(kernel=(SAY * kernel).astype(np.float32), bias=(SAY * bias).astype(np.float32))


def _around(shares: NDArray[np.float32]) -> NDArray[np.float64]:
    """The smooth shares at PLACES around every row, (row, place * phone)."""
    smooth = gaussian_filter1d(shares, SMOOTHING_ROWS, axis=0, radius=SMOOTHING_REACH, mode="nearest")
    margin = max(PLACES)
    padded = np.pad(smooth, ((margin, margin), (0, 0)), mode="edge").astype(np.float64)
    parts = [padded[margin + place : margin + place + len(shares)] for place in PLACES]
    return np.concatenate(parts, axis=1)
