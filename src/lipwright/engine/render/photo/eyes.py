"""Eyes that open, blink and look about, drawn into the picture before the face is warped.

The upper lid slides over the eye: its lashes travel with its edge, skin unrolls from the fold above. What the
picture shows of an eye is one state of its lids; an eye that is shut or half shut there has more behind them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.face.pose import estimate_pose, to_head
from lipwright.engine.gesture.curves import BLINKS, EYE_SQUINTS, EYES_WIDE, Gesture
from lipwright.engine.render.photo.eye_ball import EyeLight, OpenedEye, open_eye, read_light
from lipwright.engine.render.photo.eye_lid import LidLayers, read_lids
from lipwright.engine.render.photo.eye_map import LEFT_EYE, RIGHT_EYE, EyeMap, map_eye
from lipwright.engine.render.pixels import look_up

# The upper lid makes this share of a blink's way, the lower lid comes up the rest.
UPPER_LID_SHARE = 0.88
# The line that the lashes of a shut eye draw at the least: thickness in eye widths, and how dark.
LASH_LINE_WIDTH = 0.022
LASH_LINE_SHADE = 0.55
# How much brighter the middle of a lid is than its fold, and how dark the crease at the fold.
LID_BULGE = 0.05
CREASE_SHADE = 0.10
# Lashes stand up from an open lid and hang down from a shut one: their length across the eye as seen, against
# that in the picture, when the lid has come all the way; below the least they would be no lashes.
LASHES_TURNED = -0.6
LEAST_LASHES = 0.3
# A face's eyes are half shut when both open less than this on average, height against width from the front,
# and one of them is shut. Tracked eyes that are open, laughing ones too, measure 0.21 to 0.40, half shut ones
# 0.12 to 0.20, shut ones below 0.03.
HALF_SHUT = 0.19
SHUT = 0.07
# A wink: one eye this much narrower than the other.
WINK = 0.45
# Raised and narrowed lids at weight 1, in heights of the open eye.
WIDE_RAISE = 0.16
SQUINT_UPPER = 0.13
SQUINT_LOWER = 0.26
# Eyes narrower than this are left alone: a lid of one or two rows flickers. Pixels.
MIN_EYE_WIDTH_PX = 12
# Below this width an eye that is shut is not drawn open: an iris of five pixels is a spot.
MIN_OPENED_WIDTH_PX = 24
# Below this width the iris stays: half a pixel of motion is noise.
MIN_GAZE_WIDTH_PX = 24
# How far an iris moves for one degree of gaze, eye widths: half the eyeball's radius over the eye's width.
GAZE_PER_DEGREE = 0.5 * np.pi / 180
# Gaze is drawn in steps that move an iris by a tenth of a pixel; finer ones redraw the eyes in every frame.
GAZE_STEP_DEG = 0.2
# How much of a vertical look the upper lid follows.
LID_FOLLOWS_GAZE = 0.4


class Eyes:
    """Both eyes of a face.

    opens: whether eyes are shut or half shut in the picture and can open. notes: what a person should know
    of that, sentences.
    """

    def __init__(
        self, landmarks_px: NDArray[np.float32], texture: NDArray[np.uint8], *, may_open: bool = True
    ) -> None:
        """texture: uint8 (height, width, 3), in whose pixels the landmarks are.

        may_open: eyes that are shut in the picture open with EYES_OPEN.
        """
        points = landmarks_px[:, :2]
        openings = lid_openings(landmarks_px)
        maps = {
            side: eye
            for side, rows in enumerate((LEFT_EYE, RIGHT_EYE))
            if (eye := map_eye(points, rows, texture)) is not None and eye.width_px >= MIN_EYE_WIDTH_PX
        }
        narrow = {side: eye for side, eye in maps.items() if is_narrow(openings, side)}
        seen = [eye for side, eye in maps.items() if openings[side] > SHUT]
        light = read_light(list(maps.values()), texture, seen) if may_open and narrow else None
        self._eyes = []
        for side, eye in maps.items():
            picture = texture[eye.box.slices].copy()
            opened = None
            if light is not None and side in narrow and eye.width_px >= MIN_OPENED_WIDTH_PX:
                opened = open_eye(eye, light, iris_along=eye.iris_along)
            lids = read_lids(eye, picture, is_shut=side in narrow)
            self._eyes.append(_Eye(side=side, map=eye, picture=picture, lids=lids, opened=opened))
        self.opens = any(eye.opened is not None for eye in self._eyes)
        self.notes = tuple(_notes(self._eyes, openings, light))
        self._drawn: list[_Lids | None] = [None] * len(self._eyes)

    def draw(self, texture: NDArray[np.uint8], gesture: NDArray[np.float32]) -> None:
        """Draw the eyes of a row of GestureCurves into the texture given at the start.

        Unchanged eyes cost nothing; eyes at rest are the picture's own pixels.
        """
        for index, eye in enumerate(self._eyes):
            wanted = _wanted(eye, gesture)
            if wanted == self._drawn[index] or (self._drawn[index] is None and not wanted.moved):
                continue
            self._drawn[index] = wanted
            target = texture[eye.map.box.slices]
            target[:] = _draw_eye(eye, wanted) if wanted.moved else eye.picture


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Eye:
    """One eye ready to be drawn. side: 0 the viewer's left, 1 the right; picture: uint8, its box."""

    side: int
    map: EyeMap
    picture: NDArray[np.uint8]
    lids: LidLayers
    opened: OpenedEye | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lids:
    """What one eye does: weights from 0 to 1, gaze in degrees; all 0 as in the picture."""

    blink: float
    wide: float
    squint: float
    open: float
    gaze_x: float
    gaze_y: float

    @property
    def moved(self) -> bool:
        return any((self.blink, self.wide, self.squint, self.open, self.gaze_x, self.gaze_y))


