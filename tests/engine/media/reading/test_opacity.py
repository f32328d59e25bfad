"""The opacity of a film is kept where the output can, and what lies hidden under it never shows."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.stream import VideoStream
from numpy.typing import NDArray

from lipwright.engine.media.pixels.planes import i420_to_rgb
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.media.values import Container, VideoStretch
from lipwright.engine.media.writing.video_writer import VideoWriter

Rgb = NDArray[np.uint8]
Alpha = NDArray[np.uint8]
SIZE_WH, RATE, COUNT = (96, 64), Fraction(25), 6
# What is seen, and what lies hidden beside it.
SEEN_RGB, HIDDEN_RGB, WHITE_RGB = (60, 120, 200), (200, 40, 40), (255, 255, 255)
# Lossy coding of flat colours.
LEVELS = 10
CUT_OUT = (slice(0, 64), slice(32, 64))
FAR_OUTSIDE = (slice(0, 64), slice(0, 8))


def cut_out() -> tuple[Rgb, Alpha]:
    rgb = np.full((SIZE_WH[1], SIZE_WH[0], 3), HIDDEN_RGB, np.uint8)
    rgb[CUT_OUT] = SEEN_RGB
    alpha = np.zeros(rgb.shape[:2], np.uint8)
    alpha[CUT_OUT] = 255
    return rgb, alpha


def film(path: Path, codec: str, pixel_format: str, *, alpha: Alpha | None = None) -> Path:
    rgb, own = cut_out()
    rgba = np.dstack([rgb, own if alpha is None else alpha])
    with av.open(str(path), "w") as container:
        options = {"auto-alt-ref": "0", "b": "2M"} if codec.startswith("libvpx") else {}
        stream = container.add_stream(codec, rate=RATE, options=options)
        assert isinstance(stream, VideoStream)
        (stream.width, stream.height), stream.pix_fmt = SIZE_WH, pixel_format
        for index in range(COUNT):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgba), format="rgba")
            frame = frame.reformat(format=pixel_format, threads=1)
            frame.pts, frame.time_base = index, 1 / RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


FILMS = [
    ("v.webm", "libvpx-vp9", "yuva420p"),
    ("v.webm", "libvpx", "yuva420p"),
    ("v.mkv", "libvpx-vp9", "yuva420p"),
    ("v.mov", "prores_ks", "yuva444p10le"),
    ("v.mov", "qtrle", "argb"),
    ("v.mov", "png", "rgba"),
    ("v.mkv", "ffv1", "yuva420p"),
    ("v.mkv", "ffv1", "yuva444p"),
    ("v.avi", "utvideo", "gbrap"),
]


def mean(rgb: Rgb, part: tuple[slice, slice]) -> Rgb:
    return np.asarray(rgb[part].reshape(-1, 3).mean(axis=0))


def near(found: Rgb, wanted: tuple[int, int, int]) -> bool:
    return bool(np.abs(found - wanted).max() < LEVELS)


@pytest.mark.parametrize(("name", "codec", "pixel_format"), FILMS)
def test_a_cut_out_is_on_white_and_what_is_hidden_stays_so(
    tmp_path: Path, name: str, codec: str, pixel_format: str
) -> None:
    with VideoReader(film(tmp_path / name, codec, pixel_format)) as reader:
        frames = [i420_to_rgb(frame.i420, reader.colour) for frame in reader]
        assert reader.has_transparency
    assert len(frames) == COUNT
    assert near(mean(frames[2], CUT_OUT), SEEN_RGB)
    assert near(mean(frames[2], FAR_OUTSIDE), WHITE_RGB)


@pytest.mark.parametrize(("name", "codec", "pixel_format"), FILMS)
@pytest.mark.parametrize("container", [Container.WEBM, Container.MOV])
def test_opacity_goes_from_file_to_file(
    tmp_path: Path, name: str, codec: str, pixel_format: str, container: Container
) -> None:
    source, copy = film(tmp_path / name, codec, pixel_format), tmp_path / f"copy.{container.value}"
    with (
        VideoReader(source, keeps_alpha=True) as reader,
        VideoWriter(
            copy,
            size_wh=reader.size_wh,
            frame_rate=reader.frame_rate,
            colour=reader.colour,
            container=container,
            has_alpha=True,
        ) as writer,
    ):
        for frame in reader:
            writer.write(frame.i420, frame.alpha)
    with VideoReader(copy, keeps_alpha=True) as reader:
        frames = list(reader)
    assert len(frames) == COUNT
    _, alpha = cut_out()
    assert frames[2].alpha is not None
    assert np.abs(frames[2].alpha.astype(int) - alpha).mean() < 3
    rgb = i420_to_rgb(frames[2].i420, reader.colour)
    assert near(mean(rgb, CUT_OUT), SEEN_RGB)
    # Who takes the opacity away must not see it either.
    with av.open(str(copy)) as plain:
        bare = next(plain.decode(video=0)).to_ndarray(format="rgb24")
    assert near(mean(np.asarray(bare, np.uint8), FAR_OUTSIDE), WHITE_RGB)


def test_half_transparent_parts_keep_their_colour_and_share(tmp_path: Path) -> None:
    half = np.full((SIZE_WH[1], SIZE_WH[0]), 128, np.uint8)
    path = film(tmp_path / "v.mov", "qtrle", "argb", alpha=half)
    with VideoReader(path, keeps_alpha=True) as reader:
        frame = next(iter(reader))
        assert frame.alpha is not None
        assert (frame.alpha == 128).all()
        assert near(mean(i420_to_rgb(frame.i420, reader.colour), CUT_OUT), SEEN_RGB)
    with VideoReader(path) as reader:
        on_white = i420_to_rgb(next(iter(reader)).i420, reader.colour)
    wanted = tuple(round((seen + 255) / 2) for seen in SEEN_RGB)
    assert near(mean(on_white, CUT_OUT), wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "codec", "pixel_format"), FILMS)
def test_a_film_that_is_opaque_everywhere_is_no_cut_out(
    tmp_path: Path, name: str, codec: str, pixel_format: str
) -> None:
    opaque = np.full((SIZE_WH[1], SIZE_WH[0]), 255, np.uint8)
    with VideoReader(film(tmp_path / name, codec, pixel_format, alpha=opaque), keeps_alpha=True) as reader:
        assert [frame.alpha for frame in reader] == [None] * COUNT
        assert not reader.has_transparency


def test_opacity_turns_and_shrinks_with_the_picture(tmp_path: Path) -> None:
    rgb, alpha = cut_out()
    path = tmp_path / "v.mov"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("qtrle", rate=RATE)
        assert isinstance(stream, VideoStream)
        (stream.width, stream.height), stream.pix_fmt = SIZE_WH, "argb"
        stream.set_display_rotation(90)
        frame = av.VideoFrame.from_ndarray(np.dstack([rgb, alpha]), format="rgba").reformat(format="argb")
        frame.pts, frame.time_base = 0, 1 / RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with VideoReader(VideoStretch(path=path, max_resolution_px=48), keeps_alpha=True) as reader:
        shown = next(iter(reader))
    assert shown.alpha is not None
    assert reader.size_wh == (32, 48)
    assert shown.alpha.shape == (48, 32)
    assert shown.alpha[24, 16] == 255
    assert shown.alpha[2, 16] == shown.alpha[-2, 16] == 0
