"""A person painted into a box of the output: looked up in the texture, in its light, over what lies behind."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.render.photo.texture import PersonTexture
from lipwright.engine.render.pixels import multiplied


class Painter:
    """Paints one person."""

    def __init__(self, texture: PersonTexture, plate: NDArray[np.uint8] | None, box: Box) -> None:
        """plate: uint8 (height, width, 3) of a box of the picture; None where the texture hides it all."""
        self._texture, self._plate, self._box = texture, plate, box

    def paint(
        self, places: NDArray[np.float32], where: Box, gain: NDArray[np.float32] | None
    ) -> NDArray[np.uint8]:
        """A part of the box, uint8 (height, width, 3).

        places: float32 (height, width, 2), pixels of the texture. gain: float32 (height, width), multiplies
        the person.
        """
        layer = self._texture.look_up(places)
        colours = np.asarray(cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB), dtype=np.uint8)
        if gain is not None:
            colours = multiplied(colours, gain)
        if self._plate is None:
            return colours
        behind = cv2.cvtColor(255 - layer[..., 3], cv2.COLOR_GRAY2RGB)
        plate = self._plate[where.seen_from(self._box).slices]
        return np.asarray(cv2.add(colours, cv2.multiply(plate, behind, scale=1 / 255)), dtype=np.uint8)
