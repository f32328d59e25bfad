"""The lips as a picture shows them: how far they are parted, where they would meet, whether they smile."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.face import mesh
from lipwright.engine.render.warp.face_axes import FaceAxes

# Where open lips meet when they close, from the upper edge (0) to the lower (1): the upper lip is short and
# the lower lip comes up to it.
CLOSING_SHARE = 0.38
# Mouths narrower than this gap in the picture count as closed, face heights; below lies the noise of
# landmarks.
PARTED_GAP = 0.012
# How far the corners lie above the middle of the lips' line, face heights, where a smile begins and where it
# is full. Measured on the test pictures: mouths at rest -.02 to .014, open smiles .032 and .052.
SMILE_FROM, SMILE_FULL = 0.014, 0.05
# Up to this gap the lips alone part, in a smile or at rest, face heights; beyond, the jaw has dropped by this
# share of the rest.
LIPS_ALONE_GAP = 0.03
JAW_PER_GAP = 0.40


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LipRest:
    """The lips as the picture shows them, in face heights, 11 entries each from left to right.

    u: position across the mouth, -1 at the left corner, 1 at the right.
    gap: inner gap. contact: y of the line where the lips meet when they close.
    upper, lower: thickness of the lips.
    smile: how much they smile, 0 to 1.
    """

    u: NDArray[np.float32]
    gap: NDArray[np.float32]
    contact: NDArray[np.float32]
    upper: NDArray[np.float32]
    lower: NDArray[np.float32]
    smile: float

    def __post_init__(self) -> None:
        for name in ("u", "gap", "contact", "upper", "lower"):
            check_array(self, name, np.float32, (11,))

    @property
    def is_parted(self) -> bool:
        """Whether the picture shows the mouth open."""
        return float(self.gap.max()) > PARTED_GAP

    @property
    def jaw_drop(self) -> float:
        """How far the chin has dropped in the picture, face heights; a guess from the gap."""
        return JAW_PER_GAP * max(0.0, float(self.gap.max()) - LIPS_ALONE_GAP)


def lip_rest(axes: FaceAxes) -> LipRest:
    """Measure the lips of a picture."""
    outer_upper, upper, lower, outer_lower = (
        axes.points[list(row)]
        for row in (
            mesh.LIPS_OUTER_UPPER,
            mesh.LIPS_INNER_UPPER,
            mesh.LIPS_INNER_LOWER,
            mesh.LIPS_OUTER_LOWER,
        )
    )
    x = (upper[:, 0] + lower[:, 0]) / 2
    u = np.interp(x, [x[0], x[5], x[-1]], [-1, 0, 1])
    gap = np.maximum(lower[:, 1] - upper[:, 1], 0)
    share = CLOSING_SHARE if float(gap.max()) > PARTED_GAP else 0.5
    contact = upper[:, 1] + share * (lower[:, 1] - upper[:, 1])
    curve = float(contact[5] - (outer_upper[0, 1] + outer_upper[-1, 1]) / 2)
    smile = float(np.clip((curve - SMILE_FROM) / (SMILE_FULL - SMILE_FROM), 0, 1))
    return LipRest(
        u=u.astype(np.float32),
        gap=gap.astype(np.float32),
        contact=contact.astype(np.float32),
        upper=np.maximum(upper[:, 1] - outer_upper[:, 1], 0).astype(np.float32),
        lower=np.maximum(outer_lower[:, 1] - lower[:, 1], 0).astype(np.float32),
        smile=smile,
    )
