"""Hair and other thin things of the person that the matte has missed: they would stay behind as a ghost."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.render.photo.matte import RefinedMatte
from lipwright.engine.render.pixels import blurred

# Lengths are in face heights.

# How far from the matte single hairs, earrings and the like are looked for.
REACH = 0.12
# Half of the thickness of what counts as thin: hairs and locks do, window frames do not.
THIN_RADIUS = 0.025
# How much more a thin thing stands out than the background does on average, and more than noise in any case,
# grey levels. Less takes leaves for hair; more leaves curls behind.
STANDS_OUT, STANDS_OUT_LEAST = 3.0, 6.0
# How far its colour has gone from the background's to the person's nearby, 0 to 1.
LIKE_PERSON = 0.15
# How much of the change of colour may lead elsewhere: a leaf or a lamp beside a head is no hair.
UNLIKE_PERSON = 0.38
# Mean contrast of thin things, grey levels, from which a background is full of them.
BUSY = 12.0
# What is found goes on within this distance where it stands out a third as much: hairs have soft sides.
SIDES = 0.02
SIDES_STAND_OUT = 0.3
# A hair begins within this distance of the matte, and at most this share of it lies beyond the reach: what
# goes on is a line of the background.
TOUCHES = 0.015
MOST_BEYOND = 0.15
# Over what distance colours of person and background, and how much stands out, are averaged.
AVERAGED = 0.10
# From here on the matte surely is person.
SURELY_PERSON = 0.95
# The averages are taken on a copy that is smaller by this.
SHRINK = 4


def stray_hair(
    matte: RefinedMatte, hidden: NDArray[np.uint8], background: NDArray[np.uint8]
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Where thin things of the person's colour stand out from the background, uint8 (row, column), 0 or 1.

    The second, bool (row, column): where the background is too busy to tell, and too busy for it to show.

    hidden: 1 where the person hides the background. background: 1 where surely nobody does; both on the
    matte's reduced copy.
    """
    copy = matte.copy
    unit = copy.face_height_px
    distance = cv2.distanceTransform(1 - hidden, cv2.DIST_L2, cv2.DIST_MASK_5)
    near = (distance <= REACH * unit) & (hidden == 0) & (background > 0)
    radius = max(2, round(THIN_RADIUS * unit))
    near &= _inside(near.shape, radius)  # Frames and cut pixels at the picture's border are no hairs.
    away = background * (distance > REACH * unit)
    person = matte.alpha > SURELY_PERSON
    if not (away.any() and person.any()):
        return np.zeros_like(hidden), np.zeros(hidden.shape, dtype=np.bool_)
    thin = thin_things(copy.rgb, radius)
    sigma = AVERAGED * unit / SHRINK
    behind = local_mean(np.dstack([copy.rgb, thin]), away, sigma)
    before = local_mean(copy.rgb, person, sigma)
    detail = behind[..., 3]
    busy = detail > BUSY
    least = STANDS_OUT * detail + STANDS_OUT_LEAST
    stands_out = (thin > least) & (background > 0) & ~busy
    stands_out[stands_out] = _like_person(copy.rgb[stands_out], behind[stands_out, :3], before[stands_out])
    core = _of_person(stands_out, near, hidden, max(1, round(TOUCHES * unit)))
    # Soft sides of what is found, and its fainter end.
    reach = max(1, round(SIDES * unit))
    around = cv2.dilate(core, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    soft = near & (around > 0) & (thin > SIDES_STAND_OUT * least)
    stray = cv2.dilate(core | soft.astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.asarray(stray, dtype=np.uint8), busy


def _like_person(
    rgb: NDArray[np.uint8], behind: NDArray[np.float32], before: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """Whether colours lie on the way from those behind the person to the person's own, bool (colour,).

    Colours are (colour, 3).
    """
    way, change = before - behind, rgb - behind
    along = (change * way).sum(axis=-1)
    length_2, change_2 = (way**2).sum(axis=-1), (change**2).sum(axis=-1)
    aside_2 = change_2 - along**2 / np.maximum(length_2, 1)
    like: NDArray[np.bool_] = (along > LIKE_PERSON * length_2) & (aside_2 < UNLIKE_PERSON**2 * change_2)
    return like


def _of_person(
    stands_out: NDArray[np.bool_], near: NDArray[np.bool_], hidden: NDArray[np.uint8], gap: int
) -> NDArray[np.uint8]:
    """Those pieces of what stands out that begin at the person and end near them, uint8 (row, column)."""
    count, pieces = cv2.connectedComponents(stands_out.astype(np.uint8))
    touched = cv2.dilate(hidden, np.ones((2 * gap + 1, 2 * gap + 1), np.uint8)) > 0
    whole, inside, touching = (
        np.bincount(pieces[where], minlength=count) for where in (stands_out, stands_out & near, touched)
    )
    own = (touching > 0) & (whole - inside <= MOST_BEYOND * whole)
    own[0] = False
    return np.asarray(own[pieces] & near, dtype=np.uint8)


def _inside(shape: tuple[int, ...], margin: int) -> NDArray[np.bool_]:
    """All but a margin of a copy, bool (row, column)."""
    inside = np.zeros(shape[:2], dtype=np.bool_)
    inside[margin:-margin, margin:-margin] = True
    return inside


def thin_things(rgb: NDArray[np.uint8], radius: int) -> NDArray[np.uint8]:
    """By how much thin things are darker or brighter than what is around them, grey levels (row, column)."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    square = np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
    darker, brighter = (cv2.morphologyEx(grey, how, square) for how in (cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT))
    return np.asarray(cv2.max(darker, brighter), dtype=np.uint8)


def local_mean(values: NDArray[np.uint8], counted: NDArray[np.generic], sigma: float) -> NDArray[np.float32]:
    """The mean of what counts around each pixel, float32 (row, column, channel)."""
    height, width = counted.shape
    small_wh = (max(1, width // SHRINK), max(1, height // SHRINK))
    share = counted.astype(np.float32)
    sums, counts = (
        blurred(np.asarray(cv2.resize(each, small_wh, interpolation=cv2.INTER_AREA)), max(1.0, sigma))
        for each in (values * share[..., None], share)
    )
    mean = sums / np.maximum(counts, 1e-4)[..., None]
    return np.asarray(cv2.resize(mean, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.float32)
