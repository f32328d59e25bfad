"""The teeth that a picture shows, laid on the dental arch and completed where the lips hide them.

They turn with the skull as drawn ones do, and keep the light of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array, smoothstep
from lipwright.engine.render.mouth.arch import DentalArch
from lipwright.engine.render.mouth.opening import Opening
from lipwright.engine.render.mouth.palette import Palette
from lipwright.engine.render.mouth.placement import SkullPlacement
from lipwright.engine.render.mouth.teeth import BOTTOM_MM, HALF_LENGTH_MM, TOP_MM, ToothRow
from lipwright.engine.render.pixels import blurred, look_up, look_up_sharply, luminance

# Colours inside the lips are teeth's from this share of the light ones' luminance on, and up to this much
# more red over green than the least red third; gums, tongue and lips are redder.
LEAST_LIGHT, MOST_RED = 0.62, 1.22
# And only where the light ones are this light against teeth that would be drawn, and not redder than skin.
LIGHT_AS_DRAWN, RED_AS_SKIN = 0.60, 1.08
# Less than this is no row of teeth but a glint or a lip: millimetres along the arch, and of height.
LEAST_LENGTH_MM, LEAST_HEIGHT_MM = 14.0, 1.6
# Both rows are in the picture when a line this much darker than the teeth on both sides of it runs through
# this share of the columns in the middle: it does in 0.43 to 0.8 of those of clenched teeth and in up to 0.09
# of one row's. Millimetres to both sides that count as the middle.
ROWS_DIP, ROWS_SHARE, ROWS_MIDDLE_MM = 0.05, 0.30, 14.0
# Columns this far apart are looked at: far narrower than a tooth.
ROWS_LOOKED_MM = 0.25
# How far teeth go on where the lower lip hides their edges, and behind the upper lip, millimetres.
BEHIND_LOWER_LIP_MM, BEHIND_UPPER_LIP_MM = 0.6, 4.0
# A few teeth between the lips still tell the colour of all: the lightest in there from this share of the 95th
# percentile on, if they are this light against drawn teeth and cover this much, square millimetres.
GLINT, GLINT_AS_DRAWN, GLINT_MM2 = 0.80, 0.40, 4.0
# The colours of lips bleed into what is next to them: this much is not used, millimetres and pixels.
FRINGE_MM, FRINGE_PX = 0.25, 0.8
# Red over green of a tooth's place against the median of the teeth: more is the lip's shine.
LIP_SHINE = 1.03
# Where teeth meet their edge is higher by this, millimetres, in full where it is darker than around by this.
NOTCH_MM, NOTCH_DIP = 0.9, 0.10
# How softly the seen teeth go over into drawn ones, and how far the light of the seen ones goes on over them.
ENDS_MM, NEIGHBOURS_MM = 0.8, 3.0
# Over which length the slope of the line of the edges is taken at its ends, millimetres, and the steepest
# that goes on.
SLOPE_MM, MOST_SLOPE = 3.0, 0.35
# The height that is looked at first, where the line of the edges is not known, millimetres.
FIRST_LOOK_MM = 7.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShownTeeth:
    """What a picture shows of its upper teeth, unrolled over the arch like the texture of a ToothRow.

    colours: float32 (row, column, 3), freed of the shadow of the lips. is_tooth: bool (row, column).
    edge_line_mm: float64 (column,), height of the line of the edges. colour: float32 (3,), of teeth in full
    light. edge_mm: how far below the skull's origin height 0 lies. px_per_mm: of the texture. is_row: whether
    they are enough to be shown; a glint between the lips still tells colour and height.
    """

    colours: NDArray[np.float32]
    is_tooth: NDArray[np.bool_]
    edge_line_mm: NDArray[np.float64]
    colour: NDArray[np.float32]
    edge_mm: float
    px_per_mm: float
    is_row: bool

    def __post_init__(self) -> None:
        check_array(self, "colours", np.float32, ("row", "column", 3))
        check_array(self, "is_tooth", np.bool_, self.colours.shape[:2])
        check_array(self, "edge_line_mm", np.float64, (self.colours.shape[1],))
        check_array(self, "colour", np.float32, (3,))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArchView:
    """How the arch of the upper teeth lies in a picture.

    skull: there. depth: of the front teeth behind the skull's origin, face heights. tooth_px_per_mm: how
    large a millimetre of tooth is seen. px_per_mm: of the texture.
    """

    skull: SkullPlacement
    arch: DentalArch
    depth: float
    tooth_px_per_mm: float
    px_per_mm: float

    def texture_mm(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Arc length of the columns and height of the rows of a texture."""
        columns = round(2 * HALF_LENGTH_MM * self.px_per_mm)
        rows = round((BOTTOM_MM - TOP_MM) * self.px_per_mm)
        s, y = (np.arange(count, dtype=np.float64) + 0.5 for count in (columns, rows))
        return s / self.px_per_mm - HALF_LENGTH_MM, y / self.px_per_mm + TOP_MM

    def places_px(self, edge_mm: float) -> NDArray[np.float32]:
        """Where the texture's pixels are in the picture, float32 (row, column, 2)."""
        s, y = self.texture_mm()
        x, z = (np.interp(s, self.arch.s_mm, row) for row in (self.arch.x_mm, self.arch.z_mm))
        r = self.skull.rotation[:2].astype(np.float64) * self.tooth_px_per_mm
        along = np.stack([x, z], axis=-1) @ r[:, [0, 2]].T
        edge = r[:, 1] * edge_mm + self.skull.point_px(np.array([0, 0, self.depth]))
        return np.asarray(along[None] + y[:, None, None] * r[:, 1] + edge, dtype=np.float32)


