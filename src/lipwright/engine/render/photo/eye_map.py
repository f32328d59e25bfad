"""One eye's own coordinates in a picture, and the skin and the lashes that its lid is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.render.pixels import blurred

# Skin around the eye whose colour the lid gets: this far around, eye widths; darker pixels than this
# share of the median are hair, lashes or frames of glasses.
SKIN_AROUND = 0.22
SKIN_DARKEST = 0.80
# Skin under the eye counts less for the lid: it faces the light differently.
SKIN_BELOW_WEIGHT = 0.25
# The lashes and the shadow of the lid's edge, which move as one piece: this far above and below the line, eye
# widths.
LASH_ABOVE = 0.15
LASH_BELOW = 0.015
# Mesh rows of each eye: upper lid, lower lid, crease, bag, lower edge of the brow, iris.
LEFT_EYE = (
    mesh.EYE_LEFT_UPPER,
    mesh.EYE_LEFT_LOWER,
    mesh.EYE_LEFT_CREASE,
    mesh.EYE_LEFT_BAG,
    mesh.BROW_LEFT_LOWER,
    mesh.IRIS_LEFT,
)
RIGHT_EYE = (
    mesh.EYE_RIGHT_UPPER,
    mesh.EYE_RIGHT_LOWER,
    mesh.EYE_RIGHT_CREASE,
    mesh.EYE_RIGHT_BAG,
    mesh.BROW_RIGHT_LOWER,
    mesh.IRIS_RIGHT,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EyeMap:
    """One eye's coordinates for each pixel of its box.

    along: float32 (height, width), 0 at the viewer's left corner, 1 at the right. across: pixels below the
    corners' line.
    upper, lower, bag: for each pixel, `across` of the lid lines and of the fold under the eye.
    fold: `across` of where the plain skin of the lowered lid begins.
    span: how much the lids move there, 0.4 at the corners and 1 between them.
    axis: float32 (2,), from the left corner to the right, length 1.
    unevenness: standard deviation of brightness where the lid's skin should be.
    skin: float32 (height, width, 3), what the lid looks like. lashes: float32 (height, width), how the lid's
    edge darkens the skin, 1 not at all.
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
    iris_along: float
    iris_radius: float
    axis: NDArray[np.float32]
    skin: NDArray[np.float32]
    lashes: NDArray[np.float32]
    unevenness: float

    def __post_init__(self) -> None:
        size = (self.box.height, self.box.width)
        for name in ("along", "across", "upper", "lower", "fold", "bag", "span", "lashes"):
            check_array(self, name, np.float32, size)
        check_array(self, "skin", np.float32, (*size, 3))
        check_array(self, "axis", np.float32, (2,))


def map_eye(
    points: NDArray[np.float32], rows: tuple[tuple[int, ...], ...], texture: NDArray[np.uint8]
) -> EyeMap | None:
    """The coordinates of an eye of a picture, uint8 (height, width, 3); None when it is too small.

    points: float32 (478, 2), pixels of the texture. rows: LEFT_EYE or RIGHT_EYE.
    """
    upper, lower, crease, bag, brow, iris = rows
    start, end = points[upper[0]], points[upper[-1]]
    width = float(np.linalg.norm(end - start))
    if width < 4:
        return None
    axis = ((end - start) / width).astype(np.float32)
    margin = 0.30 * width
    around = points[[*upper, *lower, *crease, *bag, *brow]]
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

    def line(row: tuple[int, ...]) -> NDArray[np.float32]:
        relative = points[list(row)] - start
        u = relative @ axis / width
        v = -relative[:, 0] * axis[1] + relative[:, 1] * axis[0]
        order = np.argsort(u)
        u, v = u[order], v[order]
        keep = np.concatenate([[True], np.diff(u) > 1e-3])
        return PchipInterpolator(u[keep], v[keep])(np.clip(along, u[keep][0], u[keep][-1])).astype(np.float32)

    upper_line, lower_line = line(upper), line(lower)
    fold = np.minimum(line(crease) * 0.5 + upper_line * 0.5, upper_line - LASH_ABOVE * width)
    span = np.clip(np.minimum(along, 1 - along) / 0.06 + 0.4, 0, 1)
    relative = points[iris[0]] - start
    radius = float(np.linalg.norm(points[list(iris[1:])] - points[iris[0]], axis=1).mean()) / width
    crop = texture[box.slices]
    skin = _lid_skin(crop, along, across, upper_line, lower_line, width)
    darkness = np.clip((crop.astype(np.float32).mean(-1) + 1) / (skin.mean(-1) + 1), 0.15, 1)
    place = across - upper_line
    window = np.clip((place + LASH_ABOVE * width) / (0.04 * width), 0, 1)
    window *= np.clip((LASH_BELOW * width - place) / (0.02 * width) + 0.5, 0, 1)
    window *= np.clip(np.minimum(along, 1 - along) / 0.05 + 0.6, 0, 1)
    above = (
        (place < -LASH_ABOVE * width)
        & (place > -(LASH_ABOVE + SKIN_AROUND) * width)
        & (abs(along - 0.5) < 0.55)
    )
    return EyeMap(
        unevenness=float(crop[above].mean(-1).std()) if above.any() else 0.0,
        skin=skin,
        lashes=(1 - (1 - darkness) * window).astype(np.float32),
        box=box,
        width_px=width,
        along=along,
        across=across,
        upper=upper_line,
        lower=np.maximum(lower_line, upper_line),
        fold=fold,
        bag=np.maximum(line(bag), lower_line + 0.12 * width),
        span=span.astype(np.float32),
        iris_along=float(np.clip(relative @ axis / width, 0.2, 0.8)),
        iris_radius=float(np.clip(radius, 0.1, 0.3)),
        axis=axis,
    )


def _lid_skin(
    crop: NDArray[np.uint8],
    along: NDArray[np.float32],
    across: NDArray[np.float32],
    upper: NDArray[np.float32],
    lower: NDArray[np.float32],
    width: float,
) -> NDArray[np.float32]:
    """What a shut lid looks like: the skin around the eye, spread smoothly, float32 (height, width, 3)."""
    colours = crop.astype(np.float32)
    above = (across < upper - LASH_ABOVE * width) & (across > upper - (LASH_ABOVE + SKIN_AROUND) * width)
    below = (across > lower + 0.10 * width) & (across < lower + (0.10 + 0.6 * SKIN_AROUND) * width)
    beside = (along > -0.05) & (along < 1.05)
    ring = (above | below) & beside
    if ring.sum() < 12:
        return blurred(colours, 0.2 * width)
    brightness = colours.mean(-1)
    lit = brightness > SKIN_DARKEST * np.median(brightness[ring])
    weight = (ring & lit) * np.where(above, 1.0, SKIN_BELOW_WEIGHT).astype(np.float32)
    spread = 0.20 * width
    total = blurred(weight, spread) + 1e-4
    skin = blurred(colours * weight[..., None], spread) / total[..., None]
    # Fine texture like the skin's above, so that the lid is not smoother than its surroundings.
    fine = colours - blurred(colours, max(1.0, 0.02 * width))
    grain = float(np.std(fine[ring & lit], axis=0).mean()) if (ring & lit).any() else 0.0
    noise = np.random.default_rng(0).normal(0, min(grain, 4.0), crop.shape[:2]).astype(np.float32)
    noise = blurred(noise, 0.8) * 1.6
    bulge = 0.95 + 0.06 * np.exp(-(((across - upper - 0.35 * (lower - upper)) / (0.16 * width)) ** 2))
    return (skin * bulge[..., None] + noise[..., None]).astype(np.float32)
