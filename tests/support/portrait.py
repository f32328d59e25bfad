"""The sample portrait of the package, the one real face that every test may use."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import lipwright
from tests.support.pictures import read_bgr

PORTRAIT_PATH = Path(lipwright.__file__).parent / "samples" / "portrait.png"


@cache
def read_portrait() -> NDArray[np.uint8]:
    """uint8 (512, 512, 3), read-only: a smiling woman, her face 93 px wide at (225, 123)."""
    rgb = np.ascontiguousarray(read_bgr(PORTRAIT_PATH)[..., ::-1])
    rgb.setflags(write=False)
    return rgb