def _wanted(eye: _Eye, gesture: NDArray[np.float32]) -> _Lids:
    def weight(channel: Gesture, digits: int = 2) -> float:
        return round(float(np.clip(gesture[channel], 0, 1)), digits)

    looks = eye.map.width_px >= MIN_GAZE_WIDTH_PX
    return _Lids(
        blink=weight(BLINKS[eye.side], 3),
        wide=weight(EYES_WIDE[eye.side]),
        squint=weight(EYE_SQUINTS[eye.side]),
        open=weight(Gesture.EYES_OPEN, 3) if eye.opened else 0.0,
        gaze_x=_stepped(gesture[Gesture.GAZE_X]) if looks else 0.0,
        gaze_y=_stepped(gesture[Gesture.GAZE_Y]) if looks else 0.0,
    )


def _stepped(gaze_deg: np.float32) -> float:
    return round(float(gaze_deg) / GAZE_STEP_DEG) * GAZE_STEP_DEG


def lid_openings(landmarks_px: NDArray[np.float32]) -> tuple[float, float]:
    """How far the viewer's left and right eye are open, height over width, with the head turned to the front.

    About 0.3 when open, below 0.07 when shut.
    """
    front = to_head(landmarks_px, estimate_pose(landmarks_px))
    found = []
    for rows in (LEFT_EYE, RIGHT_EYE):
        middle = slice(3, 6)
        gap = front[list(rows.lower[middle]), 1] - front[list(rows.upper[middle]), 1]
        width = np.linalg.norm(front[rows.upper[-1], :2] - front[rows.upper[0], :2])
        found.append(max(float(gap.mean() / width), 0.0))
    return found[0], found[1]


def is_narrow(openings: tuple[float, float], side: int) -> bool:
    """Whether an eye is shut or half shut, from lid_openings."""
    return sum(openings) / 2 < HALF_SHUT or openings[side] < WINK * openings[1 - side]


