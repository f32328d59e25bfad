"""The sample portrait's head, smiling as she does and with her lips shut."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.face.values import Face
from lipwright.engine.render.photo.renderer import PhotoRenderer
from tests.engine.render.drawing import drawn

# The part of the portrait that holds head and shoulders, and how much larger it is shown: landmarks are
# noisy on the 93 pixels that the face has.
_HEAD = (slice(0, 240), slice(110, 350))
_SCALE = 2


@pytest.fixture(scope="session")
def smiling_rgb(portrait_rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The head, uint8 (480, 480, 3): an open smile that shows the upper teeth. Not to be written to."""
    rgb = np.asarray(
        cv2.resize(portrait_rgb[_HEAD], None, fx=_SCALE, fy=_SCALE, interpolation=cv2.INTER_CUBIC), np.uint8
    )
    rgb.setflags(write=False)
    return rgb


@pytest.fixture(scope="session")
def smiling_face(smiling_rgb: NDArray[np.uint8]) -> Face:
    return find_faces(smiling_rgb)[0]


@pytest.fixture(scope="session")
def smiling(smiling_rgb: NDArray[np.uint8], smiling_face: Face) -> PhotoRenderer:
    """Draws the smiling head."""
    return PhotoRenderer(smiling_rgb, [smiling_face])


@pytest.fixture(scope="session")
def closed_rgb(smiling_rgb: NDArray[np.uint8], smiling: PhotoRenderer) -> NDArray[np.uint8]:
    """The head with its lips shut, a picture like any other. Not to be written to."""
    rgb = drawn(smiling_rgb, smiling)
    rgb.setflags(write=False)
    return rgb


@pytest.fixture(scope="session")
def closed_face(closed_rgb: NDArray[np.uint8]) -> Face:
    return find_faces(closed_rgb)[0]


@pytest.fixture(scope="session")
def closed(closed_rgb: NDArray[np.uint8], closed_face: Face) -> PhotoRenderer:
    """Draws the head with shut lips."""
    return PhotoRenderer(closed_rgb, [closed_face])
