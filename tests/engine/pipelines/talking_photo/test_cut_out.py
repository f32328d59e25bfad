"""A cut-out picture stays cut out where head and file allow it, and is on white with a word elsewhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lipwright.engine.media.pixels.planes import i420_to_rgb
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.media.values import Container, SoundClip
from lipwright.engine.pipelines.options import TalkingPhotoOptions
from lipwright.engine.pipelines.report import PICTURE_ON_WHITE_WARNING
from lipwright.engine.pipelines.talking_photo import talking_photo
from tests.support.portrait import read_portrait
from tests.support.sounds import voice, write_sound

HIDDEN_PX = 90


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> SoundClip:
    return SoundClip(path=write_sound(tmp_path_factory.mktemp("speech") / "s.wav", voice(0.3)))


def cut_out(path: Path) -> Path:
    """The sample portrait with nothing on both sides, and red hidden there."""
    rgb = read_portrait().copy()
    alpha = np.full(rgb.shape[:2], 255, np.uint8)
    alpha[:, :HIDDEN_PX] = alpha[:, -HIDDEN_PX:] = 0
    rgb[alpha == 0] = (220, 20, 20)
    Image.fromarray(np.dstack([rgb, alpha])).save(path)
    return path


@pytest.mark.parametrize("kind", ["webm", "mov"])
def test_a_still_head_stays_cut_out(tmp_path: Path, speech: SoundClip, kind: str) -> None:
    output = tmp_path / f"out.{kind}"
    options = TalkingPhotoOptions(still=True, container=Container(kind))
    report = talking_photo(cut_out(tmp_path / "p.png"), speech, output, options)
    assert PICTURE_ON_WHITE_WARNING not in report.warnings
    with VideoReader(output, keeps_alpha=True) as reader:
        frames = list(reader)
    assert len(frames) == report.frame_count
    for frame in frames:
        assert frame.alpha is not None
        assert frame.alpha[:, :80].max() < 10
        assert frame.alpha[:, 100:400].min() > 245
    # What is hidden is gone.
    assert i420_to_rgb(frames[0].i420, reader.colour)[:, :60].min() > 200


@pytest.mark.parametrize(("kind", "still"), [("webm", False), ("mp4", True), ("gif", True)])
def test_elsewhere_it_is_on_white_with_a_word(
    tmp_path: Path, speech: SoundClip, kind: str, still: bool
) -> None:
    output = tmp_path / f"out.{kind}"
    options = TalkingPhotoOptions(still=still, container=Container(kind))
    report = talking_photo(cut_out(tmp_path / "p.png"), speech, output, options)
    assert PICTURE_ON_WHITE_WARNING in report.warnings
    if kind == "gif":
        return
    with VideoReader(output, keeps_alpha=True) as reader:
        frames = list(reader)
    assert {frame.alpha is None for frame in frames} == {True}
    assert i420_to_rgb(frames[0].i420, reader.colour)[:, :60].min() > 240


def test_an_opaque_picture_gets_no_word(tmp_path: Path, speech: SoundClip) -> None:
    path = tmp_path / "p.png"
    rgb = read_portrait()
    Image.fromarray(np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])).save(path)
    options = TalkingPhotoOptions(still=True, container=Container.WEBM)
    report = talking_photo(path, speech, tmp_path / "out.webm", options)
    assert PICTURE_ON_WHITE_WARNING not in report.warnings
