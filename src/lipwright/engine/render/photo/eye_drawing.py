"""One eye drawn for what its lids and its gaze do.

The upper lid slides over the eyeball: its lashes travel with its edge and turn from standing to hanging, skin
unrolls from the fold above, the eyeball lies in its shade.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array, smoothstep
from lipwright.engine.render.photo.eye_ball import OpenedEye
from lipwright.engine.render.photo.eye_lid import LidLayers
from lipwright.engine.render.photo.eye_map import LASHES_END, EyeMap
from lipwright.engine.render.pixels import look_up, look_up_sharply

# The upper lid makes this share of a blink's way, the lower lid comes up the rest.
UPPER_LID_SHARE = 0.88
# The line that the lashes of a shut or an opened eye draw at the least: thickness in eye widths, darkness.
LASH_LINE_WIDTH = 0.030
LASH_LINE_SHADE = 0.55
# Lashes that have come down are seen against skin, no longer with the shadow under the lid: so much lighter.
LASHES_LIGHTER = 0.25
# Lashes stand up from an open lid and hang down from a shut one: their length across the eye as seen, against
# that in the picture, when the lid has come all the way; below the least they would be no lashes.
LASHES_TURNED = -0.6
LEAST_LASHES = 0.35
# How much brighter the middle of a lid is than its fold, how much darker its edge, how dark the crease at the
# fold, and the shade that the lid lays on the eyeball and on the skin below.
LID_BULGE = 0.05
LID_EDGE_SHADE = 0.10
CREASE_SHADE = 0.06
SHADE_ON_BALL = 0.30
SHADE_BELOW = 0.12
# What the edge of a lid that goes up shows comes from so far above it, eye widths.
EDGE_FROM_ABOVE = 0.03
# Lids that move less than this are still: a quarter of a pixel of the output.
STILL_PX = 0.5
# So near a lid's edge no eyeball is taken from the picture, eye widths: the edge itself lies there.
LID_RIM = 0.012
# Raised and narrowed lids at weight 1, in heights of the open eye.
WIDE_RAISE = 0.16
SQUINT_UPPER = 0.13
SQUINT_LOWER = 0.26
# How far an iris moves for one degree of gaze, eye widths: half the eyeball's radius over the eye's width.
GAZE_PER_DEGREE = 0.5 * np.pi / 180
# How much of a vertical look the upper lid follows.
LID_FOLLOWS_GAZE = 0.4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EyeLayers:
    """One eye ready to be drawn; opened None: as open as in the picture. picture: uint8, the eye's box.

    is_fine: its pixels are finer than those of the picture, so that moving them does not soften them.
    """

    map: EyeMap
    picture: NDArray[np.uint8]
    lids: LidLayers
    opened: OpenedEye | None
    is_fine: bool = True

    def __post_init__(self) -> None:
        box = self.map.box
        check_array(self, "picture", np.uint8, (box.height, box.width, 3))

    def trimmed(self) -> EyeLayers:
        """Without the surroundings that only gave colours and never move."""
        box = self.map.moving_box(self.opened.upper if self.opened else None)
        return EyeLayers(
            map=self.map.part(box),
            picture=self.picture[box.slices].copy(),
            lids=self.lids.part(box),
            opened=self.opened.part(box) if self.opened else None,
            is_fine=self.is_fine,
        )

    def seen(self, image: NDArray[np.uint8], places: NDArray[np.float32]) -> NDArray[np.float32]:
        """An image of the eye's box at places in it, float32 (height, width, 3)."""
        return (look_up if self.is_fine else look_up_sharply)(image, places).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class EyeState:
    """What one eye does: weights from 0 to 1, gaze in degrees; all 0 as in the picture."""

    blink: float
    wide: float
    squint: float
    open: float
    gaze_x: float
    gaze_y: float

    @property
    def is_moved(self) -> bool:
        """Whether it is not as in the picture."""
        return any((self.blink, self.wide, self.squint, self.open, self.gaze_x, self.gaze_y))


AT_REST = EyeState(blink=0, wide=0, squint=0, open=0, gaze_x=0, gaze_y=0)


