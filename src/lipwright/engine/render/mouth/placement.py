"""Where a skull is in a picture: what carries the inside of a mouth with the head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SkullPlacement:
    """How a skull lies in the output as it is seen now.

    rotation: float32 (3, 3), from face axes to picture axes. origin_px: float32 (2,), where the point of the
    skull at which the lips meet lies in the output. unit_px: how long a face height is there.
    """

    rotation: NDArray[np.float32]
    origin_px: NDArray[np.float32]
    unit_px: float

    def __post_init__(self) -> None:
        check_array(self, "rotation", np.float32, (3, 3))
        check_array(self, "origin_px", np.float32, (2,))

    def point_px(self, offset: NDArray[np.floating]) -> NDArray[np.float64]:
        """Where a point of the skull is seen, float64 (2,); offset: (3,) from the origin, face heights."""
        return np.asarray(self.origin_px + self.unit_px * (self.rotation[:2] @ offset), dtype=np.float64)
