"""The light and the colours of a picture, for what is drawn into it: skin, white, lips, grain, sharpness."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.face import mesh
from lipwright.engine.render.pixels import blurred, luminance
from lipwright.engine.render.warp.face_axes import FaceAxes

# Teeth against the white of the eyes of the same face, before the shadow of the lips darkens them.
TEETH_PER_SCLERA = 1.06
# And against the brightest skin, the bounds of real photographs: darker looks rotten, brighter glows.
TEETH_PER_SKIN = (0.88, 1.06)
# The same for teeth that were seen, against the skin's usual light.
SEEN_TEETH_PER_SKIN = (0.85, 1.3)
# The white of an eye smaller than this is mixed with lid and iris; the skin decides then. Pixels.
MIN_EYE_WIDTH_PX = 22
# Blur that is added to a picture to estimate how soft it is: large enough to be felt by soft pictures.
REBLUR_PX = 1.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Palette:
    """Colours are float32 (3,) RGB, 0 to 255.

    side_light: relative brightness of the viewer's right half of the face against the left, as a slope a face
    height.
    grain: standard deviation of the picture's noise, 0 to 255. blur_px: radius of the picture's softness.
    """

    skin: NDArray[np.float32]
    tooth: NDArray[np.float32]
    tongue: NDArray[np.float32]
    cavity: NDArray[np.float32]
    side_light: float
    grain: float
    blur_px: float

    def __post_init__(self) -> None:
        for name in ("skin", "tooth", "tongue", "cavity"):
            check_array(self, name, np.float32, (3,))


def read_palette(axes: FaceAxes, landmarks_px: NDArray[np.float32], rgb: NDArray[np.uint8]) -> Palette:
    """Take the colours from a face of a picture."""
    cheeks = _pixels_around(
        rgb, landmarks_px[[50, 280, 205, 425, 101, 330, 4, 151]], 0.03 * axes.face_height_px
    )
    skin = np.median(cheeks, axis=0)
    bright = float(np.percentile(luminance(cheeks), 92))
    lips = _pixels_around(rgb, landmarks_px[[15, 16, 86, 316, 12]], 0.008 * axes.face_height_px)
    lip = np.median(lips, axis=0)
    white = _eye_white(landmarks_px, rgb)
    if white is None:
        white = _unit(0.8 * np.ones(3) + 0.2 * _unit(skin)) * 0.8 * bright
    darkest, brightest = (share * bright for share in TEETH_PER_SKIN)
    level = float(np.clip(TEETH_PER_SCLERA * float(luminance(white)), darkest, brightest))
    # Enamel is warmer than the white of the eye.
    hue = 0.25 * _unit(white) + 0.20 * _unit(skin) + 0.55
    tooth = _unit(hue * np.array([1.03, 1.0, 0.90])) * level
    tongue = 0.62 * lip * np.array([1.0, 0.82, 0.84]) + 0.1 * skin
    cavity = 0.25 * lip * np.array([1.0, 0.58, 0.58])
    return Palette(
        skin=skin.astype(np.float32),
        tooth=np.clip(tooth, 0, 255).astype(np.float32),
        tongue=tongue.astype(np.float32),
        cavity=cavity.astype(np.float32),
        side_light=_side_light(landmarks_px, rgb, axes),
        grain=_grain(rgb, landmarks_px),
        blur_px=_blur_px(rgb, landmarks_px, axes),
    )


def with_seen_teeth(palette: Palette, tooth_per_skin: NDArray[np.float32]) -> Palette:
    """The palette with teeth as they were seen beside the skin, float32 (3,), within bounds."""
    tooth = palette.skin * tooth_per_skin
    light, skin = (float(luminance(colour[None])[0]) for colour in (tooth, palette.skin))
    darkest, brightest = (share * skin for share in SEEN_TEETH_PER_SKIN)
    level = float(np.clip(light, darkest, brightest))
    return replace(palette, tooth=np.clip(tooth * (level / max(light, 1.0)), 0, 255).astype(np.float32))


def _unit(colour: NDArray[np.floating]) -> NDArray[np.float64]:
    """A colour of the same hue with luminance 1."""
    return np.asarray(colour, dtype=np.float64) / max(float(luminance(np.asarray(colour)[None])[0]), 1e-3)


def _pixels_around(
    rgb: NDArray[np.uint8], points: NDArray[np.float32], radius_px: float
) -> NDArray[np.float32]:
    """All pixels within squares around points, float32 (n, 3)."""
    height, width = rgb.shape[:2]
    reach = max(1, round(radius_px))
    found = []
    for x, y in points[:, :2]:
        left, top = int(np.clip(x, reach, width - reach - 1)), int(np.clip(y, reach, height - reach - 1))
        found.append(rgb[top - reach : top + reach + 1, left - reach : left + reach + 1].reshape(-1, 3))
    return np.concatenate(found).astype(np.float32)


def _eye_white(landmarks_px: NDArray[np.float32], rgb: NDArray[np.uint8]) -> NDArray[np.float64] | None:
    """Mean colour of the brighter part of the eyes around the irises; None when too small to see."""
    found = []
    for ring, iris in ((mesh.EYE_LEFT, mesh.IRIS_LEFT), (mesh.EYE_RIGHT, mesh.IRIS_RIGHT)):
        outline = landmarks_px[list(ring), :2]
        if np.ptp(outline[:, 0]) < MIN_EYE_WIDTH_PX:
            continue
        inside = np.zeros(rgb.shape[:2], dtype=np.uint8)
        cv2.fillPoly(inside, [np.round(outline).astype(np.int32)], 1)
        centre = landmarks_px[iris[0], :2]
        radius = float(np.linalg.norm(landmarks_px[list(iris[1:]), :2] - centre, axis=1).mean()) * 1.15
        cv2.circle(inside, (round(float(centre[0])), round(float(centre[1]))), round(radius), 0, -1)
        found.append(rgb[inside > 0])
    if not found or sum(map(len, found)) < 30:
        return None
    pixels = np.concatenate(found).astype(np.float64)
    order = np.argsort(luminance(pixels))
    white: NDArray[np.float64] = pixels[order[int(0.70 * len(order)) : int(0.97 * len(order)) + 1]].mean(
        axis=0
    )
    return white


def _side_light(landmarks_px: NDArray[np.float32], rgb: NDArray[np.uint8], axes: FaceAxes) -> float:
    radius = 0.025 * axes.face_height_px
    left = float(np.median(luminance(_pixels_around(rgb, landmarks_px[[57, 43, 106]], radius))))
    right = float(np.median(luminance(_pixels_around(rgb, landmarks_px[[287, 273, 335]], radius))))
    difference = (right - left) / max(left + right, 1.0)
    return float(np.clip(difference / max(axes.half_mouth, 0.05), -1.5, 1.5))


def _face_grey(rgb: NDArray[np.uint8], landmarks_px: NDArray[np.float32]) -> NDArray[np.float32]:
    height, width = rgb.shape[:2]
    low = np.clip(landmarks_px[:, :2].min(axis=0), 0, (width - 8, height - 8)).astype(int)
    high = np.clip(landmarks_px[:, :2].max(axis=0), low + 8, (width, height)).astype(int)
    grey: NDArray[np.float32] = cv2.cvtColor(
        rgb[low[1] : high[1], low[0] : high[0]], cv2.COLOR_RGB2GRAY
    ).astype(np.float32)
    return grey


def _grain(rgb: NDArray[np.uint8], landmarks_px: NDArray[np.float32]) -> float:
    """Noise of smooth skin: the median of a high-pass, which edges do not raise."""
    grey = _face_grey(rgb, landmarks_px)
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float32)
    return float(np.clip(np.median(np.abs(cv2.filter2D(grey, -1, kernel))) / (0.6745 * 6), 0, 8))


def _blur_px(rgb: NDArray[np.uint8], landmarks_px: NDArray[np.float32], axes: FaceAxes) -> float:
    """How soft the sharpest edges of the face are: an edge of softness s that is blurred by b keeps s /
    hypot(s, b)
    of its slope, whatever its contrast."""
    grey = _face_grey(rgb, landmarks_px)
    slope, softer = (float(np.percentile(_gradient(each), 99)) for each in (grey, blurred(grey, REBLUR_PX)))
    ratio = max(slope / max(softer, 1e-3), 1.02)
    return float(np.clip(REBLUR_PX / np.sqrt(ratio**2 - 1) - 0.5, 0.3, 0.01 * axes.face_height_px + 0.5))


def _gradient(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    return np.hypot(across, down).astype(np.float32)
