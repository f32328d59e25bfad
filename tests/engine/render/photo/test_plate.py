"""The plate goes on behind the person as the background does beside them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.render.photo.plate import PART_PX, make_plate
from tests.engine.render.photo.drawn_heads import MIDDLE, RADIUS, SIZE, drawn_matte, plain_wall, with_head


def plate_behind(wall: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The whole plate of a head before a wall."""
    rgb = with_head(wall)
    plate = make_plate(rgb, drawn_matte(rgb))
    assert plate is not None
    made = np.empty_like(rgb)
    for top in range(0, SIZE, PART_PX):
        for left in range(0, SIZE, PART_PX):
            part = Box(left, top, left + PART_PX, top + PART_PX).clipped(Box.of_size((SIZE, SIZE)))
            made[part.slices] = plate.full(rgb, part)
    return made


def from_middle() -> NDArray[np.float64]:
    """Distance from the middle of the head, pixels."""
    y, x = np.mgrid[:SIZE, :SIZE]
    return np.asarray(np.hypot(x - MIDDLE[0], y - MIDDLE[1]), dtype=np.float64)


def test_outside_of_the_person_the_plate_is_the_picture() -> None:
    wall = plain_wall()
    away = from_middle() > RADIUS + 6
    assert (plate_behind(wall)[away] == wall[away]).all()


def test_nothing_of_the_person_is_left() -> None:
    assert plate_behind(plain_wall()).min() > 180


def test_stripes_go_on_behind_the_sides_of_the_head() -> None:
    wall = plain_wall()
    wall[np.arange(SIZE) // 12 % 2 == 0] = 90
    y, x = np.mgrid[:SIZE, :SIZE]
    rim = (from_middle() < RADIUS) & (np.abs(x - MIDDLE[0]) > RADIUS - 6) & (np.abs(y - MIDDLE[1]) < 20)
    wrong = np.abs(plate_behind(wall)[rim].astype(int) - wall[rim])
    assert wrong.mean() < 25  # Smooth filling is off by half of the stripes' contrast, 55.


def test_what_is_mirrored_at_the_outline_has_no_teeth() -> None:
    """The outline is a staircase of pixels, a wall that darkens away from it goes on evenly."""
    away = from_middle() - RADIUS
    wall = np.repeat(np.clip(230 - 8 * away, 40, 230)[..., None], 3, axis=2).astype(np.uint8)
    angles = np.linspace(0, 2 * np.pi, 500, endpoint=False)
    x, y = (
        (middle + RADIUS * way).astype(np.float32)[None]
        for middle, way in zip(MIDDLE, (np.cos(angles), np.sin(angles)), strict=True)
    )
    made = plate_behind(wall)[..., 0].astype(np.float32)
    along = cv2.remap(made, x, y, cv2.INTER_LINEAR)[0]
    assert np.abs(np.diff(along, 2)).mean() < 1.0  # With the staircase 1.9.


def test_the_plate_has_the_grain_of_the_picture() -> None:
    deep = from_middle() < RADIUS / 3
    spread = plate_behind(plain_wall(noise=4.0))[deep].astype(float).std()
    assert 2.5 < spread < 5.5


def test_a_picture_that_is_all_person_has_no_plate() -> None:
    rgb = plain_wall()
    matte = drawn_matte(rgb)
    everything = np.ones_like(matte.alpha)
    whole = type(matte)(
        copy=matte.copy,
        slopes=matte.slopes,
        kept=matte.kept,
        added=everything,
        alpha=everything,
        others=matte.others,
        unsure=0.0,
    )
    assert make_plate(rgb, whole) is None