def draw_eye(eye: EyeLayers, state: EyeState) -> NDArray[np.uint8]:
    """The eye's box, uint8 (height, width, 3)."""
    m, lines = eye.map, _lid_lines(eye, state)
    if eye.opened is None and lines.are_still:
        # Only the gaze moves: the lids and their lashes are the picture's own.
        drawn = _between_lids(eye, state, lines)
        within = np.clip(np.minimum(m.across - m.upper, m.lower - m.across) / lines.soft_px, 0, 1)
        return _rounded(_mixed(eye.picture.astype(np.float32), drawn, within * m.region))
    below_edge = m.across - lines.upper
    between = np.sqrt(1 - np.square(np.clip(2 * m.along - 1, -1, 1)))  # 0 at the corners, 1 in the middle
    drawn = _between_lids(eye, state, lines)
    shade = SHADE_ON_BALL * max(state.blink, state.open) * between
    drawn *= (1 - shade * bump(below_edge / (0.12 * m.width_px)))[..., None]
    low = _lower_lid(eye, lines)
    shade = SHADE_BELOW * state.blink * between
    low *= (1 - shade * bump(below_edge / (0.10 * m.width_px)))[..., None]
    drawn = _mixed(drawn, low, np.clip((m.across - lines.lower) / lines.soft_px + 0.5, 0, 1))
    drawn = _mixed(drawn, _upper_lid(eye, state, lines), np.clip(0.5 - below_edge / lines.soft_px, 0, 1))
    drawn *= _lashes(eye, state, lines)
    return _rounded(_mixed(eye.picture.astype(np.float32), drawn, m.region))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _LidLines:
    """Where the lids of an eye are now, float32 (height, width) each, pixels across.

    opening: how far the lids stand apart without blink and gaze. moved: the upper lid's edge, down from where
    it is in the picture. soft_px: over how many pixels an edge runs.
    """

    upper: NDArray[np.float32]
    lower: NDArray[np.float32]
    fold: NDArray[np.float32]
    opening: NDArray[np.float32]
    moved: NDArray[np.float32]
    soft_px: float
    are_still: bool


def _lid_lines(eye: EyeLayers, state: EyeState) -> _LidLines:
    m = eye.map
    open_upper, open_lower, fold = m.upper, m.lower, m.fold
    if eye.opened is not None:
        open_upper = m.upper + (eye.opened.upper - m.upper) * state.open
        open_lower = m.lower + (eye.opened.lower - m.lower) * (state.open * (1 - state.blink))
        fold = m.fold + (eye.opened.fold - m.fold) * state.open
    opening = np.maximum(open_lower - open_upper, 0)
    movable = opening * m.span
    follow = np.float32(LID_FOLLOWS_GAZE * GAZE_PER_DEGREE * state.gaze_y * m.width_px)
    lift = WIDE_RAISE * state.wide - SQUINT_UPPER * state.squint
    resting = open_upper + np.clip(follow, -0.15 * opening, 0.4 * opening) * m.span - lift * movable
    rise = 0.0 if eye.opened is not None else (1 - UPPER_LID_SHARE) * state.blink
    rise += SQUINT_LOWER * state.squint * (1 - state.blink)
    lower = open_lower - rise * movable
    upper = resting + (lower - resting) * state.blink
    moved = upper - m.upper
    return _LidLines(
        upper=upper,
        lower=lower,
        fold=fold,
        opening=opening,
        moved=moved,
        soft_px=max(1.0, 0.014 * m.width_px),
        are_still=rise == 0 and float(np.abs(moved).max()) < STILL_PX,
    )


def _lower_lid(eye: EyeLayers, lines: _LidLines) -> NDArray[np.float32]:
    """The lower lid's skin, stretched from its edge to the bag under the eye."""
    m = eye.map
    place = np.clip((m.across - lines.lower) / np.maximum(m.bag - lines.lower, 1.0), 0, 1)
    source = np.where(m.across > m.bag, m.across, m.lower + place * np.maximum(m.bag - m.lower, 1.0))
    return eye.seen(eye.lids.bare, m.places(source))


def _upper_lid(eye: EyeLayers, state: EyeState, lines: _LidLines) -> NDArray[np.float32]:
    """The upper lid without lashes: the picture's own where it hardly came down or goes up, plain skin as it
    unrolls."""
    m, width = eye.map, eye.map.width_px
    from_fold = m.across - lines.fold
    slide = smoothstep(from_fold / np.maximum(lines.upper - 0.04 * width - lines.fold, 1.0))
    # The edge of a lid that goes up shows the skin above it, not what lay below.
    above = np.float32(EDGE_FROM_ABOVE * width) * smoothstep(-lines.moved / (0.10 * width))
    source = np.asarray(m.across - (lines.moved + above) * slide, np.float32)
    lid = eye.seen(eye.lids.bare, m.places(source))
    unrolled = smoothstep(lines.moved / np.maximum(0.8 * (m.upper - lines.fold), 0.06 * width))
    if not unrolled.any():
        return lid
    # A part of a ball lit from above, with a crease at the fold.
    place = np.clip(from_fold / np.maximum(lines.upper - lines.fold, 1.0), 0, 1)
    shade = 1 + 4 * LID_BULGE * place * (1 - place) - LID_EDGE_SHADE * np.square(np.square(place))
    shade -= CREASE_SHADE * state.blink * m.span * bump((from_fold - 0.05 * width) / (0.035 * width))
    return _mixed(lid, eye.lids.skin * shade[..., None], unrolled * smoothstep(from_fold / (0.12 * width)))


