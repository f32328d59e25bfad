"""The dental arches in three dimensions, and what a pixel of the picture sees of them.

An arch is a vertical wall that stands over an ellipse. A place on it is the arc length s from its middle, to
the viewer's right, and the height y under the edges of the front teeth, both in millimetres. Seen under a
rotation, every pixel of such a wall is solved without a mesh: one table along the arch gives s and y.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box
from lipwright.engine.render.pixels import look_up

# Steps along half an arch from its middle to where it points straight back, and in the table that inverts it.
_STEPS, _TABLE = 400, 512
# How far around the ellipse an arch goes, radians from its middle: behind lie the last molars.
_REACH = 1.45
# A place on no arch, millimetres: outside every texture.
_NOWHERE_MM = 1e4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DentalArch:
    """An arch as a curve, seen from above; millimetres from the middle of the front teeth.

    s_mm: float64 (step,), arc length. x_mm: to the viewer's right. z_mm: away from the viewer. azimuth:
    radians, where its outside faces: 0 to the front, positive to the viewer's right.
    """

    s_mm: NDArray[np.float64]
    x_mm: NDArray[np.float64]
    z_mm: NDArray[np.float64]
    azimuth: NDArray[np.float64]

    def __post_init__(self) -> None:
        for name in ("s_mm", "x_mm", "z_mm", "azimuth"):
            check_array(self, name, np.float64, ("step",))

    @classmethod
    def over_ellipse(cls, half_width_mm: float, depth_mm: float) -> DentalArch:
        """The arch over x = half_width sin t, z = depth (1 - cos t)."""
        t = np.linspace(-_REACH, _REACH, 2 * _STEPS + 1)
        x, z = half_width_mm * np.sin(t), depth_mm * (1 - np.cos(t))
        length = np.hypot(np.gradient(x), np.gradient(z))
        s = np.cumsum(length)
        azimuth = np.arctan2(np.gradient(z) / length, np.gradient(x) / length)
        return cls(s_mm=s - s[_STEPS], x_mm=x, z_mm=z, azimuth=azimuth)

    def seen(
        self, rotation: NDArray[np.float32], edge_px: NDArray[np.floating], px_per_mm: float
    ) -> SeenArch:
        """The arch under a rotation, its front edge's middle at edge_px (2,) of the output."""
        r = rotation.astype(np.float64)
        lean = r[0, 1] / r[1, 1]
        # The place of a point of the wall across the lean of its vertical lines: the same at every height.
        across = (r[0, 0] - lean * r[1, 0]) * self.x_mm + (r[0, 2] - lean * r[1, 2]) * self.z_mm
        # Beyond the outermost points the wall turns away and is hidden by itself.
        first = int(np.argmin(across[: _STEPS + 1]))
        last = _STEPS + int(np.argmax(across[_STEPS:]))
        ends = float(across[first]), float(across[last])
        s = np.interp(np.linspace(*ends, _TABLE), across[first : last + 1], self.s_mm[first : last + 1])
        x, z, azimuth = (np.interp(s, self.s_mm, row) for row in (self.x_mm, self.z_mm, self.azimuth))
        rise = -(r[1, 0] * x + r[1, 2] * z) / r[1, 1]
        s[0], s[-1] = -_NOWHERE_MM, _NOWHERE_MM
        table = np.stack([s, rise, azimuth, z], axis=-1)[None].astype(np.float32)
        return SeenArch(
            table=table,
            ends_mm=ends,
            lean=float(lean),
            foreshortening=float(r[1, 1]),
            edge_px=(float(edge_px[0]), float(edge_px[1])),
            px_per_mm=px_per_mm,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeenArch:
    """An arch under one rotation.

    table: float32 (1, step, 4) over the place across: s, what to add to the height, azimuth, depth. ends_mm:
    the first and the last place across. lean: how far a vertical line leans to the right per height.
    foreshortening: height seen per height. edge_px: where the middle of its front edge lies in the output.
    """

    table: NDArray[np.float32]
    ends_mm: tuple[float, float]
    lean: float
    foreshortening: float
    edge_px: tuple[float, float]
    px_per_mm: float

    def __post_init__(self) -> None:
        check_array(self, "table", np.float32, (1, "step", 4))

    def surface(self, box: Box, step_px: int = 1) -> NDArray[np.float32]:
        """What the pixels of a box see: float32 (height, width, 4) of s, height, azimuth and depth.

        Millimetres and radians. step_px: one value stands for a square of this many pixels a side.
        """
        middle = (step_px - 1) / 2
        x = np.arange(box.left + middle, box.right + middle, step_px, dtype=np.float32)
        y = np.arange(box.top + middle, box.bottom + middle, step_px, dtype=np.float32)
        u = (x[None, :] - np.float32(self.edge_px[0])) / np.float32(self.px_per_mm)
        v = (y[:, None] - np.float32(self.edge_px[1])) / np.float32(self.px_per_mm)
        low, high = self.ends_mm
        place = (u - np.float32(self.lean) * v - np.float32(low)) * np.float32((_TABLE - 1) / (high - low))
        seen = look_up(self.table, np.stack([place, np.zeros_like(place)], axis=-1))
        seen[..., 1] += v / np.float32(self.foreshortening)
        return seen
