"""Small pictures of the sample portrait, and videos that several tests look at."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.media.values import SoundClip
from lipwright.engine.pipelines.options import SpokenLine, TalkingPhotoOptions
from lipwright.engine.pipelines.talking_photo import talking_photo
from lipwright.engine.progress import JobContext, ProgressEvent
from tests.engine.pipelines.talking_photo.finished_videos import Made, Make
from tests.support.sounds import voice, write_sound

# Enough frames to see what moves, few enough to be quick.
FRAME_RATE = Fraction(10)


@pytest.fixture(scope="session")
def save(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, NDArray[np.uint8]], Path]:
    """Writes a picture under a name."""
    folder = tmp_path_factory.mktemp("pictures")

    def write(name: str, rgb: NDArray[np.uint8]) -> Path:
        assert cv2.imwrite(str(folder / name), np.ascontiguousarray(rgb[..., ::-1]))
        return folder / name

    return write


@pytest.fixture(scope="session")
def head(save: Callable[[str, NDArray[np.uint8]], Path], portrait_rgb: NDArray[np.uint8]) -> Path:
    """The portrait's head, 240x240, the face 93 pixels wide."""
    return save("head.png", portrait_rgb[:240, 110:350])


@pytest.fixture(scope="session")
def large_head(save: Callable[[str, NDArray[np.uint8]], Path], portrait_rgb: NDArray[np.uint8]) -> Path:
    """The same twice as large, where landmarks are exact."""
    large = cv2.resize(portrait_rgb[:240, 110:350], (480, 480), interpolation=cv2.INTER_CUBIC)
    return save("large.png", np.asarray(large, np.uint8))


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> SoundClip:
    """Something like a voice, half a second."""
    return SoundClip(path=write_sound(tmp_path_factory.mktemp("sounds") / "voice.wav", voice(0.5)))


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Makes a picture speak: make(picture, voice, **options)."""
    folder = tmp_path_factory.mktemp("videos")

    def video(picture: Path, voice: SoundClip | SpokenLine, **options: Any) -> Made:
        path = folder / f"{len(list(folder.iterdir()))}.mp4"
        events: list[ProgressEvent] = []
        settings = TalkingPhotoOptions(**{"frame_rate": FRAME_RATE, **options})
        report = talking_photo(picture, voice, path, settings, JobContext(events.append))
        return Made(path=path, report=report, events=events)

    return video
