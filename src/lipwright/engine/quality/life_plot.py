"""Draws what head, eyes and brows do over time, under the mouth and its sound."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.quality.values import LifeCurves

HEAD_HEIGHT_PX, FACE_HEIGHT_PX = 160, 160
# The range of each panel, from its middle line: degrees of the head and of the eyes, face heights of the
# brows.
HEAD_RANGE_DEG, GAZE_RANGE_DEG, BROW_RANGE = 15.0, 20.0, 0.04
# Lids are drawn from the bottom, shut over this share of the panel.
LID_SHARE = 0.45

_PAPER_RGB, _MIDDLE_RGB = (255, 255, 255), (215, 215, 215)
_YAW_RGB, _PITCH_RGB, _ROLL_RGB = (200, 60, 30), (30, 90, 200), (40, 150, 70)
_BROW_RGB, _GAZE_RGB, _LID_RGB = (150, 70, 170), (0, 140, 160), (90, 90, 90)


def life_panels(life: LifeCurves, width: int) -> NDArray[np.uint8]:
    """The head above, brows, eyes and lids below, uint8 (height, width, 3)."""
    head = _panel(
        HEAD_HEIGHT_PX,
        width,
        (
            (f"head: turn (+-{HEAD_RANGE_DEG:g} degrees)", life.yaw_deg / HEAD_RANGE_DEG, _YAW_RGB),
            ("nod, down", life.pitch_deg / HEAD_RANGE_DEG, _PITCH_RGB),
            ("lean", life.roll_deg / HEAD_RANGE_DEG, _ROLL_RGB),
        ),
    )
    face = _panel(
        FACE_HEIGHT_PX,
        width,
        (
            ("brows, up", life.brows / BROW_RANGE, _BROW_RGB),
            (f"eyes, aside (+-{GAZE_RANGE_DEG:g} degrees)", life.gaze_deg / GAZE_RANGE_DEG, _GAZE_RGB),
            ("lids, shut", 2 * LID_SHARE * life.lids - 1, _LID_RGB),
        ),
    )
    return np.vstack([head, face])


def _panel(
    height: int, width: int, curves: tuple[tuple[str, NDArray[np.float32], tuple[int, int, int]], ...]
) -> NDArray[np.uint8]:
    """Curves from -1 to 1 from the bottom to the top of a panel, with their names."""
    panel = np.full((height, width, 3), _PAPER_RGB, np.uint8)
    panel[height // 2] = _MIDDLE_RGB
    left = 8
    for label, curve, colour in curves:
        x = np.linspace(0, width - 1, len(curve))
        y = height / 2 - np.clip(curve, -1, 1) * (height / 2 - 4)
        points = np.rint(np.stack([x, y], axis=1)).astype(np.int32)
        cv2.polylines(panel, [points], isClosed=False, color=colour, thickness=1, lineType=cv2.LINE_AA)
        cv2.putText(panel, label, (left, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.4, colour, 1, cv2.LINE_AA)
        left += 24 + 7 * len(label)
    return panel
