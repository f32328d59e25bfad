"""The drawing of `lipwright measure --plot`: the phones stand under the sound at their own time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.quality.plot import phone_panel
from lipwright.engine.speech.values import Phone, PhoneTimeline

WIDTH_PX = 400
DURATION_S = 4.0


def _panel(*phones: Phone) -> NDArray[np.intp]:
    return phone_panel(PhoneTimeline(phones=phones, confidence=1.0), DURATION_S, WIDTH_PX).astype(int)


def test_a_phone_is_drawn_at_its_time() -> None:
    panel = _panel(
        Phone(start_s=0.0, end_s=1.0, symbol="SIL"),
        Phone(start_s=1.0, end_s=2.0, symbol="AA"),
        Phone(start_s=2.0, end_s=4.0, symbol="SIL"),
    )
    inked = panel.min(axis=(0, 2)) < 255
    assert inked[100:198].all()
    assert not inked[:99].any()
    assert not inked[201:].any()


def test_sounds_that_shut_the_lips_stand_out() -> None:
    panel = _panel(
        Phone(start_s=0.0, end_s=2.0, symbol="AA"),
        Phone(start_s=2.0, end_s=4.0, symbol="M"),
    )
    greenness = (panel[..., 1] - panel[..., 0]).max(axis=0)
    assert (greenness[:199] <= 0).all()
    assert (greenness[202:396] > 30).all()
