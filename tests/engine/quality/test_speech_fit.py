"""Closures and silence are judged where they are."""

from __future__ import annotations

import numpy as np
import pytest

from lipwright.engine.quality.speech_fit import closure_share, silent_mouth
from lipwright.engine.speech.phones import fill_timeline
from lipwright.engine.speech.values import Phone, SpeechActivity

SEEN = np.ones(300, bool)
STOPS = fill_timeline(
    [
        Phone(symbol=symbol, start_s=at_s, end_s=at_s + 0.08)
        for symbol, at_s in zip("PMBP", (0.5, 1, 1.5, 2), strict=True)
    ],
    3.0,
)


def test_lips_that_meet_at_every_stop_score_all() -> None:
    gap = np.full(300, 0.05)
    for middle in (54, 104, 154, 204):
        gap[middle] = 0.002
    assert closure_share(gap, SEEN, STOPS) == 1.0


def test_a_stop_that_is_missed_counts() -> None:
    gap = np.full(300, 0.05)
    for middle in (54, 104, 154):
        gap[middle] = 0.002
    assert closure_share(gap, SEEN, STOPS) == 0.75


def test_lips_that_meet_60_ms_late_still_count_and_100_ms_late_do_not() -> None:
    late = np.full(300, 0.05)
    for end in (58, 108, 158, 208):
        late[end + 5] = 0.002
    assert closure_share(late, SEEN, STOPS) == 1.0
    assert closure_share(np.roll(late, 5), SEEN, STOPS) == 0.0


def test_stops_while_the_face_is_hidden_do_not_count() -> None:
    seen = SEEN.copy()
    seen[190:220] = False
    assert closure_share(np.full(300, 0.001), seen, STOPS) == 1.0
    seen[90:120] = False
    assert closure_share(np.full(300, 0.001), seen, STOPS) is None


def activity(speaking: float) -> SpeechActivity:
    return SpeechActivity(speaking=np.full(300, speaking, np.float32), loudness_db=np.zeros(300, np.float32))


def test_a_mouth_that_chews_in_silence_is_noticed() -> None:
    chewing = 0.03 + 0.02 * np.sin(2 * np.pi * 2 * np.arange(300) / 100)
    moving, still = (
        silent_mouth(chewing, SEEN, activity(0)),
        silent_mouth(np.full(300, 0.01), SEEN, activity(0)),
    )
    assert moving is not None
    assert still is not None
    assert moving.motion == pytest.approx(0.02 * 2 * np.pi * 2 * 2 / np.pi, rel=0.05)
    assert (still.motion, still.gap) == pytest.approx((0, 0.01))


def test_speech_is_no_silence() -> None:
    assert silent_mouth(np.full(300, 0.05), SEEN, activity(1)) is None
