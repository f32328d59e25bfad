"""The width that is seen, and the one that the curves hold so that it is seen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipwright.engine.articulation.curves import CHANNEL_RANGES, ArticulationCurves, Mouth
from lipwright.engine.articulation.visemes import MouthShape
from lipwright.engine.articulation.width import visible_width, width_for
from tests.engine.articulation.speech_builders import row_of

shares = st.floats(0, 1)


def test_a_mouth_at_rest_is_as_wide_as_it_is() -> None:
    assert visible_width(ArticulationCurves.at_rest(0.1).values) == pytest.approx(np.ones(10))


def test_full_pucker_takes_a_third_of_the_width_and_funnel_a_fifth() -> None:
    pucker = visible_width(row_of(MouthShape(aperture=0, jaw=0, pucker=1)))
    funnel = visible_width(row_of(MouthShape(aperture=0, jaw=0, funnel=1)))
    assert pucker == pytest.approx(0.68)
    assert pucker < funnel == pytest.approx(0.78)


def test_an_opening_narrows_a_little_and_a_shout_not_for_ever() -> None:
    widths = [
        visible_width(row_of(MouthShape(aperture=aperture, jaw=0))) for aperture in (0.0, 1.0, 1.6, 1.9)
    ]
    assert widths[0] > widths[1] > widths[2]
    assert widths[2] == pytest.approx(widths[3])


@given(pucker=shares, funnel=shares, aperture=st.floats(0, 1.9), wanted=st.floats(0.6, 1.2))
def test_the_width_for_a_look_gives_that_look_where_it_is_in_range(
    pucker: float, funnel: float, aperture: float, wanted: float
) -> None:
    mouth = row_of(MouthShape(aperture=aperture, jaw=0, pucker=pucker, funnel=funnel))
    mouth[Mouth.WIDTH] = width_for(np.array(wanted, dtype=np.float32), mouth)
    low, high = CHANNEL_RANGES[Mouth.WIDTH]
    assert low - 1e-6 <= mouth[Mouth.WIDTH] <= high + 1e-6
    if low < mouth[Mouth.WIDTH] < high:
        assert visible_width(mouth) == pytest.approx(wanted, abs=1e-4)
