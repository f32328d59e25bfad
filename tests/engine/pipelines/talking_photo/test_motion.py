"""How the motion of a photo begins, ends and keeps to what the picture bears."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.media.values import SoundClip
from lipwright.engine.render.patch import Patch
from lipwright.engine.render.photo.renderer import PhotoRenderer
from tests.engine.pipelines.talking_photo.finished_videos import Make, play

LOW = HeadLimits(yaw_deg=5, pitch_deg=4, roll_deg=3)


class SpyingRenderer(PhotoRenderer):
    """Keeps what it is asked to draw, and bears what a test says."""

    asked: list[tuple[NDArray[np.float32], float]]

    @property
    def head_limits(self) -> HeadLimits:
        return LOW

    def draw(
        self, mouth: NDArray[np.float32], gesture: NDArray[np.float32], share: float = 1.0
    ) -> Iterator[Patch]:
        self.asked.append((gesture.copy(), share))
        return super().draw(mouth, gesture, share)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[NDArray[np.float32], float]]:
    """What the renderer of a picture that bears little motion is asked to draw."""
    SpyingRenderer.asked = []
    monkeypatch.setattr("lipwright.engine.pipelines.talking_photo.PhotoRenderer", SpyingRenderer)
    return SpyingRenderer.asked


def test_the_first_and_last_frames_are_the_picture(
    head: Path, sound: SoundClip, make: Make, asked: list[tuple[NDArray[np.float32], float]]
) -> None:
    film = play(make(head, sound, frame_rate=Fraction(30)).path)
    for gesture, share in (asked[0], asked[-1]):
        assert not gesture.any()
        assert share == 0
    assert max(share for _, share in asked) == 1
    assert np.abs(film.frames[0].astype(int) - film.frames[-1]).mean() < 1


def test_a_picture_that_hardly_bears_motion_is_told_in_the_report(
    head: Path, sound: SoundClip, make: Make, asked: list[tuple[NDArray[np.float32], float]]
) -> None:
    report = make(head, sound).report
    assert report.head_limits == LOW
    assert any("5 degrees" in warning for warning in report.warnings)
    assert asked


def test_a_still_head_has_no_limits_to_tell(
    head: Path, sound: SoundClip, make: Make, asked: list[tuple[NDArray[np.float32], float]]
) -> None:
    report = make(head, sound, still=True).report
    assert report.head_limits is None
    assert report.warnings == ()
    assert asked
