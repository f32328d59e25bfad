"""Whose mouth is re-made where nobody is named, and who is measured: the same person."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.face.choose import choose_tracks, main_person
from lipwright.engine.media.values import SoundClip, VideoStretch
from lipwright.engine.pipelines.lip_sync.clip_scan import scan_clip
from lipwright.engine.pipelines.lip_sync.run import lip_sync
from lipwright.engine.progress import JobContext
from lipwright.engine.quality.measure import measure_video
from tests.engine.pipelines.lip_sync.talking_clips import head_rgb, syllables, talking_rgb, write_scenes
from tests.support.sounds import silence, write_sound

# Lips that touch are seen this far apart by the landmarks at the most, face heights.
SHUT = 0.012
# One is twice as large and leaves early: her face has the larger area in sum (4 x 12 against 30), the other
# one's is the wider in sum (30 against 2 x 12) and seen for longer.
FRAMES, LARGE_FRAMES = 30, 12


@pytest.fixture(scope="module")
def visited(folder: Path) -> Path:
    """A small person who talks all the time, and a large one who talks beside and leaves."""
    height, width = head_rgb().shape[:2]
    openings = np.rint(100 * syllables(FRAMES, 3.0)).astype(int)

    def frame(index: int, _width: int, _height: int) -> NDArray[np.uint8]:
        canvas = np.full((height, width + width // 2, 3), 90, np.uint8)
        talking = talking_rgb(int(openings[index]))
        canvas[: height // 2, width:] = cv2.resize(talking[:, ::-1], None, fx=0.5, fy=0.5)
        if index < LARGE_FRAMES:
            canvas[:, :width] = talking
        return canvas

    return write_scenes(folder / "visited.mp4", FRAMES, frame)


def test_the_one_who_fills_most_of_the_picture_is_the_main_person(visited: Path) -> None:
    faces = scan_clip(VideoStretch(path=visited), JobContext()).faces
    seen = [int(track.is_seen.sum()) for track in faces.tracks]
    assert sorted(seen) == [LARGE_FRAMES, FRAMES]
    assert int(main_person(faces).is_seen.sum()) == LARGE_FRAMES
    assert choose_tracks(faces, "largest") == (main_person(faces),)


def test_the_person_whose_mouth_was_re_made_is_the_one_who_is_measured(visited: Path, tmp_path: Path) -> None:
    quiet = write_sound(tmp_path / "quiet.wav", silence(FRAMES / 25))
    output = tmp_path / "out.mp4"
    assert lip_sync(visited, SoundClip(path=quiet), output).frames_rendered == LARGE_FRAMES
    before, after = measure_video(visited), measure_video(output)
    assert after.value("face_seen_share") == pytest.approx(LARGE_FRAMES / FRAMES)
    assert before.curves.picture[before.curves.is_seen].max() > 2 * SHUT
    assert after.curves.picture[after.curves.is_seen].max() < SHUT
