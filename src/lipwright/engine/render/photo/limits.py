"""How far a head may turn in its picture before it tears: measured on its field, once, before it moves."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.gesture.curves import Gesture
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.render.photo.depth import STEEPEST
from lipwright.engine.render.photo.head import HeadField, skull_motion
from lipwright.engine.render.pixels import look_up
from lipwright.engine.render.warp.displacement import invert
from lipwright.engine.render.warp.face_axes import FaceAxes
from lipwright.engine.render.warp.grid import Grid

# Rotation that looks right on a frontal photo, degrees; beyond it the far cheek is too flat.
LARGEST = HeadLimits(yaw_deg=15.0, pitch_deg=8.0, roll_deg=8.0)
# Without layers the background bends with the head.
LARGEST_WITHOUT_LAYERS = HeadLimits(yaw_deg=5.0, pitch_deg=4.0, roll_deg=3.0)
# A head that is turned away in the picture turns less: what lies behind its nose was never photographed. From
# the first angle on by up to this share, over so many degrees.
TURNED_FROM_DEG, TURNED_OVER_DEG, TURNED_MOST = 10.0, 35.0, 0.6
# What a field may do at the limit: the least area that a piece of picture keeps (at 0 it folds), the most it
# is stretched, and how far from its target the inversion may end, pixels.
LEAST_DETERMINANT, MOST_STRETCH, MOST_RESIDUAL_PX = 0.3, 1.6, 1.0
# The limits are lowered by this factor until the field is within these, at the most so often.
STEP, MOST_STEPS = 0.9, 12
# Up to this share of places near the head of which it is unsure whether they are person nothing is lowered;
# from the second on the limits are halved. Objects at the head tear off.
UNSURE_FROM, UNSURE_TO = 0.40, 1.00


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitFigures:
    """How far a head may turn in its picture, and what decided it.

    photo_yaw_deg: how far it is turned in the picture. has_layers: whether the person was cut out.
    unsure: share of places near the head that may be person or not.
    least_determinant, most_stretch, residual_px: of the field at the limits.
    """

    limits: HeadLimits
    photo_yaw_deg: float
    has_layers: bool
    unsure: float
    least_determinant: float
    most_stretch: float
    residual_px: float


def largest_limits(photo_yaw_deg: float, unsure: float, *, has_layers: bool) -> HeadLimits:
    """How far a head may turn by what its picture shows, before its field is measured."""
    turned = np.clip((abs(photo_yaw_deg) - TURNED_FROM_DEG) / TURNED_OVER_DEG, 0, TURNED_MOST)
    doubt = np.clip((unsure - UNSURE_FROM) / (UNSURE_TO - UNSURE_FROM), 0, 1)
    largest = LARGEST if has_layers else LARGEST_WITHOUT_LAYERS
    return _scaled(largest, yaw=(1 - turned) * (1 - doubt / 2), others=1 - doubt / 2)


def steepest_depth(largest: HeadLimits) -> float:
    """How steep the depth of a head may be, depth per distance, that turns no farther than this.

    A turn by an angle stretches by its sine times the slope, so a head that turns less keeps more of its
    depth. Of the ratio the square root: the steepest places end farther above what was aimed for, the farther
    the face is turned in the picture.
    """
    return STEEPEST * float(np.sqrt(_sine(LARGEST) / _sine(largest)))


def _sine(limits: HeadLimits) -> float:
    return float(np.hypot(*np.sin(np.deg2rad([limits.yaw_deg, limits.pitch_deg]))))


def find_limits(
    axes: FaceAxes,
    grid: Grid,
    field: HeadField,
    counts: NDArray[np.bool_],
    *,
    photo_yaw_deg: float,
    unsure: float,
    has_layers: bool,
    steps: int,
) -> LimitFigures:
    """The limits of one face: those of its picture, lowered until its field is sound.

    counts: bool (row, column), the nodes that belong to the person and follow the head. steps: of the
    inversion that will draw the frames.
    """
    limits = largest_limits(photo_yaw_deg, unsure, has_layers=has_layers)
    measure = _FieldMeasure(axes, grid, field, counts, steps)
    yaw, pitch = 1.0, 1.0
    for _ in range(MOST_STEPS):
        sideways = measure.worst(_scaled(limits, yaw=yaw, others=0))
        if sideways.is_sound:
            break
        yaw *= STEP
    for _ in range(MOST_STEPS):
        nodding = measure.worst(_scaled(limits, yaw=0, others=pitch))
        if nodding.is_sound:
            break
        pitch *= STEP
    limits = _scaled(limits, yaw=yaw, others=pitch)
    whole = 1.0
    for _ in range(MOST_STEPS):
        worst = measure.worst(_scaled(limits, yaw=whole, others=whole))
        if worst.is_sound:
            break
        whole *= STEP
    return LimitFigures(
        limits=_scaled(limits, yaw=whole, others=whole),
        photo_yaw_deg=photo_yaw_deg,
        has_layers=has_layers,
        unsure=unsure,
        least_determinant=worst.determinant,
        most_stretch=worst.stretch,
        residual_px=worst.residual_px,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Distortion:
    determinant: float
    stretch: float
    residual_px: float

    @property
    def is_sound(self) -> bool:
        return (
            self.determinant > LEAST_DETERMINANT
            and self.stretch < MOST_STRETCH
            and self.residual_px < MOST_RESIDUAL_PX
        )


class _FieldMeasure:
    """What a head's field does to the picture at the largest angles."""

    def __init__(
        self, axes: FaceAxes, grid: Grid, field: HeadField, counts: NDArray[np.bool_], steps: int
    ) -> None:
        self._axes, self._grid, self._field, self._steps = axes, grid, field, steps
        self._nodes = grid.nodes_px()
        self._counts = counts
        self._cells = counts[:-1, :-1] & counts[1:, :-1] & counts[:-1, 1:] & counts[1:, 1:]

    def worst(self, limits: HeadLimits) -> _Distortion:
        """Over every corner of the limits."""
        found = [
            self._at(yaw * limits.yaw_deg, pitch * limits.pitch_deg, roll * limits.roll_deg)
            for yaw, pitch, roll in product(
                *((-1, 1) if angle else (0,) for angle in (limits.yaw_deg, limits.pitch_deg, limits.roll_deg))
            )
        ]
        return _Distortion(
            determinant=min(each.determinant for each in found),
            stretch=max(each.stretch for each in found),
            residual_px=max(each.residual_px for each in found),
        )

    def _at(self, yaw_deg: float, pitch_deg: float, roll_deg: float) -> _Distortion:
        gesture = np.zeros(len(Gesture), dtype=np.float32)
        gesture[[Gesture.YAW, Gesture.PITCH, Gesture.ROLL]] = yaw_deg, pitch_deg, roll_deg
        places = self._field.places(skull_motion(self._axes, gesture), 0.0)
        across = np.diff(places, axis=1)[:-1][self._cells] / self._grid.cell_px
        down = np.diff(places, axis=0)[:, :-1][self._cells] / self._grid.cell_px
        determinant = across[:, 0] * down[:, 1] - across[:, 1] * down[:, 0]
        # The larger singular value of the 2 x 2 matrix of both.
        total = across[:, 0] ** 2 + across[:, 1] ** 2 + (down[:, 0] ** 2 + down[:, 1] ** 2)
        stretch = np.sqrt((total + np.sqrt(np.maximum(total**2 - 4 * determinant**2, 0))) / 2)
        displacement = places - self._nodes
        sources = invert(displacement, self._grid, self._nodes, self._steps)
        at = self._grid.place_of(sources)
        error = self._nodes - sources - look_up(displacement, at)
        seen = look_up(self._counts.astype(np.float32), at) > 0.99
        missed = np.hypot(*error[seen].T)
        return _Distortion(
            determinant=float(determinant.min(initial=1.0)),
            stretch=float(stretch.max(initial=1.0)),
            residual_px=float(missed.max(initial=0.0)),
        )


def _scaled(limits: HeadLimits, *, yaw: float, others: float) -> HeadLimits:
    return HeadLimits(
        yaw_deg=float(limits.yaw_deg * yaw),
        pitch_deg=float(limits.pitch_deg * others),
        roll_deg=float(limits.roll_deg * others),
    )
