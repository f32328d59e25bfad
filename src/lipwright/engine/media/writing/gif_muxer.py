"""Animated GIF: small, silent, with a palette for every frame."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import av
import cv2
import numpy as np
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from lipwright.engine.media.pixels.planes import i420_to_rgb
from lipwright.engine.media.writing.output_file import WriteOnly
from lipwright.engine.media.writing.video_spec import VideoSpec

# Larger, a GIF of ten seconds has a hundred megabytes and nobody can send it.
MAX_GIF_SIDE_PX = 640
# Browsers play frames shorter than 2 hundredths of a second at a tenth of the speed; frames that would
# be shorter than this are left out.
_SHORTEST_FRAME_CS = 3
_CENTISECOND = Fraction(1, 100)
_TRAILER = b"\x3b"


class GifMuxer:
    """Frames into a GIF."""

    def __init__(self, file: Path | BinaryIO, spec: VideoSpec) -> None:
        """Open the container. The tag `comment` is kept in the file's own comment block, no other is."""
        self._file = CommentedGif(file, spec.tags.get("comment", ""))
        self._frame_rate = spec.frame_rate
        self._colour = spec.colour
        self._count = 0
        self._next_pts = 0
        shrink = min(1.0, MAX_GIF_SIDE_PX / max(spec.size_wh))
        width, height = (max(2, round(side * shrink)) for side in spec.size_wh)
        self._size_wh = (width, height)
        self._graph = _palette_graph(self._size_wh)
        self._container = av.open(self._file, "w", format="gif")
        # The encoder compares frames by index, which says nothing when each has its own palette.
        stream = self._container.add_stream("gif", rate=100, options={"gifflags": "0"})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = self._size_wh
        stream.pix_fmt = "pal8"
        stream.codec_context.time_base = _CENTISECOND
        self._stream = stream

    def write(self, frame: VideoFrame) -> None:
        """Append a frame, unless the one before it still shows."""
        pts = round(self._count / self._frame_rate / _CENTISECOND)
        self._count += 1
        if pts < self._next_pts:
            return
        self._next_pts = pts + _SHORTEST_FRAME_CS
        rgb = i420_to_rgb(np.asarray(frame.to_ndarray(), np.uint8), self._colour)
        if rgb.shape[1::-1] != self._size_wh:
            rgb = np.asarray(cv2.resize(rgb, self._size_wh, interpolation=cv2.INTER_AREA), np.uint8)
        self._graph.vpush(VideoFrame.from_ndarray(rgb, format="rgb24"))
        indexed = self._graph.vpull()
        indexed.pts, indexed.time_base = pts, _CENTISECOND
        self._container.mux(self._stream.encode(indexed))

    def finish(self) -> None:
        """Write what is left and close."""
        self._container.mux(self._stream.encode(None))
        self._container.close()
        self._file.finish()

    def abandon(self) -> None:
        """Close without finishing; does nothing after finish."""
        self._file.drop()
        # What fails here is of no interest: the file is about to be removed.
        with contextlib.suppress(OSError, av.FFmpegError):
            self._container.close()
        with contextlib.suppress(OSError):
            self._file.close()


class CommentedGif:
    """A file that gets a comment block before the last byte of the GIF written to it."""

    def __init__(self, file: Path | BinaryIO, comment: str) -> None:
        self._owns_file = isinstance(file, Path)
        self._raw = file.open("wb", buffering=0) if isinstance(file, Path) else file
        self._file = WriteOnly(self._raw)
        self._comment = comment.encode("ascii", "replace")
        self._held = b""

    def write(self, data: bytes) -> int:
        """Write all but the last byte, which waits."""
        whole = self._held + bytes(data)
        self._file.write(whole[:-1])
        self._held = whole[-1:]
        return len(data)

    def drop(self) -> None:
        """Write nothing from now on."""
        self._file.drop()

    def finish(self) -> None:
        """Write the comment and the last byte."""
        blocks = [self._comment[start : start + 255] for start in range(0, len(self._comment), 255)]
        body = b"".join(bytes([len(block)]) + block for block in blocks)
        self._file.write(b"\x21\xfe" + body + b"\x00" + (self._held or _TRAILER))
        self._file.flush()
        self.close()

    def close(self) -> None:
        """Close the file when it was opened here."""
        if self._owns_file:
            self._raw.close()


def _palette_graph(size_wh: tuple[int, int]) -> Graph:
    graph = Graph()
    source = graph.add_buffer(
        width=size_wh[0], height=size_wh[1], format=av.VideoFormat("rgb24"), time_base=_CENTISECOND
    )
    split = graph.add("split")
    palette = graph.add("palettegen", "stats_mode=single")
    # Ordered dither stays where it is from frame to frame; error diffusion would crawl.
    use = graph.add("paletteuse", "new=1:dither=bayer:bayer_scale=4")
    sink = graph.add("buffersink")
    source.link_to(split)
    split.link_to(use, 0, 0)
    split.link_to(palette, 1, 0)
    palette.link_to(use, 0, 1)
    use.link_to(sink)
    graph.configure()
    return graph
