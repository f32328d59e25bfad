"""Eyes that are shut in a picture open, lids move each by itself, and a drawing's eyes close too."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.face.mesh import EYE_LEFT, EYE_RIGHT
from lipwright.engine.face.values import Face
from lipwright.engine.gesture.curves import Gesture
from lipwright.engine.media.reading.images import load_picture
from lipwright.engine.render.photo.eyes import SHUT, Eyes, lid_openings
from lipwright.engine.render.pixels import luminance
from tests.engine.render.drawing import gesture_row, within

Picture = NDArray[np.uint8]

# An eye that opened is at least so high, against its width: the lower bound of attentive people.
LEAST_OPEN = 0.22
# How far from the skin above it a lid may be in each colour, as a share: it turns from the light. How much
# greyer it may be.
LID_COLOUR_SHARE = 0.18
LID_GREYER = 0.02


def with_eyes(rgb: Picture, face: Face, *, may_open: bool = True, **channels: float) -> Picture:
    """The picture with its eyes drawn, nothing else moved."""
    drawn = rgb.copy()
    Eyes(face.landmarks_px, drawn, may_open=may_open).draw(drawn, gesture_row(**channels))
    return drawn


def openings(rgb: Picture) -> tuple[float, float]:
    return lid_openings(find_faces(rgb)[0].landmarks_px)


@pytest.fixture(scope="module")
def shut_rgb(closed_rgb: Picture, closed_face: Face) -> Picture:
    """The head with its eyes shut, a picture like any other."""
    rgb = with_eyes(closed_rgb, closed_face, eye_blink=1)
    rgb.setflags(write=False)
    return rgb


@pytest.fixture(scope="module")
def shut_face(shut_rgb: Picture) -> Face:
    return find_faces(shut_rgb)[0]


def test_eyes_that_are_shut_in_the_picture_open(shut_rgb: Picture, shut_face: Face) -> None:
    assert max(lid_openings(shut_face.landmarks_px)) < SHUT
    assert min(openings(with_eyes(shut_rgb, shut_face, eyes_open=1))) > LEAST_OPEN


def test_the_lid_rises_steadily_as_they_open(shut_rgb: Picture, shut_face: Face) -> None:
    seen = [min(openings(with_eyes(shut_rgb, shut_face, eyes_open=amount))) for amount in (0, 0.4, 0.7, 1)]
    assert seen == sorted(seen)


def test_before_they_open_they_are_the_picture(shut_rgb: Picture, shut_face: Face) -> None:
    drawn = shut_rgb.copy()
    eyes = Eyes(shut_face.landmarks_px, drawn)
    assert eyes.opens
    eyes.draw(drawn, gesture_row(eyes_open=1))
    assert (drawn != shut_rgb).any()
    eyes.draw(drawn, gesture_row())
    assert (drawn == shut_rgb).all()


def test_eyes_that_opened_blink_back_to_the_picture(shut_rgb: Picture, shut_face: Face) -> None:
    assert max(openings(with_eyes(shut_rgb, shut_face, eyes_open=1, eye_blink=1))) < SHUT


def test_eyes_that_are_kept_stay_shut(shut_rgb: Picture, shut_face: Face) -> None:
    eyes = Eyes(shut_face.landmarks_px, shut_rgb.copy(), may_open=False)
    assert not eyes.opens
    assert eyes.notes == ()
    assert (with_eyes(shut_rgb, shut_face, may_open=False, eyes_open=1) == shut_rgb).all()


def test_open_eyes_have_nothing_to_open(closed_rgb: Picture, closed_face: Face) -> None:
    eyes = Eyes(closed_face.landmarks_px, closed_rgb.copy())
    assert not eyes.opens
    assert eyes.notes == ()


def test_a_colour_that_was_guessed_is_told(shut_rgb: Picture, shut_face: Face) -> None:
    (note,) = Eyes(shut_face.landmarks_px, shut_rgb.copy()).notes
    assert "brown by likelihood" in note


def test_a_wink_opens_with_the_other_eyes_colour(closed_rgb: Picture, closed_face: Face) -> None:
    winking = with_eyes(closed_rgb, closed_face, eye_blink_left=1)
    face = find_faces(winking)[0]
    (note,) = Eyes(face.landmarks_px, winking.copy()).notes
    assert note.startswith("One eye was shut")
    assert "the colour that shows" in note
    left, right = openings(with_eyes(winking, face, eyes_open=1))
    assert left > 0.7 * right


def test_eyes_too_small_to_be_drawn_stay_shut_with_a_word(shut_rgb: Picture, shut_face: Face) -> None:
    scale = 0.42
    small = np.asarray(cv2.resize(shut_rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    points = (shut_face.landmarks_px * scale).astype(np.float32)
    eyes = Eyes(points, small)
    assert not eyes.opens
    (note,) = eyes.notes
    assert "too small" in note


def test_each_eye_blinks_by_itself(closed_rgb: Picture, closed_face: Face) -> None:
    drawn = with_eyes(closed_rgb, closed_face, eye_blink_right=1)
    assert (within(drawn, closed_face, EYE_LEFT) == within(closed_rgb, closed_face, EYE_LEFT)).all()
    assert (within(drawn, closed_face, EYE_RIGHT) != within(closed_rgb, closed_face, EYE_RIGHT)).mean() > 0.5


def test_a_lid_has_the_colour_of_the_skin_above_it(closed_rgb: Picture, closed_face: Face) -> None:
    drawn = with_eyes(closed_rgb, closed_face, eye_blink=1)
    points = closed_face.landmarks_px[:, :2]
    for upper, lower, brow in ((159, 145, 52), (386, 374, 282)):
        lid = _patch(drawn, 0.6 * points[upper] + 0.4 * points[lower])
        skin = _patch(closed_rgb, 0.5 * points[upper] + 0.5 * points[brow])
        assert np.abs(lid / skin - 1).max() < LID_COLOUR_SHARE
        assert np.ptp(lid) / lid.max() > np.ptp(skin) / skin.max() - LID_GREYER


def test_lids_widen_and_narrow(closed_rgb: Picture, closed_face: Face) -> None:
    narrow, rest, wide = (
        np.mean(openings(with_eyes(closed_rgb, closed_face, eye_squint=squint, eye_wide=widen)))
        for squint, widen in ((1, 0), (0, 0), (0, 1))
    )
    assert narrow < 0.9 * rest
    assert wide > 1.04 * rest


def test_an_unchanged_eye_is_not_drawn_again(closed_rgb: Picture, closed_face: Face) -> None:
    texture = closed_rgb.copy()
    eyes = Eyes(closed_face.landmarks_px, texture)
    eyes.draw(texture, gesture_row(eye_blink=0.5))
    texture[:] = 0
    eyes.draw(texture, gesture_row(eye_blink=0.5, yaw=5))
    assert not texture.any()


def test_a_drawings_eyes_that_are_larger_than_the_mesh_close(closed_rgb: Picture, closed_face: Face) -> None:
    cartoon = closed_rgb.copy()
    middles, radius = [], 0.0
    for ring in (EYE_LEFT, EYE_RIGHT):
        points = closed_face.landmarks_px[list(ring), :2]
        middle, radius = points.mean(axis=0), 0.72 * float(np.ptp(points[:, 0]))
        middles.append(middle)
        centre = (round(float(middle[0])), round(float(middle[1])))
        cv2.circle(cartoon, centre, round(radius), (240, 238, 235), -1, cv2.LINE_AA)
        cv2.circle(cartoon, centre, round(0.45 * radius), (60, 30, 10), -1, cv2.LINE_AA)
    drawn = with_eyes(cartoon, closed_face, eye_blink=1)
    rows, columns = np.mgrid[: cartoon.shape[0], : cartoon.shape[1]]
    for middle in middles:
        eye = np.hypot(columns - middle[0], rows - middle[1]) < radius
        was_white, is_white = ((luminance(rgb[eye]) > 230).mean() for rgb in (cartoon, drawn))
        assert was_white > 0.5
        assert is_white < 0.08 * was_white


def test_eyes_behind_dark_glass_stay_behind_it(closed_rgb: Picture, closed_face: Face) -> None:
    glasses = closed_rgb.copy()
    for ring in (EYE_LEFT, EYE_RIGHT):
        points = closed_face.landmarks_px[list(ring), :2]
        x, y = (round(float(place)) for place in points.mean(axis=0))
        size = (round(0.9 * float(np.ptp(points[:, 0]))), round(0.7 * float(np.ptp(points[:, 0]))))
        cv2.ellipse(glasses, (x, y), size, 0, 0, 360, (25, 22, 20), -1, cv2.LINE_AA)
    assert (with_eyes(glasses, closed_face, eye_blink=1, gaze_x=8) == glasses).all()


def test_the_gaze_of_one_row_holds_for_both_eyes(closed_rgb: Picture, closed_face: Face) -> None:
    row = gesture_row()
    row[Gesture.GAZE_X] = 10
    drawn = closed_rgb.copy()
    Eyes(closed_face.landmarks_px, drawn).draw(drawn, row)
    for ring in (EYE_LEFT, EYE_RIGHT):
        assert (within(drawn, closed_face, ring) != within(closed_rgb, closed_face, ring)).mean() > 0.3


def _patch(rgb: Picture, place: NDArray[np.float32]) -> NDArray[np.float64]:
    """Mean colour around a place, float64 (3,)."""
    x, y = np.round(place).astype(int)
    return np.asarray(rgb[y - 1 : y + 2, x - 3 : x + 4].reshape(-1, 3).mean(axis=0), np.float64)


@pytest.mark.assets
@pytest.mark.parametrize("name", ["eyes_half_woman", "eyes_half_man", "eyes_shut_woman", "eyes_shut_woman_2"])
def test_real_eyes_that_are_shut_open(assets: Path, name: str) -> None:
    rgb = load_picture(assets / "images" / f"{name}.jpg").rgb
    face = find_faces(rgb)[0]
    assert Eyes(face.landmarks_px, rgb.copy()).opens
    assert min(openings(with_eyes(rgb, face, eyes_open=1))) > LEAST_OPEN


@pytest.mark.assets
@pytest.mark.parametrize(
    "name",
    [
        "ai_man_grey_suit_closed.jpg",
        "ai_man_half_body_1036.jpg",
        "ai_man_open_smile.jpg",
        "ai_woman_glasses_hand.jpg",
        "anime_full_body.png",
        "cartoon3d_boy.png",
        "painting_child_reading.jpg",
        "painting_glasses_goatee.png",
        "painting_pearl_earring_3q.jpg",
        "two_people_car.png",
    ],
)
def test_real_eyes_that_are_open_have_nothing_to_open(assets: Path, name: str) -> None:
    rgb = load_picture(assets / "images" / name).rgb
    for face in find_faces(rgb):
        assert not Eyes(face.landmarks_px, rgb.copy()).opens


def test_an_eye_that_the_border_cuts_stays_as_it_is(closed_rgb: Picture, closed_face: Face) -> None:
    corner = round(float(closed_face.landmarks_px[EYE_LEFT[2], 0]))
    points = closed_face.landmarks_px - np.array([corner, 0, 0], np.float32)
    part = np.ascontiguousarray(closed_rgb[:, corner:])
    drawn = part.copy()
    Eyes(points, drawn).draw(drawn, gesture_row(eye_blink=1))
    middle = round(float(points[168, 0]))
    assert (drawn[:, :middle] == part[:, :middle]).all()
    assert (drawn[:, middle:] != part[:, middle:]).any()
