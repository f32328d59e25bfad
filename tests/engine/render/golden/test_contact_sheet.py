"""A drawn portrait looks as it did when somebody looked at it; remake.py draws the sheet anew."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.engine.render.golden.contact_sheet import ROWS, SHEET, cells_of, draw_sheet, read_sheet

# Mean absolute difference of a cell, grey levels. Processors round the landmarks a little differently, which
# moves edges by a tenth of a pixel: below 1. Any change that is meant to be seen makes several times as much.
SAME_LOOK = 2.5
# Between two cells of one sheet that show different mouths: a mouth is a tenth of a cell.
OTHER_LOOK = 0.5
LARGEST_SHEET_BYTES = 300_000


@pytest.fixture(scope="module")
def drawn_cells() -> dict[str, NDArray[np.uint8]]:
    return cells_of(draw_sheet())


@pytest.fixture(scope="module")
def golden_cells() -> dict[str, NDArray[np.uint8]]:
    return cells_of(read_sheet())


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Mean absolute difference, grey levels."""
    return float(np.abs(one.astype(int) - other).mean())


@pytest.mark.parametrize("name", ROWS)
def test_a_face_looks_as_it_was_found_good(
    drawn_cells: dict[str, NDArray[np.uint8]], golden_cells: dict[str, NDArray[np.uint8]], name: str
) -> None:
    assert difference(drawn_cells[name], golden_cells[name]) < SAME_LOOK


def test_every_mouth_and_gesture_can_be_told_from_the_others(
    drawn_cells: dict[str, NDArray[np.uint8]], golden_cells: dict[str, NDArray[np.uint8]]
) -> None:
    for name, cell in drawn_cells.items():
        differences = {other: difference(cell, golden) for other, golden in golden_cells.items()}
        own = differences.pop(name)
        nearest = min(differences, key=lambda other: differences[other])
        assert own + OTHER_LOOK < differences[nearest], f"'{name}' is hardly different from '{nearest}'"


def test_the_sheet_stays_small() -> None:
    assert SHEET.stat().st_size < LARGEST_SHEET_BYTES
