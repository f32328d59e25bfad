"""What an eye's lids are made of: skin that unrolls from the fold, lashes that travel with the edge."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box
from lipwright.engine.render.photo.eye_map import LASH_ABOVE, LONG_LASHES, EyeMap
from lipwright.engine.render.pixels import blurred, luminance

# Skin around the eye that grows over the lid: this far around, eye widths; what is darker than this share of
# it is hair, lashes or frames of glasses.
SKIN_AROUND = 0.20
SKIN_DARKEST = 0.80
# Skin under the eye and beside it counts less for the lid: it faces the light differently.
SKIN_BELOW_WEIGHT = 0.15
SKIN_BESIDE_WEIGHT = 0.4
# Skin is grown on a copy whose eyes are this wide; it is smooth. Pixels.
GROWN_AT_PX = 40
# Steps of the growing, eye widths.
SKIN_SPREADS = (0.40, 0.20, 0.10, 0.05)
# The lashes and the shadow of an open lid's edge: this far above and below the line, eye widths.
LASH_BELOW = 0.0
# A lash is darker than what is so near it, eye widths.
THIN = 0.04
# Lashes grow sparse towards the inner corner from here, eye widths.
NO_LASHES = 0.30
# The lashes of a shut eye hang down: this far above and below the line.
SHUT_LASH_ABOVE = 0.05
SHUT_LASH_BELOW = 0.17
# Lashes that turn are seen shortened; so far they blur then, eye widths.
LASHES_SOFTENED = 0.008
# Noise of the skin above that the lid gets at the most, 0 to 255.
MOST_GRAIN = 4.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LidLayers:
    """The lids of one eye, over its box.

    bare: uint8 (height, width, 3), the picture without lashes. lashes: float32 (height, width, 3), what the
    lashes let through of each colour; bare times lashes is the picture.
    soft_lashes: the same as lashes, for lashes that have turned.
    skin: float32 (height, width, 3), plain skin of the lid, without its shade.
    hang: whether the lashes hang down in the picture, as a shut eye's do.
    """

    bare: NDArray[np.uint8]
    lashes: NDArray[np.float32]
    soft_lashes: NDArray[np.float32]
    skin: NDArray[np.float32]
    hang: bool

    def __post_init__(self) -> None:
        check_array(self, "bare", np.uint8, (*self.skin.shape,))
        check_array(self, "lashes", np.float32, self.skin.shape)
        check_array(self, "soft_lashes", np.float32, self.skin.shape)
        check_array(self, "skin", np.float32, ("row", "column", 3))

    def part(self, box: Box) -> LidLayers:
        """Over a part of the box, in its pixels."""
        here = box.slices
        return LidLayers(
            bare=self.bare[here].copy(),
            lashes=self.lashes[here].copy(),
            soft_lashes=self.soft_lashes[here].copy(),
            skin=self.skin[here].copy(),
            hang=self.hang,
        )


def read_lids(eye: EyeMap, crop: NDArray[np.uint8], *, is_shut: bool) -> LidLayers:
    """Take the lids apart; crop: uint8, the picture in the eye's box."""
    skin = _lid_skin(eye, crop)
    colours = crop.astype(np.float32)
    place = (eye.across - eye.upper) / np.float32(eye.width_px)
    above, below = (SHUT_LASH_ABOVE, SHUT_LASH_BELOW) if is_shut else (LONG_LASHES, LASH_BELOW)
    window = np.clip((place + above) / 0.04, 0, 1) * np.clip((below - place) / 0.02 + 0.5, 0, 1)
    window *= np.clip(eye.region / 0.5, 0, 1)
    behind = _without_lashes(eye, crop, window) if is_shut else skin
    lashes = np.clip((colours + 1) / (behind + 1), 0.05, 1)
    if not is_shut:
        # Of what stands out so far only thin lines are lashes, not the shade under the brow.
        far = np.clip((-place - LASH_ABOVE) / 0.04 + 1, 0, 1)[..., None]
        around = blurred(colours, THIN * eye.width_px)
        lashes = lashes * (1 - far) + np.clip((colours + 1) / (0.97 * around + 1), 0.05, 1) * far
        from_nose = eye.along if eye.inner == 0 else 1 - eye.along
        window *= np.clip(from_nose / NO_LASHES, 0, 1) ** 1.5
    lashes = (1 - (1 - lashes) * window[..., None]).astype(np.float32)
    bare = np.clip(colours / lashes + 0.5, 0, 255)
    return LidLayers(
        bare=bare.astype(np.uint8),
        lashes=lashes,
        soft_lashes=blurred(lashes, max(0.6, LASHES_SOFTENED * eye.width_px)),
        skin=skin,
        hang=is_shut,
    )


