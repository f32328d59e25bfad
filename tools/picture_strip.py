"""Renders the strips of the pages: the sample portrait while it speaks, and the shapes that it can make.

    python tools/picture_strip.py

Writes docs/images/strip.png, which the README shows, and docs/images/shapes.png of the page on rendering.
Needs the extra `voice`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from lipwright.engine import SpokenLine, TalkingPhotoOptions, talking_photo
from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.face.find.landmarks import Mesh, find_faces, refine
from lipwright.engine.face.mesh import (
    EYE_LEFT_INNER_CORNER,
    EYE_RIGHT_INNER_CORNER,
    MOUTH_CORNER_LEFT,
    MOUTH_CORNER_RIGHT,
)
from lipwright.engine.face.pose import estimate_pose, to_head
from lipwright.engine.gesture.curves import (
    BLINKS,
    BROWS_DOWN,
    BROWS_INNER_UP,
    BROWS_OUTER_UP,
    CHEEK_SQUINTS,
    EYE_SQUINTS,
    EYES_WIDE,
    FROWNS,
    SMILES,
    Gesture,
)
from lipwright.engine.media.reading.images import load_picture, save_png
from lipwright.engine.quality.mouth import eye_openings, mouth_shapes
from lipwright.engine.render.photo.renderer import PhotoRenderer

PROJECT = Path(__file__).resolve().parent.parent
PORTRAIT = PROJECT / "src" / "lipwright" / "samples" / "portrait.png"
IMAGES = PROJECT / "docs" / "images"
# What the README's first command says, with no options: the strip shows what a newcomer will see.
TEXT = "A moment ago I was only a photograph. Now I have something to say."
# The head in the portrait with room to turn: left, top, side, pixels.
HEAD = (133, 22, 184)
FRAME_SIDE_PX = 160
SHAPE_SIDE_PX = 150
SHAPES_ACROSS = 6
# Frames of the strip lie at least this far apart, seconds.
APART_S = 0.2

Rgb = NDArray[np.uint8]
Channels = tuple[Mapping[Mouth, float], Mapping[Gesture, float]]


def both(sides: Sequence[Gesture], weight: float = 1.0) -> dict[Gesture, float]:
    """A shape on both sides of the face."""
    return dict.fromkeys(sides, weight)


# What the shapes strip shows, by its name there.
SHAPES: dict[str, Channels] = {
    "the photo": ({}, {}),
    "turned left": ({}, {Gesture.YAW: -13.0}),
    "turned right": ({}, {Gesture.YAW: 13.0}),
    "nod": ({}, {Gesture.PITCH: 8.0}),
    "chin up": ({}, {Gesture.PITCH: -8.0}),
    "leaning": ({}, {Gesture.ROLL: 7.0}),
    "ah": ({Mouth.APERTURE: 1.2, Mouth.JAW: 0.5}, {}),
    "oh": ({Mouth.APERTURE: 0.8, Mouth.JAW: 0.35, Mouth.FUNNEL: 0.9}, {}),
    "oo": ({Mouth.APERTURE: 0.2, Mouth.JAW: 0.1, Mouth.PUCKER: 0.9}, {}),
    "ee": ({Mouth.APERTURE: 0.35, Mouth.JAW: 0.1, Mouth.WIDTH: 1.14}, {}),
    "f, v": ({Mouth.APERTURE: 0.15, Mouth.TUCK: 1.0}, {}),
    "th": ({Mouth.APERTURE: 0.35, Mouth.JAW: 0.15, Mouth.TONGUE_OUT: 1.0}, {}),
    "smile": ({}, both(SMILES) | both(CHEEK_SQUINTS) | both(EYE_SQUINTS, 0.5)),
    "frown": ({}, both(FROWNS) | both(BROWS_INNER_UP, 0.8)),
    "surprise": (
        {Mouth.APERTURE: 0.5, Mouth.JAW: 0.25, Mouth.FUNNEL: 0.4},
        both(BROWS_INNER_UP) | both(BROWS_OUTER_UP) | both(EYES_WIDE),
    ),
    "anger": ({Mouth.PRESS: 1.0}, both(BROWS_DOWN) | both(EYE_SQUINTS, 0.6)),
    "one brow": ({}, {BROWS_OUTER_UP[1]: 1.0, SMILES[1]: 0.5}),
    "blink": ({}, both(BLINKS)),
}


def main() -> None:
    """Make both strips."""
    IMAGES.mkdir(exist_ok=True)
    save_png(IMAGES / "strip.png", np.hstack([head_of(frame, FRAME_SIDE_PX) for frame in telling_frames()]))
    tiles = [labelled(head_of(frame, SHAPE_SIDE_PX), name) for name, frame in shapes().items()]
    rows = [np.hstack(tiles[i : i + SHAPES_ACROSS]) for i in range(0, len(tiles), SHAPES_ACROSS)]
    # 256 colours are a third of the size, and the shapes are seen as well.
    page = Image.fromarray(np.vstack(rows)).quantize(256, dither=Image.Dither.FLOYDSTEINBERG)
    page.save(IMAGES / "shapes.png", optimize=True)


def telling_frames() -> list[Rgb]:
    """Frames of the speaking portrait that show what it can do, in the order of time: the first one, the most
    turned to either side, the widest open, the roundest and the widest mouth, a blink, a smile.
    """
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "talk.mp4"
        talking_photo(PORTRAIT, SpokenLine(text=TEXT), video)
        with av.open(str(video)) as container:
            frames = [
                np.asarray(each.to_ndarray(format="rgb24"), np.uint8) for each in container.decode(video=0)
            ]
    mesh = Mesh(points_px=find_faces(frames[0])[0].landmarks_px, confidence=1.0)
    meshes = []
    for frame in frames:
        mesh = refine(frame, mesh, times=1)
        meshes.append(mesh.points_px)
    mouth = mouth_shapes(np.stack(meshes))
    fronts = [to_head(points, estimate_pose(points)) for points in meshes]
    eyes = [EYE_LEFT_INNER_CORNER, EYE_RIGHT_INNER_CORNER]
    corners = [MOUTH_CORNER_LEFT, MOUTH_CORNER_RIGHT]
    yaw_deg = np.array([estimate_pose(points).yaw_deg for points in meshes])
    lids = np.array([np.mean(eye_openings(points)) for points in meshes])
    smile = np.array([front[eyes, 1].mean() - front[corners, 1].mean() for front in fronts])
    chosen = [0]
    for score in (yaw_deg, -yaw_deg, mouth.gap, -mouth.width, -lids, smile, mouth.width):
        order = np.argsort(-score)
        apart = APART_S * float(TalkingPhotoOptions().frame_rate)
        chosen.append(next(int(i) for i in order if min(abs(i - taken) for taken in chosen) >= apart))
    return [frames[i] for i in sorted(chosen)]


def shapes() -> dict[str, Rgb]:
    """The portrait in every shape."""
    rgb = load_picture(PORTRAIT).rgb
    renderer = PhotoRenderer(rgb, find_faces(rgb)[:1])
    frames = {}
    for name, (mouth, gesture) in SHAPES.items():
        mouth_row = ArticulationCurves.at_rest(0).values[0].copy()
        gesture_row = np.zeros(len(Gesture), np.float32)
        for mouth_channel, value in mouth.items():
            mouth_row[mouth_channel] = value
        for gesture_channel, value in gesture.items():
            gesture_row[gesture_channel] = value
        frame = rgb.copy()
        for patch in renderer.draw(mouth_row, gesture_row, 1.0 if mouth else 0.0):
            frame[patch.box.slices] = patch.rgb
        frames[name] = frame
    return frames


def head_of(frame: Rgb, side_px: int) -> Rgb:
    """The head, a square."""
    left, top, side = HEAD
    head = frame[top : top + side, left : left + side]
    return np.asarray(cv2.resize(head, (side_px, side_px), interpolation=cv2.INTER_AREA), np.uint8)


def labelled(tile: Rgb, name: str) -> Rgb:
    """A tile with its name under it."""
    page = Image.new("RGB", (tile.shape[1], tile.shape[0] + 18), "white")
    page.paste(Image.fromarray(tile))
    ImageDraw.Draw(page).text((4, tile.shape[0] + 3), name, fill="black")
    return np.asarray(page, np.uint8)


if __name__ == "__main__":
    main()