def find_shown_teeth(
    rgb: NDArray[np.uint8], opening: Opening, view: ArchView, palette: Palette
) -> ShownTeeth | None:
    """The upper teeth that a picture shows in an opening of its own lips; None when it shows none."""
    first = _shown_from(rgb, opening, view, palette, FIRST_LOOK_MM)
    if first is None:
        return None
    middle = np.abs(view.texture_mm()[0]) < 4.0
    return _shown_from(rgb, opening, view, palette, first.edge_mm + float(first.edge_line_mm[middle].mean()))


def _most_red(palette: Palette) -> float:
    """How red teeth may be against green: about as the skin."""
    return RED_AS_SKIN * float(palette.skin[0] / max(palette.skin[1], 1.0))


def _shown_from(
    rgb: NDArray[np.uint8], opening: Opening, view: ArchView, palette: Palette, edge_mm: float
) -> ShownTeeth | None:
    places = view.places_px(edge_mm)
    box = opening.box
    within = places - np.array(box.corner, dtype=np.float32)
    colours = look_up_sharply(rgb[box.slices], within).astype(np.float32)
    inside = look_up(np.ascontiguousarray(opening.share), within, outside=0.0) > 0.9
    is_row, is_tooth = True, _tooth_pixels(colours, inside, palette, view)
    if is_tooth is None:
        is_row, is_tooth = False, _glint(colours, inside, palette, view)
    if is_tooth is None:
        return None
    s, y = view.texture_mm()
    cut = _line_between_rows(luminance(colours), inside, s, y, view.px_per_mm)
    if cut is not None:
        is_tooth &= y[:, None] < cut - 0.15
    columns = np.flatnonzero(is_tooth.any(axis=0))
    heights = is_tooth[:, columns].sum(axis=0) / view.px_per_mm
    if len(columns) < GLINT_MM2 * view.px_per_mm:
        return None
    too_short = len(columns) < LEAST_LENGTH_MM * view.px_per_mm
    is_row = is_row and not too_short and float(np.percentile(heights, 70)) > LEAST_HEIGHT_MM
    freed = colours / look_up(opening.light(), within)[..., None]
    # Lips shine red on the teeth next to them; freed of their shadow it would be a red line.
    reds = freed[..., 0] / np.maximum(freed[..., 1], 1)
    freed[..., 0] = np.minimum(reds, LIP_SHINE * np.median(reds[is_tooth])) * freed[..., 1]
    bright = is_tooth & (luminance(colours) > np.percentile(luminance(colours[is_tooth]), 40))
    colour = np.median(freed[bright], axis=0)
    if not is_row:
        # Among lips the light's own hue is as sure as that of a few pixels.
        usual = palette.tooth / max(float(luminance(palette.tooth)), 1.0) * float(luminance(colour))
        colour = (colour + usual) / 2
    return ShownTeeth(
        colours=freed.astype(np.float32),
        is_tooth=is_tooth,
        edge_line_mm=_edge_line(is_tooth, inside, s, y, degree=4 if is_row else 2),
        colour=colour.astype(np.float32),
        edge_mm=edge_mm,
        px_per_mm=view.px_per_mm,
        is_row=is_row,
    )


