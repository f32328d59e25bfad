"""The inside of an open mouth transferred to another opening.

A place inside a mouth is addressed by how far along the lips and how deep between them it is, so that any
mouth's teeth can be laid into any other's opening.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from lipwright.engine.arrays import smoothstep
from lipwright.engine.boxes import Box
from lipwright.engine.render.clip.exemplars import LEAST_GAP, Exemplar
from lipwright.engine.render.pixels import look_up_sharply

# The edges of lips are known to a pixel or two; this much of the depth next to the upper and to the lower lip
# is not used. The lower lip's wet inner side is as light as teeth: less of it left out doubles the lip.
UPPER_EDGE_SHARE, LOWER_EDGE_SHARE = 0.07, 0.14
# Where on its way down a mouth that shows less than its exemplar goes over from what hangs from the upper lip
# to what stands on the lower one. Earlier, lower teeth shine through upper ones.
LOWER_FROM = 0.55
# A frame's own inside of the mouth is used where it is open this far against what is wanted: from the first
# share on a little, from the second on wholly. Higher, drawn and own teeth take turns and flicker.
OWN_FROM, OWN_FULLY = 0.54, 0.83
# Between two stretches of own insides a gap of up to twice so many frames is filled with own ones, and a
# stretch of up to twice so many between two of drawn ones is drawn: other teeth for two frames are a flash.
# Then one goes over into the other over as many frames before and after.
STEADY_FRAMES = 2
# So many frames before and after one decide on its inside.
LOOKED_FRAMES = 5 * STEADY_FRAMES
# To fill a gap an own inside may be open less against what is wanted than otherwise: not at all at the first
# share, which shows nothing but flesh, wholly from OWN_FROM on.
BORNE_FROM = 0.40
# A transferred inside is stretched at most this much: up to the first it is used wholly, from the second on
# one is drawn. Farther, teeth grow long and the flesh behind them becomes a wall.
STRETCHED_WHOLLY, STRETCHED_NOT = 1.5, 2.1
# Shares of an inside below this are not seen.
LEAST_WEIGHT = 0.01


class MouthAxes:
    """Coordinates along and across a mouth, given its inner lip rows."""

    def __init__(self, upper: NDArray[np.float32], lower: NDArray[np.float32]) -> None:
        """upper, lower: float32 (11, 2), pixels."""
        left, right = (upper[0] + lower[0]) / 2, (upper[-1] + lower[-1]) / 2
        self._origin = left
        self.length = max(float(np.linalg.norm(right - left)), 1.0)
        self._along = (right - left) / self.length
        self._across = np.array([-self._along[1], self._along[0]], dtype=np.float32)
        self._rows = [self._sorted(row) for row in (upper, lower)]

    def _sorted(self, row: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        relative = row - self._origin
        x, y = relative @ self._along / self.length, relative @ self._across
        order = np.argsort(x)
        return x[order], y[order]

    def of_pixels(self, points_px: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Place along the mouth, 0 to 1 from corner to corner, and across it in pixels."""
        relative = points_px - self._origin
        return relative @ self._along / np.float32(self.length), relative @ self._across

    def lips(self, along: NDArray[np.float32]) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """Where the edges of the upper and the lower lip are across, pixels."""
        upper, lower = (np.interp(along, x, y) for x, y in self._rows)
        return upper, np.maximum(upper, lower)

    def to_pixels(self, along: NDArray[np.float32], across: NDArray[np.floating]) -> NDArray[np.float32]:
        """Pixels of places, float32 (..., 2)."""
        placed = np.empty((*along.shape, 2), dtype=np.float32)
        for axis in range(2):
            placed[..., axis] = along * (self._along[axis] * self.length) + across * self._across[axis]
            placed[..., axis] += self._origin[axis]
        return placed


