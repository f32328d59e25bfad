"""A label on frames: drawn once, then laid into the planes of each.

White letters on a dark, half clear ground. The ground leaves so little of a white picture that the letters
have 4.5 times its luminance at least, the contrast that WCAG 2.2 asks of text (success criterion 1.4.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box
from lipwright.engine.media.label import Label, LabelCorner
from lipwright.engine.media.pixels.alpha import OPAQUE, Alpha
from lipwright.engine.media.pixels.colour import HD_COLOUR, ColourProperties
from lipwright.engine.media.pixels.label_font import label_font
from lipwright.engine.media.pixels.planes import I420, in_chroma, rgb_to_i420, split_planes

# Of the shorter side of the picture. Smaller, a phone shows letters that nobody reads; larger, they cover
# the person.
_LETTERS_SHARE = 0.038
# Letters below this size are no letters any more.
_SMALLEST_PX = 12.0
# Of the width of the picture. A longer text gets smaller letters.
_WIDEST_SHARE = 0.9
# Over white, less would leave letters that are hard to read; more would hide what is there for nothing.
_GROUND_OPACITY = 0.62
# Room around the letters, and between the ground and the edges of the picture, in sizes of letters.
_PADDING = 0.42
_MARGIN = 0.6
_ROUNDING = 0.35
# Drawn this much larger and made smaller, so that corners and letters have smooth edges at every width.
_FINER = 4
_EVEN = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnLabel:
    """A label of one size of picture.

    box: where it is, on even pixels. planes: its three planes as I420 of the box.
    opacity: uint8 (height, width) of the box, 0 is not seen.
    """

    box: Box
    planes: I420
    opacity: NDArray[np.uint8]

    def __post_init__(self) -> None:
        check_array(self, "planes", np.uint8, (self.box.height * 3 // 2, self.box.width))
        check_array(self, "opacity", np.uint8, (self.box.height, self.box.width))

    def lay_on(self, i420: I420, alpha: Alpha | None = None) -> None:
        """Put it on a frame, in place.

        alpha: the opacity of the frame, which it adds its own to; None where all of the frame is opaque.
        """
        own = self.opacity.astype(np.float32) / OPAQUE
        weight = own
        if alpha is not None:  # "over" of Porter and Duff, Compositing digital images, SIGGRAPH 1984
            part = alpha[self.box.slices]
            both = own + part.astype(np.float32) / OPAQUE * (1 - own)
            weight = own / np.maximum(both, 1 / OPAQUE)
            part[...] = np.rint(both * OPAQUE).astype(np.uint8)
        half = in_chroma(self.box)
        for plane, new, box in zip(
            split_planes(i420), split_planes(self.planes), (self.box, half, half), strict=True
        ):
            target = plane[box.slices]
            share = weight
            if share.shape != target.shape:
                share = np.asarray(cv2.resize(weight, box.size_wh, interpolation=cv2.INTER_AREA), np.float32)
            target[...] = cv2.blendLinear(
                np.ascontiguousarray(new), np.ascontiguousarray(target), share, 1 - share
            )


def draw_label(
    label: Label,
    size_wh: tuple[int, int],
    colour: ColourProperties = HD_COLOUR,
    pixel_aspect: Fraction = Fraction(1),
) -> DrawnLabel:
    """A label for frames of an even size.

    pixel_aspect: width over height of a pixel, so that the letters have their own shape where it is shown.
    """
    ground, letters = _ink(label, size_wh, float(pixel_aspect))
    height, width = letters.shape
    opacity = letters + ground * (1 - letters)
    shade = np.where(opacity > 0, letters / np.maximum(opacity, 1e-6), 0)
    rgb = np.repeat(np.rint(shade * OPAQUE).astype(np.uint8)[..., None], 3, axis=2)
    return DrawnLabel(
        box=_place(label.corner, (width, height), size_wh),
        planes=rgb_to_i420(rgb, colour),
        opacity=np.rint(opacity * OPAQUE).astype(np.uint8),
    )


def _ink(
    label: Label, size_wh: tuple[int, int], pixel_aspect: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How much of each pixel is ground and how much is letter, both 0 to 1, of an even size."""
    shown_wh = (size_wh[0] * pixel_aspect, float(size_wh[1]))
    letters_px = max(_SMALLEST_PX, _LETTERS_SHARE * min(shown_wh))
    one_px = label_font(label.font, letters_px * _FINER).getlength(label.text) / letters_px / _FINER
    widest_px = _WIDEST_SHARE * shown_wh[0]
    letters_px = min(letters_px, widest_px / (one_px + 2 * _PADDING), shown_wh[1] / (3 + 2 * _PADDING))
    font = label_font(label.font, letters_px * _FINER)
    ascent, descent = font.getmetrics()
    padding = _PADDING * letters_px * _FINER
    fine_wh = (font.getlength(label.text) + 2 * padding, ascent + descent + padding)
    width = _even(fine_wh[0] / _FINER / pixel_aspect, size_wh[0])
    height = _even(fine_wh[1] / _FINER, size_wh[1])
    canvas_wh = (round(fine_wh[0]), round(fine_wh[1]))
    ground, letters = Image.new("L", canvas_wh), Image.new("L", canvas_wh)
    ImageDraw.Draw(ground).rounded_rectangle(
        (0, 0, canvas_wh[0] - 1, canvas_wh[1] - 1),
        radius=_ROUNDING * letters_px * _FINER,
        fill=round(_GROUND_OPACITY * OPAQUE),
    )
    ImageDraw.Draw(letters).text((padding, padding / 2), label.text, font=font, fill=OPAQUE)
    return _share(ground, (width, height)), _share(letters, (width, height))


def _share(drawn: Image.Image, size_wh: tuple[int, int]) -> NDArray[np.float64]:
    return np.asarray(drawn.resize(size_wh, Image.Resampling.BOX), np.float64) / OPAQUE


def _even(length: float, longest: int) -> int:
    return max(_EVEN, min(longest, round(length / _EVEN) * _EVEN))


def _place(corner: LabelCorner, label_wh: tuple[int, int], size_wh: tuple[int, int]) -> Box:
    """Where it lies, on even pixels, with the same margin to both edges."""
    margin = round(_MARGIN * label_wh[1] / _EVEN / 2) * _EVEN
    rooms = [size - own for size, own in zip(size_wh, label_wh, strict=True)]
    margins = [min(margin, room // 2 // _EVEN * _EVEN) for room in rooms]
    is_right = corner in (LabelCorner.TOP_RIGHT, LabelCorner.BOTTOM_RIGHT)
    is_low = corner in (LabelCorner.BOTTOM_LEFT, LabelCorner.BOTTOM_RIGHT)
    left = rooms[0] - margins[0] if is_right else margins[0]
    top = rooms[1] - margins[1] if is_low else margins[1]
    return Box.of_size(label_wh).moved(left, top)
