"""Who is in a picture or a video, and the faces cut out of it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine import (
    BadImagePath,
    BadVideoFile,
    Cancelled,
    FaceTooSmall,
    JobContext,
    face_crops,
    picture_faces,
)
from lipwright.engine.media.reading.images import load_picture
from tests.support.pictures import gradient
from tests.support.portrait import read_portrait
from tests.support.videos import write_clip


@pytest.fixture(scope="module")
def head_rgb() -> NDArray[np.uint8]:
    """The head of the sample portrait, uint8 (240, 240, 3), the face 93 pixels wide."""
    return read_portrait()[:240, 110:350]


@pytest.fixture(scope="module")
def couple(head_rgb: NDArray[np.uint8], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small face and a large one."""
    canvas = np.full((240, 400, 3), 90, np.uint8)
    canvas[:120, :120] = cv2.resize(head_rgb, (120, 120), interpolation=cv2.INTER_AREA)
    canvas[:, 160:] = head_rgb
    path = tmp_path_factory.mktemp("couple") / "couple.png"
    assert cv2.imwrite(str(path), canvas[..., ::-1])
    return path


def test_the_larger_face_comes_first_and_each_says_why_it_cannot_speak(couple: Path) -> None:
    found = picture_faces(couple)
    widths = [float(face.box_xyxy[2] - face.box_xyxy[0]) for face in found.faces]
    assert widths == sorted(widths, reverse=True)
    assert found.obstacles[0] is None
    assert isinstance(found.obstacles[1], FaceTooSmall)
    assert found.picture.size_wh == (400, 240)


def test_nobody_in_a_picture_is_no_error(tmp_path: Path) -> None:
    assert cv2.imwrite(str(tmp_path / "empty.png"), gradient(200, 200))
    assert picture_faces(tmp_path / "empty.png").faces == ()
    assert face_crops(tmp_path / "empty.png", tmp_path) == ()


def test_each_face_of_a_picture_is_cut_out_with_air_around_it(couple: Path, tmp_path: Path) -> None:
    assert face_crops(couple, tmp_path) == ("0-0.png", "0-1.png")
    large, small = (load_picture(tmp_path / name).rgb for name in ("0-0.png", "0-1.png"))
    left, top, right, bottom = picture_faces(couple).faces[0].box_xyxy
    assert large.shape[0] > bottom - top
    assert large.shape[1] > right - left
    assert large.size > small.size


def test_a_video_is_searched_once_a_second(head_rgb: NDArray[np.uint8], tmp_path: Path) -> None:
    clip = write_clip(
        tmp_path / "head.mp4",
        count=20,
        frame_rate=Fraction(10),
        size_wh=(240, 240),
        frame=lambda *_: head_rgb,
    )
    assert face_crops(clip, tmp_path, is_video=True) == ("0-0.png", "1-0.png")
    assert {path.name for path in tmp_path.glob("*.png")} == {"0-0.png", "1-0.png"}


def test_less_sure_faces_are_left_out(couple: Path, tmp_path: Path) -> None:
    assert face_crops(couple, tmp_path, min_confidence=1.01) == ()


def test_what_cannot_be_searched_is_refused(couple: Path, tmp_path: Path) -> None:
    with pytest.raises(BadImagePath):
        picture_faces(tmp_path / "absent.png")
    with pytest.raises(BadVideoFile):
        face_crops(couple, tmp_path, is_video=True)
    stopped = JobContext()
    stopped.cancel()
    with pytest.raises(Cancelled):
        face_crops(couple, tmp_path, context=stopped)
