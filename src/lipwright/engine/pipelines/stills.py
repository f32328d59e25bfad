"""Small pictures of a picture or a video, to be looked at before or while anything is made of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.errors import BadInput, BadVideoFile
from lipwright.engine.face.choose import find_obstacle
from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.media.pixels.planes import i420_to_rgb
from lipwright.engine.media.probe import probe_media
from lipwright.engine.media.reading.images import fit_within, jpeg_of, load_picture
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.media.values import Picture, VideoStretch
from lipwright.engine.pipelines.face_crops import FACES_PX, PictureFaces

# A video up to this long is decoded as a whole for its strip; in a longer one the frames are sought, each
# from the key frame before it.
SHORT_VIDEO_S = 20.0
# A strip is looked at while somebody waits: what was not found by then is left out.
STRIP_PATIENCE_S = 6.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Still:
    """One moment of a file as a JPEG. at_s: seconds of the file, 0 of a picture."""

    at_s: float
    jpeg: bytes


def media_stills(path: Path, *, count: int, longer_side_px: int) -> tuple[Still, ...]:
    """Up to `count` moments, evenly over a video and in their order; a picture has one.

    Fewer where the file is short or slow to read. Raises what a file that cannot be used raises.
    """
    info = probe_media(path)
    if info.is_still:
        picture = fit_within(load_picture(path), longer_side_px)
        return (Still(at_s=0.0, jpeg=jpeg_of(picture.rgb)),)
    if info.video is None:
        return ()
    begun_s = time.monotonic()
    found = []
    for at_s, rgb in _moments(path, info.duration_s, count, longer_side_px):
        found.append(Still(at_s=at_s, jpeg=jpeg_of(rgb)))
        if len(found) == count or time.monotonic() - begun_s > STRIP_PATIENCE_S:
            break
    return tuple(sorted(found, key=lambda still: still.at_s))


def video_faces(path: Path, at_s: float = 0.0) -> PictureFaces:
    """Everybody in a frame of a video, numbered as a lip sync that begins there numbers them.

    Nobody is no error. Raises what a video that cannot be used raises, and BadParameters for a moment after
    its end.
    """
    with VideoReader(
        VideoStretch(path=path, start_s=at_s, max_resolution_px=FACES_PX), looks_ahead=False
    ) as reader:
        for frame in reader:
            rgb = i420_to_rgb(frame.i420, reader.colour)
            faces = find_faces(rgb)
            size_wh = (rgb.shape[1], rgb.shape[0])
            return PictureFaces(
                picture=Picture(rgb=rgb),
                faces=faces,
                obstacles=tuple(find_obstacle(face, size_wh=size_wh) for face in faces),
            )
    raise BadVideoFile(f"No frame of {path.name} can be decoded. Save it again as MP4 (H.264).")


def _moments(
    path: Path, duration_s: float, count: int, longer_side_px: int
) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    if duration_s <= SHORT_VIDEO_S:
        rate = Fraction(count / max(duration_s, 0.1)).limit_denominator(1000)
        stretch = VideoStretch(path=path, max_frame_rate=rate, max_resolution_px=longer_side_px)
        with VideoReader(stretch, looks_ahead=False) as reader:
            for frame in reader:
                yield float(frame.index / reader.frame_rate), i420_to_rgb(frame.i420, reader.colour)
        return
    for share in _coarse_first(count):
        at_s = share * duration_s
        with suppress(BadInput):  # a damaged place: the others are shown
            stretch = VideoStretch(path=path, start_s=at_s, max_resolution_px=longer_side_px)
            with VideoReader(stretch, looks_ahead=False) as reader:
                for frame in reader:
                    yield at_s, i420_to_rgb(frame.i420, reader.colour)
                    break


def _coarse_first(count: int) -> list[float]:
    """Shares of a length, evenly spread: every fourth first, so that a part of them is spread as well."""
    return [(place + 0.5) / count for first in (0, 2, 1, 3) for place in range(first, count, 4)]
