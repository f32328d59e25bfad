"""Draws docs/images/prompt-words.jpg: the sample portrait at rest and under each word of the table.

Of each word the moment is shown that differs most from the same moment without it. Run it after changing the
table of words, the gestures or the drawing; nothing compares the picture with them.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import ArticulationCurves
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.face.choose import choose_faces
from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.gesture.curves import (
    BLINKS,
    BROWS_DOWN,
    BROWS_INNER_UP,
    BROWS_OUTER_UP,
    EYE_SQUINTS,
    EYES_WIDE,
    FROWNS,
    SMILES,
    Gesture,
    GestureCurves,
)
from lipwright.engine.gesture.direction import directed_gestures, read_direction
from lipwright.engine.gesture.gestures import gestures
from lipwright.engine.gesture.prompt_words import PROMPT_WORDS
from lipwright.engine.gesture.style import GestureStyle
from lipwright.engine.media.reading.images import crop_to_even, load_picture
from lipwright.engine.render.patch import Patch
from lipwright.engine.render.photo.renderer import PhotoRenderer
from lipwright.engine.speech.values import SpeechActivity

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "images" / "prompt-words.jpg"
PORTRAIT = ROOT / "src" / "lipwright" / "samples" / "portrait.png"
# Long enough for every movement that comes every few seconds.
_DURATION_S, _EDGE_S = 16.0, 1.5
_COLUMNS, _CELL_WH, _LABEL_PX = 9, (164, 190), 20
_QUALITY = 80
# One unit of every channel is seen alike: degrees of a turn, weights of a shape.
_SEEN = {
    Gesture.YAW: 0.2, Gesture.PITCH: 0.2, Gesture.ROLL: 0.2, Gesture.GAZE_X: 0.1, Gesture.GAZE_Y: 0.1,
    Gesture.NEARNESS: 25.0,
    **dict.fromkeys((*SMILES, *FROWNS, *BROWS_INNER_UP, *BROWS_OUTER_UP, *BROWS_DOWN), 1.0),
    **dict.fromkeys((*EYES_WIDE, *EYE_SQUINTS, *BLINKS), 1.0),
}  # fmt: skip
_SHAPES = [
    *range(Gesture.EYE_BLINK_LEFT, Gesture.EYES_OPEN),
    *range(Gesture.BROW_INNER_UP_LEFT, len(Gesture)),
]
_POSE = [Gesture.YAW, Gesture.PITCH, Gesture.ROLL]
# Words about blinks are shown with shut eyes; everybody else is caught with open ones.
_SHUT_EYES = ("blinking often", "winking")


def main() -> None:
    """Draw the picture."""
    photo = crop_to_even(load_picture(PORTRAIT))
    found = find_faces(photo.rgb)
    faces = choose_faces(found, "largest", size_wh=photo.size_wh)
    renderer = PhotoRenderer(photo.rgb, faces, seed=0, head_moves=True, open_eyes=True, bystanders=[])
    crop = _crop(photo.rgb.shape, faces[0].landmarks_px)
    plain = _curves("", renderer)
    rest = np.zeros(len(Gesture), dtype=np.float32)
    rows_of_words = [("at rest", rest)]
    for word in PROMPT_WORDS:
        curves = _curves(word.name, renderer)
        rows_of_words.append((word.name, _telling_row(curves, plain, is_shut=word.name in _SHUT_EYES)))
    cells: list[NDArray[np.uint8]] = []
    for name, row in rows_of_words:
        rgb = photo.rgb.copy()
        for patch in renderer.draw(ArticulationCurves.at_rest(0.1).values[0], row, 1.0):
            _paste(rgb, patch)
        cells.append(_cell(rgb[crop], name))
    blank = np.full_like(cells[0], 255)
    cells += [blank] * (-len(cells) % _COLUMNS)
    rows = [np.hstack(cells[first : first + _COLUMNS]) for first in range(0, len(cells), _COLUMNS)]
    sheet = cv2.cvtColor(np.vstack(rows), cv2.COLOR_RGB2BGR)
    PICTURE.write_bytes(cv2.imencode(".jpg", sheet, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes())


def _curves(prompt: str, renderer: PhotoRenderer) -> GestureCurves:
    rows = round(_DURATION_S * CURVE_RATE_HZ)
    time_s = np.arange(rows) / CURVE_RATE_HZ
    activity = SpeechActivity(
        speaking=(time_s % 4 < 3.2).astype(np.float32),
        loudness_db=(-26 + 7 * np.sin(2 * np.pi * time_s / 0.23)).astype(np.float32),
    )
    return directed_gestures(
        lambda mood: gestures(
            activity, None, _DURATION_S, GestureStyle(mood=mood), 3, limits=renderer.head_limits
        ),
        read_direction(prompt),
    )


def _telling_row(curves: GestureCurves, plain: GestureCurves, *, is_shut: bool) -> NDArray[np.float32]:
    """What the word changes at the moment at which it changes most."""
    seen = np.zeros(len(Gesture))
    for channel, weight in _SEEN.items():
        seen[channel] = weight
    change = np.abs(curves.values - plain.values) @ seen
    lids = curves.values[:, BLINKS].max(axis=1)
    change[lids < 0.9 if is_shut else lids > 0.02] = -1
    edge = round(_EDGE_S * CURVE_RATE_HZ)
    change[:edge] = change[-edge:] = -2
    moment = int(np.argmax(change))
    change_of_all = curves.values - plain.values
    row: NDArray[np.float32] = change_of_all[moment].astype(np.float32)
    # A word that quietens the head shows the pose that it holds, not the movement that it leaves out.
    speeds = [np.abs(np.diff(each.values[:, _POSE], axis=0)).sum() for each in (curves, plain)]
    if speeds[0] < speeds[1]:
        row[_POSE] = change_of_all[edge:-edge, _POSE].mean(axis=0)
    # A face at rest has no less of a shape than none.
    row[_SHAPES] = np.maximum(row[_SHAPES], 0)
    row[list(BLINKS)] = curves.values[moment, BLINKS]
    return row


def _paste(rgb: NDArray[np.uint8], patch: Patch) -> None:
    here = rgb[patch.box.slices]
    share = 1.0 if patch.weight is None else patch.weight[..., None]
    here[:] = np.round(here * (1 - share) + patch.rgb * share).astype(np.uint8)


def _crop(shape: tuple[int, ...], landmarks_px: NDArray[np.float32]) -> tuple[slice, slice]:
    left, top = landmarks_px[:, :2].min(axis=0)
    right, bottom = landmarks_px[:, :2].max(axis=0)
    width = 1.12 * (right - left)
    height = width * _CELL_WH[1] / _CELL_WH[0]
    x0 = int(max(0, (left + right) / 2 - width / 2))
    y0 = int(max(0, (top + bottom) / 2 - 0.56 * height))
    return slice(y0, min(shape[0], int(y0 + height))), slice(x0, min(shape[1], int(x0 + width)))


def _cell(rgb: NDArray[np.uint8], label: str) -> NDArray[np.uint8]:
    cell = np.full((_CELL_WH[1] + _LABEL_PX, _CELL_WH[0], 3), 255, dtype=np.uint8)
    cell[: _CELL_WH[1]] = cv2.resize(rgb, _CELL_WH, interpolation=cv2.INTER_AREA)
    place = (3, _CELL_WH[1] + 14)
    cv2.putText(cell, label, place, cv2.FONT_HERSHEY_SIMPLEX, 0.4, (30, 30, 30), 1, cv2.LINE_AA)
    return cell


if __name__ == "__main__":
    main()
