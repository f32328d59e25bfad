"""The eye behind a lid that is shut or half shut in the picture: how far it opens, and what shows then.

Drawn in the picture's own light: the white shaded as a ball, the iris with its darker rim, the pupil and a
catch light where the face's light comes from, all as soft as the picture is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box
from lipwright.engine.render.photo.eye_map import EyeMap
from lipwright.engine.render.pixels import blurred, luminance

# Where an attentive eye's lids stand against its iris, in radii of the iris: the upper one covers a quarter
# of it, the lower one touches it.
UPPER_ABOVE_CENTRE = 0.62
LOWER_BELOW_CENTRE = 0.95
# The fold above the opened lid, eye widths above its edge: the lid that shows.
LID_SHOWN = 0.11
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
# Pupil and darker rim, in radii of the iris; how dark, against the iris.
PUPIL_RADIUS = 0.36
RIM_SHADE = 0.45
PUPIL_SHADE = 0.10


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OpenedEye:
    """An eye opened further than in the picture, over its box.

    upper, fold: float32 (height, width), `across` of the upper lid's edge when open and of the fold above it.
    ball: uint8 (height, width, 3), what lies between the lids, without the shadow of the upper one.
    iris_along: eye widths. iris_across: pixels.
    """

    upper: NDArray[np.float32]
    fold: NDArray[np.float32]
    ball: NDArray[np.uint8]
    iris_along: float
    iris_across: float

    def __post_init__(self) -> None:
        check_array(self, "upper", np.float32, self.ball.shape[:2])
        check_array(self, "fold", np.float32, self.ball.shape[:2])
        check_array(self, "ball", np.uint8, ("row", "column", 3))

    def part(self, box: Box) -> OpenedEye:
        """Over a part of the box, in its pixels."""
        here = box.slices
        return replace(
            self, upper=self.upper[here].copy(), fold=self.fold[here].copy(), ball=self.ball[here].copy()
        )


def white_of(skin: NDArray[np.floating]) -> NDArray[np.float32]:
    """The white of the eyes of a face with this bright skin, where none is seen."""
    light = float(luminance(skin[None])[0])
    level = WHITE_SHARE * light**0.6 * 200**0.4
    hue = 1 - WHITE_TINT + WHITE_TINT * np.asarray(skin, np.float64) / max(light, 1.0)
    return np.asarray(np.clip(hue * level, 0, 245), np.float32)


def open_eye(eye: EyeMap, light: EyeLight, *, iris_along: float) -> OpenedEye:
    """Open an eye by its iris, whose middle is so many eye widths along."""
    width = eye.width_px
    radius = eye.iris_radius * width
    at_iris = np.abs(eye.along - iris_along) < 0.02
    lower_here = float(np.median(eye.lower[at_iris])) if at_iris.any() else float(np.median(eye.lower))
    centre = lower_here - LOWER_BELOW_CENTRE * radius
    arch = _arch(eye.along, eye.inner)
    peak = float(_arch(np.array([iris_along], np.float32), eye.inner)[0])
    height = max(-(centre - UPPER_ABOVE_CENTRE * radius) / max(peak, 0.3), 0.0)
    upper = np.minimum(eye.upper, -height * arch)
    fold = np.minimum(np.maximum(eye.fold, upper - LID_SHOWN * width), upper - 0.04 * width)
    return OpenedEye(
        upper=upper.astype(np.float32),
        fold=fold.astype(np.float32),
        ball=_draw_ball(eye, light, iris_along, centre),
        iris_along=iris_along,
        iris_across=centre,
    )


def _arch(along: NDArray[np.float32], inner: int) -> NDArray[np.float32]:
    """The upper lid of an open eye, 0 at the corners and 1 at its highest, a little towards the nose."""
    place = np.clip(along if inner == 0 else 1 - along, 0, 1)
    return np.asarray(np.clip(np.sin(np.pi * place**0.92), 0, 1) ** 0.72, np.float32)


def _draw_ball(eye: EyeMap, light: EyeLight, iris_along: float, iris_across: float) -> NDArray[np.uint8]:
    width = eye.width_px
    radius = eye.iris_radius * width
    x = (eye.along - iris_along) * width
    y = eye.across - iris_across
    # The white: a ball that turns away from the light at the corners, pink at the inner one.
    from_middle = np.abs(eye.along - 0.5) / 0.5
    shade = 1 - 0.42 * np.clip(from_middle, 0, 1.2) ** 2.4
    shade *= 1 + 0.06 * light.side * np.clip(2 * eye.along - 1, -1, 1)
    ball = light.white * shade[..., None]
    from_inner = (eye.along if eye.inner == 0 else 1 - eye.along) - 0.0
    pink = np.clip(1 - from_inner / 0.13, 0, 1)[..., None] ** 0.7
    ball = ball * (1 - pink) + light.skin * np.array([0.86, 0.60, 0.57]) * pink
    # The iris: lighter below, where light from above falls on it through the cornea; darker rim; pupil.
    r = np.sqrt(x * x + y * y) / radius
    angle = np.arctan2(y, x)
    fibres = blurred(np.random.default_rng(5).normal(0, 1, (1, 96)).astype(np.float32), 0.7)[0]
    fibre = fibres[np.round((angle / (2 * np.pi) + 0.5) * 95).astype(int)]
    glow = 0.86 + 0.34 * np.clip(y / radius, -1, 1) + 0.07 * fibre * np.clip(r, 0, 1)
    rim = 1 - (1 - RIM_SHADE) * np.clip((r - 0.74) / 0.26, 0, 1) ** 1.5
    iris = light.iris * (glow * rim)[..., None]
    pupil = np.clip((PUPIL_RADIUS - r) * radius / max(1.0, 0.06 * radius) + 0.5, 0, 1)[..., None]
    iris = iris * (1 - pupil) + light.iris * PUPIL_SHADE * pupil
    soft = max(1.0, 0.10 * radius)
    is_iris = np.clip((1 - r) * radius / soft + 0.5, 0, 1)[..., None]
    ball = ball * (1 - is_iris) + iris * is_iris
    # The catch light.
    spot_x, spot_y = (0.28 if light.side > 0 else -0.28) * radius, -0.26 * radius
    spot = np.exp(-(((x - spot_x) ** 2 + (y - spot_y) ** 2) / (0.15 * radius) ** 2))[..., None]
    spot = np.clip(1.5 * spot, 0, 1) * 0.9
    ball = ball * (1 - spot) + np.clip(light.white * 1.35, 0, 250) * spot
    # The wet edge of the lower lid.
    edge = np.exp(-(((eye.across - eye.lower + 0.012 * width) / (0.018 * width)) ** 2))[..., None] * 0.5
    ball = ball * (1 - edge) + light.skin * np.array([1.0, 0.84, 0.82]) * edge
    ball = blurred(ball, max(light.blur_px, 0.5))
    noise = np.random.default_rng(7).normal(0, light.grain, ball.shape[:2]).astype(np.float32)
    ball += 1.6 * blurred(noise, 0.8)[..., None]
    return np.asarray(np.clip(ball + 0.5, 0, 255), np.uint8)


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
