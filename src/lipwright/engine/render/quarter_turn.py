"""Pictures turned by quarters, so that a face that lies or stands on its head is drawn upright.

Whatever draws a mouth may then count on a head that leans by 45 degrees at the most. No pixel is resampled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.render.patch import Patch

Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterTurn:
    """A turn of a picture, counter-clockwise. quarters: 0 to 3. size_wh: of the picture before it."""

    quarters: int
    size_wh: tuple[int, int]

    @classmethod
    def upright(cls, roll_deg: float, size_wh: tuple[int, int]) -> QuarterTurn:
        """The turn after which a head that leans so far, as in HeadPose, leans least."""
        return cls(quarters=round(roll_deg / 90) % 4, size_wh=size_wh)

    @property
    def turned_wh(self) -> tuple[int, int]:
        """The size of the picture after it."""
        width, height = self.size_wh
        return (height, width) if self.quarters % 2 else (width, height)

    @property
    def back(self) -> QuarterTurn:
        """The turn that undoes this one."""
        return QuarterTurn(quarters=-self.quarters % 4, size_wh=self.turned_wh)

    def picture(self, image: NDArray[Kind]) -> NDArray[Kind]:
        """The picture (row, column, ...) turned; itself where nothing is turned."""
        return np.ascontiguousarray(np.rot90(image, self.quarters)) if self.quarters else image

    def points(self, points_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """Points (..., 2 or 3), whole at the middle of pixels, in the turned picture; a third axis stays."""
        turned = points_px.copy()
        x, y = points_px[..., 0], points_px[..., 1]
        turned[..., 0], turned[..., 1] = self._turned(x, y, self.size_wh[0] - 1, self.size_wh[1] - 1)
        return turned

    def box(self, box: Box) -> Box:
        """A box in the turned picture."""
        one = self._turned(box.left, box.top, *self.size_wh)
        other = self._turned(box.right, box.bottom, *self.size_wh)
        return Box(*map(min, one, other), *map(max, one, other))

    def patch(self, patch: Patch) -> Patch:
        """A redrawn part of the picture as a part of the turned one."""
        if not self.quarters:
            return patch
        weight = None if patch.weight is None else self.picture(patch.weight)
        return Patch(box=self.box(patch.box), rgb=self.picture(patch.rgb), weight=weight)

    def _turned(self, x: Any, y: Any, right: int, bottom: int) -> tuple[Any, Any]:
        return ((x, y), (y, right - x), (right - x, bottom - y), (bottom - y, x))[self.quarters]
