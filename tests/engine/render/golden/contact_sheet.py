"""A contact sheet: the sample portrait with fixed mouths and gestures, always drawn alike."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.render.photo.renderer import PhotoRenderer
from tests.engine.render.drawing import drawn, gesture_row, mouth_row
from tests.support.portrait import read_portrait

SHEET = Path(__file__).with_name("contact_sheet.png")
COLUMNS = 5
CELL_PX = 88
# The part of the portrait that a cell shows: brow to chin, and a little of what lies around.
_FACE = (slice(72, 192), slice(165, 285))

# What each cell shows, by name: a row of mouth curves and one of gestures.
ROWS: dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]] = {
    "rest": (mouth_row(), gesture_row()),
    "pressed lips (m)": (mouth_row(press=1, roll=1), gesture_row()),
    "lip to teeth (f)": (mouth_row(0.15, tuck=1), gesture_row()),
    "closed teeth (s)": (mouth_row(0.25, width=1.05, jaw=0.05, **{"raise": 0.5}), gesture_row()),
    "tongue up (l)": (mouth_row(0.45, tongue_up=1), gesture_row()),
    "wide (ee)": (mouth_row(0.3, width=1.1), gesture_row()),
    "open (a)": (mouth_row(0.9), gesture_row()),
    "shout": (mouth_row(1.8, jaw=0.9), gesture_row()),
    "round (o)": (mouth_row(0.5, pucker=0.7), gesture_row()),
    "pout (oo)": (mouth_row(0.2, width=0.85, pucker=1), gesture_row()),
    "half a blink": (mouth_row(), gesture_row(eye_blink=0.5)),
    "blink": (mouth_row(), gesture_row(eye_blink=1)),
    "look and smile": (
        mouth_row(),
        gesture_row(gaze_x=10, brow_inner_up=0.55, brow_outer_up=0.55, mouth_smile=1),
    ),
    "turned right": (mouth_row(0.5), gesture_row(yaw=6, roll=3)),
    "nod": (mouth_row(0.5), gesture_row(pitch=6, shift_y=0.02)),
}


def draw_sheet() -> NDArray[np.uint8]:
    """All cells, row after row, uint8 (height, width, 3)."""
    portrait = read_portrait()
    renderer = PhotoRenderer(portrait, find_faces(portrait)[:1])
    cells = [
        cv2.resize(drawn(portrait, renderer, *rows)[_FACE], (CELL_PX, CELL_PX), interpolation=cv2.INTER_AREA)
        for rows in ROWS.values()
    ]
    lines = [np.concatenate(cells[i : i + COLUMNS], axis=1) for i in range(0, len(cells), COLUMNS)]
    return np.asarray(np.concatenate(lines, axis=0), np.uint8)


def read_sheet() -> NDArray[np.uint8]:
    """The sheet that was looked at and found good."""
    bgr = cv2.imread(str(SHEET), cv2.IMREAD_COLOR)
    assert bgr is not None
    return np.ascontiguousarray(bgr[..., ::-1])


def cells_of(sheet: NDArray[np.uint8]) -> dict[str, NDArray[np.uint8]]:
    """The cells of a sheet by name."""
    return {
        name: sheet[
            number // COLUMNS * CELL_PX : (number // COLUMNS + 1) * CELL_PX,
            number % COLUMNS * CELL_PX : (number % COLUMNS + 1) * CELL_PX,
        ]
        for number, name in enumerate(ROWS)
    }
