"""One eye's own coordinates in a picture: the lines of its lids, its fold, its iris."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from lipwright.engine.arrays import check_array, smoothstep
from lipwright.engine.boxes import Box
from lipwright.engine.render.photo.eye_outline import EyeOutline

# The lashes of an open eye stand this far above the lid's edge, eye widths. The fold lies above them.
LASH_ABOVE = 0.15
# Single long lashes stand so far above it.
LONG_LASHES = 0.26
# No lash is farther than this above and below the lid's edge.
LASHES_END = (0.27, 0.20)
# How far beyond the outer and the inner corner something is drawn, eye widths: the outer lashes stand out.
REACH = (0.22, 0.08)
# Half the width of an iris in eye widths: hardly differs from person to person, so that what a mesh says of a
# covered iris is kept within these bounds.
IRIS_RADIUS = (0.18, 0.23)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EyeMap:
    """One eye's coordinates for each pixel of its box.

    along: float32 (height, width), 0 at the viewer's left corner, 1 at the right. across: pixels below the
    corners' line.
    upper, lower, bag: for each pixel, `across` of the lid lines and of the fold under the eye.
    fold: `across` of the fold above the eye, where the lid comes out from under the skin below the brow.
    span: how much the lids move there, 0.4 at the corners and 1 between them.
    region: share of what is drawn there, 1 over the eye and its lashes, 0 beside them.
    axis: float32 (2,), from the left corner to the right, length 1.
    iris_along, iris_radius: eye widths. iris_across: pixels.
    inner: where the inner corner is, 0 or 1.
    """

    box: Box
    width_px: float
    along: NDArray[np.float32]
    across: NDArray[np.float32]
    upper: NDArray[np.float32]
    lower: NDArray[np.float32]
    fold: NDArray[np.float32]
    bag: NDArray[np.float32]
    span: NDArray[np.float32]
    region: NDArray[np.float32]
    iris_along: float
    iris_across: float
    iris_radius: float
    axis: NDArray[np.float32]
    inner: int

    def __post_init__(self) -> None:
        size = (self.box.height, self.box.width)
        for name in ("along", "across", "upper", "lower", "fold", "bag", "span", "region"):
            check_array(self, name, np.float32, size)
        check_array(self, "axis", np.float32, (2,))

    def places(
        self, across: NDArray[np.float32], along_px: NDArray[np.float32] | float = 0.0
    ) -> NDArray[np.float32]:
        """Pixels of the box at other places across, moved along, float32 (height, width, 2)."""
        rows, columns = self.across.shape
        shift = across - self.across
        to = np.empty((rows, columns, 2), dtype=np.float32)
        to[..., 0] = self.axis[0] * along_px - self.axis[1] * shift
        to[..., 1] = self.axis[1] * along_px + self.axis[0] * shift
        to[..., 0] += np.arange(columns, dtype=np.float32)
        to[..., 1] += np.arange(rows, dtype=np.float32)[:, None]
        return to

    def place_of(self, along: NDArray[np.float32], across: NDArray[np.float32]) -> NDArray[np.float32]:
        """Pixels of the box at these coordinates, float32 (height, width, 2)."""
        aside = (along - self.along[0, 0]) * self.width_px
        down = across - self.across[0, 0]
        x = aside * self.axis[0] - down * self.axis[1]
        return np.stack([x, aside * self.axis[1] + down * self.axis[0]], axis=-1).astype(np.float32)

    def moving_box(self, opened: NDArray[np.float32] | None = None) -> Box:
        """The part of the box in which anything moves, in its pixels.

        opened: `across` of the upper lid's edge when the eye is opened, if it can be.
        """
        above, below = (np.float32(end * self.width_px) for end in LASHES_END)
        top = np.minimum(self.fold, (self.upper if opened is None else opened) - above)
        bottom = np.maximum(self.bag, self.upper + below)
        moves = (self.region > 0) & (self.across > top - 2) & (self.across < bottom + 2)
        rows, columns = np.flatnonzero(moves.any(1)), np.flatnonzero(moves.any(0))
        return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)

    def part(self, box: Box) -> EyeMap:
        """The map of a part of the box, given in its pixels."""
        here = box.slices
        return replace(
            self,
            box=box.moved(*self.box.corner),
            along=self.along[here].copy(),
            across=self.across[here].copy(),
            upper=self.upper[here].copy(),
            lower=self.lower[here].copy(),
            fold=self.fold[here].copy(),
            bag=self.bag[here].copy(),
            span=self.span[here].copy(),
            region=self.region[here].copy(),
        )


def map_eye(outline: EyeOutline, texture: NDArray[np.uint8]) -> EyeMap | None:
    """The coordinates of an eye of a picture, uint8 (height, width, 3); None when it is too small."""
    start, end = outline.upper[0], outline.upper[-1]
    width = float(np.linalg.norm(end - start))
    if width < 4:
        return None
    axis = ((end - start) / width).astype(np.float32)
    margin = 0.30 * width
    around = np.concatenate([outline.upper, outline.lower, outline.crease, outline.bag, outline.reach])
    box = Box.holding(*(around.min(axis=0) - margin), *(around.max(axis=0) + margin))
    box = box.clipped(Box.of_size((texture.shape[1], texture.shape[0])))
    if min(box.size_wh) < 4:
        return None
    x, y = np.meshgrid(
        np.arange(box.left, box.right, dtype=np.float32), np.arange(box.top, box.bottom, dtype=np.float32)
    )
    dx, dy = x - start[0], y - start[1]
    along = (dx * axis[0] + dy * axis[1]) / width
    across = -dx * axis[1] + dy * axis[0]

    def line(row: NDArray[np.float32]) -> NDArray[np.float32]:
        relative = row - start
        u = relative @ axis / width
        v = -relative[:, 0] * axis[1] + relative[:, 1] * axis[0]
        order = np.argsort(u)
        u, v = u[order], v[order]
        keep = np.concatenate([[True], np.diff(u) > 1e-3])
        return PchipInterpolator(u[keep], v[keep])(np.clip(along, u[keep][0], u[keep][-1])).astype(np.float32)

    upper_line, lower_line = line(outline.upper), line(outline.lower)
    shown = np.maximum((upper_line - line(outline.crease)) * 0.5, LASH_ABOVE * width)
    # The fold comes down to the corners.
    fold = upper_line - shown * (1 - 0.6 * np.square(np.square(np.clip(2 * along - 1, -1, 1))))
    span = np.clip(np.minimum(along, 1 - along) / 0.06 + (1.0 if outline.is_drawn else 0.4), 0, 1)
    beyond = np.maximum(-along, along - 1)
    is_outer = (along > 0.5) == (outline.inner == 0)
    reach = np.where(is_outer, *REACH)
    region = smoothstep((reach - beyond) / (0.6 * reach))
    centre = outline.iris[0] - start
    radius = float(np.linalg.norm(outline.iris[1:] - outline.iris[0], axis=1).mean()) / width
    return EyeMap(
        box=box,
        width_px=width,
        along=along,
        across=across,
        upper=upper_line,
        lower=np.maximum(lower_line, upper_line),
        fold=fold.astype(np.float32),
        bag=np.maximum(line(outline.bag), lower_line + np.float32(0.12 * width)),
        span=span.astype(np.float32),
        region=region.astype(np.float32),
        iris_along=float(np.clip(centre @ axis / width, 0.2, 0.8)),
        iris_across=float(-centre[0] * axis[1] + centre[1] * axis[0]),
        iris_radius=float(np.clip(radius, *IRIS_RADIUS)),
        axis=axis,
        inner=outline.inner,
    )
