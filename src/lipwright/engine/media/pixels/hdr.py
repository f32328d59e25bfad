"""High dynamic range brought down to an ordinary screen.

Up to half of reference white, where faces are, brightness is kept; above it a soft shoulder leads to white.
Each primary goes through the same curve, so bright colours fade to white as film does.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.media.pixels.colour import TRANSFER_HLG

# Diffuse white of HDR video (ITU-R BT.2408).
_REFERENCE_WHITE_NITS = 203.0
# What an HLG camera's full scale means on the display it was graded for (BT.2100), and its gamma there.
_HLG_PEAK_NITS, _HLG_SYSTEM_GAMMA = 1000.0, 1.2
# Where the shoulder begins, as a share of white. Higher clips clouds and lamps, lower dims faces.
_SHOULDER = 0.5
# Linear light is rounded to this many steps before the display's curve; fewer show bands in shadows.
_LINEAR_STEPS = 16384

# From BT.2020 to BT.709 primaries, linear light.
_BT709_FROM_BT2020 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float32
)


def tone_mapped(rgb_16: NDArray[np.uint16], transfer_code: int) -> NDArray[np.uint8]:
    """BT.2020 R'G'B' uint16 (height, width, 3) in PQ or HLG as BT.709 R'G'B' uint8 for an ordinary screen."""
    linear = _linear_by_code(transfer_code)[rgb_16]
    mapped = np.asarray(cv2.transform(linear, _BT709_FROM_BT2020), np.float32)
    steps = np.rint(np.clip(mapped, 0, 1) * (_LINEAR_STEPS - 1)).astype(np.uint16)
    display = _display_by_step()
    return display[steps]


@cache
def _linear_by_code(transfer_code: int) -> NDArray[np.float32]:
    """Tone-mapped linear light for every 16-bit code, float32 (65536,)."""
    code = np.arange(65536) / 65535
    nits = _hlg_nits(code) if transfer_code == TRANSFER_HLG else _pq_nits(code)
    light = nits / _REFERENCE_WHITE_NITS
    room = 1 - _SHOULDER
    shoulder = _SHOULDER + room * (1 - np.exp(-np.maximum(light - _SHOULDER, 0) / room))
    return np.where(light <= _SHOULDER, light, shoulder).astype(np.float32)


@cache
def _display_by_step() -> NDArray[np.uint8]:
    """8-bit codes of the sRGB curve for every step of linear light."""
    light = np.arange(_LINEAR_STEPS) / (_LINEAR_STEPS - 1)
    curve = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(curve * 255), np.uint8)


def _pq_nits(code: NDArray[np.float64]) -> NDArray[np.float64]:
    """SMPTE ST 2084."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    power = code ** (1 / m2)
    return 10_000 * (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)


def _hlg_nits(code: NDArray[np.float64]) -> NDArray[np.float64]:
    """ARIB STD-B67 on a display of _HLG_PEAK_NITS."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)
    return _HLG_PEAK_NITS * scene**_HLG_SYSTEM_GAMMA