def _tooth_pixels(
    colours: NDArray[np.float32], inside: NDArray[np.bool_], palette: Palette, view: ArchView
) -> NDArray[np.bool_] | None:
    """Which pixels are teeth, bool (row, column), the largest piece of them; None when there are none."""
    if inside.sum() < 20:
        return None
    light = luminance(colours)
    red = colours[..., 0] / np.maximum(colours[..., 1], 1)
    bright = float(np.percentile(light[inside], 75))
    least_red = float(np.percentile(red[inside], 30))
    lit = inside & (light > np.percentile(light[inside], 60))
    too_red = float(np.median(red[lit])) > _most_red(palette)
    if too_red or float(light[lit].mean()) < LIGHT_AS_DRAWN * float(luminance(palette.tooth)):
        return None
    teeth = (inside & (light > LEAST_LIGHT * bright) & (red < MOST_RED * least_red)).astype(np.uint8)
    for operation, size_mm in ((cv2.MORPH_CLOSE, 0.8), (cv2.MORPH_OPEN, 0.5)):
        side = int(size_mm * view.px_per_mm) | 1
        teeth = np.asarray(cv2.morphologyEx(teeth, operation, np.ones((side, side), np.uint8)), np.uint8)
    if not teeth.any():
        return None
    teeth = _largest_piece(teeth).astype(np.uint8)
    fringe = max(1, round(max(FRINGE_MM, FRINGE_PX / view.tooth_px_per_mm) * view.px_per_mm))
    return np.asarray(cv2.erode(teeth, np.ones((2 * fringe + 1, 1), np.uint8)) > 0)


def _glint(
    colours: NDArray[np.float32], inside: NDArray[np.bool_], palette: Palette, view: ArchView
) -> NDArray[np.bool_] | None:
    """The few pixels between lips that surely are teeth, bool (row, column); None when there are none."""
    if not inside.any():
        return None
    light = luminance(colours)
    teeth = inside & (light > GLINT * np.percentile(light[inside], 95))
    teeth &= colours[..., 0] < _most_red(palette) * colours[..., 1]
    if teeth.sum() < GLINT_MM2 * view.px_per_mm**2:
        return None
    if float(light[teeth].mean()) < GLINT_AS_DRAWN * float(luminance(palette.tooth)):
        return None
    return _largest_piece(teeth.astype(np.uint8))


def _largest_piece(flags: NDArray[np.uint8]) -> NDArray[np.bool_]:
    _, pieces, stats, _ = cv2.connectedComponentsWithStats(flags)
    return np.asarray(pieces == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])), dtype=np.bool_)


def _line_between_rows(
    light: NDArray[np.float64],
    inside: NDArray[np.bool_],
    s: NDArray[np.float64],
    y: NDArray[np.float64],
    px_per_mm: float,
) -> NDArray[np.float64] | None:
    """Where upper and lower teeth meet when a picture shows both, height of each column; None otherwise."""
    softness = 0.35 * px_per_mm
    seen = blurred(inside.astype(np.float32), softness)
    soft = blurred(np.where(inside, light, 0), softness) / (seen + 1e-3)
    middle = np.flatnonzero((np.abs(s) < ROWS_MIDDLE_MM) & (inside.sum(axis=0) >= 3.5 * px_per_mm))
    middle = middle[:: max(1, round(ROWS_LOOKED_MM * px_per_mm))]
    found = []
    for column in middle:
        rows = np.flatnonzero(inside[:, column])
        line = soft[rows[0] : rows[-1] + 1, column]
        start, end = int(0.25 * len(line)), int(0.88 * len(line))
        darkest = start + int(np.argmin(line[start:end]))
        above, below = _upper_fifth(line[: darkest + 1]), _upper_fifth(line[darkest:])
        dip = 1 - line[darkest] / max(min(above, below), 1.0)
        if dip > ROWS_DIP and below > 0.55 * above:
            found.append((s[column], y[rows[0] + darkest]))
    if len(found) < 3 or len(found) <= ROWS_SHARE * len(middle):
        return None
    return _robust_curve(np.array(found), s, degree=2, tolerance_mm=0.35)


