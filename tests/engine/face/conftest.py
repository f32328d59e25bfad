"""The one real face that ships with the package."""

from __future__ import annotations

from importlib.resources import files

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray


@pytest.fixture(scope="session")
def portrait_rgb() -> NDArray[np.uint8]:
    """The sample portrait, uint8 (512, 512, 3): a smiling woman, her face 93 px wide at (225, 123)."""
    data = np.frombuffer((files("lipwright") / "samples" / "portrait.png").read_bytes(), np.uint8)
    bgr = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert bgr is not None
    return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype(np.uint8)
