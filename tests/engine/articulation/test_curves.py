"""Curves stay inside the ranges of their channels through every pass, also where they touch the limits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from lipwright.engine.articulation.acoustic_closures import close_lips_on_stops
from lipwright.engine.articulation.articulate import scale_mouth
from lipwright.engine.articulation.curves import CHANNEL_RANGES, ArticulationCurves, Mouth, limit, smooth
from lipwright.engine.articulation.pauses import spend_pauses
from lipwright.engine.articulation.rest import rest_in_silence
from lipwright.engine.articulation.rules import keep_sounds_visible, limit_speed
from tests.engine.articulation.speech_builders import SENTENCE, activity, rows_of, sound, timeline

PHONES = timeline(f"SIL 0.5 {SENTENCE} SIL 1.2 {SENTENCE}")
LOW, HIGH = np.array([CHANNEL_RANGES[channel] for channel in Mouth], dtype=np.float32).T

PASSES: dict[str, Callable[[ArticulationCurves], ArticulationCurves]] = {
    "limit": limit,
    "smooth": smooth,
    "rest in silence": lambda curves: rest_in_silence(curves, activity(PHONES)),
    "pauses": lambda curves: spend_pauses(
        curves, activity(PHONES), activity(PHONES), np.ones(len(curves.values), dtype=np.float32)
    ),
    "acoustic closures": lambda curves: close_lips_on_stops(curves, sound(PHONES)),
    "guarantees": lambda curves: keep_sounds_visible(curves, PHONES),
    "limit of speed": limit_speed,
    "a larger mouth": lambda curves: scale_mouth(curves, 1.7),
}


def restless(seed: int) -> ArticulationCurves:
    """Values anywhere in the ranges, half of them at a limit."""
    rng = np.random.default_rng(seed)
    shares = np.clip(rng.uniform(-0.5, 1.5, (rows_of(PHONES), len(Mouth))), 0, 1).astype(np.float32)
    return limit(ArticulationCurves(values=(LOW + shares * (HIGH - LOW)).astype(np.float32)))


@pytest.mark.parametrize("name", PASSES)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_no_pass_leaves_the_ranges(name: str, seed: int) -> None:
    values = PASSES[name](restless(seed)).values
    assert (values >= LOW).all()
    assert (values <= HIGH).all()
