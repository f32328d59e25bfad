"""Draws what was found in a picture, for people to look at."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from lipwright.engine.face.values import Face
from lipwright.engine.media.reading.images import save_png
from lipwright.engine.media.values import Picture
from lipwright.engine.media.writing.output_file import written_whole

_BOX_RGB = (255, 200, 0)
_POINT_RGB = (0, 255, 160)
# Line width for a picture of 1000 pixels: thinner vanishes when the picture is scaled to a screen.
_LINE_PER_1000_PX = 2.5


def draw_faces(picture: Picture, faces: tuple[Face, ...], output: Path) -> None:
    """Write the picture as PNG with box, number and mesh of every face.

    Raises OutputNotWritable, DiskFull.
    """
    canvas = picture.rgb.copy()
    line_px = max(1, round(max(picture.size_wh) / 1000 * _LINE_PER_1000_PX))
    for number, face in enumerate(faces):
        left, top, right, bottom = (round(float(edge)) for edge in face.box_xyxy)
        for x, y in face.landmarks_px[:, :2]:
            cv2.circle(canvas, (round(float(x)), round(float(y))), max(1, line_px // 2), _POINT_RGB, -1)
        cv2.rectangle(canvas, (left, top), (right, bottom), _BOX_RGB, line_px)
        cv2.putText(
            canvas,
            str(number),
            (left, max(12 * line_px, top - 3 * line_px)),
            cv2.FONT_HERSHEY_SIMPLEX,
            line_px / 2.5,
            _BOX_RGB,
            line_px,
            cv2.LINE_AA,
        )
    with written_whole(output) as part:
        save_png(part, np.asarray(canvas, np.uint8))
