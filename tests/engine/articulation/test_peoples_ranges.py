"""A driver that moves too little or too much is brought to what people do."""

from __future__ import annotations

import numpy as np
import pytest

from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.articulation.peoples_ranges import LEAST_WIDE_APERTURE, in_peoples_ranges
from lipwright.engine.articulation.width import visible_width, width_for


def speaking_mouth(
    seconds: float, opening: float, jaw_share: float = 0.25, spread: float = 0.06
) -> ArticulationCurves:
    times_s = np.arange(round(seconds * 100)) / 100
    values = ArticulationCurves.at_rest(seconds).values.copy()
    values[:, Mouth.APERTURE] = opening * (0.5 - 0.5 * np.cos(2 * np.pi * 4 * times_s))
    values[:, Mouth.JAW] = jaw_share * values[:, Mouth.APERTURE]
    wanted = (1 + spread * np.sin(2 * np.pi * 1.3 * times_s)).astype(np.float32)
    values[:, Mouth.WIDTH] = width_for(wanted, values)
    return ArticulationCurves(values=values)


def shaped(curves: ArticulationCurves) -> ArticulationCurves:
    return in_peoples_ranges(curves, np.ones(len(curves.values), np.float32))


def test_a_mumbling_driver_opens_as_people_do() -> None:
    before = speaking_mouth(20, opening=0.8)
    after = shaped(before)
    widest = np.percentile(after.channel(Mouth.APERTURE), 95)
    assert 0.9 < widest / LEAST_WIDE_APERTURE < 1.02


def test_a_driver_within_the_range_keeps_its_opening() -> None:
    before = speaking_mouth(20, opening=1.2)
    np.testing.assert_allclose(
        shaped(before).channel(Mouth.APERTURE), before.channel(Mouth.APERTURE), atol=1e-5
    )


def test_the_chin_follows_the_gap() -> None:
    after = shaped(speaking_mouth(30, opening=1.2, jaw_share=0.34))
    slope = np.polyfit(after.channel(Mouth.APERTURE), after.channel(Mouth.JAW), 1)[0]
    assert slope == pytest.approx(0.43, abs=0.02)


def test_a_driver_that_hardly_spreads_spreads_more_and_narrow_lips_stay() -> None:
    before = speaking_mouth(20, opening=1.2, spread=0.06)
    width, wider = visible_width(before.values), visible_width(shaped(before).values)
    assert np.percentile(wider, 95) > np.percentile(width, 95) + 0.01
    np.testing.assert_allclose(wider[width < 1], width[width < 1], atol=1e-3)


def test_a_short_clip_is_believed_less_than_a_long_one() -> None:
    short, long = (
        shaped(speaking_mouth(seconds, opening=0.7)).channel(Mouth.APERTURE).max() for seconds in (1, 30)
    )
    assert 0.7 < short < long


def test_silence_stays_as_it_is() -> None:
    rest = ArticulationCurves.at_rest(3)
    np.testing.assert_array_equal(in_peoples_ranges(rest, np.zeros(300, np.float32)).values, rest.values)
