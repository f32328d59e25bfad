"""The frames of a video as those who look for faces take them: views that convert only what is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from lipwright.engine.media.pixels.frame_view import PlanesView
from lipwright.engine.media.reading.video_reader import VideoReader


def frame_views(reader: VideoReader) -> Iterator[PlanesView | None]:
    """Every frame in order; None where the picture of the frame before is shown again."""
    for frame in reader:
        yield None if frame.is_repeat else PlanesView(frame.i420, reader.colour)
