"""Boxes of whole pixels: cutting, growing, evening and moving them."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from lipwright.engine.boxes import Box

edges = st.integers(-40, 60)
boxes = st.builds(
    lambda left, top, width, height: Box(left, top, left + width, top + height),
    edges,
    edges,
    st.integers(0, 50),
    st.integers(0, 50),
)
pictures = st.tuples(st.integers(1, 50), st.integers(1, 50)).map(Box.of_size)


def test_an_empty_box_holds_no_pixel() -> None:
    assert Box(3, 3, 3, 9).is_empty
    assert Box(3, 3, 2, 9).is_empty
    assert not Box(3, 3, 4, 4).is_empty


@given(box=boxes, picture=pictures)
def test_a_clipped_box_holds_the_pixels_that_both_have(box: Box, picture: Box) -> None:
    clipped = box.clipped(picture)
    assert picture.contains(clipped)
    inside = {
        (x, y)
        for x in range(max(box.left, 0), min(box.right, picture.right))
        for y in range(max(box.top, 0), min(box.bottom, picture.bottom))
    }
    assert clipped.is_empty == (not inside)
    assert len(inside) == max(0, clipped.width) * max(0, clipped.height)


@given(box=boxes.filter(lambda box: not box.is_empty), picture=pictures)
def test_a_clipped_box_keeps_as_many_pixels_as_it_must(box: Box, picture: Box) -> None:
    clipped = box.clipped(picture, least_px=1)
    assert picture.contains(clipped)
    assert min(clipped.size_wh) >= 1


@given(box=boxes)
def test_an_even_box_is_the_smallest_around_the_box(box: Box) -> None:
    even = box.evened()
    assert even.is_even
    assert even.contains(box)
    assert box.left - even.left < 2
    assert even.bottom - box.bottom < 2


@given(box=boxes, reach_px=st.integers(0, 9))
def test_a_grown_box_has_the_old_one_in_its_middle(box: Box, reach_px: int) -> None:
    grown = box.grown(reach_px)
    assert grown.size_wh == (box.width + 2 * reach_px, box.height + 2 * reach_px)
    assert box.seen_from(grown).corner == (reach_px, reach_px)


@given(box=boxes, other=boxes)
def test_a_box_seen_from_another_lies_where_it_was_when_moved_back(box: Box, other: Box) -> None:
    assert box.seen_from(other).moved(*other.corner) == box


def test_slices_cut_the_box_out_of_a_picture() -> None:
    picture = np.arange(48).reshape(6, 8)
    part = picture[Box(2, 1, 5, 3).slices]
    assert part.tolist() == [[10, 11, 12], [18, 19, 20]]


@pytest.mark.parametrize(
    ("given_edges", "held"),
    [((0.0, 0.0, 0.0, 0.0), Box(0, 0, 0, 0)), ((-0.5, 1.2, 3.0, 4.1), Box(-1, 1, 3, 5))],
)
def test_a_box_holds_edges_between_pixels(given_edges: tuple[float, ...], held: Box) -> None:
    assert Box.holding(*given_edges) == held


@given(
    edges=st.tuples(*[st.integers(-500, 1500).map(lambda tenth: tenth / 10) for _ in range(4)]),
    size=st.tuples(st.integers(1, 50), st.integers(1, 50)),
)
def test_an_even_box_holds_all_of_the_box_that_lies_in_the_frame(
    edges: tuple[float, float, float, float], size: tuple[int, int]
) -> None:
    width, height = 2 * size[0], 2 * size[1]
    box = Box.holding(*edges).evened().clipped(Box.of_size((width, height)))
    assert box.is_even
    assert box.left <= max(0, edges[0])
    assert box.top <= max(0, edges[1])
    assert box.right >= min(width, edges[2])
    assert box.bottom >= min(height, edges[3])
    assert box.left >= 0
    assert box.top >= 0
    assert box.right <= width
    assert box.bottom <= height
