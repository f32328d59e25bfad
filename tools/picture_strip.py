"""Renders the strip of frames that the README shows: the sample portrait while it speaks.

    python tools/picture_strip.py

Needs the extra `voice`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import cv2
import numpy as np

from lipwright.engine import SpokenLine, talking_photo

PROJECT = Path(__file__).resolve().parent.parent
PORTRAIT = PROJECT / "src" / "lipwright" / "samples" / "portrait.png"
STRIP = PROJECT / "docs" / "images" / "strip.png"
TEXT = "A moment ago I was only a photograph. Now I have something to say."
# Moments at which the mouth does something different each time, seconds.
MOMENTS_S = (0.05, 0.45, 0.80, 1.25, 1.60, 2.25, 2.90, 3.45)
# The head in the portrait: left, top, side, pixels.
HEAD = (140, 34, 170)
FRAME_SIDE_PX = 160


def main() -> None:
    """Render the sentence, cut the frames out and join them."""
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "talk.mp4"
        talking_photo(PORTRAIT, SpokenLine(text=TEXT), video)
        frames = [frame_at(video, moment_s) for moment_s in MOMENTS_S]
    left, top, side = HEAD
    heads = [
        cv2.resize(
            frame[top : top + side, left : left + side], (FRAME_SIDE_PX,) * 2, interpolation=cv2.INTER_AREA
        )
        for frame in frames
    ]
    STRIP.parent.mkdir(exist_ok=True)
    cv2.imwrite(str(STRIP), np.hstack(heads), [cv2.IMWRITE_PNG_COMPRESSION, 9])


def frame_at(video: Path, moment_s: float) -> cv2.typing.MatLike:
    """The frame that shows at a moment."""
    capture = cv2.VideoCapture(str(video))
    capture.set(cv2.CAP_PROP_POS_MSEC, moment_s * 1000)
    found, frame = capture.read()
    capture.release()
    if not found:
        raise SystemExit(f"the video has no frame at {moment_s} s; choose earlier moments")
    return frame


if __name__ == "__main__":
    main()
