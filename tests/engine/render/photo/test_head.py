"""A head with depth: rest is the photo, turning reads back as asked, nothing folds, the background stays."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.face.values import Face
from lipwright.engine.pipelines.head_look import look_at_head
from lipwright.engine.render.photo import scene
from lipwright.engine.render.photo.head import Camera, skull_motion
from lipwright.engine.render.photo.limits import (
    LARGEST,
    LARGEST_WITHOUT_LAYERS,
    LEAST_DETERMINANT,
    MOST_RESIDUAL_PX,
    MOST_STRETCH,
    LimitFigures,
)
from lipwright.engine.render.photo.renderer import PhotoRenderer
from lipwright.engine.render.warp.face_axes import face_axes
from tests.engine.render.drawing import drawn, gesture_row, mouth_row, seen

# The tracker reads back what was asked within this share.
ANGLE_TOLERANCE = 0.15
# At rest nothing may be seen to change, grey levels: the first frame is followed by one that is drawn.
REST_MEAN_LEVELS = 0.5

ALMOST_STILL = gesture_row(shift_x=1e-6)


@pytest.fixture(scope="module")
def portrait(portrait_rgb: NDArray[np.uint8]) -> PhotoRenderer:
    return PhotoRenderer(portrait_rgb, find_faces(portrait_rgb)[:1])


def test_the_first_frame_is_the_photo(portrait_rgb: NDArray[np.uint8], portrait: PhotoRenderer) -> None:
    drawn(portrait_rgb, portrait, mouth_row(0.8), gesture_row(yaw=8, eye_blink=1))
    assert (drawn(portrait_rgb, portrait, mouth_row(0.8), share=0.0) == portrait_rgb).all()


def test_a_head_that_hardly_moves_looks_like_the_photo(
    portrait_rgb: NDArray[np.uint8], portrait: PhotoRenderer
) -> None:
    almost = drawn(portrait_rgb, portrait, gesture=ALMOST_STILL, share=0.0)
    change = np.abs(almost.astype(int) - portrait_rgb)
    assert 0 < change.mean() < REST_MEAN_LEVELS


@pytest.fixture(scope="module")
def looked_at(smiling_rgb: NDArray[np.uint8], smiling_face: Face) -> PhotoRenderer:
    return PhotoRenderer(smiling_rgb, [smiling_face], look=look_at_head)


@pytest.mark.parametrize(
    ("axis", "number", "asked"),
    [
        ("yaw", 0, 5.0),
        ("yaw", 0, 8.0),
        ("yaw", 0, 11.0),
        ("pitch", 1, 4.5),
        ("pitch", 1, 6.0),
        ("roll", 2, 6.0),
    ],
)
def test_the_tracker_reads_back_the_angle_that_was_asked(
    smiling_rgb: NDArray[np.uint8], looked_at: PhotoRenderer, axis: str, number: int, asked: float
) -> None:
    one_way, other_way = (
        seen(drawn(smiling_rgb, looked_at, gesture=gesture_row(**{axis: degrees}), share=0.0)).angles_deg
        for degrees in (-asked, asked)
    )
    turned = (other_way - one_way) / 2
    assert turned[number] == pytest.approx(asked, rel=ANGLE_TOLERANCE)
    assert np.abs(np.delete(turned, number)).max() < 0.2 * asked


def test_the_background_keeps_still(portrait_rgb: NDArray[np.uint8], portrait: PhotoRenderer) -> None:
    one, other = (
        drawn(portrait_rgb, portrait, gesture=gesture_row(yaw=yaw, roll=yaw / 2)) for yaw in (-10, 10)
    )
    (patch,) = portrait.draw(mouth_row(), gesture_row(yaw=10))
    outside = np.ones(portrait_rgb.shape[:2], dtype=bool)
    outside[patch.box.slices] = False
    assert (one[outside] == portrait_rgb[outside]).all()
    # Beside the head, in the corners of the box, there is only background.
    corner = Box(patch.box.left, patch.box.top, patch.box.left + 12, patch.box.top + 40)
    for picture in (one, other):
        assert np.abs(picture[corner.slices].astype(int) - portrait_rgb[corner.slices]).max() <= 1


def test_a_frontal_head_turns_as_far_as_any_and_is_sound_there(portrait: PhotoRenderer) -> None:
    (figures,) = portrait.limit_figures
    assert figures.has_layers
    assert figures.limits.yaw_deg > 0.8 * LARGEST.yaw_deg
    assert _is_sound(figures)
    assert portrait.head_limits == figures.limits


def test_a_picture_without_layers_turns_less_and_never_tears(
    portrait_rgb: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scene, "split_layers", lambda *_: None)
    renderer = PhotoRenderer(portrait_rgb, find_faces(portrait_rgb)[:1])
    (figures,) = renderer.limit_figures
    assert not figures.has_layers
    assert figures.limits.yaw_deg <= LARGEST_WITHOUT_LAYERS.yaw_deg
    assert _is_sound(figures)
    limits = figures.limits
    turned = gesture_row(yaw=limits.yaw_deg, pitch=limits.pitch_deg)
    (still,), (moved,) = renderer.draw(mouth_row(), ALMOST_STILL), renderer.draw(mouth_row(), turned)
    change = np.abs(moved.rgb.astype(int) - still.rgb).max(axis=-1)
    assert change.max() > 50
    for edge in (change[0], change[-1], change[:, 0], change[:, -1]):
        assert edge.max() <= 1


def test_heads_seen_by_the_camera_keep_their_places_until_they_move(closed_face: Face) -> None:
    axes = face_axes(closed_face)
    camera = Camera(axes)
    places = closed_face.landmarks_px[:, :2]
    depth = closed_face.landmarks_px[:, 2] - axes.origin_px[2]
    lifted = camera.lifted(places, depth)
    assert camera.seen(lifted) == pytest.approx(places, abs=1e-2)
    still = skull_motion(axes, gesture_row())
    assert still.moved(lifted) == pytest.approx(lifted, abs=1e-3)


def test_nearness_is_the_scale_of_the_skull(closed_face: Face) -> None:
    axes = face_axes(closed_face)
    camera = Camera(axes)
    near = skull_motion(axes, gesture_row(nearness=0.05))
    eyes = camera.lifted(closed_face.landmarks_px[[33, 263], :2], near.pivot_px[2].repeat(2))
    before, after = (np.linalg.norm(np.diff(camera.seen(each), axis=0)) for each in (eyes, near.moved(eyes)))
    assert after == pytest.approx(1.05 * before, rel=1e-3)


def _is_sound(figures: LimitFigures) -> bool:
    return (
        figures.least_determinant > LEAST_DETERMINANT
        and figures.most_stretch < MOST_STRETCH
        and figures.residual_px < MOST_RESIDUAL_PX
    )
