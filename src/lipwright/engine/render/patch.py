"""A redrawn part of a picture, as every renderer gives it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Patch:
    """A redrawn part of a picture.

    box: on even pixels where it goes into the planes of a frame.
    rgb: uint8 (height, width, 3).
    weight: float32 (height, width), how much of each pixel is new; None where all of it is.
    """

    box: Box
    rgb: NDArray[np.uint8]
    weight: NDArray[np.float32] | None

    def __post_init__(self) -> None:
        check_array(self, "rgb", np.uint8, ("height", "width", 3))
        if self.weight is not None:
            check_array(self, "weight", np.float32, self.rgb.shape[:2])
