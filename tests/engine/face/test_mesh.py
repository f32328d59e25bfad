"""The tables of the face mesh hold together."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from lipwright.engine.face import mesh

ROWS = {
    name: value
    for name, value in vars(mesh).items()
    if name.endswith(
        ("UPPER", "LOWER", "UPPER_OUTER", "UPPER_INNER", "LOWER_OUTER", "LOWER_INNER", "JAW_LINE")
    )
}
LOOPS = ("LIPS_OUTER", "LIPS_INNER", "EYE_LEFT", "EYE_RIGHT", "FACE_OVAL")


@pytest.mark.parametrize("name", sorted(ROWS))
def test_neighbours_in_a_row_share_an_edge(name: str) -> None:
    row = ROWS[name]
    assert all(b in mesh.neighbours()[a] for a, b in pairwise(row))


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_is_a_border_of_the_skin(name: str) -> None:
    loop = getattr(mesh, name)
    sides = Counter(
        frozenset((int(triangle[i]), int(triangle[i - 1]))) for triangle in mesh.triangles() for i in range(3)
    )
    edges = [frozenset(pair) for pair in zip(loop, (*loop[1:], loop[0]), strict=True)]
    wanted = 2 if name == "LIPS_OUTER" else 1  # skin continues inside the outer edge of the lips
    assert {sides[edge] for edge in edges} == {wanted}


@pytest.mark.parametrize("part", ["LIPS_OUTER", "LIPS_INNER", "EYE_LEFT", "EYE_RIGHT"])
def test_upper_and_lower_rows_share_their_corners_and_face_each_other(part: str) -> None:
    upper, lower = getattr(mesh, f"{part}_UPPER"), getattr(mesh, f"{part}_LOWER")
    assert (upper[0], upper[-1], len(upper)) == (lower[0], lower[-1], len(lower))
    assert not set(upper[1:-1]) & set(lower[1:-1])


@pytest.mark.parametrize("name", [*sorted(ROWS)])
def test_the_mirror_turns_each_row_into_its_counterpart(name: str) -> None:
    other = name.replace("LEFT", "*").replace("RIGHT", "LEFT").replace("*", "RIGHT")
    assert [int(mesh.mirror_points()[i]) for i in ROWS[name]] == list(ROWS[other][::-1])


def test_the_mirror_is_its_own_inverse() -> None:
    mirror = mesh.mirror_points()
    assert np.array_equal(mirror[mirror], np.arange(478))


def test_all_triangles_turn_the_same_way_and_use_every_point_of_the_skin() -> None:
    directed = Counter(
        (int(triangle[i - 1]), int(triangle[i])) for triangle in mesh.triangles() for i in range(3)
    )
    assert set(directed.values()) == {1}
    assert set(mesh.triangles().ravel().tolist()) == set(range(mesh.SKIN_POINTS))
