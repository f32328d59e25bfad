"""Heads at any angle and mouths beyond an edge: the lips follow, or frames pass untouched with a word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.errors import MouthNotDrawn, NoFaceFound
from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.face.measures import inner_gap
from lipwright.engine.media.pixels.planes import i420_to_rgb
from lipwright.engine.media.values import SoundClip
from lipwright.engine.pipelines.lip_sync.clip_scan import scan_clip
from lipwright.engine.pipelines.lip_sync.replacement import MouthReplacement
from lipwright.engine.pipelines.lip_sync.run import lip_sync
from lipwright.engine.pipelines.lip_sync.speakers import calibrate_speaker
from lipwright.engine.pipelines.modes import LipSyncMode
from lipwright.engine.pipelines.options import LipSyncOptions
from lipwright.engine.progress import JobContext
from lipwright.engine.render.clip.renderer import ClipMouth
from tests.engine.pipelines.lip_sync.talking_clips import mouth_curves, planes_of, talking_rgb, write_scenes

# What a mouth that is told to open opens more than one that is told to shut, face heights.
CLEARLY = 0.04
COUNT = 8


def leaning(degrees: float, percent: int) -> NDArray[np.uint8]:
    """The talking head turned clockwise, uint8 (420, 420, 3)."""
    matrix = cv2.getRotationMatrix2D((209.5, 209.5), -degrees, 0.9)
    grey = (128, 128, 128)
    return np.asarray(cv2.warpAffine(talking_rgb(percent), matrix, (420, 420), borderValue=grey), np.uint8)


def lean_clip(path: Path, degrees: NDArray[np.floating]) -> Path:
    """A head that talks and leans so far in each frame."""

    def scene(index: int, _width: int, _height: int) -> NDArray[np.uint8]:
        return leaning(float(degrees[index]), 10 * (index % 8))

    return write_scenes(path, len(degrees), scene)


def spoken(
    path: Path, apertures: tuple[float, ...], mode: LipSyncMode = LipSyncMode.LITE
) -> list[tuple[MouthReplacement, list[NDArray[np.uint8]]]]:
    """For each opening a mouth that is held at it, and the frames with it."""
    clip = scan_clip(LipSyncOptions().stretch_of(path), JobContext())
    actor = calibrate_speaker(clip, clip.faces.tracks[0], borrows=mode is not LipSyncMode.LITE, seed=0)
    spoken = []
    for aperture in apertures:
        replacement = MouthReplacement(clip, actor, mouth_curves(np.full(300, aperture)), mode)
        frames = planes_of(path)
        for index, frame in enumerate(frames):
            replacement.apply(index, frame)
        spoken.append((replacement, frames))
    return spoken


def gap(frame: NDArray[np.uint8]) -> float:
    return inner_gap(find_faces(i420_to_rgb(frame))[0].landmarks_px)


@pytest.mark.parametrize("mode", [LipSyncMode.LITE, LipSyncMode.STANDARD])
@pytest.mark.parametrize("degrees", [35, 60, 90, 120, 150, 180, -135, -90, -45])
def test_the_lips_of_a_head_at_any_angle_follow(tmp_path: Path, degrees: float, mode: LipSyncMode) -> None:
    path = lean_clip(tmp_path / "clip.mp4", np.full(COUNT, degrees))
    (shut, shut_frames), (wide, wide_frames) = spoken(path, (0.0, 0.9), mode)
    for each in (shut, wide):
        assert each.counts.failed == 0
        assert each.counts.rendered >= COUNT - 1
    assert gap(wide_frames[4]) > gap(shut_frames[4]) + CLEARLY


def test_the_lips_follow_through_a_slow_somersault(tmp_path: Path) -> None:
    path = lean_clip(tmp_path / "clip.mp4", np.linspace(0, 360, 50))
    [(replacement, frames)] = spoken(path, (0.9,))
    assert replacement.counts.failed == 0
    assert replacement.counts.rendered >= 45
    assert all(gap(frames[index]) > CLEARLY for index in (10, 25, 40))


def cut_clip(path: Path, rows: int, degrees: float = 0) -> Path:
    """A head of which a frame shows so many rows, turned by whole quarters."""

    def scene(index: int, _width: int, _height: int) -> NDArray[np.uint8]:
        shown = talking_rgb(10 * (index % 8))[:rows]
        return np.ascontiguousarray(np.rot90(shown, -int(degrees) // 90))

    return write_scenes(path, COUNT, scene)


@pytest.mark.parametrize("degrees", [0, 90, 180])
def test_frames_whose_mouth_lies_beyond_the_edge_pass_untouched(tmp_path: Path, degrees: float) -> None:
    lips_top, _ = lip_rows()
    path = cut_clip(tmp_path / "clip.mp4", (lips_top - 6) // 2 * 2, degrees)
    [(replacement, frames)] = spoken(path, (0.9,))
    assert replacement.counts.rendered == 0
    assert replacement.counts.passed == COUNT
    assert all((before == now).all() for before, now in zip(planes_of(path), frames, strict=True))


@pytest.mark.parametrize("degrees", [0, 90, 180, -90])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_mouths_that_an_edge_cuts_are_drawn_or_pass(tmp_path: Path, degrees: float, share: float) -> None:
    top, bottom = lip_rows()
    path = cut_clip(tmp_path / "clip.mp4", round(top + share * (bottom - top)) // 2 * 2, degrees)
    try:
        [(replacement, _)] = spoken(path, (0.9,), LipSyncMode.STANDARD)
    except NoFaceFound:  # half a face that lies is not always found
        assert degrees
        return
    assert replacement.counts.failed == 0
    assert replacement.counts.rendered + replacement.counts.passed == COUNT


def lip_rows() -> tuple[int, int]:
    from lipwright.engine.face.mesh import LIPS_OUTER

    rows = find_faces(talking_rgb(0))[0].landmarks_px[list(LIPS_OUTER), 1]
    return int(rows.min()), int(rows.max())


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """The frames in which drawing fails; to be filled."""
    frames: set[int] = set()
    draw = ClipMouth.draw

    def drawn(self: ClipMouth, rgb: Any, box: Any, landmarks_px: Any, request: Any) -> Any:
        if request.index in frames:
            raise ZeroDivisionError(f"frame {request.index}")
        return draw(self, rgb, box, landmarks_px, request)

    monkeypatch.setattr(ClipMouth, "draw", drawn)
    return frames


def test_a_frame_in_which_drawing_fails_passes_and_is_counted(
    glimpse: Path, quiet: Path, tmp_path: Path, failing: set[int]
) -> None:
    failing.update({2, 5})
    report = lip_sync(glimpse, SoundClip(path=quiet), tmp_path / "out.mp4")
    assert (report.frames_failed, report.frames_rendered, report.frames_passed) == (2, 6, 0)
    assert "2 frames were left as they were: drawing the mouth failed in them." in report.warnings
    assert len(planes_of(tmp_path / "out.mp4")) == 8


def test_a_frame_in_which_drawing_fails_keeps_its_pixels(glimpse: Path, failing: set[int]) -> None:
    failing.add(3)
    [(replacement, frames)] = spoken(glimpse, (0.9,))
    assert isinstance(replacement.first_fault, ZeroDivisionError)
    before = planes_of(glimpse)
    assert [bool((a == b).all()) for a, b in zip(before, frames, strict=True)] == [i == 3 for i in range(8)]


def test_a_job_fails_when_most_frames_do(
    glimpse: Path, quiet: Path, tmp_path: Path, failing: set[int]
) -> None:
    failing.update(range(5))
    with pytest.raises(MouthNotDrawn, match="5 frames") as caught:
        lip_sync(glimpse, SoundClip(path=quiet), tmp_path / "out.mp4")
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert list(tmp_path.iterdir()) == []


def test_the_mouth_of_these_tests_opens_as_told() -> None:
    assert mouth_curves([0.9]).values[0, Mouth.APERTURE] == pytest.approx(0.9)
