"""What a file holds is found from its content."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image

from lipwright.engine.errors import BadVideoFile, BadVideoPath
from lipwright.engine.media.pixels.colour import SMPTE170M, TRANSFER_PQ
from lipwright.engine.media.probe import probe_media
from tests.support.pictures import gradient
from tests.support.sounds import tone, write_sound
from tests.support.videos import write_clip

NTSC = Fraction(30000, 1001)


def test_a_video_tells_its_size_rate_and_length(tmp_path: Path) -> None:
    info = probe_media(write_clip(tmp_path / "v.mp4", count=30, frame_rate=NTSC, sound=tone(1.0)))
    assert info.has_video
    assert info.has_audio
    assert not info.is_still
    assert info.video is not None
    assert info.video.size_wh == (64, 48)
    assert info.video.frame_rate == NTSC
    assert info.video.frame_count == 30
    assert not info.video.is_variable_rate
    assert info.video.codec == "h264"
    assert info.duration_s == pytest.approx(1.001, abs=0.001)


@pytest.mark.parametrize(
    "frame_rate", [Fraction(24000, 1001), Fraction(25), Fraction(30), NTSC, Fraction(60)]
)
def test_a_common_rate_is_exact_in_every_container(tmp_path: Path, frame_rate: Fraction) -> None:
    for name, codec in (("v.mp4", "libx264"), ("v.webm", "libvpx-vp9"), ("v.mkv", "libx264")):
        info = probe_media(write_clip(tmp_path / name, count=40, frame_rate=frame_rate, codec=codec))
        assert info.video is not None
        assert info.video.frame_rate == frame_rate
        assert not info.video.is_variable_rate, name


def test_a_variable_rate_is_noticed(tmp_path: Path) -> None:
    times_s = [Fraction(index + (index > 5) * 3, 30) for index in range(20)]
    info = probe_media(write_clip(tmp_path / "v.mp4", count=20, frame_rate=Fraction(30), times_s=times_s))
    assert info.video is not None
    assert info.video.is_variable_rate
    assert info.video.frame_rate == 30


def test_a_rate_that_would_be_mostly_repeats_is_not_taken(tmp_path: Path) -> None:
    # Two frames lie a sixtieth of a second apart, all others a fifteenth.
    times_s = [Fraction(4 * index + (index > 15), 60) for index in range(30)]
    info = probe_media(write_clip(tmp_path / "v.mp4", count=30, frame_rate=Fraction(60), times_s=times_s))
    assert info.video is not None
    assert info.video.frame_rate == 15


def test_who_made_a_video_is_told_and_what_made_it_is_not(tmp_path: Path) -> None:
    tags = {"title": "A speech", "artist": "Somebody", "comment": "made by an editor"}
    info = probe_media(write_clip(tmp_path / "v.mp4", tags=tags))
    assert dict(info.tags) == {"title": "A speech", "artist": "Somebody"}


def test_a_turned_video_tells_its_upright_size(tmp_path: Path) -> None:
    info = probe_media(write_clip(tmp_path / "v.mp4", rotation_deg=90))
    assert info.video is not None
    assert info.video.size_wh == (48, 64)
    assert abs(info.video.rotation_deg) == 90


def test_deep_colour_and_its_tags_are_told(tmp_path: Path) -> None:
    path = write_clip(
        tmp_path / "v.mp4", codec="libx265", pix_fmt="yuv420p10le", colour=(9, 9, TRANSFER_PQ, 1)
    )
    video = probe_media(path).video
    assert video is not None
    assert video.bit_depth == 10
    assert video.colour.is_hdr
    assert (video.colour.matrix_code, video.colour.primaries_code) == (9, 9)


def test_untagged_small_video_is_standard_definition(tmp_path: Path) -> None:
    video = probe_media(write_clip(tmp_path / "v.mp4", colour=(2, 2, 2, 0))).video
    assert video is not None
    assert video.colour.matrix_code == SMPTE170M
    assert not video.colour.is_full_range


def test_a_still_picture_is_a_still(tmp_path: Path) -> None:
    Image.fromarray(gradient(40, 30)).save(tmp_path / "p.mp4", format="JPEG")
    info = probe_media(tmp_path / "p.mp4")
    assert info.is_still
    assert info.still_size_wh == (40, 30)
    assert not info.has_video


def test_a_sound_has_no_video(tmp_path: Path) -> None:
    info = probe_media(write_sound(tmp_path / "s.mp3", tone(1.0)))
    assert info.has_audio
    assert info.video is None
    assert info.duration_s == pytest.approx(1.0, abs=0.05)


def test_what_is_no_media_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadVideoPath):
        probe_media(tmp_path / "nothing.mp4")
    (tmp_path / "v.mp4").write_bytes(b"not a video")
    with pytest.raises(BadVideoFile):
        probe_media(tmp_path / "v.mp4")
    write_clip(tmp_path / "cut.mp4")
    (tmp_path / "cut.mp4").write_bytes((tmp_path / "cut.mp4").read_bytes()[:1000])
    with pytest.raises(BadVideoFile):
        probe_media(tmp_path / "cut.mp4")
