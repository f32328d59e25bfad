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
from lipwright.engine.face.find.landmarks import Mesh, refine
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

    def box(self, points_px: NDArray[np.float32], subject: Subject) -> Box:
        """Its place where a mesh is, of the size that it has in the photo."""
        indices, room, _ = self.value
        photo = subject.face.landmarks_px
        reach = np.ptp(photo[list(indices), :2], axis=0) / 2 + room * face_height_px(photo)
        low, high = points_px[list(indices), :2].min(axis=0), points_px[list(indices), :2].max(axis=0)
        middle = (low + high) / 2
        return Box.holding(*(middle - reach), *(middle + reach))


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
            points = subject.face.landmarks_px
            head = View.HEAD.box(points, subject).clipped(Box.of_size(subject.rgb.shape[1::-1]))
            shown = shown_frames(len(frames), liveliest_second(frames, head))
            for view in View:
                path_out = options.out / f"{name}-{view.name.lower()}.png"
                save_png(path_out, sheet(frames, shown, subject, view))
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


def shown_frames(count: int, lively_start: int) -> tuple[list[int], list[int]]:
    """Which frames a sheet shows: moments of the whole clip, and its liveliest second."""
    moments = np.linspace(0, count - 1, MOMENTS).round().astype(int).tolist()
    return moments, list(range(lively_start, min(lively_start + round(FRAME_RATE), count), LIVELY_STEP))


def sheet(frames: Sequence[Frame], shown: tuple[list[int], list[int]], subject: Subject, view: View) -> Frame:
    """A view of the frames that are shown; mouth and eyes are followed, the head moves in its tile."""

    def tile(frame: Frame) -> Frame:
        points = subject.face.landmarks_px
        if view is not View.HEAD:
            points = refine(frame, Mesh(points_px=points, confidence=1.0)).points_px
        return cut(frame, view.box(points, subject))

    parts = [tiled([tile(frames[i]) for i in indices], view.value[2]) for indices in shown]
    gap = np.full((4 * GAP_PX, SHEET_WIDTH_PX, 3), 255, np.uint8)
    return np.concatenate([parts[0], gap, parts[1]])


def cut(frame: Frame, box: Box) -> Frame:
    """A box of a frame; what lies outside the frame is white."""
    inside = box.clipped(Box.of_size((frame.shape[1], frame.shape[0])))
    page = np.full((box.height, box.width, 3), 255, np.uint8)
    if not inside.is_empty:
        page[inside.seen_from(box).slices] = frame[inside.slices]
    return page


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
