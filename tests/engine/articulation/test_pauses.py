"""A mouth that follows real ones waits half open in short pauses, rests in long ones and opens early."""

from __future__ import annotations

import numpy as np
import pytest

from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.articulation.pauses import (
    LONGEST_WAIT_S,
    READY_S,
    WAITING_APERTURE,
    spend_pauses,
)
from tests.engine.articulation.speech_builders import activity, rows_of, timeline, wide_open


def aperture_of(text: str, awake: float = 1.0) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """The opening of a mouth that its driver keeps wide open throughout."""
    phones = timeline(text)
    rows, speech = rows_of(phones), activity(phones)
    curves = spend_pauses(wide_open(rows), speech, speech, np.full(rows, awake, np.float32))
    return curves.channel(Mouth.APERTURE)


def test_the_mouth_waits_half_open_in_a_short_pause() -> None:
    aperture = aperture_of("AA 1.0 SIL 0.6 AA 1.0")
    assert aperture[130] == pytest.approx(WAITING_APERTURE, abs=0.01)
    assert aperture[95] > 1.0
    assert aperture[162] > 1.0


def test_the_closure_of_a_stop_is_no_pause() -> None:
    assert aperture_of("AA 1.0 SIL 0.15 AA 1.0").min() > 1.0


def test_the_mouth_rests_in_a_long_pause_and_is_ready_before_the_next_word() -> None:
    aperture = aperture_of("AA 1.0 SIL 2.0 AA 1.0")
    assert aperture[140:240].max() == 0
    assert aperture[285] == pytest.approx(WAITING_APERTURE, abs=0.01)


def test_the_mouth_is_ready_before_the_first_word_and_not_earlier() -> None:
    aperture = aperture_of("SIL 2.0 AA 1.0")
    assert aperture[: round((2.0 - READY_S - 0.1) * 100)].max() == 0
    assert aperture[180] > 0.9 * WAITING_APERTURE


def test_after_the_last_word_the_mouth_shuts_for_good() -> None:
    assert aperture_of("AA 1.0 SIL 1.0")[140:].max() == 0


def test_where_surely_nobody_speaks_the_mouth_is_not_made_ready() -> None:
    assert aperture_of("SIL 2.0 AA 1.0", awake=0.0)[:170].max() == 0


def test_waiting_and_resting_do_not_move() -> None:
    waiting = aperture_of(f"AA 1.0 SIL {LONGEST_WAIT_S - 0.1:.1f} AA 1.0")[118:150]
    assert np.ptp(waiting) < 0.01


def test_the_jaw_waits_with_the_lips() -> None:
    phones = timeline("AA 1.0 SIL 0.6 AA 1.0")
    rows, speech = rows_of(phones), activity(phones)
    curves = spend_pauses(wide_open(rows), speech, speech, np.ones(rows, np.float32))
    assert 0 < curves.values[130, Mouth.JAW] < curves.values[130, Mouth.APERTURE]
