"""The eye behind a lid that is shut or half shut in the picture: how far it opens, and what shows then.

Drawn in the picture's own light: the white shaded as a ball, the iris with its darker rim, the pupil and a
catch light where the face's light comes from, all as soft as the picture is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box
from lipwright.engine.render.photo.eye_light import PUPIL_RADIUS, EyeLight
from lipwright.engine.render.photo.eye_map import EyeMap
from lipwright.engine.render.pixels import blurred, look_up

# Where an attentive eye's lids stand against its iris, in radii of the iris: the upper one covers a quarter
# of it, the lower one touches it.
UPPER_ABOVE_CENTRE = 0.62
LOWER_BELOW_CENTRE = 0.95
# The fold above the opened lid, eye widths above its edge: the lid that shows.
LID_SHOWN = 0.11
# The lower lid of an eye that is shut stands higher than when it is open, no more than this, eye widths.
MOST_LOWERED = 0.10
# So near the lids of the other eye nothing is taken from it, eye widths: lashes stand there.
MIRROR_RIM = 0.02
# The darker rim of an iris and its pupil, against its colour.
RIM_SHADE = 0.45
PUPIL_SHADE = 0.10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OpenedEye:
    """An eye opened further than in the picture, over its box.

    upper, lower, fold: float32 (height, width), `across` of the lids' edges when open and of the fold above.
    ball: uint8 (height, width, 3), what lies between the lids, without the shadow of the upper one.
    iris_along: eye widths. iris_across: pixels.
    """

    upper: NDArray[np.float32]
    lower: NDArray[np.float32]
    fold: NDArray[np.float32]
    ball: NDArray[np.uint8]
    iris_along: float
    iris_across: float

    def __post_init__(self) -> None:
        check_array(self, "upper", np.float32, self.ball.shape[:2])
        check_array(self, "lower", np.float32, self.ball.shape[:2])
        check_array(self, "fold", np.float32, self.ball.shape[:2])
        check_array(self, "ball", np.uint8, ("row", "column", 3))

    def part(self, box: Box) -> OpenedEye:
        """Over a part of the box, in its pixels."""
        here = box.slices
        return replace(
            self,
            upper=self.upper[here].copy(),
            lower=self.lower[here].copy(),
            fold=self.fold[here].copy(),
            ball=self.ball[here].copy(),
        )


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
        lower=eye.lower,
        fold=fold.astype(np.float32),
        ball=_draw_ball(eye, light, iris_along, centre),
        iris_along=iris_along,
        iris_across=centre,
    )


def mirror_eye(
    eye: EyeMap, light: EyeLight, other: EyeMap, picture: NDArray[np.uint8], other_light: EyeLight
) -> OpenedEye:
    """Open an eye as the other one of the face is, in a mirror; picture: uint8, the other's box."""
    scale = other.width_px / eye.width_px
    along = 1 - eye.along
    # The iris is not mirrored: light falls on both eyes from the same side.
    radius = other.iris_radius
    aside = along - other.iris_along
    down = eye.across * scale - other.iris_across
    in_iris = np.hypot(aside * other.width_px, down) < 0.9 * radius * other.width_px
    along = np.where(in_iris, other.iris_along - aside, along).astype(np.float32)
    level = np.full_like(along, other.iris_across)
    lids = other.place_of(1 - eye.along, level)
    upper, lower = (look_up(line, lids) for line in (other.upper, other.lower))
    fold = look_up(other.fold, lids)
    rim = np.float32(MIRROR_RIM * other.width_px)
    across = np.clip(eye.across * scale, upper + rim, np.maximum(lower - rim, upper + rim))
    brighter = light.skin / np.maximum(other_light.skin, 1)
    ball = look_up(picture, other.place_of(along, across)) * np.clip(brighter, 0.7, 1.4)
    upper_here = np.minimum(eye.upper, upper / scale)
    return OpenedEye(
        upper=upper_here,
        lower=np.clip(lower / scale, eye.lower, eye.lower + np.float32(MOST_LOWERED * eye.width_px)),
        fold=np.minimum(np.maximum(eye.fold, fold / scale), upper_here - np.float32(0.04 * eye.width_px)),
        ball=np.asarray(np.clip(ball + 0.5, 0, 255), np.uint8),
        iris_along=1 - other.iris_along,
        iris_across=other.iris_across / scale,
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
