"""A person before a background: at rest the photo, and what it takes to cut one out."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.face.pose import face_of
from lipwright.engine.face.values import Face
from lipwright.engine.render.photo.layers import PersonLayers, over, split_layers

# What a picture at rest may differ from the photo, grey levels.
REST_MEAN, REST_MOST = 0.2, 2
# Of the 17 real pictures with a human, painted or drawn face at least so many faces are cut out.
LEAST_SPLIT = 17

HEAD = Box(90, 0, 370, 300)


@pytest.fixture(scope="module")
def face(portrait_rgb: NDArray[np.uint8]) -> Face:
    return find_faces(portrait_rgb)[0]


@pytest.fixture(scope="module")
def layers(portrait_rgb: NDArray[np.uint8], face: Face) -> PersonLayers:
    found = split_layers(portrait_rgb, face, (), HEAD)
    assert found is not None
    return found


def test_person_over_plate_is_the_photo(portrait_rgb: NDArray[np.uint8], layers: PersonLayers) -> None:
    change = np.abs(over(layers.person, layers.plate).astype(int) - portrait_rgb[HEAD.slices])
    assert change.mean() < REST_MEAN
    assert change.max() <= REST_MOST


def test_the_face_is_all_person_and_far_from_it_all_is_background(
    layers: PersonLayers, face: Face, portrait_rgb: NDArray[np.uint8]
) -> None:
    x, y = face.landmarks_px[mesh.NOSE_TIP, :2].astype(int) - HEAD.corner
    assert layers.alpha[y, x] == 1
    corner = (slice(0, 60), slice(0, 40))
    assert (layers.alpha[corner] == 0).all()
    assert (layers.plate[corner] == portrait_rgb[HEAD.slices][corner]).all()


def test_no_skin_is_left_in_the_plate(layers: PersonLayers, face: Face) -> None:
    """The background of the portrait is grey: behind the face the plate is too."""
    low, high = face.box_xyxy[:2].astype(int), face.box_xyxy[2:].astype(int)
    behind = layers.plate[Box(*low, *high).seen_from(HEAD).slices].astype(int)
    colour = behind.max(axis=-1) - behind.min(axis=-1)
    assert np.percentile(colour, 99) < 50


def test_beyond_the_pictures_border_the_person_goes_on(layers: PersonLayers) -> None:
    assert layers.texture_box.top < 0
    assert layers.texture_box.bottom == HEAD.bottom
    above = layers.texture[: -layers.texture_box.top, :, 3]
    assert above.max() < 10  # Her hair does not reach the border: no second head stands above it.


def test_a_head_cut_by_the_border_goes_on_beyond_it(portrait_rgb: NDArray[np.uint8], face: Face) -> None:
    cut = np.ascontiguousarray(portrait_rgb[60:])
    lower = face_of(face.landmarks_px - np.array([0, 60, 0], dtype=np.float32), 1.0)
    found = split_layers(cut, lower, (), Box(90, 0, 370, 240))
    assert found is not None
    pad = -found.texture_box.top
    crown = int(lower.landmarks_px[mesh.FOREHEAD_TOP, 0]) - found.texture_box.left
    assert found.texture[:pad, crown, 3].min() == 255


def test_two_people_have_a_layer_each(portrait_rgb: NDArray[np.uint8], face: Face) -> None:
    head = portrait_rgb[:240, 110:350]
    pair = np.ascontiguousarray(np.concatenate([head, head], axis=1))
    left = face_of(face.landmarks_px - np.array([110, 0, 0], dtype=np.float32), 1.0)
    right = face_of(left.landmarks_px + np.array([240, 0, 0], dtype=np.float32), 1.0)
    box = Box.of_size((480, 240))
    one, other = split_layers(pair, left, [right], box), split_layers(pair, right, [left], box)
    assert one is not None
    assert other is not None
    for layers, own, theirs in ((one, left, right), (other, right, left)):
        for face_there, share in ((own, 1), (theirs, 0)):
            x, y = face_there.landmarks_px[mesh.NOSE_TIP, :2].astype(int)
            assert layers.alpha[y, x] == share
    assert (one.alpha + other.alpha).max() <= 1.001
    x, y = right.landmarks_px[mesh.NOSE_TIP, :2].astype(int)
    assert (one.plate[y, x] == pair[y, x]).all()


def test_a_picture_without_background_has_no_layers(portrait_rgb: NDArray[np.uint8], face: Face) -> None:
    left, top, right, bottom = (int(edge) for edge in face.box_xyxy)
    close = np.ascontiguousarray(portrait_rgb[top : bottom // 2 * 2, left:right])
    shifted = face_of(face.landmarks_px - np.array([left, top, 0], dtype=np.float32), 1.0)
    whole = Box.of_size((close.shape[1] // 2 * 2, close.shape[0] // 2 * 2))
    assert split_layers(close, shifted, (), whole) is None


def test_where_the_matte_finds_no_person_there_are_no_layers(face: Face) -> None:
    empty = np.full((512, 512, 3), 128, dtype=np.uint8)
    assert split_layers(empty, face, (), HEAD) is None


def test_a_frame_is_not_continued_beyond_the_border(portrait_rgb: NDArray[np.uint8], face: Face) -> None:
    framed = portrait_rgb.copy()
    framed[:, :2] = framed[:2] = 0
    box = Box(2, 2, 370, 300)
    found = split_layers(framed, face, (), box)
    assert found is not None
    assert (found.texture_box.left, found.texture_box.top) < (0, 0)
    shown = over(found.person, found.plate)
    assert np.abs(shown.astype(int) - framed[box.slices]).max() <= REST_MOST


@pytest.mark.assets
def test_every_real_picture_at_rest_is_the_photo(assets: Path) -> None:
    split = 0
    for path in sorted((assets / "images").glob("*.*g")):
        bgr = cv2.imread(str(path))
        assert bgr is not None
        rgb = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)
        faces = find_faces(rgb)
        for face in faces:
            box = Box.of_size((rgb.shape[1] // 2 * 2, rgb.shape[0] // 2 * 2))
            found = split_layers(rgb, face, [other for other in faces if other is not face], box)
            if found is None:
                continue
            split += 1
            change = np.abs(over(found.person, found.plate).astype(int) - rgb[box.slices])
            assert change.mean() < REST_MEAN, path.name
            assert change.max() <= REST_MOST, path.name
    assert split >= LEAST_SPLIT
