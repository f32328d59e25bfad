"""Motion of people, read from meshes: angles, blinks, and what the tracker invents taken off."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.face.mesh import (
    BROW_LEFT,
    BROW_RIGHT,
    EYE_LEFT_LOWER,
    EYE_LEFT_UPPER,
    EYE_RIGHT_LOWER,
    EYE_RIGHT_UPPER,
)
from lipwright.engine.face.pose import canonical_face, rotation_of
from lipwright.engine.gesture.people import NaturalChannel
from training.motion.clips import SOURCES
from training.motion.spectra import FILTER_ROWS, filters_of
from training.motion.tracking import MOTION_RATE_HZ, PersonMotion, motion_of

FRAMES = 200
EYE_DISTANCE_PX = 120.0
TIMES_S = (np.arange(FRAMES) + 0.5) / MOTION_RATE_HZ


def meshes(heads: NDArray[np.float32], yaw_deg: NDArray[np.float64]) -> NDArray[np.float32]:
    """Heads (frame, 478, 3) in eye distances, turned and laid into a picture."""
    turned = [points @ rotation_of(yaw, 0, 0).T for points, yaw in zip(heads, yaw_deg, strict=True)]
    return (np.stack(turned) * EYE_DISTANCE_PX + [320, 240, 0]).astype(np.float32)


def rest() -> NDArray[np.float32]:
    """A face at rest in every frame, float32 (frame, 478, 3)."""
    return np.repeat(canonical_face()[None], FRAMES, axis=0).copy()


def test_a_turn_is_read_in_degrees() -> None:
    yaw_deg = 8 * np.sin(2 * np.pi * 0.4 * TIMES_S)
    motion = motion_of(meshes(rest(), yaw_deg), TIMES_S)
    assert np.abs(motion.yaw_deg - yaw_deg[: len(motion.yaw_deg)]).max() < 0.3
    assert motion.pitch_deg.std() < 0.1
    assert motion.brow.std() < 0.001


def test_brows_that_rise_only_with_a_blink_are_bridged() -> None:
    heads = rest()
    blink = slice(80, 86)
    for upper, lower in ((EYE_LEFT_UPPER, EYE_LEFT_LOWER), (EYE_RIGHT_UPPER, EYE_RIGHT_LOWER)):
        heads[blink, upper[1:-1]] = heads[blink, lower[1:-1]]
    heads[np.ix_(range(80, 86), [*BROW_LEFT, *BROW_RIGHT], [1])] -= 0.05
    motion = motion_of(meshes(heads, np.zeros(FRAMES)), TIMES_S)
    assert motion.lids[82] < 0.2
    assert np.ptp(motion.brow) < 0.001
    heads = rest()
    heads[np.ix_(range(80, 86), [*BROW_LEFT, *BROW_RIGHT], [1])] -= 0.05
    assert np.ptp(motion_of(meshes(heads, np.zeros(FRAMES)), TIMES_S).brow) > 0.01


def test_filters_have_the_spectrum_of_the_motion_they_are_made_of() -> None:
    rng = np.random.default_rng(0)
    slow = np.cumsum(rng.standard_normal((4, 2000)), axis=1)
    slow -= np.array([np.convolve(row, np.ones(100) / 100, mode="same") for row in slow])
    names = PersonMotion.__slots__
    filters = filters_of([PersonMotion(**dict.fromkeys(names, row)) for row in slow])
    assert filters.shape == (len(NaturalChannel), FILTER_ROWS)
    np.testing.assert_allclose(np.linalg.norm(filters, axis=1), 1)
    power = np.abs(np.fft.rfft(filters[NaturalChannel.YAW])) ** 2
    frequency_hz = np.fft.rfftfreq(FILTER_ROWS, 1 / MOTION_RATE_HZ)
    assert power[frequency_hz < 1].sum() > 0.8 * power.sum()
    assert power[frequency_hz > 6].sum() < 1e-3 * power.sum()


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.path)
def test_nothing_from_a_set_for_training_only_may_ship_its_own_motion(source: object) -> None:
    path, is_open = source.path, source.is_open  # type: ignore[attr-defined]
    assert not (is_open and (path.startswith("train") or "hdtf" in path))
