"""Painting in bands gives what painting pixel by pixel gives."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.render.photo.painter import Painter
from lipwright.engine.render.photo.texture import PersonTexture
from lipwright.engine.render.pixels import gain_steps
from lipwright.engine.render.warp.grid import Grid

BOX = Box(4, 6, 244, 206)
GRID = Grid.over(BOX, 6)
# Gains are rounded before they are interpolated, and after.
ROUNDING = 2


@pytest.fixture(scope="module")
def texture() -> PersonTexture:
    """A soft disc of noise on nothing."""
    rng = np.random.default_rng(5)
    y, x = np.mgrid[: BOX.height, : BOX.width]
    alpha = np.clip((70 - np.hypot(x - 120, y - 100)) / 6, 0, 1)
    colours = rng.integers(0, 256, (BOX.height, BOX.width, 3)) * alpha[..., None]
    return PersonTexture(
        np.dstack([colours, 255 * alpha]).astype(np.uint8), BOX, np.array([124, 106], np.float32), 140.0
    )


@pytest.fixture(scope="module")
def plate() -> NDArray[np.uint8]:
    return np.random.default_rng(6).integers(0, 256, (BOX.height, BOX.width, 3), dtype=np.uint8)


@pytest.mark.parametrize("is_lit", [False, True])
def test_bands_are_as_good_as_pixels(texture: PersonTexture, plate: NDArray[np.uint8], is_lit: bool) -> None:
    nodes = GRID.nodes_px()
    sources = nodes + 12 * np.sin(nodes[..., ::-1] / 40)
    gain = (1 + 0.2 * np.sin(nodes[..., 0] / 30)).astype(np.float32) if is_lit else None
    painter = Painter(texture, plate, GRID)
    banded = painter.paint(sources, gain)
    pixel_gain = None if gain is None else GRID.to_pixels(gain_steps(gain))
    plain = painter.paint_part(texture.places(GRID, sources), BOX, pixel_gain)
    assert np.abs(banded.astype(int) - plain).max() <= ROUNDING


def test_away_from_the_person_the_plate_is_seen(texture: PersonTexture, plate: NDArray[np.uint8]) -> None:
    painted = Painter(texture, plate, GRID).paint(GRID.nodes_px(), None)
    assert (painted[:20] == plate[:20]).all()
    assert (painted[:, :40] == plate[:, :40]).all()


def test_without_a_plate_the_texture_is_all(texture: PersonTexture) -> None:
    painter = Painter(texture, None, GRID)
    painted = painter.paint(GRID.nodes_px(), None)
    plain = painter.paint_part(texture.places(GRID, GRID.nodes_px()), BOX, None)
    assert (painted == plain).all()


def test_what_is_drawn_at_the_size_of_the_picture_is_as_if_the_picture_showed_it() -> None:
    rng = np.random.default_rng(8)
    picture = rng.integers(0, 256, (BOX.height, BOX.width, 4), dtype=np.uint8)
    changed = picture.copy()
    part = Box(40, 50, 90, 80)
    changed[part.slices][..., :3] = rng.integers(0, 256, (part.height, part.width, 3), dtype=np.uint8)
    middle = np.array([180, 160], np.float32)
    drawn, shown = (PersonTexture(each, BOX, middle, 60.0) for each in (picture, changed))
    canvas = drawn.canvas(wide_px=200.0)
    assert canvas.rgb.shape == (BOX.height, BOX.width, 3)
    canvas.rgb[part.slices] = changed[part.slices][..., :3]
    canvas.finish([part])
    assert (drawn.pixels == shown.pixels).all()


def test_what_is_small_is_drawn_at_the_size_of_the_texture(texture: PersonTexture) -> None:
    assert texture.canvas(wide_px=20.0).rgb.shape[:2] == texture.pixels.shape[:2]
