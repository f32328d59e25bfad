"""Eyes that blink and look about, drawn into the picture before the face is warped.

The upper lid slides down over the eye: skin in the colour of what surrounds the eye unrolls from the fold,
the lashes travel with its edge. Works column by column in each eye's own coordinates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.gesture.curves import Gesture
from lipwright.engine.render.pixels import blurred, look_up

# The upper lid makes this share of a blink's way, the lower lid comes up the rest.
UPPER_LID_SHARE = 0.88
# The lashes and the shadow of the lid's edge, which move as one piece: this far above and below the line, eye
# widths.
LASH_ABOVE = 0.15
LASH_BELOW = 0.015
# The line that the lashes of a shut eye draw at the least: thickness in eye widths, and how dark.
LASH_LINE_WIDTH = 0.022
LASH_LINE_SHADE = 0.55
# Skin around the eye whose colour the lid gets: this far around, eye widths; darker pixels than this
# share of the median are hair, lashes or frames of glasses.
SKIN_AROUND = 0.22
SKIN_DARKEST = 0.80
# Where the skin above both eyes is more uneven than this (0 to 255), the eyes are not where the mesh has
# them: drawings with huge eyes. They stay open then.
MOST_UNEVEN_LID = 65.0
# Skin under the eye counts less for the lid: it faces the light differently.
SKIN_BELOW_WEIGHT = 0.25
# Eyes narrower than this are left alone: a lid of one or two rows flickers. Pixels.
MIN_EYE_WIDTH_PX = 12
# Below this width the iris stays: half a pixel of motion is noise.
MIN_GAZE_WIDTH_PX = 24
# How far an iris moves for one degree of gaze, eye widths: half the eyeball's radius over the eye's width.
GAZE_PER_DEGREE = 0.5 * np.pi / 180
# Gaze is drawn in steps that move an iris by a tenth of a pixel; finer ones redraw the eyes in every frame.
GAZE_STEP_DEG = 0.2
# How much of a vertical look the upper lid follows.
LID_FOLLOWS_GAZE = 0.4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _EyeMap:
    """One eye's coordinates for each pixel of its box.

    along: float32 (height, width), 0 at the viewer's left corner, 1 at the right. across: pixels below the
    corners' line.
    upper, lower, bag: for each pixel, `across` of the lid lines and of the fold under the eye.
    fold: `across` of where the plain skin of the lowered lid begins.
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


class Eyes:
    """Both eyes of a face."""

    def __init__(self, landmarks_px: NDArray[np.float32], texture: NDArray[np.uint8]) -> None:
        """texture: uint8 (height, width, 3), in whose pixels the landmarks are."""
        points = landmarks_px[:, :2]
        self._maps = [
            eye
            for eye in (
                _eye_map(points, _LEFT, texture),
                _eye_map(points, _RIGHT, texture),
            )
            if eye is not None and eye.width_px >= MIN_EYE_WIDTH_PX
        ]
        if self._maps and np.mean([eye.unevenness for eye in self._maps]) > MOST_UNEVEN_LID:
            self._maps = []
        self._open = [texture[eye.box.slices].copy() for eye in self._maps]
        self._drawn: list[tuple[float, float, float, float]] = [(0, 0, 0, 0)] * len(self._maps)

    def draw(self, texture: NDArray[np.uint8], gesture: NDArray[np.float32]) -> None:
        """Draw the eyes of a row of GestureCurves into the texture given at the start.

        Unchanged eyes cost nothing.
        """
        blink = float(np.clip(gesture[Gesture.BLINK], 0, 1))
        squint = float(np.clip(gesture[Gesture.SQUINT], 0, 1))
        for index, eye in enumerate(self._maps):
            looks = eye.width_px >= MIN_GAZE_WIDTH_PX
            gaze_x = float(gesture[Gesture.GAZE_X]) if looks else 0.0
            gaze_y = float(gesture[Gesture.GAZE_Y]) if looks else 0.0
            wanted = (round(blink, 3), round(squint, 2), _stepped(gaze_x), _stepped(gaze_y))
            if wanted == self._drawn[index]:
                continue
            self._drawn[index] = wanted
            target = texture[eye.box.slices]
            if not any(wanted):
                target[:] = self._open[index]
            else:
                target[:] = _draw_eye(eye, self._open[index], *wanted)


def _stepped(gaze_deg: float) -> float:
    return round(gaze_deg / GAZE_STEP_DEG) * GAZE_STEP_DEG


