"""The picture of a person that is warped, enlarged so that it stays sharp."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.render.pixels import doubled, look_up, look_up_doubled, mapped
from lipwright.engine.render.warp.grid import Grid

# Textures are doubled before they are warped, so that a shift by half a pixel does not soften them, and the
# fine detail is raised by what linear interpolation still takes, at the most by this share of it: skin needs
# a tenth of it, film grain and cracked paint more. Larger boxes would take more than 48 MB.
DOUBLE_BELOW_PX = 3_000_000
MOST_SHARPENING = 1.0
# An eye narrower than this is drawn at twice the picture's size, so that its lids do not move in steps; wider
# ones would cost four times as much for detail that no frame shows. Pixels of the picture.
DRAWN_FINELY_BELOW_PX = 60.0
# Pixels farther away take no part in what lies between two pixels: sharpening takes one, interpolation two.
_INTERPOLATION_REACH_PX = 3
# How sharp a texture is after shifts by these parts of a pixel decides it, measured in the middle of the face
# on a square of this many face heights, and of no more pixels than this a side.
_SHIFTS = np.array([(0, 0), (0.25, 0.5), (0.5, 0.25), (0.5, 0.5)], dtype=np.float32)
_MEASURED, _MOST_MEASURED_PX = 0.6, 256


class PersonTexture:
    """A person layer to be looked up, and drawn into before.

    pixels: uint8 (height, width, 4), premultiplied RGBA. factor: its size over the picture's, 1 or 2.
    """

    def __init__(
        self,
        texture: NDArray[np.uint8],
        box: Box,
        middle_px: NDArray[np.float32],
        face_height_px: float,
    ) -> None:
        """texture: uint8 (height, width, 4), premultiplied RGBA of a box, which may reach beyond the picture.

        middle_px: of the face, (2,) pixels of the picture.
        """
        self.factor = 2 if box.width * box.height <= DOUBLE_BELOW_PX else 1
        self._corner_px = np.array(box.corner, dtype=np.float32)
        self._box, self._alpha = box, np.ascontiguousarray(texture[..., 3])
        if self.factor == 2:
            half = min(_MEASURED * face_height_px, _MOST_MEASURED_PX) / 2
            x, y = middle_px - self._corner_px
            around = Box.holding(x - half, y - half, x + half, y + half)
            face = texture[around.clipped(Box.of_size((box.width, box.height)), least_px=8).slices]
            self._sharpening = _sharpening(face)
            self.pixels = doubled(texture, self._sharpening)
        else:
            self.pixels = texture.copy()

    @property
    def rgb(self) -> NDArray[np.uint8]:
        """The colours, a view that may be drawn into; premultiplied, which inside a face they are anyway."""
        return self.pixels[..., :3]

    def points(self, points_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """Landmarks (n, 3) of the picture in pixels of the texture."""
        points = points_px * np.float32(self.factor)
        points[:, :2] = self.at(points_px[:, :2])
        return points

    def canvas(self, wide_px: float) -> Canvas:
        """The colours to be drawn into where what is drawn is so wide, pixels of the picture.

        What is wide is drawn at the picture's own size: the picture that is made shows no more of it.
        """
        return Canvas(self, step=1 if wide_px < DRAWN_FINELY_BELOW_PX else self.factor)

    def interpolate(self, part: Box) -> None:
        """Make up the pixels between the picture's own anew around a part, in pixels of the layer."""
        layer = Box.of_size((self._box.width, self._box.height))
        inside = part.grown(_INTERPOLATION_REACH_PX).clipped(layer)
        around = inside.grown(_INTERPOLATION_REACH_PX).clipped(layer)
        own = self.pixels[::2, ::2]
        made = doubled(np.ascontiguousarray(own[around.slices]), self._sharpening)
        where = inside.seen_from(around)
        self.pixels[_twice(inside).slices] = made[_twice(where).slices]

    def places(self, grid: Grid, sources_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """Where in the texture the pixels of a grid's box come from, float32 (height, width, 2).

        sources_px: float32 (row, column, 2), where in the picture its nodes come from.
        """
        return grid.to_pixels(self.at(sources_px))

    def look_up(self, places: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Premultiplied RGBA at places in the texture, uint8 (height, width, 4)."""
        return look_up(self.pixels, places)

    def cover(
        self, cell_px: int, around_cells: float
    ) -> tuple[Grid, NDArray[np.float32], NDArray[np.float32]]:
        """The most and the least alpha around the nodes of a grid over the texture.

        float32 (row, column) each, 0 to 255. around_cells: how far around.
        """
        grid = Grid.over(self._box, cell_px)
        reach = 2 * round(around_cells * cell_px) + 1
        kernel = np.ones((reach, reach), np.uint8)
        at = (grid.nodes_px() - np.array(self._box.corner, dtype=np.float32)).astype(np.float32)
        most, least = (
            look_up(np.asarray(grown(self._alpha, kernel), dtype=np.float32), at)
            for grown in (cv2.dilate, cv2.erode)
        )
        return grid, most, least

    def at(self, points_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """Places of the picture in pixels of the texture."""
        factor = float(self.factor)
        left, top = (-float(edge) * factor for edge in self._corner_px)
        return mapped(points_px, np.array([[factor, 0, left], [0, factor, top]]))


class Canvas:
    """A texture to be drawn into, all of its pixels or only those that are the picture's own.

    rgb: uint8 (height, width, 3), a view. is_fine: whether it is larger than the picture.
    """

    def __init__(self, texture: PersonTexture, *, step: int) -> None:
        """step: every so many pixels of the texture one is drawn; those between are made up."""
        self._texture, self._step = texture, step
        self.rgb = texture.rgb[::step, ::step]
        self.is_fine = texture.factor > step

    def points(self, points_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """Landmarks (n, 3) of the picture in pixels of the canvas."""
        return self._texture.points(points_px) / np.float32(self._step)

    def finish(self, drawn: Iterable[Box]) -> None:
        """Take over what was drawn in these parts of the canvas."""
        if self._step > 1:
            for part in drawn:
                self._texture.interpolate(part)


def _twice(box: Box) -> Box:
    return Box(2 * box.left, 2 * box.top, 2 * box.right, 2 * box.bottom)


def _sharpening(face: NDArray[np.uint8]) -> float:
    """With how much sharpening a doubled picture, RGBA, is as sharp after a shift as it was."""
    grey = np.asarray(cv2.cvtColor(face, cv2.COLOR_RGBA2GRAY), dtype=np.uint8)
    rows, columns = np.mgrid[: grey.shape[0], : grey.shape[1]].astype(np.float32)
    places = np.stack([columns, rows], axis=-1)
    plain, sharpened = (
        np.mean([_detail(look_up_doubled(enlarged, places + shift)) for shift in _SHIFTS])
        for enlarged in (doubled(grey, 0.0), doubled(grey, MOST_SHARPENING))
    )
    share = (_detail(grey) - plain) / max(float(sharpened - plain), 1e-3)
    return MOST_SHARPENING * float(np.clip(share, 0, 1))


def _detail(grey: NDArray[np.uint8]) -> float:
    """How much fine detail a picture has, grey levels."""
    return float(cv2.Laplacian(grey, cv2.CV_32F)[2:-2, 2:-2].std())