def bump(place: NDArray[np.floating]) -> NDArray[np.float32]:
    """1 at 0, 0 from 1 on to both sides, smooth."""
    rest = np.maximum(1 - place * place, 0)
    return np.asarray(rest * rest, dtype=np.float32)


def _mixed(a: NDArray[np.float32], b: NDArray[np.float32], share: NDArray[np.float32]) -> NDArray[np.float32]:
    """Colours of which b has a share for each pixel."""
    return np.asarray(cv2.blendLinear(a, b, 1 - share, share), dtype=np.float32)


def _between_lids(eye: EyeLayers, state: EyeState, lines: _LidLines) -> NDArray[np.float32]:
    """The eyeball, looking where it is told, float32 (height, width, 3)."""
    m, width = eye.map, eye.map.width_px
    if eye.opened is None:
        # The iris's shift fades near the lids and the corners, so that no skin is drawn in; a raised lid
        # draws the eye up behind it.
        from_middle = 2 * np.clip((m.across - m.upper) / np.maximum(lines.opening, 1), 0, 1) - 1
        fade = 1 - np.square(np.square(from_middle))
        iris_along, picture = m.iris_along, eye.lids.bare
        raised = np.maximum(-lines.moved, 0)
        below_top = (m.across - m.upper + raised) / np.maximum(0.45 * lines.opening + raised, 1)
        stretch = raised * (1 - smoothstep(below_top))
    else:
        fade = np.ones_like(m.across)
        stretch = np.zeros_like(m.across)
        iris_along, picture = eye.opened.iris_along, eye.opened.ball
    from_iris = np.maximum(np.abs(m.along - iris_along) - 1.1 * m.iris_radius, 0)
    room = np.where(m.along < iris_along, iris_along, 1 - iris_along) - 1.1 * m.iris_radius
    sideways = np.clip(1 - from_iris / np.maximum(room, 0.05), 0, 1) * fade * width
    shift_x = GAZE_PER_DEGREE * state.gaze_x * sideways
    shift_y = GAZE_PER_DEGREE * state.gaze_y * sideways
    across = m.across - shift_y + stretch
    if eye.opened is None:
        rim = LID_RIM * width
        across = np.clip(across, m.upper + rim, np.maximum(m.lower - rim, m.upper + rim))
    places = m.places(across, -shift_x)
    seen = eye.seen(picture, places)
    if eye.opened is not None and state.open < 1:
        # What the picture shows between its lids gives way while the lid goes up.
        within = np.clip((m.across - m.upper) / max(1.0, 0.02 * width) + 0.5, 0, 1)
        shown = within * float(1 - smoothstep(np.asarray(state.open, dtype=np.float32)))
        seen = _mixed(seen, eye.seen(eye.picture, places), shown)
    return seen


def _lashes(eye: EyeLayers, state: EyeState, lines: _LidLines) -> NDArray[np.float32]:
    """What the lashes let through of each colour, float32 (height, width, 3)."""
    m, width = eye.map, eye.map.width_px
    below_edge = m.across - lines.upper
    turned = state.open * (1 - state.blink) if eye.lids.hang else state.blink
    length = 1 + (LASHES_TURNED - 1) * turned
    length = float(np.copysign(max(abs(length), LEAST_LASHES), length))
    offset = np.clip(below_edge / length, -LASHES_END[0] * width, LASHES_END[1] * width)
    through = look_up(eye.lids.soft_lashes if turned > 0 else eye.lids.lashes, m.places(m.upper + offset))
    if not eye.lids.hang:
        through = 1 - (1 - through) * (1 - LASHES_LIGHTER * turned)
    came_down = smoothstep(lines.moved / (0.10 * width)) * state.blink
    went_up = smoothstep(-lines.moved / (0.10 * width)) * state.open
    taper = 1 - np.square(np.clip(2 * m.along - 1, -1, 1))
    line = (1 - LASH_LINE_SHADE) * taper * bump(below_edge / (LASH_LINE_WIDTH * width))
    line *= np.maximum(came_down, went_up)
    return np.asarray(np.minimum(through, 1 - line[..., None]), dtype=np.float32)


def _rounded(drawn: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.asarray(np.clip(drawn + 0.5, 0, 255), dtype=np.uint8)
