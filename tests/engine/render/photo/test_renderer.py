"""What a drawn photo leaves alone: everything but its faces, its source, other people, and chance."""

from __future__ import annotations

import threading
from dataclasses import astuple

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.face.values import Face
from lipwright.engine.media.pixels.planes import paste_rgb, rgb_to_i420, split_planes
from lipwright.engine.quality.mouth import mouth_gap
from lipwright.engine.render.photo.renderer import PhotoRenderer
from tests.engine.render.drawing import drawn, gesture_row, mouth_row

# A picture drawn at rest is enlarged and shrunk again: what that rounds, grey levels.
REST_LEVELS = 3
OPEN = mouth_row(0.9)


def test_a_closed_mouth_at_rest_is_the_photo(closed_rgb: NDArray[np.uint8], closed: PhotoRenderer) -> None:
    change = np.abs(drawn(closed_rgb, closed).astype(int) - closed_rgb).max(axis=-1)
    assert change.mean() < 0.5
    assert np.percentile(change, 99.5) <= REST_LEVELS


def test_only_the_mouth_of_a_smile_that_closes_differs_from_the_photo(
    smiling_rgb: NDArray[np.uint8], smiling: PhotoRenderer, smiling_face: Face
) -> None:
    change = np.abs(drawn(smiling_rgb, smiling).astype(int) - smiling_rgb).max(axis=-1)
    brow_to_lid = slice(0, int(smiling_face.landmarks_px[6, 1]))
    assert np.percentile(change[brow_to_lid], 99.5) <= REST_LEVELS
    assert change[int(smiling_face.landmarks_px[13, 1])].max() > 40


def test_pixels_outside_the_box_stay_bit_by_bit(portrait_rgb: NDArray[np.uint8]) -> None:
    renderer = PhotoRenderer(portrait_rgb, find_faces(portrait_rgb)[:1])
    still = rgb_to_i420(portrait_rgb)
    frame = still.copy()
    (patch,) = renderer.draw(OPEN, gesture_row(yaw=5, eye_blink=1, breath=0.01))
    paste_rgb(frame, patch.box, patch.rgb, weight=patch.weight)
    for plane, before, scale in zip(split_planes(frame), split_planes(still), (1, 2, 2), strict=True):
        left, top, right, bottom = (side // scale for side in astuple(patch.box))
        changed = plane != before
        assert changed[top:bottom, left:right].any()
        changed[top:bottom, left:right] = False
        assert not changed.any()


def test_the_same_seed_gives_the_same_frames(closed_rgb: NDArray[np.uint8], closed_face: Face) -> None:
    one, same, other = (
        drawn(closed_rgb, PhotoRenderer(closed_rgb, [closed_face], seed=seed), OPEN) for seed in (7, 7, 8)
    )
    assert (one == same).all()
    assert (one != other).any()


def test_a_frame_does_not_depend_on_the_frames_before_it(
    closed_rgb: NDArray[np.uint8], closed: PhotoRenderer
) -> None:
    first = drawn(closed_rgb, closed, OPEN)
    drawn(closed_rgb, closed, mouth_row(0.4, pucker=1), gesture_row(yaw=8, eye_blink=1, gaze_x=10))
    assert (drawn(closed_rgb, closed, OPEN) == first).all()


@pytest.fixture(scope="module")
def pair_rgb(portrait_rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same head twice, so near that the boxes overlap, uint8 (240, 330, 3)."""
    head = portrait_rgb[:240, 145:310]
    return np.ascontiguousarray(np.concatenate([head, head], axis=1))


@pytest.fixture(scope="module")
def pair(pair_rgb: NDArray[np.uint8]) -> list[Face]:
    """Its faces, from left to right."""
    return sorted(find_faces(pair_rgb), key=lambda face: float(face.box_xyxy[0]))


def test_both_speak(pair_rgb: NDArray[np.uint8], pair: list[Face]) -> None:
    picture = drawn(pair_rgb, PhotoRenderer(pair_rgb, pair), OPEN)
    gaps = [mouth_gap(face.landmarks_px) for face in find_faces(picture)]
    assert len(gaps) == 2
    assert min(gaps) > 0.06


def test_neither_repaints_the_other(pair_rgb: NDArray[np.uint8], pair: list[Face]) -> None:
    gesture = gesture_row(yaw=6, shift_x=0.03)
    one, other = (
        drawn(pair_rgb, PhotoRenderer(pair_rgb, faces), OPEN, gesture) for faces in (pair, pair[::-1])
    )
    for face in pair:
        left, top, right, bottom = face.box_xyxy.astype(int)
        difference = np.abs(one[top:bottom, left:right].astype(int) - other[top:bottom, left:right])
        assert difference.mean() < 1


def test_who_is_silent_keeps_still_beside_one_who_speaks(
    pair_rgb: NDArray[np.uint8], pair: list[Face]
) -> None:
    picture = drawn(pair_rgb, PhotoRenderer(pair_rgb, pair[:1], head_moves=False), OPEN)
    change = np.abs(picture.astype(int) - pair_rgb)
    left, top, right, bottom = pair[1].box_xyxy.astype(int)
    assert change[top:bottom, left:right].max() <= REST_LEVELS
    left, top, right, bottom = pair[0].box_xyxy.astype(int)
    assert change[top:bottom, left:right].max() > 40


def test_a_head_that_turns_takes_no_bystander_along(pair_rgb: NDArray[np.uint8], pair: list[Face]) -> None:
    renderer = PhotoRenderer(pair_rgb, pair[:1], bystanders=pair[1:])
    picture = drawn(pair_rgb, renderer, OPEN, gesture_row(yaw=6, roll=6, shift_x=0.1))
    left, top, right, bottom = pair[1].box_xyxy.astype(int)
    assert (picture[top:bottom, left:right] == pair_rgb[top:bottom, left:right]).all()


def test_no_thread_is_left_when_it_is_closed(closed_rgb: NDArray[np.uint8], closed_face: Face) -> None:
    before = set(threading.enumerate())
    with PhotoRenderer(closed_rgb, [closed_face]) as renderer:
        list(renderer.draw(OPEN, gesture_row(yaw=3)))
        assert set(threading.enumerate()) - before
    assert not set(threading.enumerate()) - before


def test_no_thread_is_left_when_preparing_fails(
    closed_rgb: NDArray[np.uint8], closed_face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    before = set(threading.enumerate())
    monkeypatch.setattr("lipwright.engine.render.photo.renderer.find_scene", fail)
    with pytest.raises(MemoryError):
        PhotoRenderer(closed_rgb, [closed_face])
    assert not set(threading.enumerate()) - before
