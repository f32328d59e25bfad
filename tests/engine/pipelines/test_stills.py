"""Small pictures of files, and who is in a moment of a video."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from lipwright.engine import BadParameters, BadVideoFile, media_stills, video_faces
from lipwright.engine.pipelines import stills
from tests.support.pictures import frame_number
from tests.support.portrait import PORTRAIT_PATH, read_portrait
from tests.support.sounds import voice, write_sound
from tests.support.videos import write_clip

# The frames of the clips are numbered so far, and then from 0 again.
NUMBERS = 16


def numbers(found: tuple[stills.Still, ...]) -> list[int]:
    pictures = [cv2.imdecode(np.frombuffer(one.jpeg, np.uint8), cv2.IMREAD_COLOR) for one in found]
    return [frame_number(np.asarray(one[..., ::-1], np.uint8)) for one in pictures if one is not None]


def test_a_short_video_is_shown_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    film = write_clip(tmp_path / "film.mp4", count=40, frame_rate=Fraction(20))
    found = media_stills(film, count=8, longer_side_px=64)
    assert len(found) == 8
    assert [one.at_s for one in found] == pytest.approx([0.25 * place for place in range(8)], abs=0.06)
    shown = numbers(found)
    assert shown[0] <= 3
    assert {int(step) for step in np.diff(shown) % NUMBERS} == {5}


def test_a_long_video_is_sought_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stills, "SHORT_VIDEO_S", 1.0)
    film = write_clip(tmp_path / "film.mp4", count=40, frame_rate=Fraction(20), options={"g": "10"})
    found = media_stills(film, count=5, longer_side_px=64)
    assert [one.at_s for one in found] == pytest.approx([0.2, 0.6, 1.0, 1.4, 1.8], abs=0.01)
    assert numbers(found) == [place % NUMBERS for place in (4, 12, 20, 28, 36)]


def test_a_part_of_a_strip_is_spread_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stills, "SHORT_VIDEO_S", 1.0)
    monkeypatch.setattr(stills, "STRIP_PATIENCE_S", -1.0)
    film = write_clip(tmp_path / "film.mp4", count=40, frame_rate=Fraction(20))
    assert len(media_stills(film, count=8, longer_side_px=64)) == 1
    order = stills._coarse_first(8)
    assert sorted(order) == pytest.approx([(place + 0.5) / 8 for place in range(8)])
    assert max(order[:2]) - min(order[:2]) >= 0.5


def test_a_picture_has_one_and_a_sound_none(tmp_path: Path) -> None:
    (still,) = media_stills(PORTRAIT_PATH, count=5, longer_side_px=100)
    picture = cv2.imdecode(np.frombuffer(still.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert max(picture.shape) == 100
    assert media_stills(write_sound(tmp_path / "a.wav", voice(0.3)), count=5, longer_side_px=100) == ()


def test_who_is_in_a_moment_of_a_video_is_found(tmp_path: Path) -> None:
    portrait = read_portrait()
    film = write_clip(
        tmp_path / "film.mp4",
        count=20,
        frame_rate=Fraction(10),
        size_wh=(512, 512),
        frame=lambda index, width, height: (
            portrait if index >= 10 else np.zeros((height, width, 3), np.uint8)
        ),
    )
    assert video_faces(film).faces == ()
    found = video_faces(film, 1.5)
    assert len(found.faces) == 1
    assert found.obstacles == (None,)
    with pytest.raises(BadParameters):
        video_faces(film, 60.0)


def test_a_file_that_is_no_video_is_refused(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"nothing of the kind" * 10)
    with pytest.raises(BadVideoFile):
        media_stills(tmp_path / "film.mp4", count=3, longer_side_px=64)