def _upper_fifth(values: NDArray[np.floating]) -> float:
    """The 80th percentile, for short rows by the hundred: NumPy's own takes ten times as long."""
    ordered = np.sort(values)
    place = 0.8 * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (ordered[above] - ordered[below]) * (place - below))


def _edge_line(
    is_tooth: NDArray[np.bool_],
    inside: NDArray[np.bool_],
    s: NDArray[np.float64],
    y: NDArray[np.float64],
    degree: int,
) -> NDArray[np.float64]:
    """The line of the teeth's edges, height of each column: lower than seen where the lip hides them."""
    columns = np.flatnonzero(is_tooth.any(axis=0))
    bottom = len(y) - 1 - is_tooth[::-1, columns].argmax(axis=0)
    free = len(y) - 1 - inside[::-1, columns].argmax(axis=0) - bottom
    hidden = free * float(y[1] - y[0]) < 1.2
    points = np.stack([s[columns], y[bottom] + BEHIND_LOWER_LIP_MM * hidden], axis=-1)
    return _robust_curve(points, s, degree, tolerance_mm=0.4)


def _robust_curve(
    points: NDArray[np.float64], s: NDArray[np.float64], degree: int, tolerance_mm: float
) -> NDArray[np.float64]:
    """A polynomial through points (n, 2) that outliers do not bend, level beyond them, at the places s."""
    weight = np.ones(len(points))
    curve = np.zeros(degree + 1)
    for _ in range(6):
        curve = np.polyfit(points[:, 0], points[:, 1], degree, w=weight)
        astray = points[:, 1] - np.polyval(curve, points[:, 0])
        weight = 1 / np.sqrt(1 + (astray / tolerance_mm) ** 2)
    low, high = points[:, 0].min(), points[:, 0].max()
    return np.asarray(np.polyval(curve, np.clip(s, low, high)), dtype=np.float64)


def with_shown_teeth(row: ToothRow, shown: ShownTeeth) -> ToothRow:
    """A drawn row in which the teeth that a picture shows take their place, completed up and down."""
    rows, columns = shown.is_tooth.shape
    y = ((np.arange(rows) + 0.5) / shown.px_per_mm + TOP_MM)[:, None]
    has = shown.is_tooth.any(axis=0)
    known = np.flatnonzero(has)
    at = np.arange(columns)
    # Between the columns that show teeth the ends go on as the neighbours'; smoothed, no crumb sticks out.
    smooth = 0.8 * shown.px_per_mm
    top = blurred(np.interp(at, known, y[shown.is_tooth[:, known].argmax(axis=0), 0])[None], smooth)[0]
    last = rows - 1 - shown.is_tooth[::-1, known].argmax(axis=0)
    bottom = np.minimum(blurred(np.interp(at, known, y[last, 0])[None], smooth)[0], shown.edge_line_mm)
    top = np.minimum(top, bottom - 0.5)

    # What is not surely tooth is filled with the colours at both ends of its column.
    within = blurred(shown.is_tooth.astype(np.float32), 0.5 * shown.px_per_mm)
    sure = np.clip((within - 0.72) / 0.25, 0, 1)[..., None]
    head, tail = _band_mean(shown, top + 0.5, top + 1.7), _band_mean(shown, bottom - 1.2, bottom)
    down = smoothstep((y - top) / (bottom - top))[..., None]
    above_mm = np.maximum(top - y, 0)
    behind_lip = np.clip(above_mm / BEHIND_UPPER_LIP_MM, 0, 1)[..., None]
    filled = (head * (1 - down) + tail * down) * (1 - 0.25 * behind_lip)
    rgb = shown.colours * sure + filled * (1 - sure)

    eroded = cv2.erode(
        np.atleast_2d(has).astype(np.uint8), np.ones((1, 2 * round(ENDS_MM * shown.px_per_mm) + 1), np.uint8)
    )
    ends = blurred(np.asarray(eroded, dtype=np.float32), ENDS_MM * shown.px_per_mm)[0]
    own = ends * np.clip(1.5 - above_mm / BEHIND_UPPER_LIP_MM, 0, 1)
    edge = np.clip((shown.edge_line_mm - _notches_mm(tail, shown.px_per_mm) - y) * row.edge_slope + 0.5, 0, 1)
    seen = np.concatenate([rgb * edge[..., None], edge[..., None]], axis=-1)
    drawn = _let_down(row, shown)
    colours = drawn.colours * (1 - own[..., None]) + seen * own[..., None]
    # The drawn neighbours take the light of the seen ones before they go into the dark of the corners.
    lit = np.maximum(own, blurred(own.astype(np.float32), NEIGHBOURS_MM * shown.px_per_mm))
    relief = drawn.relief.copy()
    relief[..., 3] = cv2.resize(lit.astype(np.float32), relief.shape[1::-1], interpolation=cv2.INTER_AREA)
    return replace(row, colours=colours.astype(np.float32), relief=relief)


