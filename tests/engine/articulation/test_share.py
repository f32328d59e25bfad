"""The speaking mouth grows out of the picture's own and gives it back."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from lipwright.engine.articulation.share import (
    READY_BEFORE_S,
    SHORTEST_TAKE_OVER_S,
    speaking_share,
)
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.speech.values import SpeechActivity
from lipwright.engine.timeline import frame_count, frame_times_s

RATE = Fraction(30)


def spoken(duration_s: float, *stretches_s: tuple[float, float]) -> SpeechActivity:
    """Speech in the given stretches of a clip."""
    speaking = np.zeros(round(duration_s * CURVE_RATE_HZ), dtype=np.float32)
    for start_s, end_s in stretches_s:
        speaking[round(start_s * CURVE_RATE_HZ) : round(end_s * CURVE_RATE_HZ)] = 1
    return SpeechActivity(speaking=speaking, loudness_db=np.where(speaking > 0, -20, -80).astype(np.float32))


def times_of(duration_s: float, rate: Fraction = RATE) -> np.ndarray:
    """The times of a clip's frames."""
    return frame_times_s(frame_count(duration_s, rate), rate)


def test_without_speech_the_picture_keeps_its_mouth() -> None:
    assert speaking_share(spoken(5), times_of(5)).max() == 0


def test_the_mouth_is_ready_before_the_first_word_and_goes_after_the_last() -> None:
    times_s = times_of(10)
    share = speaking_share(spoken(10, (2, 4), (7, 8)), times_s)
    assert share[times_s < 1.2].max() == 0
    assert share[(times_s > 2 - READY_BEFORE_S) & (times_s < 8.15)].min() == 1
    assert share[times_s > 8.9].max() == 0
    assert np.abs(np.diff(share)).max() < 0.15


@pytest.mark.parametrize("rate", [Fraction(10), Fraction(25), Fraction(60)])
@pytest.mark.parametrize("stretch_s", [(0.0, 3.0), (0.05, 2.97), (0.2, 2.5)])
def test_the_first_and_last_frames_are_the_picture_also_where_speech_fills_the_clip(
    rate: Fraction, stretch_s: tuple[float, float]
) -> None:
    times_s = times_of(3, rate)
    share = speaking_share(spoken(3, stretch_s), times_s)
    assert share[0] == share[-1] == 0
    inside = (times_s > times_s[0] + SHORTEST_TAKE_OVER_S) & (times_s < times_s[-1] - SHORTEST_TAKE_OVER_S)
    assert share[inside & (times_s > stretch_s[0]) & (times_s < stretch_s[1])].min() == 1


@pytest.mark.parametrize("duration_s", [0.01, 0.05, 0.1, 0.3])
def test_a_clip_of_a_moment_has_a_share_too(duration_s: float) -> None:
    share = speaking_share(spoken(duration_s, (0, duration_s)), times_of(duration_s))
    assert np.isfinite(share).all()
    assert share[0] == share[-1] == 0


def test_a_click_before_the_first_word_does_not_wake_the_mouth() -> None:
    times_s = times_of(6)
    assert speaking_share(spoken(6, (1, 1.03), (4, 5)), times_s)[times_s < 3].max() == 0