def _without_lashes(eye: EyeMap, crop: NDArray[np.uint8], window: NDArray[np.float32]) -> NDArray[np.float32]:
    """The picture with the window of the lashes filled from around it, float32."""
    filled = cv2.inpaint(crop, (window > 0.02).astype(np.uint8), 3, cv2.INPAINT_TELEA)
    return blurred(filled.astype(np.float32), max(1.0, 0.03 * eye.width_px))


def _lid_skin(eye: EyeMap, crop: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What a shut lid looks like: the skin around the eye grown over it, float32 (height, width, 3).

    Meets the picture at the fold and at the corners without an edge.
    """
    colours = crop.astype(np.float32)
    width, across = eye.width_px, eye.across
    above = (across < eye.fold) & (across > eye.fold - SKIN_AROUND * width)
    below = (across > eye.lower + 0.10 * width) & (across < eye.lower + (0.10 + SKIN_AROUND) * width)
    beside = np.abs(eye.along - 0.5)
    weight = (above & (beside < 0.75)) + SKIN_BELOW_WEIGHT * (below & (beside < 0.75))
    weight += SKIN_BESIDE_WEIGHT * (~above & ~below & (beside > 0.60) & (beside < 0.75))
    skin, plain = _grown_skin(colours, weight.astype(np.float32), width)
    # Fine texture like the skin's above, so that the lid is not smoother than its surroundings.
    fine = colours - blurred(colours, 1.5)
    plain &= above
    grain = float(np.median(np.abs(fine[plain]))) / 0.6745 if plain.any() else 0.0
    noise = np.random.default_rng(0).normal(0, min(grain, MOST_GRAIN), crop.shape[:2]).astype(np.float32)
    return (skin + 1.8 * blurred(noise, 1.0)[..., None]).astype(np.float32)


def _grown_skin(
    colours: NDArray[np.float32], weight: NDArray[np.float32], width: float
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Skin grown from where it has weight, and where it is plain; worked out on a small copy."""
    height, columns = weight.shape
    shrink = max(1.0, width / GROWN_AT_PX)
    small_wh = (max(4, round(columns / shrink)), max(4, round(height / shrink)))
    small = cv2.resize(colours, small_wh, interpolation=cv2.INTER_AREA)
    share = cv2.resize(weight, small_wh, interpolation=cv2.INTER_AREA)
    width = width / shrink
    bright = luminance(small).astype(np.float32)
    usual = _grown(bright[..., None], np.asarray(share, np.float32), width, SKIN_SPREADS[:2])[..., 0]
    is_lit = bright > SKIN_DARKEST * usual
    skin = _grown(np.asarray(small, np.float32), (share * is_lit).astype(np.float32), width, SKIN_SPREADS)
    size = (columns, height)
    plain = cv2.resize((is_lit & (share > 0)).astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.resize(skin, size, interpolation=cv2.INTER_CUBIC), np.float32), plain > 0


def _grown(
    colours: NDArray[np.float32], weight: NDArray[np.float32], width_px: float, spreads: tuple[float, ...]
) -> NDArray[np.float32]:
    """Known colours grown over what is not known, from coarse to fine, float32 (height, width, channel)."""
    total = np.maximum(weight.sum(), 1e-3)
    grown = np.broadcast_to((colours * weight[..., None]).sum((0, 1)) / total, colours.shape)
    for spread in spreads:
        near = blurred(weight, spread * width_px)
        local = blurred(colours * weight[..., None], spread * width_px).reshape(colours.shape)
        known = np.clip(near / 0.15, 0, 1)[..., None]
        grown = grown * (1 - known) + local / (near + 1e-4)[..., None] * known
    return grown.astype(np.float32)