def _notes(eyes: list[_Eye], openings: tuple[float, float], light: EyeLight | None) -> Iterator[str]:
    """What was done with eyes that are shut in the picture, sentences."""
    if light is None:
        return
    opened = [eye for eye in eyes if eye.opened is not None]
    if not opened:
        yield "The eyes are shut in the picture and too small to be drawn open; they stay shut."
        return
    which = "The eyes were" if len(opened) > 1 else "One eye was"
    how = "shut" if all(openings[eye.side] < SHUT for eye in opened) else "half shut"
    colour = "in the colour that shows" if light.is_iris_seen else "brown by likelihood"
    stays = "them" if len(opened) > 1 else "it"
    yield f"{which} {how} in the picture and drawn open, {colour}; --eyes keep leaves {stays} so."


def _draw_eye(eye: _Eye, lids: _Lids) -> NDArray[np.uint8]:
    m, width = eye.map, eye.map.width_px
    upper_open, fold = m.upper, m.fold
    if eye.opened is not None:
        upper_open = m.upper + (eye.opened.upper - m.upper) * lids.open
        fold = m.fold + (eye.opened.fold - m.fold) * lids.open
    opening = np.maximum(m.lower - upper_open, 0)
    shut = lids.blink
    follow = LID_FOLLOWS_GAZE * GAZE_PER_DEGREE * lids.gaze_y * width
    lift = WIDE_RAISE * lids.wide - SQUINT_UPPER * lids.squint
    resting = upper_open + (np.clip(follow, -0.15 * opening, 0.4 * opening) - lift * opening) * m.span
    rise = (1 - UPPER_LID_SHARE) * shut if eye.opened is None else 0.0
    lower_now = m.lower - (rise + SQUINT_LOWER * lids.squint * (1 - shut)) * opening * m.span
    upper_now = resting + (lower_now - resting) * shut
    moved_px = upper_now - m.upper
    height = m.across
    soft = max(1.0, 0.014 * width)

    drawn = _between_lids(eye, lids, opening)
    below_edge = height - upper_now
    falloff = np.exp(-((below_edge / (0.07 * width)) ** 2)) * (below_edge > 0) * m.span
    drawn *= (1 - 0.30 * max(shut, lids.open) * falloff)[..., None]

    # The lower lid's skin, from the lash line to the bag under the eye.
    bag_room = np.maximum(m.bag - lower_now, 1.0)
    low_place = np.clip((height - lower_now) / bag_room, 0, 1)
    low_from = np.where(height > m.bag, height, m.lower + low_place * np.maximum(m.bag - m.lower, 1.0))
    is_low = np.clip((height - lower_now) / soft + 0.5, 0, 1)[..., None]
    low = look_up(eye.lids.bare, m.places(low_from)).astype(np.float32)
    low *= (1 - 0.12 * shut * np.exp(-((below_edge / (0.06 * width)) ** 2)))[..., None]
    drawn = drawn * (1 - is_low) + low * is_low

    # The upper lid: the picture's own where it has hardly come down or goes up, plain skin as it unrolls.
    strip = 0.04 * width
    slide = _smooth((height - fold) / np.maximum(upper_now - strip - fold, 1.0))
    lid = look_up(eye.lids.bare, m.places(height - moved_px * slide)).astype(np.float32)
    unrolled = _smooth(moved_px / np.maximum(0.8 * (m.upper - fold), 0.06 * width))
    unrolled = (unrolled * _smooth((height - fold) / (0.12 * width)))[..., None]
    lid = lid * (1 - unrolled) + _shaded_skin(eye, fold, upper_now, shut) * unrolled
    is_lid = np.clip(-below_edge / soft + 0.5, 0, 1)[..., None]
    drawn = drawn * (1 - is_lid) + lid * is_lid

    lashes = look_up(eye.lids.lashes, _lash_places(eye, lids, upper_now))
    line = np.exp(-((below_edge / (LASH_LINE_WIDTH * width)) ** 2)) * (1 - LASH_LINE_SHADE) * m.span
    line *= _smooth(moved_px / (0.10 * width)) * shut
    drawn *= np.minimum(lashes, 1 - line[..., None])
    beside = (1 - _smooth((np.minimum(m.along, 1 - m.along) + 0.10) / 0.08))[..., None]
    drawn = drawn * (1 - beside) + eye.picture * beside
    return np.asarray(np.clip(drawn + 0.5, 0, 255), dtype=np.uint8)


