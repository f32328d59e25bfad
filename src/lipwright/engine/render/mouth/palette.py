"""The light and the colours of a picture, for what is drawn into it: skin, white, lips, grain, sharpness."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array, smoothstep
from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.render.mouth.light import FaceLight, read_light
from lipwright.engine.render.pixels import blurred, luminance
from lipwright.engine.render.warp.face_axes import FaceAxes

# Teeth against the white of the eyes of the same face, before the shadow of the lips darkens them.
TEETH_PER_SCLERA = 1.06
# And against the brightest skin, the bounds of real photographs: darker looks rotten, brighter glows.
TEETH_PER_SKIN = (0.88, 1.06)
# The bounds against the skin's usual light: at least as light, at most this many times and levels lighter.
# Half of a face may lie in the dark.
TEETH_PER_USUAL_SKIN, TEETH_MORE = (1.06, 1.25), 30.0
# And never lighter than this, levels: in bright pictures they would glow.
LIGHTEST_TEETH = 226.0
# The same for teeth that were seen, against the skin's usual light.
SEEN_TEETH_PER_SKIN = (0.85, 1.3)
# Skin in white light: what divides a face's colour to leave the light's.
SKIN_IN_WHITE = (1.20, 1.0, 0.90)
# Enamel in white light, and the bounds of red and blue against green in any light: beyond them a measured
# light is a red wall or a bloodshot eye.
ENAMEL = (1.03, 1.0, 0.965)
RED_PER_GREEN, BLUE_PER_GREEN = (0.95, 1.08), (0.84, 1.06)
# How far teeth follow the measured light in red and in blue: skin and the white of eyes are redder than it.
FOLLOWED = (0.5, 0.0, 0.8)
# A picture whose colours stray by less than the first, in levels, from one tint for each brightness has one
# colour (grey, sepia); from the second on it is in colour. Colour photographs stray by 7 and more.
ONE_TINT, FULL_COLOUR = 2.0, 4.5
# Drawings: irises of people measure .060 to .095 face heights, children's most; cartoons' .12 and more. And
# smooth colour: of photographs up to 0.12 of the face has no slope at all.
DRAWN_IRIS, DRAWN_FLAT = (0.100, 0.120), (0.30, 0.55)
# A slope below this is none, levels a pixel in a face of FLAT_FACE_PX.
FLAT_SLOPE, FLAT_FACE_PX = 0.3, 180.0
# The white of an eye smaller than this is mixed with lid and iris; the skin decides then. Pixels.
MIN_EYE_WIDTH_PX = 22
# Blur that is added to a picture to estimate how soft it is: large enough to be felt by soft pictures.
REBLUR_PX = 1.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Palette:
    """Colours are float32 (3,) RGB, 0 to 255, in full light.

    light: on the face. flatness: 1 in a drawing of flat colours, 0 in a photograph. chroma: 1 in a picture in
    colour, 0 in one that is grey or of one tint.
    grain: standard deviation of the picture's noise, 0 to 255. blur_px: radius of the picture's softness.
    """

    skin: NDArray[np.float32]
    tooth: NDArray[np.float32]
    gum: NDArray[np.float32]
    tongue: NDArray[np.float32]
    cavity: NDArray[np.float32]
    light: FaceLight
    flatness: float
    chroma: float
    grain: float
    blur_px: float

    def __post_init__(self) -> None:
        for name in ("skin", "tooth", "gum", "tongue", "cavity"):
            check_array(self, name, np.float32, (3,))


def read_palette(axes: FaceAxes, landmarks_px: NDArray[np.float32], rgb: NDArray[np.uint8]) -> Palette:
    """Take the colours from a face of a picture."""
    cheeks = _pixels_around(
        rgb, landmarks_px[[50, 280, 205, 425, 101, 330, 4, 151]], 0.03 * axes.face_height_px
    )
    skin = np.median(cheeks, axis=0)
    lips = _pixels_around(rgb, landmarks_px[[15, 16, 86, 316, 12]], 0.008 * axes.face_height_px)
    lip = np.median(lips, axis=0)
    flesh = 0.62 * lip * np.array([1.0, 0.82, 0.84]) + 0.1 * skin
    tint = _read_tint(rgb, landmarks_px)
    tooth, gum, tongue, cavity = (
        _in_tint(colour, tint)
        for colour in (
            _tooth(skin, float(np.percentile(luminance(cheeks), 92)), _eye_white(landmarks_px, rgb), rgb),
            1.02 * flesh + 6,
            0.64 * flesh + 0.39 * skin * np.array([0.97, 0.66, 0.71]),
            0.25 * lip * np.array([1.0, 0.58, 0.58]),
        )
    )
    return Palette(
        skin=skin.astype(np.float32),
        tooth=tooth,
        gum=gum,
        tongue=tongue,
        cavity=cavity,
        light=read_light(axes, landmarks_px, rgb),
        flatness=_flatness(landmarks_px, rgb, axes),
        chroma=tint.chroma,
        grain=_grain(rgb, landmarks_px),
        blur_px=_blur_px(rgb, landmarks_px, axes),
    )


def _tooth(
    skin: NDArray[np.floating], bright: float, white: NDArray[np.floating] | None, rgb: NDArray[np.uint8]
) -> NDArray[np.float64]:
    """The colour of teeth in full light. bright: luminance of bright skin. white: of the eyes."""
    lit_skin = np.asarray(skin) / SKIN_IN_WHITE
    brightest = _brightest(rgb)
    # Each of the three is often wrong (make-up, a bloodshot eye, a red wall), two of them seldom.
    hues = [_unit(each) for each in (lit_skin, brightest if white is None else white, brightest)]
    light = np.median([each / each[1] for each in hues], axis=0)
    hue = (1 + FOLLOWED * (light - 1)) * ENAMEL
    hue[0], hue[2] = np.clip(hue[0], *RED_PER_GREEN), np.clip(hue[2], *BLUE_PER_GREEN)
    level = 0.8 * bright if white is None else float(luminance(white))
    darkest, brightest_teeth = (share * bright for share in TEETH_PER_SKIN)
    level = float(np.clip(TEETH_PER_SCLERA * level, darkest, brightest_teeth))
    least, most = (share * float(luminance(skin)) for share in TEETH_PER_USUAL_SKIN)
    level = min(float(np.clip(level, least, most + TEETH_MORE)), LIGHTEST_TEETH)
    return np.asarray(np.clip(_unit(hue) * level, 0, 255), dtype=np.float64)


def _brightest(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean colour of the brightest pixels of a picture that are not blown out, float64 (3,)."""
    step = max(1, round(np.sqrt(rgb.shape[0] * rgb.shape[1] / 40_000)))
    pixels = rgb[::step, ::step].reshape(-1, 3)
    pixels = pixels[pixels.max(axis=1) < 253]
    if not len(pixels):
        return np.full(3, 255.0)
    light = luminance(pixels)
    return np.asarray(pixels[light >= np.percentile(light, 97)].mean(axis=0), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Tint:
    """The one tint of a picture. of_level: float64 (3, 2), red and blue over green for (1, level, level^2).

    chroma: as in Palette.
    """

    of_level: NDArray[np.float64]
    chroma: float

    def __post_init__(self) -> None:
        check_array(self, "of_level", np.float64, (3, 2))


def _read_tint(rgb: NDArray[np.uint8], landmarks_px: NDArray[np.float32]) -> _Tint:
    face = _face_pixels(rgb, landmarks_px)
    light = luminance(face)
    tone = np.stack([np.ones_like(light), light, light**2], axis=-1)
    differences = face[:, [0, 2]].astype(np.float64) - face[:, 1:2]
    fit = np.asarray(np.linalg.lstsq(tone, differences, rcond=None)[0], dtype=np.float64)
    astray = float(np.hypot(*(differences - tone @ fit).std(axis=0)))
    return _Tint(of_level=fit, chroma=float(np.clip((astray - ONE_TINT) / (FULL_COLOUR - ONE_TINT), 0, 1)))


def _in_tint(colour: NDArray[np.floating], tint: _Tint) -> NDArray[np.float32]:
    """A colour as it looks in a picture that is grey or of one tint; unchanged in one that is in colour."""
    level = float(luminance(colour))
    red, blue = np.array([1, level, level**2]) @ tint.of_level
    green = level - 0.299 * red - 0.114 * blue
    tinted = np.array([green + red, green, green + blue])
    mixed = tinted + (colour - tinted) * tint.chroma
    return np.asarray(np.clip(mixed, 0, 255), dtype=np.float32)


def _flatness(landmarks_px: NDArray[np.float32], rgb: NDArray[np.uint8], axes: FaceAxes) -> float:
    """How sure a face is drawn and not photographed, 0 to 1: by its irises and by what has no shading."""
    sizes = [
        2 * np.linalg.norm(landmarks_px[list(iris[1:]), :2] - landmarks_px[iris[0], :2], axis=1).mean()
        for iris in (mesh.IRIS_LEFT, mesh.IRIS_RIGHT)
    ]
    iris = min(sizes) / axes.face_height_px
    grey, scale = _face_grey(rgb, landmarks_px), FLAT_FACE_PX / axes.face_height_px
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=interpolation).astype(np.float32)
    flat = float((_gradient(small) / 8 < FLAT_SLOPE).mean())
    signs = [(value - low) / (high - low) for value, (low, high) in ((iris, DRAWN_IRIS), (flat, DRAWN_FLAT))]
    return float(smoothstep(np.array(max(signs))))


