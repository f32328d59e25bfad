"""Finding a mark in a residual: how large its tile is and where it lies, then its bits.

The size of the tile follows from that of the picture, unless the picture was cut or put into a larger one: so
one number is tried from a list. For each, the waves of the pattern are taken out of the residual; how those
that tell the place agree is seen for all places at once in a Fourier transform. The best are refined, also
for a picture that was stretched a little, and their bits are read.

What passes by chance: each try to read bits has a chance of 2^-24 (payload.py), and there are at most
`2 * TRIES` of them for a key: 5 in ten million, whatever a picture looks like. It is tried only where the
waves that tell the place agree by more than MIN_SCORE standard deviations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import scipy.fft
from numpy.typing import NDArray

from lipwright.engine.watermark.pattern import MAX_WAVES, TILE_PX, WaveTable, wave_table
from lipwright.engine.watermark.payload import CHECK_BITS, CODE_BITS, decode
from lipwright.engine.watermark.values import PUBLIC_WATERMARK_KEY, FoundWatermark

# Sizes of the tile beside what the picture's size says. First whole pictures and those that lost up to a
# tenth of both sides; then those that were cut to two fifths, and those with bars around them.
_LIKELY_SCALES = (0.994, 1.125)
_OTHER_SCALES = (0.75, 1.6)
# Half a step moves the shortest wave by a seventh of its length at the edge of the picture.
_SCALE_STEP = 0.003
# Places that are read in each of the two lists.
TRIES = 4
# Of a million places that are looked at one exceeds this by chance; a mark that can be read has 6 and more.
MIN_SCORE = 4.6
# How far a picture may be stretched in one direction beside the other: rounding of small sizes.
_STRETCHES = (-0.006, -0.004, -0.002, 0.0, 0.002, 0.004, 0.006)
# Steps of the surface in which the best place is looked for; refined in a finer one.
_COARSE_GRID, _FINE_GRID = 128, 512
# Waves around one from which is told how much of it is picture.
_NOISE_WAVES = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class TilePlace:
    """Where a tile may lie.

    score: agreement of the waves that tell the place, in standard deviations of chance.
    scale_xy: the tile's sides in TILE_PX of the residual. place_yx: its origin, share of a tile.
    """

    score: float
    scale_xy: tuple[float, float]
    place_yx: tuple[float, float]


def find_mark(residual: NDArray[np.float32], keys: Sequence[bytes]) -> FoundWatermark | None:
    """The mark in a residual float32 (row, column); None where there is none for any of the keys."""
    tables = [(key, wave_table(key)) for key in keys]
    likely = _scales(*_LIKELY_SCALES)
    others = [
        scale for scale in _scales(*_OTHER_SCALES) if not _LIKELY_SCALES[0] <= scale <= _LIKELY_SCALES[1]
    ]
    # What is unlikely is looked for in a residual of half the size, four times as fast.
    half_wh = (max(1, residual.shape[1] // 2), max(1, residual.shape[0] // 2))
    half = np.asarray(cv2.resize(residual, half_wh, interpolation=cv2.INTER_AREA), np.float32)
    for scales, searched, tile_px in ((likely, residual, TILE_PX), (others, half, TILE_PX / 2)):
        places: list[list[TilePlace]] = [[] for _ in tables]
        for scale in scales:
            waves = _waves_of(searched, (scale, scale), tile_px)
            for (_, table), found in zip(tables, places, strict=True):
                found.append(_best_place(waves, table, (scale, scale), _COARSE_GRID))
        for (key, table), found in zip(tables, places, strict=True):
            for place in _highest(found):
                mark = _read(residual, _refined(residual, table, place), key, table)
                if mark is not None:
                    return mark
    return None


def _scales(least: float, most: float) -> NDArray[np.float64]:
    return np.asarray(np.exp(np.arange(math.log(least), math.log(most), _SCALE_STEP)))


def _highest(places: Sequence[TilePlace]) -> list[TilePlace]:
    """The best places of a list, none beside a better one."""
    kept: list[TilePlace] = []
    for place in sorted(places, key=lambda place: -place.score):
        if place.score < MIN_SCORE or len(kept) == TRIES:
            break
        if all(abs(place.scale_xy[0] / other.scale_xy[0] - 1) > 1.5 * _SCALE_STEP for other in kept):
            kept.append(place)
    return kept


def _waves_of(
    residual: NDArray[np.float32], scale_xy: tuple[float, float], tile_px: float = TILE_PX
) -> NDArray[np.complex64]:
    """How strong each wave is, complex64 (2 * MAX_WAVES + 1 downwards, MAX_WAVES + 1 across)."""
    across = _turns(residual.shape[1], np.arange(MAX_WAVES + 1), tile_px * scale_xy[0])
    down = _turns(residual.shape[0], np.arange(-MAX_WAVES, MAX_WAVES + 1), tile_px * scale_xy[1])
    rows = residual @ np.ascontiguousarray(across.real) + 1j * (residual @ np.ascontiguousarray(across.imag))
    return np.asarray(down.T @ rows.astype(np.complex64), np.complex64)


def _turns(length: int, waves: NDArray[np.intp], side_px: float) -> NDArray[np.complex64]:
    angle = np.outer(np.arange(length), waves) * (-2 * np.pi / side_px)
    return np.asarray(np.exp(1j * angle), np.complex64)


def _noise_of(waves: NDArray[np.complex64]) -> NDArray[np.float32]:
    """The power of what surrounds each wave, float32, of the same shape."""
    power = np.square(np.abs(waves)).astype(np.float32)
    around = cv2.blur(power, (_NOISE_WAVES, _NOISE_WAVES), borderType=cv2.BORDER_REFLECT)
    return np.asarray(around, np.float32) + np.float32(1e-20)


def _agreements(waves: NDArray[np.complex64], table: WaveTable) -> tuple[NDArray[np.complex64], float]:
    """Of the waves that tell the place: how each agrees at the origin, by its noise; and their deviation."""
    is_sync = table.bits < 0
    down, across = table.waves_yx[is_sync].astype(np.intp).T
    noise = _noise_of(waves)[down + MAX_WAVES, across]
    agreements = waves[down + MAX_WAVES, across] * np.conj(table.phases[is_sync]) / noise
    return agreements.astype(np.complex64), float(np.sqrt(np.sum(1 / noise) / 2))


def _best_place(
    waves: NDArray[np.complex64], table: WaveTable, scale_xy: tuple[float, float], grid: int
) -> TilePlace:
    agreements, deviation = _agreements(waves, table)
    down, across = table.waves_yx[table.bits < 0].astype(np.intp).T
    spectrum = np.zeros((grid, grid), np.complex64)
    spectrum[down, across] = agreements
    surface = scipy.fft.ifft2(spectrum, norm="forward").real
    row, column = divmod(int(np.argmax(surface)), grid)
    return TilePlace(
        score=float(surface[row, column]) / max(deviation, 1e-20),
        scale_xy=scale_xy,
        place_yx=(row / grid, column / grid),
    )


def _refined(residual: NDArray[np.float32], table: WaveTable, place: TilePlace) -> TilePlace:
    """The best place near one: first as large, then stretched, then as large again."""
    best = place
    for ratios in (_sizes(_SCALE_STEP / 2), _stretches(), _sizes(_SCALE_STEP / 4)):
        start = best.scale_xy
        found = [
            _best_place(_waves_of(residual, scale_xy), table, scale_xy, _FINE_GRID)
            for scale_xy in [(start[0] * x, start[1] * y) for x, y in ratios]
        ]
        best = max(found, key=lambda place: place.score)
    return best


def _sizes(step: float) -> list[tuple[float, float]]:
    return [(1 + times * step, 1 + times * step) for times in (-1, 0, 1)]


def _stretches() -> list[tuple[float, float]]:
    return [(1 + share / 2, 1 - share / 2) for share in _STRETCHES]


def _read(
    residual: NDArray[np.float32], place: TilePlace, key: bytes, table: WaveTable
) -> FoundWatermark | None:
    waves = _waves_of(residual, place.scale_xy)
    is_bit = table.bits >= 0
    down, across = table.waves_yx[is_bit].astype(np.intp).T
    moved = np.exp(2j * np.pi * (table.waves_yx[is_bit] @ np.array(place.place_yx)))
    agreements = (waves[down + MAX_WAVES, across] * np.conj(table.phases[is_bit]) * moved).real
    noise = _noise_of(waves)[down + MAX_WAVES, across]
    values = np.bincount(table.bits[is_bit], agreements / noise, CODE_BITS)
    numbers = decode(values.astype(np.float64), key)
    if numbers is None:
        return None
    return FoundWatermark(
        installation=numbers[0],
        number=numbers[1],
        false_alarm_probability=_chance(place.score),
        key_is_public=key == PUBLIC_WATERMARK_KEY,
    )


def _chance(score: float) -> float:
    """The chance that no mark looks like one: of all places that are looked at, and of all tries to read."""
    places = _COARSE_GRID**2 * (math.log(_OTHER_SCALES[1] / _OTHER_SCALES[0]) / _SCALE_STEP)
    return 2 * TRIES * 2.0**-CHECK_BITS * min(1.0, places * math.erfc(score / math.sqrt(2)) / 2)