def _smooth(place: NDArray[np.floating] | np.floating) -> NDArray[np.float32]:
    """0 below 0, 1 above 1, smooth between."""
    t = np.clip(place, 0, 1)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)


def _between_lids(eye: _Eye, lids: _Lids, opening: NDArray[np.float32]) -> NDArray[np.float32]:
    """The eyeball, looking where it is told, float32 (height, width, 3)."""
    m, width = eye.map, eye.map.width_px
    if eye.opened is None:
        # The iris's shift fades near the lids and the corners, so that no skin is drawn in; a raised lid
        # draws the eye up behind it.
        inside = np.clip((m.across - m.upper) / np.maximum(opening, 1), 0, 1)
        fade = 1 - np.abs(2 * inside - 1) ** 4
        iris_along = m.iris_along
        raised = WIDE_RAISE * lids.wide * opening * m.span
        below_top = (m.across - m.upper + raised) / np.maximum(0.45 * opening + raised, 1)
        stretch = raised * (1 - _smooth(below_top))
        picture = eye.lids.bare
    else:
        fade = np.ones_like(m.across)
        iris_along = eye.opened.iris_along
        stretch = np.zeros_like(m.across)
        picture = eye.opened.ball
    from_iris = np.maximum(np.abs(m.along - iris_along) - 1.1 * m.iris_radius, 0)
    room = np.where(m.along < iris_along, iris_along, 1 - iris_along) - 1.1 * m.iris_radius
    sideways = np.clip(1 - from_iris / np.maximum(room, 0.05), 0, 1) * fade
    shift_x = GAZE_PER_DEGREE * lids.gaze_x * width * sideways
    shift_y = GAZE_PER_DEGREE * lids.gaze_y * width * sideways
    places = m.places(m.across - shift_y + stretch, -shift_x)
    seen = look_up(picture, places).astype(np.float32)
    if eye.opened is not None and lids.open < 1:
        # What the picture shows between its lids gives way while the lid goes up.
        within = np.clip((m.across - m.upper) / max(1.0, 0.02 * width) + 0.5, 0, 1)
        shown = (within * (1 - _smooth(np.float32(lids.open))))[..., None]
        seen = seen * (1 - shown) + look_up(eye.picture, places) * shown
    return np.asarray(seen, np.float32)


def _shaded_skin(
    eye: _Eye, fold: NDArray[np.float32], upper_now: NDArray[np.float32], shut: float
) -> NDArray[np.float32]:
    """The lid as a part of a ball lit from above, with a crease at the fold, float32 (height, width, 3)."""
    m, width = eye.map, eye.map.width_px
    place = np.clip((m.across - fold) / np.maximum(upper_now - fold, 1.0), 0, 1)
    bulge = 1 + LID_BULGE * np.sin(np.pi * place**0.8) - 0.06 * place**4
    crease = CREASE_SHADE * np.exp(-(((m.across - fold - 0.06 * width) / (0.025 * width)) ** 2)) * m.span
    return eye.lids.skin * (bulge - crease * shut)[..., None]


def _lash_places(eye: _Eye, lids: _Lids, upper_now: NDArray[np.float32]) -> NDArray[np.float32]:
    """Where in the picture the lashes come from that each pixel shows, float32 (height, width, 2)."""
    m = eye.map
    turned = lids.open * (1 - lids.blink) if eye.opened is not None else lids.blink
    length = 1 + (LASHES_TURNED - 1) * turned
    length = float(np.copysign(max(abs(length), LEAST_LASHES), length))
    return m.places(m.upper + (m.across - upper_now) / length)
