"""What is seen through the lips: cavity, tongue and teeth, put in place for each frame.

The picture's own teeth are used when it shows them, drawn ones otherwise.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.render.mouth.lips import LipCut
from lipwright.engine.render.mouth.palette import Palette
from lipwright.engine.render.mouth.teeth import BOTTOM_MM, HALF_WIDTH_MM, TOP_MM, Texture, draw_mouth
from lipwright.engine.render.pixels import blurred, luminance
from lipwright.engine.render.warp.face_axes import FaceAxes
from lipwright.engine.render.warp.lip_rest import CLOSING_SHARE, PARTED_GAP

# Millimetres in a face height (forehead top to chin bottom of the mesh) of an average adult.
FACE_HEIGHT_MM = 140.0
# A parted mouth shows teeth when its brighter part reaches this share of the brightness expected of teeth.
TEETH_SEEN = 0.62
# And when it is at least this wide open; a narrower slit shows more lip than teeth. Face heights.
TEETH_GAP = 0.034
# How far the picture's own teeth go on under the lip that covers them, millimetres.
TEETH_BEHIND_LIP_MM = 4.0


class MouthInterior:
    """The inside of one face's mouth."""

    def __init__(
        self,
        axes: FaceAxes,
        landmarks_px: NDArray[np.float32],
        palette: Palette,
        seed: int,
        shown: tuple[NDArray[np.uint8], LipCut] | None = None,
    ) -> None:
        """shown: the picture and the cut of its lips, for teeth that it may show; None draws the teeth."""
        self._axes = axes
        self._palette = palette
        self._origin_px = _contact_px(landmarks_px, axes)
        self._half_mouth_mm = axes.half_mouth * FACE_HEIGHT_MM
        px_per_mm = axes.face_height_px / FACE_HEIGHT_MM
        textures = draw_mouth(palette, px_per_mm, seed)
        # Small mouths have small teeth: an arch that would not fit behind the lips is drawn smaller.
        self._tooth_scale = float(np.clip(self._half_mouth_mm / 24.0, 0.45, 1.15))
        self.has_own_teeth = False
        upper = textures.upper_teeth
        if shown is not None:
            own = _own_teeth(axes, landmarks_px, shown[1], shown[0], palette, upper.px_per_mm)
            self.has_own_teeth = own is not None
            upper = own or upper
        self._upper = _premultiplied(upper)
        self._lower = _premultiplied(textures.lower_teeth)
        self._tongue = _premultiplied(textures.tongue)
        self._px_per_mm = upper.px_per_mm
        self._grain = np.random.default_rng(seed).normal(0, palette.grain, (512, 512)).astype(np.float32)

    def view(
        self,
        box: Box,
        head: NDArray[np.float32],
        mouth: NDArray[np.float32],
        jaw_drop: float,
    ) -> NDArray[np.float32]:
        """Draw the inside over a box of the output, before the lips' shadow: float32 (height, width, 3), 0 to
        255.

        head: float32 (2, 3), affine from source to output pixels at the mouth. mouth: a row of
        ArticulationCurves.
        jaw_drop: face heights.
        """
        scale = 1.0 if self.has_own_teeth else self._tooth_scale
        tongue_up, tongue_out = float(mouth[Mouth.TONGUE_UP]), float(mouth[Mouth.TONGUE_OUT])
        layers = [
            (
                self._tongue,
                self._tooth_scale,
                0.9 * jaw_drop - (4.5 * tongue_up + 5.0 * tongue_out) / FACE_HEIGHT_MM,
            ),
            (self._lower, self._tooth_scale, jaw_drop),
        ]
        if tongue_out > 0.3:
            layers.reverse()
        picture = np.empty((box.height, box.width, 3), dtype=np.float32)
        picture[:] = self._palette.cavity
        for texture, texture_scale, drop in layers:
            seen = self._place(texture, texture_scale, drop, box, head)
            picture = picture * (1 - seen[..., 3:]) + seen[..., :3]
        upper = self._place(self._upper, scale, 0.0, box, head)
        picture = picture * (1 - upper[..., 3:]) + upper[..., :3]
        rows, columns = picture.shape[:2]
        grain = np.tile(self._grain, (rows // 512 + 1, columns // 512 + 1))[:rows, :columns]
        # Noise grows with light, as it does on skin.
        return np.asarray(picture * (1 + grain[..., None] / 128), dtype=np.float32)

    def _place(
        self,
        texture: NDArray[np.float32],
        scale: float,
        drop: float,
        box: Box,
        head: NDArray[np.float32],
    ) -> NDArray[np.float32]:
        axes = self._axes
        per_px = scale / (FACE_HEIGHT_MM * self._px_per_mm)
        across, down = axes.x_axis_px * per_px, axes.y_axis_px * per_px
        origin = self._origin_px + axes.y_axis_px * drop
        corner = origin - across * (HALF_WIDTH_MM * self._px_per_mm) + down * (TOP_MM * self._px_per_mm)
        to_source = np.array([[across[0], down[0], corner[0]], [across[1], down[1], corner[1]], [0, 0, 1]])
        affine = head @ to_source
        affine[:, 2] -= box.corner
        return np.asarray(
            cv2.warpAffine(texture, affine, box.size_wh, flags=cv2.INTER_LINEAR), dtype=np.float32
        )


def _premultiplied(texture: Texture) -> NDArray[np.float32]:
    return np.dstack([texture.rgb * texture.alpha[..., None], texture.alpha]).astype(np.float32)


def _contact_px(landmarks_px: NDArray[np.float32], axes: FaceAxes) -> NDArray[np.float32]:
    """Where the lips meet in the middle when they are shut, float32 (2,) pixels of the picture."""
    upper, lower = landmarks_px[mesh.LIP_INNER_TOP, :2], landmarks_px[mesh.LIP_INNER_BOTTOM, :2]
    parted = float(np.linalg.norm(lower - upper)) > PARTED_GAP * axes.face_height_px
    contact: NDArray[np.float32] = upper + (CLOSING_SHARE if parted else 0.5) * (lower - upper)
    return contact


def _own_teeth(
    axes: FaceAxes,
    landmarks_px: NDArray[np.float32],
    cut: LipCut,
    rgb: NDArray[np.uint8],
    palette: Palette,
    px_per_mm: float,
) -> Texture | None:
    """The picture's own teeth as a texture in the mouth's plane; None when it shows none."""
    hole = np.clip(1 - cut.upper - cut.lower, 0, 1)
    pixels = rgb[cut.box.slices]
    seen = pixels[hole > 0.95]
    if len(seen) < 20:
        return None
    tall = float(
        np.linalg.norm(np.ptp(landmarks_px[[mesh.LIP_INNER_TOP, mesh.LIP_INNER_BOTTOM], :2], axis=0))
    )
    if tall < TEETH_GAP * axes.face_height_px:
        return None
    brightness = luminance(seen)
    bright = seen[brightness >= np.percentile(brightness, 60)].mean(axis=0)
    too_dark = float(luminance(bright)) < TEETH_SEEN * (float(luminance(palette.tooth)))
    # Lips and gums are redder than the skin, teeth are not.
    too_red = bright[0] / max(bright[1], 1) > 1.08 * palette.skin[0] / max(palette.skin[1], 1)
    if too_dark or too_red:
        return None
    per_px = 1 / (FACE_HEIGHT_MM * px_per_mm)
    across, down = axes.x_axis_px * per_px, axes.y_axis_px * per_px
    origin = _contact_px(landmarks_px, axes) - np.array(cut.box.corner, dtype=np.float32)
    corner = origin - across * (HALF_WIDTH_MM * px_per_mm) + down * (TOP_MM * px_per_mm)
    to_box = np.array([[across[0], down[0], corner[0]], [across[1], down[1], corner[1]]], dtype=np.float32)
    size = (round(2 * HALF_WIDTH_MM * px_per_mm), round((BOTTOM_MM - TOP_MM) * px_per_mm))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    colours, inside = (
        np.asarray(cv2.warpAffine(each.astype(np.float32), to_box, size, flags=flags), dtype=np.float32)
        for each in (pixels, hole)
    )
    # Lip colours bleed over the hole's edge; the teeth proper begin a little inside.
    margin = max(1, round(0.35 * px_per_mm))
    core = cv2.erode((inside > 0.97).astype(np.uint8), np.ones((2 * margin + 1, 1), np.uint8))
    return _extended(Texture(rgb=colours, alpha=inside, px_per_mm=px_per_mm), np.asarray(core) > 0)


def _extended(texture: Texture, core: NDArray[np.bool_]) -> Texture:
    """Teeth that go on a little under the upper lip: each column repeats its first row upwards, darkening."""
    rows = len(core)
    has: NDArray[np.bool_] = np.asarray(core.any(axis=0))
    if not has.any():
        return texture
    first = np.where(has, core.argmax(axis=0), rows)
    last = np.where(has, rows - 1 - core[::-1].argmax(axis=0), -1)
    row = np.arange(rows)[:, None]
    source = np.clip(row, first[None, :], np.maximum(last, first)[None, :]).clip(0, rows - 1)
    colours = np.take_along_axis(texture.rgb, source[..., None].repeat(3, axis=-1), axis=0)
    above_mm = np.maximum(first[None, :] - row, 0) / texture.px_per_mm
    below_mm = np.maximum(row - last[None, :], 0) / texture.px_per_mm
    alpha = (
        np.clip(1.5 - above_mm / TEETH_BEHIND_LIP_MM, 0, 1)
        * np.clip(1.5 - below_mm / 0.6, 0, 1)
        * has[None, :]
    )
    darker = 1 - 0.35 * np.clip(above_mm / TEETH_BEHIND_LIP_MM, 0, 1)
    softened = blurred(alpha, max(0.5, 0.15 * texture.px_per_mm))
    return replace(texture, rgb=(colours * darker[..., None]).astype(np.float32), alpha=softened)