def _draw_eye(
    eye: _EyeMap, source: NDArray[np.uint8], blink: float, squint: float, gaze_x: float, gaze_y: float
) -> NDArray[np.uint8]:
    opening = np.maximum(eye.lower - eye.upper, 0)
    follow = LID_FOLLOWS_GAZE * GAZE_PER_DEGREE * gaze_y * eye.width_px
    shut = np.clip(blink, 0, 1)
    down = (
        UPPER_LID_SHARE * shut * opening + (1 - shut) * np.clip(follow, -0.15 * opening, 0.4 * opening)
    ) * eye.span
    up = (1 - UPPER_LID_SHARE) * shut * opening * eye.span + 0.10 * squint * opening * eye.span
    upper_now, lower_now = eye.upper + down, eye.lower - up
    height = eye.across

    # The eyeball, its iris shifted; near the lids and the corners the shift fades, so that no skin is drawn
    # in.
    inside = np.clip((height - eye.upper) / np.maximum(opening, 1), 0, 1)
    fade = 1 - np.abs(2 * inside - 1) ** 4
    from_iris = np.maximum(np.abs(eye.along - eye.iris_along) - 1.1 * eye.iris_radius, 0)
    room = np.where(eye.along < eye.iris_along, eye.iris_along, 1 - eye.iris_along) - 1.1 * eye.iris_radius
    sideways = np.clip(1 - from_iris / np.maximum(room, 0.05), 0, 1) * fade
    shift_x = GAZE_PER_DEGREE * gaze_x * eye.width_px * sideways
    shift_y = GAZE_PER_DEGREE * gaze_y * eye.width_px * sideways

    # The lower lid's skin, from the lash line to the bag under the eye.
    bag_room = np.maximum(eye.bag - lower_now, 1.0)
    low_place = np.clip((height - lower_now) / bag_room, 0, 1)
    from_low = eye.lower + low_place * np.maximum(eye.bag - eye.lower, 1.0)
    low_source = np.where(height > eye.bag, height, from_low)

    soft = max(1.0, 0.014 * eye.width_px)
    is_low = np.clip((height - lower_now) / soft + 0.5, 0, 1)[..., None]
    below_edge = height - upper_now
    falloff = np.exp(-((below_edge / (0.07 * eye.width_px)) ** 2)) * (below_edge > 0) * eye.span
    shadow = 1 - 0.30 * shut * falloff
    drawn = _sample(source, eye, height - shift_y, -shift_x) * shadow[..., None]
    drawn = drawn * (1 - is_low) + _sample(source, eye, low_source, 0.0) * is_low
    if down.max() < 0.25:
        return _rounded(drawn)

    # The lid: plain skin from the lash zone of the open eye down to its edge, then the lashes over it.
    moved = np.clip(down / (0.25 * LASH_ABOVE * eye.width_px), 0, 1)
    is_lid = np.clip(-below_edge / soft + 0.5, 0, 1) * np.clip(
        (height - eye.fold) / (0.05 * eye.width_px), 0, 1
    )
    is_lid = (is_lid * moved * eye.span)[..., None]
    drawn = drawn * (1 - is_lid) + eye.skin * is_lid
    lashes = look_up(eye.lashes, _places(eye, height - down), outside=1.0)
    line = (
        np.exp(-((below_edge / (LASH_LINE_WIDTH * eye.width_px)) ** 2)) * (1 - LASH_LINE_SHADE) * moved * shut
    )
    drawn *= np.minimum(1 - (1 - lashes) * moved, 1 - line * eye.span)[..., None]
    return _rounded(drawn)


def _places(
    eye: _EyeMap, across: NDArray[np.float32], along_px: NDArray[np.float32] | float = 0.0
) -> NDArray[np.float32]:
    """Pixels of the eye's box at other places across, and so far along, float32 (height, width, 2)."""
    rows, columns = eye.across.shape
    x, y = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
    shift = across - eye.across
    to = np.stack(
        [x - eye.axis[1] * shift + eye.axis[0] * along_px, y + eye.axis[0] * shift + eye.axis[1] * along_px],
        axis=-1,
    )
    return np.asarray(to, dtype=np.float32)


def _sample(
    source: NDArray[np.uint8],
    eye: _EyeMap,
    across: NDArray[np.float32],
    along_px: NDArray[np.float32] | float,
) -> NDArray[np.float32]:
    """Picture at other places of the eye's coordinates, float32 (height, width, 3)."""
    return look_up(source, _places(eye, across, along_px)).astype(np.float32)


_LEFT = (
    mesh.EYE_LEFT_UPPER,
    mesh.EYE_LEFT_LOWER,
    mesh.EYE_LEFT_CREASE,
    mesh.EYE_LEFT_BAG,
    mesh.BROW_LEFT_LOWER,
    mesh.IRIS_LEFT,
)
_RIGHT = (
    mesh.EYE_RIGHT_UPPER,
    mesh.EYE_RIGHT_LOWER,
    mesh.EYE_RIGHT_CREASE,
    mesh.EYE_RIGHT_BAG,
    mesh.BROW_RIGHT_LOWER,
    mesh.IRIS_RIGHT,
)


def _eye_map(
    points: NDArray[np.float32], rows: tuple[tuple[int, ...], ...], texture: NDArray[np.uint8]
) -> _EyeMap | None:
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
    return _EyeMap(
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


def _rounded(drawn: NDArray[np.floating]) -> NDArray[np.uint8]:
    return np.asarray(np.clip(drawn + 0.5, 0, 255), dtype=np.uint8)
