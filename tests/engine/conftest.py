"""What the tests of every room of the engine share."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.portrait import read_portrait


@pytest.fixture(scope="session")
def portrait_rgb() -> NDArray[np.uint8]:
    """The sample portrait, uint8 (512, 512, 3), read-only."""
    return read_portrait()
