"""A person painted into a box of the output: looked up in a texture, in its light, over what lies behind.

Works in bands of rows, whose pixels stay in the processor's cache, and in each band only where the person is.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import true_runs
from lipwright.engine.boxes import Box
from lipwright.engine.render.photo.texture import PersonTexture
from lipwright.engine.render.pixels import NO_GAIN, Kind, gain_steps, look_up, multiplied
from lipwright.engine.render.warp.grid import Grid

# Height of a band, pixels: lower ones cost calls, higher ones fall out of the cache.
BAND_PX = 96
# A band is looked at for person and for gaps this many cells around each node: as far as neighbouring pixels
# may come from where the picture is stretched most.
_AROUND_CELLS = 1.5
# Opaque is what no rounding makes less, 0 to 255.
_OPAQUE = 254.5


class Painter:
    """Paints one person."""

    def __init__(self, texture: PersonTexture, plate: NDArray[np.uint8] | None, grid: Grid) -> None:
        """plate: uint8 (height, width, 3) of the grid's box; None where the texture hides it all."""
        self._texture, self._plate, self._grid = texture, plate, grid
        if plate is not None:
            self._cover_grid, self._most, self._least = texture.cover(grid.cell_px, _AROUND_CELLS)
        self._band_rows = max(1, round(BAND_PX / grid.cell_px))

    def paint(self, sources_px: NDArray[np.float32], gain: NDArray[np.float32] | None) -> NDArray[np.uint8]:
        """The whole box, uint8 (height, width, 3).

        sources_px: float32 (row, column, 2), where in the picture the grid's nodes come from. gain: float32
        (row, column), multiplies the person.
        """
        grid = self._grid
        rgb = np.empty((grid.box.height, grid.box.width, 3), dtype=np.uint8)
        places = self._texture.at(sources_px)
        steps = None if gain is None else gain_steps(gain)
        has, opaque = self._person_at(sources_px)
        for first in range(0, grid.shape[0], self._band_rows):
            rows = slice(first, min(first + self._band_rows, grid.shape[0]))
            anywhere, everywhere = np.asarray(has[rows].any(axis=0)), np.asarray(opaque[rows].all(axis=0))
            self._paint_band(rgb, rows, places, steps, anywhere, everywhere)
        return rgb

    def paint_part(
        self,
        places: NDArray[np.float32],
        where: Box,
        steps: NDArray[np.uint8] | None,
        *,
        is_covered: bool = False,
    ) -> NDArray[np.uint8]:
        """A part of the box pixel by pixel, uint8 (height, width, 3).

        places: float32 (height, width, 2), pixels of the texture. steps: uint8 (height, width), the gain as
        from gain_steps. is_covered: nothing shines through there.
        """
        layer = self._texture.look_up(places)
        rgb = np.asarray(cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB), dtype=np.uint8)
        if steps is not None:
            multiplied(rgb, steps)
        if not is_covered:
            self._lay_over_plate(rgb, layer, where.seen_from(self._grid.box))
        return rgb

    def covers(self, sources_px: NDArray[np.float32]) -> bool:
        """Whether nothing shines through around places of the picture, (row, column, 2), a cell apart."""
        return bool(self._person_at(sources_px)[1].all())

    def _person_at(self, sources_px: NDArray[np.float32]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Around which of the output's nodes there is any of the person, and around which nothing else."""
        if self._plate is None:
            everywhere = np.ones(sources_px.shape[:2], dtype=np.bool_)
            return everywhere, everywhere
        at = self._cover_grid.place_of(sources_px)
        return look_up(self._most, at) > 0, look_up(self._least, at) >= _OPAQUE

    def _paint_band(
        self,
        rgb: NDArray[np.uint8],
        rows: slice,
        places: NDArray[np.float32],
        steps: NDArray[np.uint8] | None,
        has: NDArray[np.bool_],
        opaque: NDArray[np.bool_],
    ) -> None:
        cell = self._grid.cell_px
        band = Box(0, rows.start * cell, rgb.shape[1], min(rows.stop * cell, rgb.shape[0]))
        if self._plate is not None and not has.all():
            rgb[band.slices] = self._plate[band.slices]
        if not has.any():
            return
        first, last = int(has.argmax()), len(has) - int(has[::-1].argmax())
        span = Box(first * cell, band.top, min(last * cell, rgb.shape[1]), band.bottom)
        columns = slice(first, last)
        layer = self._texture.look_up(_to_pixels(places, rows, columns, cell, span))
        target = rgb[span.slices]
        cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB, dst=target)
        if steps is not None and _changes(steps[rows, columns]):
            multiplied(target, _to_pixels(steps, rows, columns, cell, span))
        if self._plate is None:
            return
        # Only beside the largest piece that is all person anything shines through.
        start, stop = _longest(opaque[columns])
        for edge in (slice(0, start * cell), slice(stop * cell, None)):
            seen = layer[:, edge]
            if seen.shape[1]:
                where = Box(span.left, span.top, span.right, span.bottom)
                left = where.left + (edge.start or 0)
                part = Box(left, where.top, left + seen.shape[1], where.bottom)
                self._lay_over_plate(target[:, edge], seen, part)

    def _lay_over_plate(self, rgb: NDArray[np.uint8], layer: NDArray[np.uint8], part: Box) -> None:
        """Add what shines through a layer. part: of the box, where it lies."""
        if self._plate is None:
            return
        gap = cv2.bitwise_not(cv2.extractChannel(layer, 3))
        behind = cv2.multiply(self._plate[part.slices], cv2.cvtColor(gap, cv2.COLOR_GRAY2RGB), scale=1 / 255)
        cv2.add(rgb, behind, dst=rgb)


def _to_pixels(nodes: NDArray[Kind], rows: slice, columns: slice, cell: int, span: Box) -> NDArray[Kind]:
    """Values at some rows and columns of nodes, interpolated for a span's pixels; as Grid.to_pixels does."""
    top, left = max(rows.start - 1, 0), max(columns.start - 1, 0)
    part = nodes[top : rows.stop + 1, left : columns.stop + 1]
    size_wh = (part.shape[1] * cell, part.shape[0] * cell)
    pixels = cv2.resize(part, size_wh, interpolation=cv2.INTER_LINEAR)
    y, x = (rows.start - top) * cell, (columns.start - left) * cell
    return np.asarray(pixels[y : y + span.height, x : x + span.width], dtype=nodes.dtype)


def _changes(steps: NDArray[np.uint8]) -> bool:
    return bool(steps.min() < NO_GAIN or steps.max() > NO_GAIN)


def _longest(flags: NDArray[np.bool_]) -> tuple[int, int]:
    """The longest stretch of True, as first and one past the last; both the end where there is none."""
    ends = (len(flags), len(flags))
    return max(true_runs(flags), key=lambda run: run[1] - run[0], default=ends)
