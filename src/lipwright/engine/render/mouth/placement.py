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


def placement_under(
    affine: NDArray[np.float32],
    rotation: NDArray[np.float32],
    contact_px: NDArray[np.floating],
    face_height_px: float,
) -> SkullPlacement:
    """The placement of a skull whose picture an affine, float32 (2, 3), has moved.

    rotation, contact_px, face_height_px: as it lies in the picture. A squeeze counts as a turn only as far as
    it tilts the axes: the nearest rotation is taken.
    """
    moved = affine[:, :2].astype(np.float64)
    unit = float(np.sqrt(abs(np.linalg.det(moved))))
    spread = np.eye(3)
    spread[:2, :2] = moved / unit
    u, _, v = np.linalg.svd(spread @ rotation)
    origin = moved @ contact_px + affine[:, 2]
    return SkullPlacement(
        rotation=np.asarray(u @ v, dtype=np.float32),
        origin_px=np.asarray(origin, dtype=np.float32),
        unit_px=face_height_px * unit,
    )