def _notches_mm(tail: NDArray[np.float32], px_per_mm: float) -> NDArray[np.float32]:
    """How much higher the edge is where two teeth meet, which the dark columns show; float32 (column,)."""
    light = luminance(tail)[None]
    around = blurred(light, 2.5 * px_per_mm)
    dip = np.clip((0.98 * around - light) / (NOTCH_DIP * around), 0, 1)
    return np.asarray(NOTCH_MM * blurred(dip, 0.3 * px_per_mm)[0], dtype=np.float32)


def _let_down(row: ToothRow, shown: ShownTeeth) -> ToothRow:
    """A drawn row whose edges go on at the height of the line of the seen ones' ends."""
    columns = shown.is_tooth.shape[1]
    known = np.flatnonzero(shown.is_tooth.any(axis=0))
    covered = row.colours[..., 3] > 0.5
    drawn_edge = (len(covered) - covered[::-1].argmax(axis=0)) / row.px_per_mm + TOP_MM
    lower = shown.edge_line_mm - blurred(drawn_edge[None], 2.0 * shown.px_per_mm)[0]
    lower = np.interp(np.arange(columns), known, lower[known]) + _beyond(shown, known)
    moved = []
    for texture, scale in ((row.colours, row.px_per_mm), (row.relief, row.relief_px_per_mm)):
        high, wide = texture.shape[:2]
        shift = np.interp(np.linspace(0, columns - 1, wide), np.arange(columns), lower) * scale
        x, y = np.meshgrid(np.arange(wide, dtype=np.float32), np.arange(high, dtype=np.float32))
        moved.append(look_up(texture, np.stack([x, y - shift.astype(np.float32)], axis=-1)))
    return replace(row, colours=moved[0], relief=moved[1])


def _beyond(shown: ShownTeeth, known: NDArray[np.intp]) -> NDArray[np.float64]:
    """How the line of the edges goes on beyond the seen columns, height of each column."""
    at = np.arange(shown.is_tooth.shape[1])
    reach = max(2, round(SLOPE_MM * shown.px_per_mm))
    first, last = int(known[0]), int(known[-1])
    line = shown.edge_line_mm
    to_left = (line[first] - line[min(first + reach, last)]) / reach
    to_right = (line[last] - line[max(last - reach, first)]) / reach
    most = MOST_SLOPE * np.array([-1, 1])
    return np.asarray(
        np.maximum(first - at, 0) * np.clip(to_left, *most)
        + np.maximum(at - last, 0) * np.clip(to_right, *most),
        dtype=np.float64,
    )


def _band_mean(
    shown: ShownTeeth, from_mm: NDArray[np.floating], to_mm: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Mean colour of the teeth between two heights of every column, smoothed along, float32 (column, 3)."""
    rows = len(shown.is_tooth)
    y = ((np.arange(rows) + 0.5) / shown.px_per_mm + TOP_MM)[:, None]
    weight = ((y >= from_mm) & (y <= to_mm) & shown.is_tooth).astype(np.float32)
    total = np.concatenate(
        [(shown.colours * weight[..., None]).sum(axis=0), weight.sum(axis=0)[:, None]], axis=-1
    )
    near = blurred(total[None], 0.3 * shown.px_per_mm)[0]
    wide = blurred(total[None], 3.0 * shown.px_per_mm)[0]
    fallback = np.concatenate([shown.colour, np.ones(1, dtype=np.float32)])
    blend = near + 0.02 * wide + 1e-3 * fallback
    return np.asarray(blend[:, :3] / blend[:, 3:], dtype=np.float32)