def transfer_inside(
    exemplar: Exemplar, target: MouthAxes, along: NDArray[np.float32], across: NDArray[np.float32]
) -> NDArray[np.float32]:
    """An exemplar's inside as it looks in another opening, float32 (height, width, 3).

    along, across: places in the target's coordinates, float32 (height, width). A smaller opening hides the
    middle of the exemplar's: what hangs from the upper lip stays there, and what stands on the lower lip too.
    """
    source = MouthAxes(exemplar.upper, exemplar.lower)
    scale = source.length / target.length
    upper, lower = target.lips(along)
    depth = np.clip((across - upper) / np.maximum(lower - upper, 0.5), 0, 1)
    source_upper, source_lower = source.lips(along)
    source_gap = source_lower - source_upper
    shown = np.minimum((lower - upper) * scale, source_gap)
    from_top = source_upper + np.maximum(depth * shown, UPPER_EDGE_SHARE * source_gap)
    from_bottom = source_lower - np.maximum((1 - depth) * shown, LOWER_EDGE_SHARE * source_gap)
    lower_share = smoothstep((depth - LOWER_FROM) / (1 - LOWER_FROM))
    seen = look_up_sharply(exemplar.rgb, source.to_pixels(along, from_top)).astype(np.float32)
    low = slice(int(np.argmax(lower_share.max(axis=1) > 0)), None)  # above, nothing stands on the lower lip
    bottoms = look_up_sharply(exemplar.rgb, source.to_pixels(along[low], from_bottom[low]))
    seen[low] += (bottoms - seen[low]) * lower_share[low][..., None]
    return seen


def steady_own_share(
    own_gap: NDArray[np.float32],
    wanted_gap: NDArray[np.float32],
    fits: NDArray[np.float32] | None = None,
) -> float:
    """How much of a frame's inside is its own, 0 to 1, so that it does not change with the next ones.

    own_gap, wanted_gap: float32 (2 * LOOKED_FRAMES + 1,), how far the mouth is open and is to be, face
    heights, in the frames around this one. fits: of the same length, how well the frames' teeth fit, 0 to 1;
    wholly when absent.
    """
    ratio = own_gap / np.maximum(wanted_gap, 1e-3)
    enough = np.where(own_gap >= LEAST_GAP, smoothstep((ratio - OWN_FROM) / (OWN_FULLY - OWN_FROM)), 0)
    if fits is not None:
        enough = enough * fits
    for window in (np.max, np.min, np.min, np.max):
        enough = window(sliding_window_view(enough, 2 * STEADY_FRAMES + 1), axis=-1)
    middle = LOOKED_FRAMES
    borne = np.clip((ratio[middle] - BORNE_FROM) / (OWN_FROM - BORNE_FROM), 0, 1)
    if own_gap[middle] < LEAST_GAP:
        return 0.0
    return float(min(enough.mean(), borne))


def own_share(own_gap: float, wanted_gap: float) -> float:
    """How much of a frame's inside is its own, 0 to 1, if nothing is known of the frames around it."""
    if own_gap < LEAST_GAP:
        return 0.0
    return float(
        smoothstep(np.asarray((own_gap / max(wanted_gap, 1e-3) - OWN_FROM) / (OWN_FULLY - OWN_FROM)))
    )


def weighed_sources(
    own: Exemplar, exemplars: Sequence[tuple[Exemplar, float]], opening: float, enough: float
) -> list[tuple[Exemplar, float]]:
    """Whose inside fills an opening, face heights, and how much: the frame's own by the share `enough`."""
    weighed = [(own, enough)]
    for each, weight in exemplars:
        stretch = opening / max(each.gap, 1e-3)
        whole = np.clip((STRETCHED_NOT - stretch) / (STRETCHED_NOT - STRETCHED_WHOLLY), 0, 1)
        weighed.append((each, weight * (1 - enough) * float(whole)))
    return [(each, weight) for each, weight in weighed if weight > LEAST_WEIGHT]


def transferred_view(
    window: Box,
    axes: MouthAxes,
    own: Exemplar,
    sources: Sequence[tuple[Exemplar, float]],
) -> NDArray[np.float32]:
    """The sources' insides mixed over a window, in the light of the frame, float32 (height, width, 3)."""
    x, y = np.meshgrid(
        np.arange(window.left, window.right, dtype=np.float32),
        np.arange(window.top, window.bottom, dtype=np.float32),
    )
    along, across = axes.of_pixels(np.stack([x, y], axis=-1))
    along = np.clip(along, 0, 1)
    seen = np.zeros((window.height, window.width, 3), dtype=np.float32)
    for source, weight in sources:
        seen += transfer_inside(source, axes, along, across) * (own.tone / source.tone * weight)
    return seen
