"""A mark in a plane: weak, weaker where it would be seen, and the same in every frame."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine import BadParameters, Watermark
from lipwright.engine.media.pixels.planes import rgb_to_i420
from lipwright.engine.watermark.embedding import WatermarkEmbedder
from lipwright.engine.watermark.pattern import tile_pattern, tile_side_px

MARK = Watermark(installation=7, number=11)
LEAST_PSNR_DB = 42.0


def marked(luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
    copy = luma.copy()
    WatermarkEmbedder(MARK, (luma.shape[1], luma.shape[0])).mark(copy)
    return copy


def psnr_db(luma: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    return 10 * math.log10(255**2 / np.mean(np.square(luma.astype(np.float64) - other)))


def test_a_portrait_stays_above_42_db(portrait_rgb: NDArray[np.uint8]) -> None:
    luma = rgb_to_i420(portrait_rgb)[: portrait_rgb.shape[0]]
    assert psnr_db(luma, marked(luma)) > LEAST_PSNR_DB + 1


def test_the_busiest_picture_stays_above_42_db() -> None:
    noise = np.random.default_rng(0).integers(40, 215, (480, 640)).astype(np.uint8)
    assert psnr_db(noise, marked(noise)) > LEAST_PSNR_DB


def test_a_wall_changes_by_one_level_in_few_places() -> None:
    wall = np.full((480, 640), 120, np.uint8)
    change = np.abs(marked(wall).astype(int) - wall)
    assert change.max() <= 2
    assert np.mean(change == 2) < 0.001
    assert 0.1 < np.mean(change) < 0.3


def test_a_busy_part_bears_more_than_the_wall_beside_it() -> None:
    plane = np.full((480, 640), 120, np.uint8)
    plane[:, 320:] = np.random.default_rng(0).integers(80, 160, (480, 320))
    change = np.abs(marked(plane).astype(int) - plane)
    assert np.mean(change[:, 340:]) > 3 * np.mean(change[:, :300])


def test_black_and_white_do_not_run_over() -> None:
    stripes = np.repeat(np.array([0, 255], np.uint8), 2)[None, :].repeat(256, 0)
    plane = np.tile(stripes, (1, 64))
    change = marked(plane).astype(int) - plane
    assert np.abs(change).max() <= 10


def test_every_frame_gets_the_same_pattern() -> None:
    wall = np.full((480, 640), 120, np.uint8)
    embedder = WatermarkEmbedder(MARK, (640, 480))
    first, second = wall.copy(), wall.copy()
    embedder.mark(first)
    embedder.mark(second)
    assert np.array_equal(first, second)


def test_what_moves_bears_less_than_what_is_still() -> None:
    random = np.random.default_rng(0)
    still = random.integers(110, 130, (480, 320)).astype(np.uint8)
    embedder, change = WatermarkEmbedder(MARK, (640, 480)), np.zeros((480, 640))
    for _ in range(20):
        frame = np.concatenate([still, random.integers(110, 130, (480, 320)).astype(np.uint8)], axis=1)
        before = frame.copy()
        embedder.mark(frame)
        change = np.abs(frame.astype(int) - before)
    assert np.mean(change[:, 340:]) < 0.85 * np.mean(change[:, :300])
    assert np.mean(change[:, 340:]) > 0.3 * np.mean(change[:, :300])


def test_what_has_come_to_rest_bears_all_again() -> None:
    random = np.random.default_rng(0)
    frames = [random.integers(110, 130, (480, 640)).astype(np.uint8) for _ in range(12)]
    embedder, last = WatermarkEmbedder(MARK, (640, 480)), frames[-1]
    for frame in [*frames, *[last] * 40]:
        shown = frame.copy()
        embedder.mark(shown)
    assert np.array_equal(shown, marked(last))


def test_a_cut_has_the_mark_of_its_own_picture_at_once() -> None:
    busy = np.random.default_rng(0).integers(60, 200, (480, 640)).astype(np.uint8)
    wall = np.full((480, 640), 60, np.uint8)
    embedder = WatermarkEmbedder(MARK, (640, 480))
    for _ in range(3):
        embedder.mark(busy.copy())
    cut_to = wall.copy()
    embedder.mark(cut_to)
    assert np.array_equal(cut_to, marked(wall))


def test_a_large_picture_bears_less_in_its_busy_parts() -> None:
    random = np.random.default_rng(0)
    small, large = (random.integers(80, 160, shape).astype(np.uint8) for shape in ((480, 640), (1440, 1920)))
    changes = [np.mean(np.abs(marked(plane).astype(int) - plane)) for plane in (small, large)]
    assert changes[1] < 0.7 * changes[0]


def test_a_plane_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="64x32"):
        WatermarkEmbedder(MARK, (640, 480)).mark(np.zeros((32, 64), np.uint8))


@pytest.mark.parametrize("size_wh", [(2, 2), (16, 4096), (4096, 16), (64, 64)])
def test_no_size_is_too_small_or_too_long(size_wh: tuple[int, int]) -> None:
    plane = np.full((size_wh[1], size_wh[0]), 120, np.uint8)
    assert np.abs(marked(plane).astype(int) - plane).max() <= 2


def test_the_tile_is_a_share_of_the_picture() -> None:
    assert tile_side_px((1920, 1080)) == pytest.approx(3 * tile_side_px((640, 360)), abs=2)


def test_two_numbers_have_patterns_that_are_not_alike() -> None:
    one = tile_pattern(MARK, 256)
    other = tile_pattern(Watermark(installation=7, number=12), 256)
    assert abs(np.mean(one * other)) < 0.1


@pytest.mark.parametrize(("installation", "number"), [(-1, 0), (1 << 24, 0), (0, -1), (0, 1 << 32)])
def test_numbers_out_of_range_are_refused(installation: int, number: int) -> None:
    with pytest.raises(BadParameters, match="watermark"):
        Watermark(installation=installation, number=number)


def test_a_short_key_is_refused_and_no_key_is_shown() -> None:
    with pytest.raises(BadParameters, match="at least 16"):
        Watermark(installation=0, number=0, key=b"short")
    assert "secret" not in repr(Watermark(installation=0, number=0, key=b"a very secret key"))
