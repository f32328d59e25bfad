"""Video files from frames: encoded in a thread of its own while the next frames are made.

A file appears only when it is whole.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from lipwright.engine.errors import OutputFailed
from lipwright.engine.media.label import Label
from lipwright.engine.media.pixels.alpha import Alpha, frame_with_alpha
from lipwright.engine.media.pixels.colour import HD_COLOUR, ColourProperties
from lipwright.engine.media.pixels.label import draw_label
from lipwright.engine.media.pixels.planes import I420, frame_size_wh
from lipwright.engine.media.values import BackgroundSound, Container, SoundClip, VideoStretch
from lipwright.engine.media.writing.encoders import carries_opacity
from lipwright.engine.media.writing.gif_muxer import GifMuxer
from lipwright.engine.media.writing.metadata import synthetic_tags
from lipwright.engine.media.writing.muxer import Muxer, VideoMuxer
from lipwright.engine.media.writing.output_file import PartialFile, is_device, output_error
from lipwright.engine.media.writing.video_spec import SQUARE_PIXELS, VideoSpec
from lipwright.engine.watermark.embedding import WatermarkEmbedder
from lipwright.engine.watermark.values import Watermark

# Frames that may wait for the encoder. One is too few to hide a key frame's cost; more only hold memory.
QUEUE_FRAMES = 4
# The encoder ends within a frame's time when it is told to, unless the pipe it writes to is stuck.
LONGEST_STOP_S = 5.0
# How often a waiting caller looks whether the encoder has failed.
_WAIT_S = 0.1


class VideoWriter:
    """Writes I420 frames and a sound to a video file or a stream. Use as a context manager.

    A clean exit finishes the file and gives it its name; an exception removes every trace of it.
    A failure of the encoder's thread is raised by the next write or by the exit.
    """

    def __init__(
        self,
        target: Path | BinaryIO,
        *,
        size_wh: tuple[int, int],
        frame_rate: Fraction,
        container: Container = Container.MP4,
        sound: SoundClip | None = None,
        background_sounds: Sequence[BackgroundSound] = (),
        passthrough: VideoStretch | None = None,
        colour: ColourProperties = HD_COLOUR,
        pixel_aspect: Fraction = SQUARE_PIXELS,
        longest_stop_s: float = LONGEST_STOP_S,
        metadata: Mapping[str, str] | None = None,
        has_alpha: bool = False,
        label: Label | None = None,
        watermark: Watermark | None = None,
    ) -> None:
        """Take what is to be written; nothing is opened before the `with`.

        longest_stop_s: how long the exit waits for an encoder that is stuck in its output.
        target: a file, or an open binary stream such as standard output, which is not closed.
        metadata: added to the tags that say "synthetic". label: laid on every frame, below the watermark.
        watermark: written into every frame just before it is encoded; the caller's array stays as it is.
        The others: see :class:`VideoSpec`.
        """
        self._target = target
        self._spec = VideoSpec(
            size_wh=size_wh,
            frame_rate=frame_rate,
            container=container,
            sound=sound,
            background_sounds=tuple(background_sounds),
            passthrough=passthrough,
            colour=colour,
            pixel_aspect=pixel_aspect,
            tags={**(metadata or {}), **synthetic_tags()},
            has_alpha=has_alpha and carries_opacity(container),
        )
        self._label = None if label is None else draw_label(label, size_wh, colour, pixel_aspect)
        self._embedder = None if watermark is None else WatermarkEmbedder(watermark, size_wh)
        self._warnings: list[str] = []
        self._queue: queue.Queue[VideoFrame | None] = queue.Queue(maxsize=QUEUE_FRAMES)
        self._count = 0
        self._abandoned = threading.Event()
        self._longest_stop_s = longest_stop_s
        self._failure: BaseException | None = None
        self._cleanup = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Open everything. Raises OutputNotWritable and what a bad sound raises."""
        with contextlib.ExitStack() as opened:
            self._partial, file = self._open_target(opened)
            self._muxer = self._open_muxer(file)
            self._thread = threading.Thread(target=self._encode, name="video-encoder", daemon=True)
            opened.callback(self._abandon)
            self._thread.start()
            self._cleanup = opened.pop_all()
        return self

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences on what could not be copied from the source; complete when the file is."""
        return tuple(self._warnings)

    def write(self, i420: I420, alpha: Alpha | None = None) -> None:
        """Append a frame; it is copied, so the array may be used again. Waits while the encoder is behind.

        alpha: its opacity, None where all of it is opaque; counts where the file has_alpha.
        """
        if frame_size_wh(i420) != self._spec.size_wh:
            raise ValueError(f"the frame is {frame_size_wh(i420)}, expected {self._spec.size_wh}")
        if self._label is not None:
            i420, alpha = i420.copy(), None if alpha is None else alpha.copy()
            self._label.lay_on(i420, alpha if self._spec.has_alpha else None)
        if self._spec.has_alpha:
            self._put(frame_with_alpha(i420, alpha))
        else:
            self._put(VideoFrame.from_ndarray(i420, format="yuv420p"))
        self._count += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._cleanup:
            try:
                if error is None:
                    self._finish()
            finally:
                self._stop()

    def _open_target(self, opened: contextlib.ExitStack) -> tuple[PartialFile | None, Path | BinaryIO]:
        if not isinstance(self._target, Path):
            return None, self._target
        if is_device(self._target):
            try:
                return None, opened.enter_context(self._target.open("wb", buffering=0))
            except OSError as error:
                raise output_error(error, self._target) from error
        partial = PartialFile(self._target)
        opened.callback(partial.discard)
        return partial, partial.path

    def _open_muxer(self, file: Path | BinaryIO) -> Muxer:
        if self._spec.container is Container.GIF:
            return GifMuxer(file, self._spec)
        return VideoMuxer(file, self._spec, self._warnings.append)

    def _encode(self) -> None:
        """The encoder's thread."""
        try:
            while (frame := self._queue.get()) is not None:
                if self._abandoned.is_set():
                    return
                if self._embedder is not None:
                    self._embedder.mark(_luma_of(frame))
                self._muxer.write(frame)
            if not self._abandoned.is_set():
                self._muxer.finish()
        except BaseException as error:
            self._failure = error

    def _put(self, frame: VideoFrame | None) -> None:
        while True:
            self._raise_failure()
            try:
                self._queue.put(frame, timeout=_WAIT_S)
            except queue.Full:
                continue
            return

    def _finish(self) -> None:
        if self._count == 0:
            raise OutputFailed("There is no frame to write. Choose a longer stretch.")
        self._put(None)
        while self._thread.is_alive():
            self._thread.join(_WAIT_S)
        self._raise_failure()
        if self._partial is not None:
            self._partial.keep()

    def _stop(self) -> None:
        """End the thread, whatever it does; frames that wait are dropped. Does nothing when it has ended."""
        self._abandoned.set()
        with contextlib.suppress(queue.Empty):
            while True:
                self._queue.get_nowait()
        self._queue.put(None)
        self._thread.join(self._longest_stop_s)

    def _abandon(self) -> None:
        # A thread that is stuck in a pipe which nobody reads still uses the muxer; it ends with the process.
        if not self._thread.is_alive():
            self._muxer.abandon()

    def _raise_failure(self) -> None:
        error = self._failure
        if error is None:
            return
        if isinstance(error, OSError):
            name = self._target if isinstance(self._target, Path) else "The stream"
            raise output_error(error, name) from error
        raise error


def _luma_of(frame: VideoFrame) -> NDArray[np.uint8]:
    """The plane of luma of a frame of our own, uint8 (height, width), to be written into."""
    plane = frame.planes[0]
    return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[
        : frame.height, : frame.width
    ]
