"""Eyes that blink and look about, drawn into the picture before the face is warped.

The upper lid slides down over the eye: skin in the colour of what surrounds the eye unrolls from the fold,
the lashes travel with its edge. Works column by column in each eye's own coordinates.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.gesture.curves import BLINKS, EYE_SQUINTS, Gesture
from lipwright.engine.render.photo.eye_map import LASH_ABOVE, LEFT_EYE, RIGHT_EYE, EyeMap, map_eye
from lipwright.engine.render.pixels import look_up

# The upper lid makes this share of a blink's way, the lower lid comes up the rest.
UPPER_LID_SHARE = 0.88
# The line that the lashes of a shut eye draw at the least: thickness in eye widths, and how dark.
LASH_LINE_WIDTH = 0.022
LASH_LINE_SHADE = 0.55
# Where the skin above both eyes is more uneven than this (0 to 255), the eyes are not where the mesh has
# them: drawings with huge eyes. They stay open then.
MOST_UNEVEN_LID = 65.0
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


class Eyes:
    """Both eyes of a face."""

    def __init__(self, landmarks_px: NDArray[np.float32], texture: NDArray[np.uint8]) -> None:
        """texture: uint8 (height, width, 3), in whose pixels the landmarks are."""
        points = landmarks_px[:, :2]
        self._maps = [
            eye
            for eye in (
                map_eye(points, LEFT_EYE, texture),
                map_eye(points, RIGHT_EYE, texture),
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
        blink = float(np.clip(gesture[list(BLINKS)].mean(), 0, 1))
        squint = float(np.clip(gesture[list(EYE_SQUINTS)].mean(), 0, 1))
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
    eye: EyeMap, source: NDArray[np.uint8], blink: float, squint: float, gaze_x: float, gaze_y: float
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
    eye: EyeMap, across: NDArray[np.float32], along_px: NDArray[np.float32] | float = 0.0
) -> NDArray[np.float32]:
    """Pixels of the eye's box at other places across, moved along, float32 (height, width, 2)."""
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
    eye: EyeMap,
    across: NDArray[np.float32],
    along_px: NDArray[np.float32] | float,
) -> NDArray[np.float32]:
    """Picture at other places of the eye's coordinates, float32 (height, width, 3)."""
    return look_up(source, _places(eye, across, along_px)).astype(np.float32)


def _rounded(drawn: NDArray[np.floating]) -> NDArray[np.uint8]:
    return np.asarray(np.clip(drawn + 0.5, 0, 255), dtype=np.uint8)
