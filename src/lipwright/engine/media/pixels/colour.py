"""How the numbers of a picture stand for colours.

The codes are those of ISO/IEC 23091-2 (H.273), which every container and codec uses.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

UNSPECIFIED = 2
BT709 = 1
SMPTE170M = 6
BT2020 = 9
# Transfer functions of high dynamic range.
TRANSFER_PQ = 16
TRANSFER_HLG = 18

# Share of red and of blue in luma, by matrix code.
_LUMA_SHARES: dict[int, tuple[float, float]] = {
    BT709: (0.2126, 0.0722),
    4: (0.30, 0.11),
    5: (0.299, 0.114),
    SMPTE170M: (0.299, 0.114),
    7: (0.212, 0.087),
    BT2020: (0.2627, 0.0593),
    10: (0.2627, 0.0593),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourProperties:
    """The colour tags of a video stream.

    matrix_code: how Y'CbCr is made from R'G'B'; never UNSPECIFIED. primaries_code, transfer_code: may be.
    is_full_range: luma is 0 to 255 instead of 16 to 235.
    """

    matrix_code: int
    primaries_code: int = UNSPECIFIED
    transfer_code: int = UNSPECIFIED
    is_full_range: bool = False

    def __post_init__(self) -> None:
        if self.matrix_code not in _LUMA_SHARES:
            raise ValueError(f"matrix_code is {self.matrix_code}, expected one of {sorted(_LUMA_SHARES)}")

    @property
    def is_hdr(self) -> bool:
        """Whether brightness goes beyond what an ordinary screen shows."""
        return self.transfer_code in (TRANSFER_PQ, TRANSFER_HLG)


# What new video gets at every size: with the tags in the stream, every browser shows it right.
HD_COLOUR = ColourProperties(matrix_code=BT709, primaries_code=BT709, transfer_code=BT709)


# Untagged video below this height is standard definition: BT.601. Players draw the line at the same place.
_HD_HEIGHT_PX = 720


def known_colour(
    *, matrix_code: int, primaries_code: int, transfer_code: int, is_full_range: bool, height_px: int
) -> ColourProperties:
    """The tags of a stream, with a matrix chosen as players do when it has none or one that is not known."""
    if matrix_code not in _LUMA_SHARES:
        matrix_code = BT709 if height_px >= _HD_HEIGHT_PX else SMPTE170M
    return ColourProperties(
        matrix_code=matrix_code,
        primaries_code=primaries_code,
        transfer_code=transfer_code,
        is_full_range=is_full_range,
    )


@cache
def yuv_from_rgb(matrix_code: int, is_full_range: bool) -> NDArray[np.float64]:
    """The affine map from 8-bit R'G'B' to 8-bit Y'CbCr, float64 (3, 4), the offset in the last column."""
    red, blue = _LUMA_SHARES[matrix_code]
    green = 1 - red - blue
    luma = np.array([red, green, blue])
    blue_difference = (np.array([0, 0, 1]) - luma) / (2 * (1 - blue))
    red_difference = (np.array([1, 0, 0]) - luma) / (2 * (1 - red))
    luma_scale, chroma_scale, black = (1.0, 1.0, 0.0) if is_full_range else (219 / 255, 224 / 255, 16.0)
    linear = np.stack([luma * luma_scale, blue_difference * chroma_scale, red_difference * chroma_scale])
    return np.column_stack([linear, [black, 128.0, 128.0]])


@cache
def rgb_from_yuv(matrix_code: int, is_full_range: bool) -> NDArray[np.float64]:
    """The inverse of :func:`yuv_from_rgb`, float64 (3, 4)."""
    forward = yuv_from_rgb(matrix_code, is_full_range)
    inverse = np.linalg.inv(forward[:, :3])
    return np.column_stack([inverse, -inverse @ forward[:, 3]])
