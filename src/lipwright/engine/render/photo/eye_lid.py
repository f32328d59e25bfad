"""What an eye's lids are made of: skin that unrolls from the fold, lashes that travel with the edge."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.render.photo.eye_map import LASH_ABOVE, EyeMap
from lipwright.engine.render.pixels import blurred, luminance

# Skin around the eye that grows over the lid: this far around, eye widths; what is darker than this share of
# it is hair, lashes or frames of glasses.
SKIN_AROUND = 0.20
SKIN_DARKEST = 0.80
# Skin under the eye and beside it counts less for the lid: it faces the light differently.
SKIN_BELOW_WEIGHT = 0.15
SKIN_BESIDE_WEIGHT = 0.4
# Steps of the growing, eye widths.
SKIN_SPREADS = (0.40, 0.20, 0.10, 0.05)
# The lashes and the shadow of an open lid's edge: this far above and below the line, eye widths.
LASH_BELOW = 0.015
# The lashes of a shut eye hang down: this far above and below the line.
SHUT_LASH_ABOVE = 0.05
SHUT_LASH_BELOW = 0.17
# Noise of the skin above that the lid gets at the most, 0 to 255.
MOST_GRAIN = 4.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LidLayers:
    """The lids of one eye, over its box.

    bare: uint8 (height, width, 3), the picture without lashes. lashes: float32 (height, width, 3), what the
    lashes let through of each colour; bare times lashes is the picture.
    skin: float32 (height, width, 3), plain skin of the lid, without its shade.
    """

    bare: NDArray[np.uint8]
    lashes: NDArray[np.float32]
    skin: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "bare", np.uint8, (*self.skin.shape,))
        check_array(self, "lashes", np.float32, self.skin.shape)
        check_array(self, "skin", np.float32, ("row", "column", 3))


def read_lids(eye: EyeMap, crop: NDArray[np.uint8], *, is_shut: bool) -> LidLayers:
    """Take the lids apart; crop: uint8, the picture in the eye's box."""
    skin = _lid_skin(eye, crop)
    colours = crop.astype(np.float32)
    place = (eye.across - eye.upper) / np.float32(eye.width_px)
    above, below = (SHUT_LASH_ABOVE, SHUT_LASH_BELOW) if is_shut else (LASH_ABOVE, LASH_BELOW)
    window = np.clip((place + above) / 0.04, 0, 1) * np.clip((below - place) / 0.02 + 0.5, 0, 1)
    window *= np.clip(np.minimum(eye.along, 1 - eye.along) / 0.05 + 1.6, 0, 1)
    behind = _without_lashes(eye, crop, window) if is_shut else skin
    lashes = np.clip((colours + 1) / (behind + 1), 0.05, 1)
    lashes = 1 - (1 - lashes) * window[..., None]
    bare = np.clip(colours / lashes + 0.5, 0, 255)
    return LidLayers(bare=bare.astype(np.uint8), lashes=lashes.astype(np.float32), skin=skin)


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
    brightness = luminance(crop).astype(np.float32)
    usual = _grown(brightness[..., None], weight.astype(np.float32), width, SKIN_SPREADS[:2])[..., 0]
    weight = (weight * (brightness > SKIN_DARKEST * usual)).astype(np.float32)
    skin = _grown(colours, weight, width, SKIN_SPREADS)
    # Fine texture like the skin's above, so that the lid is not smoother than its surroundings.
    fine = colours - blurred(colours, max(1.0, 0.02 * width))
    plain = above & (weight > 0)
    grain = float(np.median(np.abs(fine[plain]))) / 0.6745 if plain.any() else 0.0
    noise = np.random.default_rng(0).normal(0, min(grain, MOST_GRAIN), crop.shape[:2]).astype(np.float32)
    return (skin + 1.6 * blurred(noise, 0.8)[..., None]).astype(np.float32)


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
