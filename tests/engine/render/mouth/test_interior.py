"""What is seen through open lips: teeth of skull and jaw, a tongue, in the light of the picture."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.face.mesh import INNER_CORNER_LEFT, INNER_CORNER_RIGHT, LIPS_OUTER
from lipwright.engine.face.pose import rotation_of
from lipwright.engine.face.values import Face
from lipwright.engine.media.reading.images import load_picture
from lipwright.engine.render.mouth.interior import FACE_HEIGHT_MM, MouthInterior
from lipwright.engine.render.mouth.lips import lip_cut
from lipwright.engine.render.mouth.opening import Opening
from lipwright.engine.render.mouth.palette import read_palette
from lipwright.engine.render.mouth.placement import SkullPlacement
from lipwright.engine.render.pixels import luminance
from lipwright.engine.render.warp.face_axes import face_axes
from tests.engine.render.drawing import mouth_row

# An output of its own: the skull's origin in it, and how large a face is there.
ORIGIN_PX, UNIT_PX = (150.0, 60.0), 560.0
PX_PER_MM = UNIT_PX / FACE_HEIGHT_MM
PART = Box(0, 0, 300, 160)


@pytest.fixture(scope="module")
def inside(closed_rgb: NDArray[np.uint8], closed_face: Face) -> MouthInterior:
    """The inside of a mouth that the picture does not show."""
    return interior_of(closed_rgb, closed_face)


def interior_of(rgb: NDArray[np.uint8], face: Face, seed: int = 0) -> MouthInterior:
    axes = face_axes(face)
    box = Box(150, 240, 330, 360)
    cut = lip_cut(axes, face.landmarks_px, box)
    palette = read_palette(axes, face.landmarks_px, rgb)
    return MouthInterior(axes, face.landmarks_px, palette, seed, shown=(rgb, cut))


def skull(yaw_deg: float = 0.0, shift_px: tuple[int, int] = (0, 0)) -> SkullPlacement:
    return SkullPlacement(
        rotation=rotation_of(yaw_deg, 0, 0),
        origin_px=(np.array(ORIGIN_PX) + shift_px).astype(np.float32),
        unit_px=UNIT_PX,
    )


def opening_of(gap_mm: float, shift_px: tuple[int, int] = (0, 0)) -> Opening:
    """An opening like a flat box of this height, a quarter of it above the line of the lips."""
    top, bottom = (round(ORIGIN_PX[1] + share * gap_mm * PX_PER_MM) for share in (-0.25, 0.75))
    window = Box(60, top, 240, bottom).moved(*shift_px)
    upper = np.zeros((PART.height, PART.width), dtype=np.float32)
    lower = upper.copy()
    upper[: window.top], lower[window.bottom :] = 1, 1
    corners = np.array([[60, 60], [240, 60]]) + shift_px
    return Opening(
        part=PART,
        window=window,
        upper=upper,
        lower=lower,
        share=np.ones((window.height, window.width), dtype=np.float32),
        corners_px=corners.astype(np.float32),
        face_height_px=UNIT_PX,
    )


def look(
    interior: MouthInterior, gap_mm: float, jaw_mm: float = 0.0, yaw_deg: float = 0.0, **channels: float
) -> NDArray[np.float32]:
    """The inside, float32 (row, column, 3), rows from the upper lip's edge down."""
    row = mouth_row(0.5, **channels)
    return interior.view(opening_of(gap_mm), skull(yaw_deg), row, jaw_mm / FACE_HEIGHT_MM)


