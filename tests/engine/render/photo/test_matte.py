"""What the coarse matte of the network becomes: the picture's own edges, whole objects, one person."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.face.pose import face_of
from lipwright.engine.face.values import Face
from lipwright.engine.render.photo import matte as matte_module
from lipwright.engine.render.photo.matte import RefinedMatte, refined_matte
from lipwright.engine.render.photo.reduced import ReducedCopy
from tests.engine.render.photo.drawn_heads import (
    FACE_HEIGHT_PX,
    MIDDLE,
    RADIUS,
    SIZE,
    disc,
    plain_wall,
    with_head,
)

# A place at the head's right side that the network is unsure of.
OBJECT = (slice(130, 170), slice(205, 219))


@pytest.fixture(scope="module")
def face(portrait_rgb: NDArray[np.uint8]) -> Face:
    """A face inside the drawn head."""
    points = find_faces(portrait_rgb)[0].landmarks_px
    middle = points[:, :2].mean(axis=0)
    placed = points.copy()
    placed[:, :2] = (points[:, :2] - middle) * 0.9 + MIDDLE
    return face_of(placed, 1.0)


def refined(
    rgb: NDArray[np.uint8], raw: NDArray[np.float32], face: Face, monkeypatch: pytest.MonkeyPatch
) -> RefinedMatte:
    """The matte of a picture in which the network has seen `raw`."""
    monkeypatch.setattr(matte_module, "person_matte", lambda *_: raw)
    return refined_matte(rgb, face, (), ReducedCopy.of(rgb, Box.of_size((SIZE, SIZE)), FACE_HEIGHT_PX))


def test_the_edge_moves_to_that_of_the_picture(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    coarse = cv2.GaussianBlur(disc(RADIUS - 1), (0, 0), 2)
    alpha = refined(with_head(plain_wall()), np.asarray(coarse, np.float32), face, monkeypatch).alpha
    assert np.abs(alpha - disc(RADIUS)).mean() < 0.4 * np.abs(coarse - disc(RADIUS)).mean()
    assert alpha[MIDDLE] == 1
    assert alpha[0, 0] == 0


@pytest.mark.parametrize(("colour", "is_person"), [((60, 90, 30), True), (None, False)])
def test_an_unsure_object_is_the_persons_unless_it_has_the_colours_of_the_wall(
    colour: tuple[int, int, int] | None, is_person: bool, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    rgb = with_head(plain_wall())
    raw = disc(RADIUS)
    beside = raw[OBJECT] == 0
    raw[OBJECT][beside] = 0.4
    if colour is not None:
        rgb[OBJECT][beside] = colour
    found = refined(rgb, raw, face, monkeypatch)
    middle = found.alpha[145:155, 212:216]
    assert (middle.min() > 0.95) if is_person else (middle.max() < 0.05)
    assert (found.unsure > 0.05) == is_person


def test_someone_apart_is_someone_else(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    rgb, raw = with_head(plain_wall()), disc(RADIUS)
    cv2.circle(rgb, (270, 40), 20, (40, 30, 20), -1)
    cv2.circle(raw, (270, 40), 20, 1.0, -1)
    found = refined(rgb, raw, face, monkeypatch)
    assert found.alpha[40, 270] == 0
    assert found.others[40, 270] == 1
