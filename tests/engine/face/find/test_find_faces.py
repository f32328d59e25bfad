"""Faces are found where they are, however the picture was taken."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.face.mesh import IRIS_LEFT_CENTRE, IRIS_RIGHT_CENTRE, LIPS_OUTER
from lipwright.engine.face.values import Face

# Points of the same face in another version of the picture, as a share of its width: one look of the mesh
# scatters by half of this.
SAME_POINT = 0.012
ANGLE_ERROR_DEG = 2.0


def only(faces: tuple[Face, ...]) -> Face:
    assert len(faces) == 1
    return faces[0]


def shift_in_widths(face: Face, expected: NDArray[np.floating]) -> float:
    """Mean distance of a face's points to where they should be, in face widths."""
    width = face.box_xyxy[2] - face.box_xyxy[0]
    return float(np.linalg.norm(face.landmarks_px[:, :2] - expected, axis=1).mean() / width)


@pytest.fixture(scope="module")
def portrait_face(portrait_rgb: NDArray[np.uint8]) -> Face:
    return only(find_faces(portrait_rgb))


def test_an_empty_picture_has_no_face() -> None:
    assert find_faces(np.full((120, 160, 3), 128, np.uint8)) == ()


def test_noise_has_no_face() -> None:
    noise = np.random.default_rng(5).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    assert find_faces(noise) == ()


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (7, 5)])
def test_pictures_too_small_for_a_face_have_none(shape: tuple[int, int]) -> None:
    assert find_faces(np.zeros((*shape, 3), np.uint8)) == ()


def test_the_portrait_shows_one_face_with_eyes_and_mouth_in_place(portrait_face: Face) -> None:
    points = portrait_face.landmarks_px[:, :2]
    assert points[IRIS_LEFT_CENTRE] == pytest.approx([203, 100.5], abs=1)
    assert points[IRIS_RIGHT_CENTRE] == pytest.approx([246.5, 102.5], abs=1)
    assert points[list(LIPS_OUTER)].mean(axis=0) == pytest.approx([223, 144], abs=2)
    assert portrait_face.confidence > 0.8
    assert abs(portrait_face.pose.yaw_deg) < 5


@pytest.mark.parametrize("angle_deg", [-120, -90, -40, 25, 60, 180])
def test_a_face_is_found_however_it_leans(
    portrait_rgb: NDArray[np.uint8], portrait_face: Face, angle_deg: float
) -> None:
    matrix = cv2.getRotationMatrix2D((256, 256), -angle_deg, 1)
    leaning = cv2.warpAffine(portrait_rgb, matrix, (512, 512), borderMode=cv2.BORDER_REPLICATE)
    face = only(find_faces(leaning.astype(np.uint8)))
    expected = portrait_face.landmarks_px[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    assert shift_in_widths(face, expected) < SAME_POINT
    turn = (face.pose.roll_deg - portrait_face.pose.roll_deg - angle_deg + 180) % 360 - 180
    assert abs(turn) < ANGLE_ERROR_DEG
    assert face.pose.yaw_deg == pytest.approx(portrait_face.pose.yaw_deg, abs=ANGLE_ERROR_DEG)


@pytest.mark.parametrize("scale", [0.6, 2.0, 6.0])
def test_a_face_is_found_at_any_size(
    portrait_rgb: NDArray[np.uint8], portrait_face: Face, scale: float
) -> None:
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    face = only(
        find_faces(cv2.resize(portrait_rgb, None, fx=scale, fy=scale, interpolation=how).astype(np.uint8))
    )
    expected = (portrait_face.landmarks_px[:, :2] + 0.5) * scale - 0.5
    assert shift_in_widths(face, expected) < SAME_POINT


@pytest.mark.parametrize("brightness", [0.2, 0.5, 1.6])
def test_a_face_is_found_in_dark_and_bright_pictures(
    portrait_rgb: NDArray[np.uint8], portrait_face: Face, brightness: float
) -> None:
    face = only(find_faces(np.clip(portrait_rgb * brightness, 0, 255).astype(np.uint8)))
    assert shift_in_widths(face, portrait_face.landmarks_px[:, :2]) < 2 * SAME_POINT


def test_a_small_face_is_found_in_a_large_picture(portrait_rgb: NDArray[np.uint8]) -> None:
    scene = np.full((1400, 2500, 3), 90, np.uint8)
    scene[880:1392, 1900:2412] = portrait_rgb
    box = only(find_faces(scene)).box_xyxy
    assert 2070 < box[0] < box[2] < 2180
    assert 940 < box[1] < box[3] < 1070


def test_several_faces_come_largest_first(portrait_rgb: NDArray[np.uint8]) -> None:
    small = cv2.resize(portrait_rgb, (360, 360), interpolation=cv2.INTER_AREA)
    scene = np.full((512, 1024, 3), 90, np.uint8)
    scene[:360, :360] = small
    scene[:, 500:1012] = portrait_rgb
    faces = find_faces(scene)
    assert [float(face.box_xyxy[0]) > 500 for face in faces] == [True, False]


def test_a_mirrored_face_has_mirrored_points(portrait_rgb: NDArray[np.uint8], portrait_face: Face) -> None:
    face = only(find_faces(np.ascontiguousarray(portrait_rgb[:, ::-1])))
    assert face.pose.yaw_deg == pytest.approx(-portrait_face.pose.yaw_deg, abs=ANGLE_ERROR_DEG)
    mirrored_x = 511 - portrait_face.landmarks_px[IRIS_RIGHT_CENTRE, 0]
    assert face.landmarks_px[IRIS_LEFT_CENTRE, 0] == pytest.approx(mirrored_x, abs=0.5)


def test_finding_twice_gives_the_same_points(portrait_rgb: NDArray[np.uint8], portrait_face: Face) -> None:
    assert np.array_equal(only(find_faces(portrait_rgb)).landmarks_px, portrait_face.landmarks_px)


def test_faces_are_found_from_several_threads_at_once(
    portrait_rgb: NDArray[np.uint8], portrait_face: Face
) -> None:
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(find_faces, [portrait_rgb] * 3))
    assert all(np.array_equal(only(faces).landmarks_px, portrait_face.landmarks_px) for faces in found)


# What each real picture holds: how many faces, and the yaw of the largest in degrees.
PICTURES = {
    "no_face_coffee.png": (0, 0),
    "animal_dog.jpg": (0, 0),
    "ai_man_grey_suit_closed.jpg": (1, -16),
    "ai_man_open_smile.jpg": (1, 0),
    "ai_woman_curly_closed_large.jpg": (1, 0),
    "ai_man_half_body_1036.jpg": (1, 0),
    "ai_woman_glasses_hand.jpg": (1, 0),
    "painting_pearl_earring_3q.jpg": (1, -32),
    "painting_child_reading.jpg": (1, 0),
    "painting_dark_skin.png": (1, 6),
    "painting_glasses_goatee.png": (1, -24),
    "cartoon3d_boy.png": (1, 0),
    "anime_full_body.png": (1, -7),
    "two_people_car.png": (2, 32),
}


@pytest.mark.assets
@pytest.mark.parametrize("name", PICTURES)
def test_real_pictures_hold_the_faces_they_hold(assets: Path, name: str) -> None:
    bgr = cv2.imread(str(assets / "images" / name))
    assert bgr is not None
    faces = find_faces(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype(np.uint8))
    count, yaw_deg = PICTURES[name]
    assert len(faces) == count
    if faces:
        assert faces[0].pose.yaw_deg == pytest.approx(yaw_deg, abs=6)
