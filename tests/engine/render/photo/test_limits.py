"""How far a head may turn: less in pictures that show it turned, and where its outline is unsure."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from lipwright.engine.boxes import Box
from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.face.values import Face
from lipwright.engine.media.reading.images import crop_to_even, fit_within, load_picture
from lipwright.engine.render.photo.head import HeadField
from lipwright.engine.render.photo.limits import (
    LARGEST,
    LEAST_DETERMINANT,
    MOST_RESIDUAL_PX,
    MOST_STRETCH,
    UNSURE_FROM,
    UNSURE_TO,
    LimitFigures,
    find_limits,
)
from lipwright.engine.render.photo.renderer import PhotoRenderer
from lipwright.engine.render.photo.skinning import Skinning
from lipwright.engine.render.warp.face_axes import face_axes
from lipwright.engine.render.warp.grid import Grid


def figures_of(
    face: Face,
    *,
    slope: float = 0.0,
    photo_yaw_deg: float = 0.0,
    unsure: float = 0.0,
    has_layers: bool = True,
) -> LimitFigures:
    """Of a surface that recedes evenly to either side, by this depth per distance."""
    axes = face_axes(face)
    grid = Grid.over(Box(0, 0, 480, 480), 6)
    nodes = grid.nodes_px()
    every = np.ones(grid.shape, dtype=np.float32)
    depth = (slope * np.abs(nodes[..., 0] - axes.origin_px[0])).astype(np.float32)
    field = HeadField(axes, nodes, depth, Skinning(head=every, breath=every))
    return find_limits(
        axes,
        grid,
        field,
        every > 0,
        photo_yaw_deg=photo_yaw_deg,
        unsure=unsure,
        has_layers=has_layers,
        steps=10,
    )


def test_a_gentle_surface_turns_as_far_as_any(closed_face: Face) -> None:
    assert figures_of(closed_face).limits == LARGEST


@pytest.mark.parametrize("photo_yaw_deg", [-34.0, 34.0])
def test_a_head_that_is_turned_in_the_picture_turns_less(closed_face: Face, photo_yaw_deg: float) -> None:
    turned = partial(figures_of, closed_face)
    assert turned(photo_yaw_deg=photo_yaw_deg).limits.yaw_deg == pytest.approx(6.0)
    assert turned(photo_yaw_deg=photo_yaw_deg / 2).limits.yaw_deg == pytest.approx(12.0)
    assert turned(photo_yaw_deg=photo_yaw_deg).limits.pitch_deg == LARGEST.pitch_deg


def test_unsure_outlines_halve_the_limits_at_the_most(closed_face: Face) -> None:
    sure, unsure, worse = (
        figures_of(closed_face, unsure=each).limits for each in (UNSURE_FROM, UNSURE_TO, 3 * UNSURE_TO)
    )
    assert sure == LARGEST
    assert unsure.yaw_deg == LARGEST.yaw_deg / 2
    assert unsure == worse


def test_a_steep_surface_turns_less(closed_face: Face) -> None:
    steep = figures_of(closed_face, slope=3.0)
    assert steep.limits.yaw_deg < 0.8 * LARGEST.yaw_deg
    assert steep.most_stretch < MOST_STRETCH


def test_a_picture_without_layers_turns_least(closed_face: Face) -> None:
    assert figures_of(closed_face, has_layers=False).limits.yaw_deg < LARGEST.yaw_deg / 2


@pytest.mark.assets
@pytest.mark.parametrize(
    ("name", "least_deg", "most_deg"),
    [
        ("ai_man_half_body_1036.jpg", 12.0, 15.0),  # frontal
        ("ai_woman_curly_closed_large.jpg", 12.0, 15.0),  # frontal, curls
        ("painting_glasses_goatee.png", 6.0, 9.0),  # turned by 26 degrees
        ("painting_pearl_earring_3q.jpg", 4.0, 6.0),  # turned by 34 degrees
    ],
)
def test_real_pictures_have_their_own_limits(
    assets: Path, name: str, least_deg: float, most_deg: float
) -> None:
    rgb = crop_to_even(fit_within(load_picture(assets / "images" / name), 900)).rgb
    (figures,) = PhotoRenderer(rgb, find_faces(rgb)[:1]).limit_figures
    assert least_deg <= figures.limits.yaw_deg <= most_deg + 1e-3
    assert figures.least_determinant > LEAST_DETERMINANT
    assert figures.most_stretch < MOST_STRETCH
    assert figures.residual_px < MOST_RESIDUAL_PX
