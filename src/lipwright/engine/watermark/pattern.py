"""The pattern that carries a mark: one square tile, repeated over the picture, made of many weak waves.

Spread spectrum as in Cox, Kilian, Leighton and Shamoon, "Secure spread spectrum watermarking for
multimedia" (IEEE Transactions on Image Processing, 1997): every bit lies in waves all over the band, each far
below what the picture itself holds there. The tile and the search for its place by correlation are those of
Kalker, Depovere, Haitsma and Maes, "A video watermarking system for broadcast monitoring" (SPIE 3657, 1999).

One wave of six is the same in every mark of a key: these tell where the tile lies. The others carry bits.
The side of the tile is a share of the picture's size, so that scaling a picture leaves it where it was.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.watermark.payload import CODE_BITS, encode
from lipwright.engine.watermark.values import Watermark

# The geometric mean of the sides of the canonical picture: to it all are scaled before a mark is sought.
CANONICAL_SIDE_PX = 720
TILE_PX = 256
# Waves a tile. More of them would not outlive that a picture of 360 lines is halved; fewer are seen as blots.
MIN_WAVES = 8
MAX_WAVES = 40
# One wave of so many tells the place: it is found at less than the bits can be read at.
_SYNC_SHARE = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WaveTable:
    """The waves of a key.

    waves_yx: int16 (wave, 2), how many fit into a tile downwards and across; across is never negative.
    phases: complex64 (wave,), of amplitude 1: the wave at the tile's origin.
    bits: int16 (wave,), the place of the bit in the code word, -1 for a wave that tells the place.
    """

    waves_yx: NDArray[np.int16]
    phases: NDArray[np.complex64]
    bits: NDArray[np.int16]

    def __post_init__(self) -> None:
        check_array(self, "waves_yx", np.int16, ("wave", 2))
        check_array(self, "phases", np.complex64, (len(self.waves_yx),))
        check_array(self, "bits", np.int16, (len(self.waves_yx),))


def wave_table(key: bytes) -> WaveTable:
    """The waves of a key. The same for ever: a mark that is written today is to be read in years."""
    across, down = np.meshgrid(np.arange(MAX_WAVES + 1), np.arange(-MAX_WAVES, MAX_WAVES + 1))
    radius = np.hypot(across, down)
    is_used = (radius >= MIN_WAVES) & (radius <= MAX_WAVES) & ((across > 0) | (down > 0))
    waves = np.stack([down[is_used], across[is_used]], axis=1)
    radius = radius[is_used]
    order = np.lexsort((waves[:, 1], waves[:, 0], np.rint(radius * 1000)))
    waves, radius = waves[order], radius[order]
    draws = np.frombuffer(hashlib.shake_256(b"waves" + key).digest(len(waves) * 8), np.dtype("<u4")).reshape(
        2, -1
    )
    # Waves of like length are dealt out together, so that every bit has short ones and long ones.
    hand = CODE_BITS * _SYNC_SHARE // (_SYNC_SHARE - 1)
    bits = np.full(len(waves), -1, np.int16)
    for start in range(0, len(waves), hand):
        place = np.argsort(draws[0, start : start + hand], kind="stable")
        cards = np.full(hand, -1, np.int16)
        cards[np.arange(CODE_BITS) * hand // CODE_BITS] = np.arange(CODE_BITS)
        bits[start + place] = cards[: len(place)]
    return WaveTable(
        waves_yx=waves.astype(np.int16),
        phases=np.exp(2j * np.pi * draws[1] / 2**32).astype(np.complex64),
        bits=bits,
    )


def tile_side_px(size_wh: tuple[int, int]) -> int:
    """The side of the tile in a picture of this size."""
    return max(2, round(TILE_PX * math.sqrt(size_wh[0] * size_wh[1]) / CANONICAL_SIDE_PX))


def tile_pattern(watermark: Watermark, side_px: int) -> NDArray[np.float32]:
    """The tile of a mark, float32 (side_px, side_px), mean 0 and variance 1."""
    table = wave_table(watermark.key)
    code = encode(watermark.installation, watermark.number, watermark.key)
    values = table.phases * np.where(table.bits < 0, 1, code[table.bits])
    values = values * _origin_phases(watermark, table)
    down, across = table.waves_yx[:, 0].astype(np.intp), table.waves_yx[:, 1].astype(np.intp)
    # What is shorter than two pixels cannot be drawn.
    fits = np.maximum(np.abs(down), across) < side_px / 2
    spectrum = np.zeros((side_px, side_px), np.complex64)
    spectrum[down[fits], across[fits]] = values[fits]
    pattern = np.fft.ifft2(spectrum).real
    return np.asarray(pattern / max(float(pattern.std()), 1e-9), np.float32)


def _origin_phases(watermark: Watermark, table: WaveTable) -> NDArray[np.complex64]:
    """Moves the tile to a place of its own, so that a mark over an older one does not mix with it."""
    content = b"origin%d,%d" % (watermark.installation, watermark.number) + watermark.key
    place = np.frombuffer(hashlib.sha256(content).digest()[:8], np.dtype("<u4")) / 2**32
    turns = np.exp(2j * np.pi * (table.waves_yx @ place))
    return np.asarray(turns, np.complex64)
