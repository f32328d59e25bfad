"""The pictures whose talking is measured and looked at, and the sentence that they say."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.errors import EngineError
from lipwright.engine.face.choose import choose_faces
from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.face.values import Face
from lipwright.engine.media.reading.images import crop_to_even, fit_within, load_picture
from lipwright.engine.pipelines.modes import PhotoMode
from lipwright.engine.pipelines.options import TalkingPhotoOptions

ROOT = Path(__file__).resolve().parents[1]
# Large pictures are made smaller: they move alike, and all of them are done in ten minutes.
MAX_RESOLUTION_PX = 900
# A face narrower than this is measured at the picture's own size: the tracker's error of a pixel would drown
# what a small mouth does.
LEAST_FACE_WIDTH_PX = 120
# Eight seconds with every lip shape: shut for p b m, round for u and w, wide for ee, teeth on the lip for f
# and v, wide open for ah.
SENTENCE = (
    "We keep a big blue moon above the pool. Who would bring five happy people home for a warm apple pie? "
    "Oh, I must move away!"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Subject:
    """A picture that is to speak.

    path: its file. rgb: uint8 (height, width, 3), as the pipeline reads it with max_resolution_px.
    face: the one that speaks.
    """

    path: Path
    rgb: NDArray[np.uint8]
    face: Face
    max_resolution_px: int | None

    def __post_init__(self) -> None:
        check_array(self, "rgb", np.uint8, ("height", "width", 3))


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """A way of speaking that is measured."""

    name: str
    mode: PhotoMode
    intensity: float = 1.0

    def options(self, **others: object) -> TalkingPhotoOptions:
        """The options that ask for it."""
        return TalkingPhotoOptions(mode=self.mode, intensity=self.intensity, **others)  # type: ignore[arg-type]


MANNERS = (
    Manner(name="realistic", mode=PhotoMode.REALISTIC),
    Manner(name="expressive 1.5", mode=PhotoMode.PROMPTED, intensity=1.5),
)


def add_picture_options(parser: argparse.ArgumentParser) -> None:
    """The options that choose pictures; see :func:`chosen_pictures`."""
    default = Path(os.environ.get("LIPWRIGHT_ASSETS", ROOT.parent / "shared" / "assets"))
    parser.add_argument("--assets", type=Path, default=default, help="the folder that holds images/")
    parser.add_argument("--pictures", nargs="+", metavar="NAME", help="only these, by a part of their names")


def chosen_pictures(options: argparse.Namespace) -> list[Path]:
    """The pictures that the options name. Ends the program where there are none."""
    paths = sorted(path for path in (options.assets / "images").glob("*") if path.suffix != ".md")
    if options.pictures:
        paths = [path for path in paths if any(name in path.name for name in options.pictures)]
    if not paths:
        raise SystemExit(f"there are no such pictures in {options.assets / 'images'}")
    return paths


def read_subject(path: Path) -> Subject:
    """Read a picture and find its largest face. Raises EngineError where nobody in it can speak."""
    picture = load_picture(path)
    for max_resolution_px in (MAX_RESOLUTION_PX, None):
        photo = picture if max_resolution_px is None else fit_within(picture, max_resolution_px)
        photo = crop_to_even(photo)
        try:
            (face,) = choose_faces(find_faces(photo.rgb), "largest", size_wh=photo.size_wh)
        except EngineError:
            if max_resolution_px is None:
                raise
            continue
        if max_resolution_px is None or face.box_xyxy[2] - face.box_xyxy[0] >= LEAST_FACE_WIDTH_PX:
            break
    return Subject(path=path, rgb=photo.rgb, face=face, max_resolution_px=max_resolution_px)
