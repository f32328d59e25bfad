"""Turns that are enlarged until they are seen as asked, and the small pictures in which that is looked up."""

from __future__ import annotations

from functools import partial

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.face.pose import rotation_of
from lipwright.engine.face.values import Face
from lipwright.engine.gesture.curves import Gesture
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.render.photo.limits import LARGEST
from lipwright.engine.render.photo.renderer import PhotoRenderer
from lipwright.engine.render.photo.turn_gain import (
    LEAST_GAIN,
    LOOKED_AT_PX,
    MIDDLE_DEG,
    MOST_GAIN,
    SmallHead,
    TurnGain,
    find_turn_gain,
)
from lipwright.engine.render.warp.grid import Grid
from tests.engine.render.drawing import drawn, gesture_row, mouth_row

REST = rotation_of(12, -4, 3)


def gain_of(left: float, right: float, up: float, down: float, limits: HeadLimits = LARGEST) -> TurnGain:
    """Of a head of whose turns a look reads these shares."""
    asked: list[tuple[float, float]] = []

    def draw(yaw_deg: float, pitch_deg: float) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        asked.append((yaw_deg, pitch_deg))
        return np.zeros((8, 8, 3), np.uint8), np.zeros((478, 3), np.float32)

    def look(*_: object) -> NDArray[np.float32]:
        yaw_deg, pitch_deg = asked[-1]
        assert abs(yaw_deg) <= limits.yaw_deg
        assert abs(pitch_deg) <= limits.pitch_deg
        yaw_deg *= left if yaw_deg < 0 else right
        pitch_deg *= up if pitch_deg < 0 else down
        return np.asarray(REST @ rotation_of(yaw_deg, pitch_deg, 0), np.float32)

    return find_turn_gain(REST, draw, look, limits)


def test_a_turn_of_which_a_share_is_seen_is_enlarged_by_its_inverse_to_each_side() -> None:
    gain = gain_of(0.8, 1.0, 1.1, 0.9)
    assert gain.yaw == pytest.approx((1.25, 1.0), abs=1e-3)
    assert gain.pitch == pytest.approx((1 / 1.1, 1 / 0.9), abs=1e-3)


def test_what_is_hardly_seen_or_seen_twofold_is_not_believed() -> None:
    gain = gain_of(0.1, -0.5, 2.0, 1.0)
    assert gain.yaw == (MOST_GAIN, MOST_GAIN)
    assert gain.pitch[0] == LEAST_GAIN


def test_a_head_is_looked_at_no_further_than_its_picture_bears() -> None:
    gain_of(1, 1, 1, 1, HeadLimits(yaw_deg=4.0, pitch_deg=3.0))


def test_where_no_face_is_seen_turns_stay_as_asked() -> None:
    def draw(*_: float) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        return np.zeros((8, 8, 3), np.uint8), np.zeros((478, 3), np.float32)

    assert find_turn_gain(REST, draw, lambda *_: None, LARGEST) == TurnGain()


def test_each_side_has_its_gain_and_the_middle_no_jerk() -> None:
    gain = TurnGain(yaw=(1.2, 0.9), pitch=(1.0, 1.3))

    def drawn_deg(asked_deg: float) -> float:
        return float(gain.applied(gesture_row(yaw=asked_deg))[Gesture.YAW])

    assert drawn_deg(-14) == pytest.approx(1.2 * -14, rel=0.02)
    assert drawn_deg(14) == pytest.approx(0.9 * 14, rel=0.02)
    assert drawn_deg(0) == 0
    speeds = np.diff([drawn_deg(each) for each in np.arange(-15, 15, 0.1)]) / 0.1
    assert speeds.min() > 0
    assert np.abs(np.diff(speeds)).max() < 0.1 * 0.5 / MIDDLE_DEG


def test_nothing_but_turning_and_nodding_is_changed() -> None:
    row = np.linspace(-1, 1, len(Gesture)).astype(np.float32)
    changed = TurnGain(yaw=(1.2, 1.2), pitch=(1.3, 1.3)).applied(row) != row
    assert set(np.flatnonzero(changed)) == {Gesture.YAW, Gesture.PITCH}


def test_limits_are_told_as_they_are_seen_and_never_above_what_looks_right() -> None:
    seen_limits = TurnGain(yaw=(1.25, 1.0), pitch=(0.8, 0.8)).seen(HeadLimits(yaw_deg=10.0, pitch_deg=8.0))
    assert seen_limits == HeadLimits(yaw_deg=8.0, pitch_deg=LARGEST.pitch_deg, roll_deg=8.0)


def test_the_head_at_rest_drawn_small_is_the_photo_made_smaller(
    smiling_rgb: NDArray[np.uint8], smiling_face: Face
) -> None:
    box = Box.of_size((480, 480))
    grid = Grid.over(box, 6)
    texture = np.asarray(cv2.cvtColor(smiling_rgb, cv2.COLOR_RGB2RGBA), np.uint8)
    height_px = 2.0 * LOOKED_AT_PX
    small = SmallHead(texture, box, smiling_rgb, grid, smiling_face.landmarks_px, height_px)
    rgb, points = small.drawn(grid.nodes_px(), 2)
    low, high = smiling_face.landmarks_px[:, :2].min(axis=0), smiling_face.landmarks_px[:, :2].max(axis=0)
    around = Box.holding(*low, *high).grown(round(0.6 * height_px)).clipped(box)
    expected = cv2.resize(smiling_rgb[around.slices], rgb.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(rgb.astype(int) - expected).mean() < 2
    assert np.ptp(points[:, 1]) == pytest.approx(np.ptp(smiling_face.landmarks_px[:, 1]) / 2, rel=0.01)


def test_a_head_whose_turns_are_seen_by_four_fifths_is_drawn_a_quarter_further(
    smiling_rgb: NDArray[np.uint8], smiling: PhotoRenderer, smiling_face: Face
) -> None:
    def look(_: NDArray[np.uint8], points_px: NDArray[np.float32]) -> NDArray[np.float32]:
        # Who leans to the left is turned to the left: the landmarks that are handed over tell.
        offset = float(points_px[1, 0] - points_px[[33, 263], 0].mean())
        offsets.append(offset)
        yaw_deg, pitch_deg = (0.8 * asked[len(offsets) - 1]).tolist()
        return np.asarray(smiling_face.pose.rotation @ rotation_of(yaw_deg, pitch_deg, 0), dtype=np.float32)

    offsets: list[float] = []
    asked = np.array([(-9.0, 0.0), (9.0, 0.0), (0.0, -6.5), (0.0, 6.5)])
    renderer = PhotoRenderer(smiling_rgb, [smiling_face], look=look)
    assert offsets[0] < offsets[1]
    assert renderer.head_limits.yaw_deg == pytest.approx(0.8 * smiling.head_limits.yaw_deg, rel=0.01)
    draw = partial(drawn, smiling_rgb, mouth=mouth_row(), share=0.0)
    further, plain = draw(renderer, gesture=gesture_row(yaw=8)), draw(smiling, gesture=gesture_row(yaw=10))
    unlike = draw(smiling, gesture=gesture_row(yaw=8))
    assert np.abs(further.astype(int) - plain).mean() < 0.1
    assert np.abs(further.astype(int) - unlike).mean() > 1