def with_seen_teeth(palette: Palette, tooth_per_skin: NDArray[np.float32]) -> Palette:
    """The palette with teeth as they were seen beside the skin, float32 (3,), within bounds."""
    tooth = palette.skin * tooth_per_skin
    light, skin = (float(luminance(colour[None])[0]) for colour in (tooth, palette.skin))
    darkest, brightest = (share * skin for share in SEEN_TEETH_PER_SKIN)
    level = float(np.clip(light, darkest, brightest))
    return replace(palette, tooth=np.clip(tooth * (level / max(light, 1.0)), 0, 255).astype(np.float32))


def _unit(colour: NDArray[np.floating]) -> NDArray[np.float64]:
    """A colour of the same hue with luminance 1."""
    return np.asarray(colour, dtype=np.float64) / max(float(luminance(np.asarray(colour))), 1e-3)


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


def _face_pixels(rgb: NDArray[np.uint8], landmarks_px: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Some 10,000 pixels of a face, uint8 (n, 3)."""
    face = rgb[_face_box(rgb, landmarks_px).slices]
    step = max(1, round(np.sqrt(face.shape[0] * face.shape[1] / 10_000)))
    return face[::step, ::step].reshape(-1, 3)


def _face_box(rgb: NDArray[np.uint8], landmarks_px: NDArray[np.float32]) -> Box:
    height, width = rgb.shape[:2]
    low = np.clip(landmarks_px[:, :2].min(axis=0), 0, (width - 8, height - 8)).astype(int)
    high = np.clip(landmarks_px[:, :2].max(axis=0), low + 8, (width, height)).astype(int)
    return Box(int(low[0]), int(low[1]), int(high[0]), int(high[1]))


def _face_grey(rgb: NDArray[np.uint8], landmarks_px: NDArray[np.float32]) -> NDArray[np.float32]:
    grey = cv2.cvtColor(rgb[_face_box(rgb, landmarks_px).slices], cv2.COLOR_RGB2GRAY)
    return np.asarray(grey, dtype=np.float32)


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
