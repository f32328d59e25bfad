"""The plate: the picture as if the person were not in it, made up where they hide it.

Only a rim is ever seen. There the background goes on mirrored at the person's outline, so that slats, lights
and leaves go on; deeper inside it is smooth, filled from ever smaller copies (push-pull, Gortler and others
1996).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box
from lipwright.engine.render.photo.matte import RefinedMatte
from lipwright.engine.render.photo.reduced import ReducedCopy
from lipwright.engine.render.photo.stray_hair import stray_hair
from lipwright.engine.render.pixels import blurred, look_up

# Lengths are in face heights.

# From this much of the person on a pixel is not the background's own, nor are those within this distance:
# the fringe of the person's colour would be mirrored as a halo.
HIDDEN_FROM = 0.02
HIDDEN_RIM = 0.018
# The plate gives way to the picture within this distance outside of what is hidden.
RIM_FADE = 0.006
# The mirror's direction is smoothed along the outline: unsmoothed, single hairs scatter what is mirrored.
MIRROR_SMOOTHING = 0.03
# The mirror stands this far outside of what is hidden.
MIRROR_GAP = 0.01
# The depth behind the outline is smoothed by this much.
MIRROR_EVEN = 0.006
# Beyond this depth behind the outline the plate is smooth, from five eighths more on fully: nobody looks
# there, and mirrored so far it would show a second window.
MIRROR_DEPTH = 0.30
# How well the directions of neighbours agree, from where on mirroring begins and over what it grows: where
# the outline's two sides meet they cross, and what lies between them would be the person.
MIRROR_AGREE = (0.70, 0.20)
# How sure it must be that what is mirrored is background: the blurred share of it, from where to where.
MIRROR_SURE = (0.60, 0.95)
# Someone else's pixels from this much on are not continued behind the person.
SOMEONE_ELSE_FROM = 0.3
# Grain that is added where the plate is smooth: at most this much, grey levels. More is a pattern, not grain.
MOST_GRAIN = 6.0
# Pixels that it takes to know the grain.
LEAST_FOR_GRAIN = 500
# The largest part that is made at once, and what the grain repeats after.
PART_PX = 128
# Grain is what a Gaussian of this width takes away, and this share of white noise's square is taken away.
_GRAIN_SIGMA_PX, _GRAIN_LEFT = 1.2, 0.93
# Median of the square of a normal number of variance 1: half of the pixels have less, edges lie beyond.
_MEDIAN_SQUARE = 0.4549


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plate:
    """The background over the box of a reduced copy, and how it is made at the picture's own size.

    smooth: float32 (row, column, 3), grey levels, the picture filled from afar.
    mirror: float32 (row, column, 2), how far away, in pixels of the picture, what is mirrored lies.
    mirrored: float32 (row, column), how much of the fill is mirrored rather than smooth, 0 to 1.
    shown: float32 (row, column), how much of the picture itself is background, 0 to 1.
    grain: float32 (2 * PART_PX, 2 * PART_PX, 3), the picture's noise, grey levels; repeats after PART_PX.
    """

    copy: ReducedCopy
    smooth: NDArray[np.float32]
    mirror: NDArray[np.float32]
    mirrored: NDArray[np.float32]
    shown: NDArray[np.float32]
    grain: NDArray[np.float32]

    def __post_init__(self) -> None:
        shape = self.copy.rgb.shape[:2]
        check_array(self, "smooth", np.float32, (*shape, 3))
        check_array(self, "mirror", np.float32, (*shape, 2))
        check_array(self, "mirrored", np.float32, shape)
        check_array(self, "shown", np.float32, shape)
        check_array(self, "grain", np.float32, (2 * PART_PX, 2 * PART_PX, 3))

    def is_picture(self, part: Box) -> bool:
        """Whether a part of the picture is background as it is."""
        return bool(self.copy.around(self.shown, part).min() >= 1)

    def full(self, rgb: NDArray[np.uint8], part: Box) -> NDArray[np.uint8]:
        """The plate of a part of the picture at its own size, uint8 (height, width, 3).

        part: at most PART_PX wide and high.
        """
        enlarged, around = self.copy.enlarged, self.copy.around
        left, top = part.left % PART_PX, part.top % PART_PX
        grain = self.grain[top : top + part.height, left : left + part.width]
        smooth = np.rint(enlarged(self.smooth, part) + grain)
        plate: NDArray[np.uint8] = np.clip(smooth, 0, 255).astype(np.uint8)
        if around(self.mirrored, part).any():
            places = enlarged(self.mirror, part)
            places[..., 0] += np.arange(part.left, part.right, dtype=np.float32)
            places[..., 1] += np.arange(part.top, part.bottom, dtype=np.float32)[:, None]
            plate = _blended(plate, look_up(rgb, places), enlarged(self.mirrored, part))
        if around(self.shown, part).any():
            plate = _blended(plate, rgb[part.slices], enlarged(self.shown, part))
        return plate


def _blended(
    under: NDArray[np.uint8], upper: NDArray[np.uint8], share: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """Two pictures mixed, with this share (row, column) of the upper one."""
    return np.asarray(cv2.blendLinear(under, upper, 1 - share, share), dtype=np.uint8)


def make_plate(rgb: NDArray[np.uint8], matte: RefinedMatte, *, seed: int = 0) -> Plate | None:
    """The plate behind a person; None where no background is in sight. rgb: the picture."""
    copy = matte.copy
    unit = copy.face_height_px
    reach = max(1, round(HIDDEN_RIM * unit))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    covered = (matte.alpha > HIDDEN_FROM).astype(np.uint8)
    hidden = np.asarray(cv2.dilate(covered, disc), dtype=np.uint8)
    someone = cv2.dilate((matte.others > SOMEONE_ELSE_FROM).astype(np.uint8), disc)
    background = ((hidden == 0) & (someone == 0)).astype(np.uint8)
    stray, busy = stray_hair(matte, hidden, background)
    known = (background * (1 - stray)).astype(np.float32)
    if not known.any():
        return None
    # In front of a busy background a fringe does not show, but scraps that travel with the person do.
    closely = np.asarray(cv2.dilate(covered, np.ones((3, 3), np.uint8)), dtype=np.uint8)
    hidden = np.where(busy, closely, np.maximum(hidden, stray))
    own = (1 - hidden).astype(np.float32)
    shown = blurred(own, max(0.8, RIM_FADE * unit)) * own
    picture = copy.rgb.astype(np.float32)
    mirror, mirrored = _mirror(known, hidden, unit)
    return Plate(
        copy=copy,
        smooth=_push_pull(picture, known),
        mirror=mirror * np.array(copy.step_px, dtype=np.float32),
        mirrored=mirrored,
        shown=shown,
        grain=_grain(rgb, known, copy, seed),
    )


def _mirror(
    known: NDArray[np.float32], hidden: NDArray[np.uint8], unit: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How far away what is mirrored lies, pixels of the copy (row, column, 2), and how much it counts."""
    unknown = (known == 0).astype(np.uint8)
    depth, labels = cv2.distanceTransformWithLabels(
        unknown, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    rows, columns = np.nonzero(unknown == 0)
    nearest = np.zeros((int(labels.max()) + 1, 2), dtype=np.float32)
    nearest[labels[rows, columns]] = np.stack([columns, rows], axis=-1)
    height, width = known.shape
    here = np.arange(width, dtype=np.float32)[None], np.arange(height, dtype=np.float32)[:, None]
    # Across and down apart: NumPy takes ten times as long where the last axis is short.
    across, down = ((nearest[:, axis][labels] - here[axis]) * unknown for axis in range(2))
    sigma = max(1.0, MIRROR_SMOOTHING * unit)
    # The blurred way is not divided by the blurred mask: only its direction is used.
    mean_length = blurred(_length(across, down), sigma)
    across, down = blurred(across, sigma), blurred(down, sigma)
    length = np.maximum(_length(across, down), np.float32(1e-4))
    agree = np.clip((length / np.maximum(mean_length, 1e-4) - MIRROR_AGREE[0]) / MIRROR_AGREE[1], 0, 1)
    # The outline is a staircase of pixels; unsmoothed, what is mirrored at it has the teeth of a comb.
    even_depth = blurred(depth, max(1.0, MIRROR_EVEN * unit))
    far = (2 * even_depth + np.float32(max(2.0, MIRROR_GAP * unit))) / length
    across, down = across * far, down * far
    mirror = np.asarray(cv2.merge([across, down]), dtype=np.float32)
    there = np.asarray(cv2.merge([here[0] + across, here[1] + down]), dtype=np.float32)
    sure = blurred(look_up(known, there, outside=0.0), max(1.0, 0.008 * unit))
    counts = np.clip((sure - MIRROR_SURE[0]) / (MIRROR_SURE[1] - MIRROR_SURE[0]), 0, 1) * agree
    counts *= np.clip(1.6 - depth / (MIRROR_DEPTH * unit), 0, 1) * hidden
    return mirror, np.asarray(counts, dtype=np.float32)


def _length(across: NDArray[np.float32], down: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.magnitude(across, down), dtype=np.float32)


def _push_pull(values: NDArray[np.float32], known: NDArray[np.float32]) -> NDArray[np.float32]:
    """Values (row, column, 3) with the unknown filled in from ever smaller copies of the known."""
    return _filled(values * known[..., None], known)


def _filled(weighted: NDArray[np.float32], known: NDArray[np.float32]) -> NDArray[np.float32]:
    height, width = known.shape
    if min(height, width) <= 2 or known.min() > 0.999:
        return np.asarray(weighted / np.maximum(known, 1e-6)[..., None], dtype=np.float32)
    coarser = _filled(_half(weighted), _half(known))
    enlarged = cv2.pyrUp(coarser, dstsize=(width, height))
    return np.asarray(weighted + enlarged * (1 - np.clip(known, 0, 1))[..., None], dtype=np.float32)


def _half(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.pyrDown(values), dtype=np.float32)


def _grain(
    rgb: NDArray[np.uint8], known: NDArray[np.float32], copy: ReducedCopy, seed: int
) -> NDArray[np.float32]:
    """Noise as strong as the picture's own where the background is known, grey levels, as Plate.grain."""
    rows, columns = np.nonzero(known > 0)
    middle = len(rows) // 2
    x, y = copy.places_px()[rows[middle], columns[middle]].astype(int).tolist()
    height, width = rgb.shape[:2]
    part = Box(x - PART_PX, y - PART_PX, x + PART_PX, y + PART_PX).clipped(Box.of_size((width, height)))
    pixels = rgb[part.slices].astype(np.float32)
    is_known = copy.enlarged(known, part) > 0.999
    if is_known.sum() < LEAST_FOR_GRAIN:
        return np.zeros((2 * PART_PX, 2 * PART_PX, 3), dtype=np.float32)
    fine = pixels - blurred(pixels, _GRAIN_SIGMA_PX)
    strength = np.sqrt(np.median(fine[is_known] ** 2, axis=0) / (_MEDIAN_SQUARE * _GRAIN_LEFT))
    noise = np.random.default_rng(seed).standard_normal((PART_PX, PART_PX, 3), dtype=np.float32)
    noise *= np.minimum(strength, MOST_GRAIN).astype(np.float32)
    return np.tile(noise, (2, 2, 1))
