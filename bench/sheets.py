"""Contact sheets to look at: `uv run python -m bench.sheets --assets FOLDER --out DIR`.

Lets each picture of FOLDER/images say one sentence in every manner and writes three PNG files for each: the
whole head, the mouth and the eyes, at moments through the clip and then in every third frame of its liveliest
second. Figures do not show what a stranger sees at once; look at these after every change of the renderer.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from enum import Enum
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from bench.pictures import (
    MANNERS,
    SENTENCE,
    Manner,
    Subject,
    add_picture_options,
    chosen_pictures,
    read_subject,
)
from lipwright.engine import SpokenLine, talking_photo
from lipwright.engine.boxes import Box
from lipwright.engine.errors import EngineError
from lipwright.engine.face import mesh
from lipwright.engine.face.measures import face_height_px
from lipwright.engine.media.reading.images import save_png

FRAME_RATE = Fraction(30)
# Moments of the clip on a sheet.
MOMENTS = 30
# Every how many frames of the liveliest second are shown.
LIVELY_STEP = 3
# How wide a sheet is, pixels: what a viewer shows without making it smaller.
SHEET_WIDTH_PX = 1560
GAP_PX = 4


Frame = NDArray[np.uint8]


class View(Enum):
    """What a sheet shows: the points of the mesh that it is about, face heights around them, tiles a row."""

    HEAD = (mesh.FACE_OVAL, 0.45, 10)
    MOUTH = (mesh.LIPS_OUTER, 0.16, 6)
    EYES = ((*mesh.EYE_LEFT, *mesh.EYE_RIGHT, *mesh.BROW_LEFT, *mesh.BROW_RIGHT), 0.10, 6)

    def box(self, subject: Subject) -> Box:
        """Its place in a picture."""
        indices, room, _ = self.value
        points = subject.face.landmarks_px
        margin_px = room * face_height_px(points)
        places = points[list(indices), :2]
        height, width = subject.rgb.shape[:2]
        low, high = places.min(axis=0) - margin_px, places.max(axis=0) + margin_px
        return Box.holding(*low, *high).clipped(Box.of_size((width, height)))


def main() -> None:
    """Make the sheets."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_picture_options(parser)
    parser.add_argument("--out", type=Path, required=True, help="the folder that the sheets go to")
    parser.add_argument("--videos", action="store_true", help="keep the videos beside them")
    parser.add_argument("--text", default=SENTENCE, help="what the pictures say")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for path in chosen_pictures(options):
        try:
            subject = read_subject(path)
        except EngineError as error:
            print(f"{path.name} is left out: {error}", file=sys.stderr)
            continue
        for manner in MANNERS:
            name = f"{path.stem}-{manner.name.replace(' ', '-')}"
            with tempfile.TemporaryDirectory() as folder:
                video = (options.out if options.videos else Path(folder)) / f"{name}.mp4"
                frames = speak(subject, manner, options.text, video)
            start = liveliest_second(frames, View.HEAD.box(subject))
            for view in View:
                path_out = options.out / f"{name}-{view.name.lower()}.png"
                save_png(path_out, sheet(frames, start, view.box(subject), view.value[2]))
                print(path_out, flush=True)


def speak(subject: Subject, manner: Manner, text: str, video: Path) -> list[Frame]:
    """Let a picture say a text, and give the frames that a player shows."""
    options = manner.options(frame_rate=FRAME_RATE, max_resolution_px=subject.max_resolution_px)
    talking_photo(subject.path, SpokenLine(text=text), video, options)
    with av.open(str(video)) as container:
        return [
            np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
            for frame in container.decode(container.streams.video[0])
        ]


def sheet(frames: Sequence[Frame], lively_start: int, box: Box, across: int) -> Frame:
    """A part of a whole clip: its moments, then after a wider gap the frames of the liveliest second."""
    moments = np.linspace(0, len(frames) - 1, MOMENTS).round().astype(int).tolist()
    lively = range(lively_start, min(lively_start + round(FRAME_RATE), len(frames)), LIVELY_STEP)
    parts = [tiled([frames[i][box.slices] for i in indices], across) for indices in (moments, lively)]
    gap = np.full((4 * GAP_PX, SHEET_WIDTH_PX, 3), 255, np.uint8)
    return np.concatenate([parts[0], gap, parts[1]])


def tiled(pictures: Sequence[Frame], across: int) -> Frame:
    """Pictures of one size in rows, as wide as a sheet."""
    height, width = pictures[0].shape[:2]
    step_px = SHEET_WIDTH_PX // across
    size_wh = (step_px - GAP_PX, round(height * (step_px - GAP_PX) / width))
    rows = -(-len(pictures) // across)
    page = np.full((rows * (size_wh[1] + GAP_PX), SHEET_WIDTH_PX, 3), 255, np.uint8)
    method = cv2.INTER_AREA if size_wh[0] < width else cv2.INTER_CUBIC
    for i, picture in enumerate(pictures):
        top, left = i // across * (size_wh[1] + GAP_PX), i % across * step_px
        page[top : top + size_wh[1], left : left + size_wh[0]] = cv2.resize(
            picture, size_wh, interpolation=method
        )
    return page


def liveliest_second(frames: Sequence[Frame], view: Box) -> int:
    """The frame that begins the second in which a view changes most."""
    small = [cv2.resize(frame[view.slices], (64, 64), interpolation=cv2.INTER_AREA) for frame in frames]
    change = np.abs(np.diff(np.stack(small).astype(np.int16), axis=0)).mean(axis=(1, 2, 3))
    second = min(round(FRAME_RATE), len(change))
    return int(np.convolve(change, np.ones(second), mode="valid").argmax())


if __name__ == "__main__":
    main()
