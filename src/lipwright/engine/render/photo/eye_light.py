"""The light on an eye of a picture, and the colours that an eye has in it: its white, its iris."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.render.photo.eye_map import EyeMap
from lipwright.engine.render.pixels import blurred, luminance

# The white of an eye against the light of the skin: paler skin is as bright as the white, darker skin darker.
# White is this share of the light, which counts to the power of 0.6.
WHITE_SHARE = 0.84
# And has the skin's tint by this share, as the picture's light has.
WHITE_TINT = 0.36
# An iris that shows fewer pixels than this has no colour of its own; so far under the lid, eye widths, its
# lashes and its shadow hide it.
LEAST_IRIS_PX = 24
LID_SHADE = 0.05
# What has more than this share of the skin's light is no iris: lids that touch where the mesh sees a slit.
MOST_IRIS_LIGHT = 0.55
# The skin below an eye counts for its light by this share, that above it by the rest.
SKIN_BELOW = 0.6
# Noise that a drawn eye gets at the most, 0 to 255.
MOST_GRAIN = 5.0
# An eye has its own skin's light by this share, that of both eyes by the rest.
OWN_LIGHT = 0.7
# The pupil, in radii of the iris.
PUPIL_RADIUS = 0.36


@dataclass(frozen=True, slots=True, kw_only=True)
class EyeLight:
    """The light on an eye: colours float32 RGB (3,), 0 to 255.

    is_iris_seen: whether the colour of the iris was seen, not guessed.
    side: -1 light from the viewer's left, 1 from the right. blur_px: how soft the picture is.
    grain: standard deviation of its noise, 0 to 255.
    """

    white: NDArray[np.float32]
    iris: NDArray[np.float32]
    is_iris_seen: bool
    skin: NDArray[np.float32]
    side: float
    blur_px: float
    grain: float

    def __post_init__(self) -> None:
        for name in ("white", "iris", "skin"):
            check_array(self, name, np.float32, (3,))


def read_lights(
    eyes: Mapping[int, EyeMap], texture: NDArray[np.uint8], seen: Sequence[int]
) -> dict[int, EyeLight]:
    """The light on each eye of a face in a picture, from the skin below it.

    seen: the eyes that show enough of themselves to give their colour, the best first.
    """
    crops = {side: texture[eye.box.slices] for side, eye in eyes.items()}
    skins = {side: _lit_skin(eye, crops[side]) for side, eye in eyes.items()}
    both = np.mean(list(skins.values()), axis=0)
    levels = {side: float(luminance(skin[None])[0]) for side, skin in skins.items()}
    aside = 3 * (levels[max(levels)] - levels[min(levels)]) / max(sum(levels.values()), 1.0)
    blur_px = float(np.mean([_softness_px(crop) for crop in crops.values()]))
    grain = float(np.mean([_grain(crop) for crop in crops.values()]))
    colours = (_seen_iris(eyes[side], crops[side], levels[side]) for side in seen)
    iris = next((colour for colour in colours if colour is not None), None)
    lights = {}
    for side, skin in skins.items():
        here = (OWN_LIGHT * skin + (1 - OWN_LIGHT) * both).astype(np.float32)
        lights[side] = EyeLight(
            white=white_of(here),
            iris=likely_iris(here) if iris is None else iris,
            is_iris_seen=iris is not None,
            skin=here,
            side=float(np.clip(aside, -1, 1)),
            blur_px=blur_px,
            grain=grain,
        )
    return lights


def _lit_skin(eye: EyeMap, crop: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The lighter skin below an eye and that above it, float32 (3,): what falls on the eye between them."""
    below, above = (eye.across - eye.lower) / eye.width_px, (eye.fold - eye.across) / eye.width_px
    found = []
    for place in (below, above):
        near = (place > 0.12) & (place < 0.40) & (eye.along > 0) & (eye.along < 1)
        pixels = crop[near] if near.sum() > 12 else crop.reshape(-1, 3)
        bright = luminance(pixels)
        found.append(pixels[bright >= np.percentile(bright, 60)].mean(axis=0))
    return np.asarray(SKIN_BELOW * found[0] + (1 - SKIN_BELOW) * found[1], np.float32)


def _grain(crop: NDArray[np.uint8]) -> float:
    """Noise of a picture, 0 to 255: the median of a high-pass, which edges do not raise."""
    grey = luminance(crop).astype(np.float32)
    return float(np.clip(np.median(np.abs(grey - blurred(grey, 1.2))) / 0.6745, 0, MOST_GRAIN))


def likely_iris(skin: NDArray[np.float32]) -> NDArray[np.float32]:
    """Brown, as four in five people's, in the light of this skin; grey where the picture is grey."""
    light = float(luminance(skin[None])[0])
    brown = np.array([66.0, 43.0, 30.0]) * np.clip((light / 170) ** 0.5, 0.5, 1.2)
    colourful = np.clip(float(np.ptp(skin)) / max(light, 1.0) / 0.12, 0, 1)
    grey = float(luminance(brown[None])[0])
    return np.asarray(grey + (brown - grey) * colourful, np.float32)


def _seen_iris(eye: EyeMap, crop: NDArray[np.uint8], skin_light: float) -> NDArray[np.float32] | None:
    """Colour of the iris as far as the lids show it, float32 (3,).

    None where they show too little, or nothing that is darker than the skin as an iris is.
    """
    width = eye.width_px
    r = np.hypot((eye.along - eye.iris_along) * width, eye.across - eye.iris_across)
    r /= eye.iris_radius * width
    clear = LID_SHADE * width
    shown = (eye.across > eye.upper + clear) & (eye.across < eye.lower - 0.4 * clear)
    shown &= (r > PUPIL_RADIUS + 0.1) & (r < 0.85)
    if shown.sum() < LEAST_IRIS_PX:
        return None
    pixels = crop[shown]
    bright = luminance(pixels)
    # The darker half: white of the eye that is taken for iris is brighter.
    iris = np.median(pixels[bright <= np.median(bright)], axis=0)
    if float(luminance(iris[None])[0]) > MOST_IRIS_LIGHT * skin_light:
        return None
    return np.asarray(iris, np.float32)


def _softness_px(crop: NDArray[np.uint8]) -> float:
    """How soft the sharpest edges of a picture are, pixels.

    An edge of softness s that is blurred by b keeps s / hypot(s, b) of its slope.
    """
    grey = luminance(crop).astype(np.float32)
    reblur = 2.0

    def slope(image: NDArray[np.float32]) -> float:
        across, down = cv2.Sobel(image, cv2.CV_32F, 1, 0), cv2.Sobel(image, cv2.CV_32F, 0, 1)
        return float(np.percentile(np.hypot(across, down), 98))

    ratio = max(slope(grey) / max(slope(blurred(grey, reblur)), 1e-3), 1.02)
    return float(np.clip(reblur / np.sqrt(ratio**2 - 1) - 0.5, 0.4, 6.0))


def white_of(skin: NDArray[np.floating]) -> NDArray[np.float32]:
    """The white of the eyes of a face with this bright skin, where none is seen."""
    light = float(luminance(skin[None])[0])
    level = WHITE_SHARE * light**0.6 * 200**0.4
    hue = 1 - WHITE_TINT + WHITE_TINT * np.asarray(skin, np.float64) / max(light, 1.0)
    return np.asarray(np.clip(hue * level, 0, 245), np.float32)
