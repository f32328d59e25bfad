"""Lines of the background that end at the person: window frames, slats, seams.

Where one is as dark or bright as the person the matte takes its end along, and a stub of it would travel with
the head. Unlike hair it goes on far from the person.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.render.photo.matte import RefinedMatte
from lipwright.engine.render.photo.stray_hair import (
    AVERAGED,
    BUSY,
    REACH,
    SHRINK,
    STANDS_OUT,
    STANDS_OUT_LEAST,
    THIN_RADIUS,
    local_mean,
    thin_things,
)
from lipwright.engine.render.pixels import blurred

# Lengths are in face heights.

# Of a line at least this share lies beyond the reach of hair; of a lock whose tip lies there, little.
LEAST_BEYOND = 0.5
# Half of the thickness of what of the matte is a body rather than a stub.
BODY_RADIUS = 0.03
# A line begins within this distance of the body.
BEGINS = 0.03


def without_background_lines(matte: RefinedMatte) -> RefinedMatte:
    """The matte without the ends of lines that go on in the background."""
    unit = matte.copy.face_height_px
    body = _opened(np.asarray(matte.alpha > 0.5, np.uint8), max(2, round(BODY_RADIUS * unit)))
    if body.all() or not body.any():
        return matte
    distance = cv2.distanceTransform(1 - body, cv2.DIST_L2, cv2.DIST_MASK_5)
    away = np.asarray((distance > REACH * unit) & (matte.alpha == 0), np.uint8)
    thin = thin_things(matte.copy.rgb, max(2, round(THIN_RADIUS * unit)))
    detail = local_mean(np.dstack([thin, thin]), away, AVERAGED * unit / SHRINK)[..., 0]
    stands_out = (thin > STANDS_OUT * detail + STANDS_OUT_LEAST) & (detail <= BUSY) & (body == 0)
    count, pieces = cv2.connectedComponents(stands_out.astype(np.uint8))
    whole, beyond, beginning = (
        np.bincount(pieces[where], minlength=count)
        for where in (
            stands_out,
            stands_out & (distance > REACH * unit),
            stands_out & (distance <= BEGINS * unit),
        )
    )
    is_line = (beginning > 0) & (beyond >= LEAST_BEYOND * whole)
    is_line[0] = False
    lines = is_line[pieces] & (body == 0)
    if not (lines & (matte.alpha > 0)).any():
        return matte
    cut = np.asarray(cv2.dilate(lines.astype(np.uint8), np.ones((3, 3), np.uint8)) * (1 - body), np.float32)
    left = np.asarray(1 - np.maximum(cut, blurred(cut, 1.0)) * (1 - body), np.float32)
    return replace(matte, kept=matte.kept * left, added=matte.added * left, alpha=matte.alpha * left)


def _opened(mask: NDArray[np.uint8], radius: int) -> NDArray[np.uint8]:
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, disc), np.uint8)
