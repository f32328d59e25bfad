"""Whether a video or pictures of it bear a mark of ours, and which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.errors import BadParameters, BadVideoFile
from lipwright.engine.media.pixels.planes import frame_size_wh, rgb_to_i420
from lipwright.engine.media.probe import probe_media
from lipwright.engine.media.reading.gif_frames import gif_frames, is_gif
from lipwright.engine.media.reading.images import crop_to_even, load_picture
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.media.values import Picture, VideoStretch
from lipwright.engine.watermark.residual import ResidualSum
from lipwright.engine.watermark.search import find_mark
from lipwright.engine.watermark.values import PUBLIC_WATERMARK_KEY, FoundWatermark, check_watermark_key

# Frames that are looked at: neighbours are so alike that more of them say nothing new.
_FRAMES_PER_S = Fraction(8)
# Of a longer video some stretches, evenly, are looked at.
_WHOLE_S = 16.0
_STRETCHES, _STRETCH_S = 4, 4.0
_GIF_FRAMES = 40


def find_watermark(
    path: Path | Sequence[Path], keys: Sequence[bytes] = (PUBLIC_WATERMARK_KEY,)
) -> FoundWatermark | None:
    """The mark in a video, a GIF, a picture or several screenshots of one video; None where there is none.

    path: one file, or pictures that show the same video. keys: each is tried.
    Where a video was made from another marked one, the stronger mark counts, which is the newer.
    Raises BadParameters (no file, no key, a key that is too short) and what an unusable file raises.
    """
    paths = (path,) if isinstance(path, Path) else tuple(path)
    if not paths or not keys:
        raise BadParameters("Name at least one file and one key.")
    for key in keys:
        check_watermark_key(key)
    sums: dict[tuple[int, int], ResidualSum] = {}
    counts: dict[tuple[int, int], int] = defaultdict(int)
    for each in paths:
        for luma in _planes(each):
            size_wh = (luma.shape[1], luma.shape[0])
            counts[size_wh] += 1
            sums.setdefault(size_wh, ResidualSum(size_wh)).add(luma)
    # Pictures of different sizes do not add up: those of the size that most have are read.
    return find_mark(sums[max(counts, key=lambda size_wh: counts[size_wh])].mean, keys)


def _planes(path: Path) -> Iterator[NDArray[np.uint8]]:
    """The planes of luma of a file that are looked at, uint8 (height, width)."""
    if path.is_file() and is_gif(path):
        for rgb in gif_frames(path, _GIF_FRAMES):
            yield _luma_of(Picture(rgb=rgb))
        return
    info = probe_media(path)
    if info.is_still:
        yield _luma_of(load_picture(path))
        return
    if not info.has_video:
        raise BadVideoFile(f"{path.name} holds no picture. Choose a video or a picture.")
    for stretch in _stretches(path, info.duration_s):
        with VideoReader(stretch, looks_ahead=False) as reader:
            for frame in reader:
                if not frame.is_repeat:
                    yield frame.i420[: frame_size_wh(frame.i420)[1]]


def _luma_of(picture: Picture) -> NDArray[np.uint8]:
    i420 = rgb_to_i420(crop_to_even(picture).rgb)
    return i420[: frame_size_wh(i420)[1]]


def _stretches(path: Path, duration_s: float) -> list[VideoStretch]:
    if duration_s <= _WHOLE_S:
        return [VideoStretch(path=path, max_frame_rate=_FRAMES_PER_S)]
    starts_s = np.linspace(0, duration_s - 2 * _STRETCH_S, _STRETCHES)
    return [
        VideoStretch(
            path=path, start_s=float(start_s), end_s=float(start_s) + _STRETCH_S, max_frame_rate=_FRAMES_PER_S
        )
        for start_s in starts_s
    ]