def middle(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean colour of every row over the two middle teeth, float32 (row, 3)."""
    return np.asarray(picture[:, 75:105].mean(axis=1), dtype=np.float32)


def redness(colours: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(colours[:, 0] / np.maximum(colours[:, 1], 1), dtype=np.float32)


def upper_edge_mm(picture: NDArray[np.float32], gap_mm: float) -> float:
    """How far under the line of the lips the upper teeth end."""
    light = luminance(middle(picture))
    return float(np.argmin(np.diff(light)) / PX_PER_MM - 0.25 * gap_mm)


def test_the_upper_teeth_stay_with_the_skull_when_the_jaw_drops(inside: MouthInterior) -> None:
    high, low = (look(inside, 16.0, jaw_mm) for jaw_mm in (3.0, 9.0))
    teeth = slice(2, 12)
    assert luminance(high[teeth]) == pytest.approx(luminance(low[teeth]), rel=0.05)
    assert np.abs(high - low)[30:].mean() > 8


def test_lower_teeth_come_into_sight_as_the_lip_leaves_them(inside: MouthInterior) -> None:
    hidden, seen = (look(inside, gap, jaw) for gap, jaw in ((5.0, 3.0), (18.0, 5.0)))
    brightness = [float(luminance(middle(each))[-8:-3].mean()) for each in (hidden, seen)]
    assert brightness[1] > 1.5 * brightness[0]


def test_people_differ_in_how_much_of_their_teeth_they_show(
    closed_rgb: NDArray[np.uint8], closed_face: Face
) -> None:
    edges = [
        upper_edge_mm(look(interior_of(closed_rgb, closed_face, seed), 14.0, 6.0), 14.0) for seed in range(6)
    ]
    assert np.ptp(edges) > 0.8
    assert np.median(edges) < 1.0


def test_an_open_vowel_shows_a_tongue_and_no_black_hole(inside: MouthInterior) -> None:
    colours = middle(look(inside, 16.0, 7.0))
    rows = slice(len(colours) // 2, len(colours) * 3 // 4)
    assert luminance(colours[rows]).min() > 40
    assert redness(colours[rows]).min() > 1.3


def test_the_tongue_goes_up_for_l(inside: MouthInterior) -> None:
    lying, up = (middle(look(inside, 9.0, 5.0, tongue_up=up)) for up in (0.0, 1.0))
    # Just under the upper teeth, where it is dark otherwise.
    dark = int(np.argmin(luminance(lying)))
    assert luminance(up[dark]) > 1.5 * luminance(lying[dark])


def test_the_tongue_is_seen_between_the_teeth_for_th(inside: MouthInterior) -> None:
    without, th = (middle(look(inside, 5.5, 2.0, tongue_out=out)) for out in (0.0, 1.0))
    tongue = (redness(th) > 1.3) & (luminance(th) > 60)
    assert tongue.sum() / PX_PER_MM > 1.5
    assert tongue.sum() > 1.4 * ((redness(without) > 1.3) & (luminance(without) > 60)).sum()
    # And above it the teeth.
    assert redness(th)[2] < 1.25


@pytest.mark.parametrize("seed", [0, 3, 4])
def test_teeth_reach_the_lower_lip_for_f(closed_rgb: NDArray[np.uint8], closed_face: Face, seed: int) -> None:
    interior = interior_of(closed_rgb, closed_face, seed)
    row = mouth_row(0.2, tuck=1.0)
    window = Box(60, 50, 240, 62)  # from 2.5 mm above the line of the lips to half a millimetre below
    opening = opening_of(3.0)
    tucked = Opening(
        part=PART,
        window=window,
        upper=opening.upper,
        lower=opening.lower,
        share=np.ones((window.height, window.width), dtype=np.float32),
        corners_px=opening.corners_px,
        face_height_px=UNIT_PX,
    )
    light = luminance(middle(interior.view(tucked, skull(), row, 0.0)))
    assert light.min() > 0.6 * light.max()


def test_a_turn_brings_the_near_side_of_the_teeth_into_sight(inside: MouthInterior) -> None:
    ahead, right = (look(inside, 12.0, 8.0, yaw)[3] for yaw in (0.0, 15.0))
    changed = np.abs(ahead - right).mean(axis=1)
    assert changed.max() > 20
    light = luminance(right)
    outer = slice(10, 50), slice(-50, -10)
    # Turned to the viewer's right, the left row of teeth is seen longer and lighter than the right one.
    assert light[outer[0]].mean() > light[outer[1]].mean()


def test_the_inside_goes_with_the_skull(inside: MouthInterior) -> None:
    row = mouth_row(0.5)
    here = inside.view(opening_of(12.0), skull(), row, 0.04)
    there = inside.view(opening_of(12.0, (12, 6)), skull(shift_px=(12, 6)), row, 0.04)
    assert there == pytest.approx(here, abs=0.5)


def test_the_inside_of_a_grey_picture_is_grey(closed_rgb: NDArray[np.uint8], closed_face: Face) -> None:
    grey = np.repeat(luminance(closed_rgb)[..., None], 3, axis=-1).astype(np.uint8)
    picture = look(interior_of(grey, closed_face), 14.0, 6.0)
    assert np.ptp(picture, axis=-1).max() < 3


def test_the_teeth_that_the_picture_shows_lie_where_it_shows_them(
    smiling_rgb: NDArray[np.uint8], smiling_face: Face
) -> None:
    interior = interior_of(smiling_rgb, smiling_face)
    assert interior.has_own_teeth
    corners = smiling_face.landmarks_px[[INNER_CORNER_LEFT, INNER_CORNER_RIGHT], :2]
    low, high = corners.min(axis=0), corners.max(axis=0)
    window = Box(
        int(low[0] + 25),
        int(interior.at_rest.origin_px[1] - 2),
        int(high[0] - 25),
        int(interior.at_rest.origin_px[1] + 4),
    )
    wide = Box.of_size((smiling_rgb.shape[1], smiling_rgb.shape[0]))
    bare = np.zeros((wide.height, wide.width), dtype=np.float32)
    opening = Opening(
        part=wide,
        window=window,
        upper=bare,
        lower=bare,
        share=np.ones((window.height, window.width), dtype=np.float32),
        corners_px=corners,
        face_height_px=interior.at_rest.unit_px,
    )
    drawn = interior.view(opening, interior.at_rest, mouth_row(0.5), 0.0)
    shown = smiling_rgb[window.slices].astype(np.float32)
    # Freed of the shadow of the lips they are a little lighter.
    assert np.abs(drawn - shown).mean() < 14
    columns = partial(np.mean, axis=(0, 2))
    assert np.corrcoef(columns(drawn), columns(shown))[0, 1] > 0.8


def test_shown_teeth_go_on_where_the_lips_hide_them(
    smiling_rgb: NDArray[np.uint8], smiling_face: Face
) -> None:
    interior = interior_of(smiling_rgb, smiling_face)
    light = luminance(middle(look(interior, 24.0, 12.0)))
    bright = light > 0.6 * light.max()
    axes = face_axes(smiling_face)
    lips = axes.points[[13, 14], 1]
    # Under the lifted lip they go up, and they end above the dark of the mouth.
    assert bright.sum() / PX_PER_MM > float(np.ptp(lips)) * FACE_HEIGHT_MM
    end = int(np.flatnonzero(bright)[-1])
    assert light[end + round(3 * PX_PER_MM)] < 0.4 * light.max()


@pytest.mark.assets
@pytest.mark.parametrize(
    ("name", "flat", "own"),
    [
        ("ai_man_open_smile.jpg", False, True),
        ("eyes_half_man.jpg", False, True),
        ("ai_man_grey_suit_closed.jpg", False, False),
        ("painting_child_reading.jpg", False, False),
        ("anime_full_body.png", False, False),
        ("cartoon3d_boy.png", True, False),
    ],
)
def test_real_pictures_are_told_apart(assets: Path, name: str, flat: bool, own: bool) -> None:
    rgb = load_picture(assets / "images" / name).rgb
    face = find_faces(rgb)[0]
    axes = face_axes(face)
    palette = read_palette(axes, face.landmarks_px, rgb)
    assert (palette.flatness > 0.9) == flat
    assert palette.flatness < 0.1 or flat
    assert palette.chroma == 1
    low, high = (getattr(face.landmarks_px[list(LIPS_OUTER), :2], end)(axis=0) for end in ("min", "max"))
    cut = lip_cut(axes, face.landmarks_px, Box.holding(*low, *high))
    interior = MouthInterior(axes, face.landmarks_px, palette, 0, shown=(rgb, cut))
    assert interior.has_own_teeth == own
