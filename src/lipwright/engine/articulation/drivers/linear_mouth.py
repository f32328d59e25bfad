"""A linear map from likely phones to the mouth, the plain second opinion beside the network of the driver.

It cannot learn a voice by heart, since it only hears phones, so it is at its best where the network is at
its worst: with voices unlike those of training. Fitted by ridge regression (training/linear_fit.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.articulation.drivers.learned_features import phone_shares

# Rows of features for one row of its answer.
ROWS_PER_ANSWER = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearMouth:
    """Weights of the map. kernel: float32 (tap, phone, 3), taps 20 ms apart, an odd number; bias: (3,)."""

    kernel: NDArray[np.float32]
    bias: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "kernel", np.float32, ("tap", "phone", 3))
        check_array(self, "bias", np.float32, (3,))

    @property
    def reach_rows(self) -> int:
        """How many feature rows before and after a row have a say in it, whole answers."""
        return ROWS_PER_ANSWER * (len(self.kernel) // 2 + 1)

    def read(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Gap, width and outer height, float32 (row / 2, 3), in deviations; the rows are even in number.

        Beyond its ends the sound is taken to go on as it is there.
        """
        shares = coarse_shares(features)
        margin = len(self.kernel) // 2
        padded = np.pad(shares, ((margin, margin), (0, 0)), mode="edge")
        result = np.tile(self.bias, (len(shares), 1))
        for tap, weights in enumerate(self.kernel):
            result += padded[tap : tap + len(shares)] @ weights
        return result


def coarse_shares(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the map hears: the shares of the phones, mean of every ROWS_PER_ANSWER rows."""
    shares = phone_shares(features)
    return np.asarray(shares.reshape(len(shares) // ROWS_PER_ANSWER, ROWS_PER_ANSWER, -1).mean(axis=1))
