"""Who is in a picture or a video: faces with their numbers, and each cut out of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.errors import BadInput
from lipwright.engine.face.choose import find_obstacle
from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.face.values import Face
from lipwright.engine.media.pixels.planes import i420_to_rgb
from lipwright.engine.media.reading.images import load_picture, save_png
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.media.values import Picture, VideoStretch
from lipwright.engine.progress import JobContext, Stage

# Share of the face's size added on every side: less cuts off chin and brow, more shows the neighbour.
MARGIN = 0.25
# Who is in a video is seen in its first seconds; every further one costs as much again.
FACES_WITHIN_S = 20.0
# Enough for small faces in a wide shot; a larger frame is searched several times longer.
FACES_PX = 1920


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PictureFaces:
    """Who is in a picture.

    faces: the larger first; a face's place is its number. obstacles: for each face, why it cannot be made to
    speak; None where it can.
    """

    picture: Picture
    faces: tuple[Face, ...]
    obstacles: tuple[BadInput | None, ...]


def picture_faces(path: Path) -> PictureFaces:
    """Everybody in a picture; nobody is no error. Raises what a picture that cannot be used raises."""
    picture = load_picture(path)
    faces = find_faces(picture.rgb)
    return PictureFaces(
        picture=picture,
        faces=faces,
        obstacles=tuple(find_obstacle(face, size_wh=picture.size_wh) for face in faces),
    )


def face_crops(
    source: Path,
    folder: Path,
    *,
    is_video: bool = False,
    min_confidence: float = 0.5,
    context: JobContext | None = None,
) -> tuple[str, ...]:
    """Write every face of a picture or a video into a folder, as MOMENT-NUMBER.png, and give the names.

    is_video: of a video, one frame a second of the first 20 s is searched; a picture is moment 0.
    min_confidence: 0 to 1, less sure faces are left out. Raises what a picture or video that cannot be used
    raises, and Cancelled.
    """
    context = context or JobContext()
    context.enter(Stage.FINDING_FACE)
    names = []
    for moment, rgb in enumerate(_moments(source) if is_video else [load_picture(source).rgb]):
        context.check()
        for number, face in enumerate(find_faces(rgb, min_confidence=min_confidence)):
            names.append(f"{moment}-{number}.png")
            save_png(folder / names[-1], crop_face(rgb, face))
    return tuple(names)


def crop_face(rgb: NDArray[np.uint8], face: Face) -> NDArray[np.uint8]:
    """The part of a picture around a face, uint8 (height, width, 3), at least one pixel."""
    left, top, right, bottom = (float(edge) for edge in face.box_xyxy)
    margin_px = MARGIN * max(right - left, bottom - top)
    around = Box.holding(left - margin_px, top - margin_px, right + margin_px, bottom + margin_px)
    whole = Box.of_size((rgb.shape[1], rgb.shape[0]))
    return np.ascontiguousarray(rgb[around.clipped(whole, least_px=1).slices])


def _moments(video: Path) -> Iterator[NDArray[np.uint8]]:
    """One frame for each second of the beginning of a video, uint8 (height, width, 3)."""
    beginning = VideoStretch(
        path=video, end_s=FACES_WITHIN_S, max_frame_rate=Fraction(1), max_resolution_px=FACES_PX
    )
    with VideoReader(beginning) as reader:
        for frame in reader:
            yield i420_to_rgb(frame.i420, reader.colour)
