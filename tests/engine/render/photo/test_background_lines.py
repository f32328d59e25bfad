"""Lines of the background do not travel with the person; hair and what is the person's does."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.render.photo.background_lines import without_background_lines
from lipwright.engine.render.photo.matte import RefinedMatte
from tests.engine.render.photo.drawn_heads import SIZE, drawn_matte, plain_wall, with_head

DARK = (140, 130, 120)
# Where a thin thing leaves the head, row and columns.
STUB = (slice(149, 152), slice(212, 216))


def with_stub(rgb: NDArray[np.uint8]) -> RefinedMatte:
    """A matte that takes the first pixels of what leaves the head at its right side for person."""
    matte = drawn_matte(rgb)
    alpha = matte.alpha.copy()
    alpha[STUB] = 0.4
    return replace(matte, alpha=alpha, added=alpha.copy())


def test_the_end_of_a_line_that_goes_on_is_not_the_persons() -> None:
    rgb = with_head(plain_wall())
    cv2.line(rgb, (205, 150), (SIZE, 150), DARK, 2)
    matte = with_stub(rgb)
    cut = without_background_lines(matte)
    assert cut.alpha[STUB].max() < 0.1
    assert cut.added[STUB].max() < 0.1
    head = cv2.erode((drawn_matte(rgb).alpha > 0).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    assert (cut.alpha[head] == 1).all()


def test_a_lock_of_hair_stays_the_persons() -> None:
    rgb = with_head(plain_wall())
    cv2.line(rgb, (205, 150), (221, 150), DARK, 2)
    matte = with_stub(rgb)
    assert without_background_lines(matte) is matte


def test_a_line_that_the_matte_leaves_alone_changes_nothing() -> None:
    rgb = with_head(plain_wall())
    cv2.line(rgb, (240, 0), (240, SIZE), DARK, 2)
    matte = drawn_matte(rgb)
    assert without_background_lines(matte) is matte
