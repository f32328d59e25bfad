"""The judge of heads tells what differs and nothing else, and figures read back what was put in."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from bench.acting_figures import (
    HEADINGS,
    at,
    autocorrelation,
    effect,
    figures,
    likeness,
    louder,
    motion_of_curves,
    pieces,
)
from bench.acting_strips import PROMPTS, acts
from bench.head_judge import RATE_HZ, Motion, Seen, judged, windows
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.curves import BLINKS, Gesture, GestureCurves
from lipwright.engine.gesture.people import natural_motion


def natural(seeds: range) -> list[tuple[str, Motion]]:
    """Turns with the shape of people's."""
    clock_s = np.arange(12 * RATE_HZ) / RATE_HZ
    return [(f"{seed}", 3 * natural_motion(clock_s, seed)[:, :3]) for seed in seeds]


def swaying(seeds: range) -> list[tuple[str, Motion]]:
    """Turns like a pendulum's."""
    time_s = np.arange(12 * RATE_HZ)[:, None] / RATE_HZ
    return [
        (f"{seed}", 4 * np.sin(2 * np.pi * time_s * rng.uniform(0.3, 0.6, 3) + rng.uniform(0, 6, 3)))
        for seed, rng in ((seed, np.random.default_rng(seed)) for seed in seeds)
    ]


def seen(clips: list[tuple[str, Motion]], *, sizes: bool = False) -> list[Seen]:
    """As the judge sees them."""
    return [(name, windows(motion, sizes=sizes)) for name, motion in clips]


def test_the_judge_tells_a_pendulum_from_people_and_people_not_from_one_another() -> None:
    people = seen(natural(range(15)))
    assert judged(people, seen(swaying(range(15)))) > 0.95
    assert judged(people, seen(natural(range(100, 115)))) < 0.65


def test_the_judge_can_be_asked_about_some_people_only() -> None:
    people = seen(natural(range(12))) + seen(swaying(range(50, 54)))
    drawn = seen(swaying(range(100, 115)))
    known = {str(seed) for seed in range(12)}
    assert judged(people, drawn, asked=known) > judged(people, drawn) + 0.05
    assert judged(people, drawn, asked={name for name, _ in people}) == judged(people, drawn)


def test_hidden_sizes_do_not_tell() -> None:
    people, larger = natural(range(15)), [(name, 5 * turns) for name, turns in natural(range(100, 115))]
    assert judged(seen(people, sizes=True), seen(larger, sizes=True)) > 0.9
    assert judged(seen(people), seen(larger)) < 0.65


def test_figures_read_back_what_a_face_does() -> None:
    values = np.zeros((2000, len(Gesture)), np.float32)
    time_s = np.arange(2000) / CURVE_RATE_HZ
    values[:, Gesture.YAW] = 4 * np.sin(2 * np.pi * 0.3 * time_s)
    for start in range(100, 1900, 300):
        values[start : start + 20, BLINKS] = 1
    curves = GestureCurves(values=values)
    (found, _) = (
        dict(zip(HEADINGS, figures(piece), strict=True)) for piece in pieces(motion_of_curves(curves))
    )
    assert found["yaw SD, °"] == pytest.approx(4 / np.sqrt(2), rel=0.05)
    assert found["pitch SD, °"] == 0
    assert found["blinks a minute"] == pytest.approx(20, abs=4)
    assert found["blink, ms"] == pytest.approx(200, abs=40)
    assert found["below 0.5 Hz"] > 0.25


def test_an_effect_is_found_at_its_delay_and_beats_chance() -> None:
    curve = np.random.default_rng(0).standard_normal(6000) * 0.3
    moments = np.random.default_rng(1).uniform(2, 58, 60)
    rows = np.round((moments + 0.2) * CURVE_RATE_HZ).astype(int)
    curve[rows] += 1
    found, chance = effect(curve, moments.tolist(), lambda c, m: at(c, m, 0.2))
    assert found > 0.8 > 3 * chance
    missed, chance = effect(curve, moments.tolist(), lambda c, m: at(c, m, 0.5))
    assert abs(missed) < 3 * chance


def test_a_motion_that_comes_again_is_noticed() -> None:
    motion = natural(range(1))[0][1][:, 0]
    assert likeness(np.concatenate([motion, motion]), np.concatenate([motion, motion]), least_lag_s=5) > 0.99
    assert likeness(motion, natural(range(1, 2))[0][1][:, 0]) < 0.97


def test_a_swing_comes_again_and_natural_motion_does_not() -> None:
    time_s = np.arange(60 * RATE_HZ) / RATE_HZ
    swing = np.sin(2 * np.pi * 0.2 * time_s)
    assert autocorrelation(swing, swing, least_lag_s=4) > 0.95
    motion = natural_motion(time_s, 3)[:, 0]
    assert autocorrelation(motion, motion, least_lag_s=4) < 0.6


def test_what_goes_faster_when_it_is_louder_is_found() -> None:
    rng = np.random.default_rng(0)
    loud = np.repeat(rng.uniform(-1, 1, 100), 40)
    spoken = np.ones(4000, bool)
    found, chance = louder(10 + 3 * loud + rng.standard_normal(4000), loud, spoken)
    assert found > 3 > chance
    missed, chance = louder(10 + rng.standard_normal(4000), loud, spoken)
    assert abs(missed) < 2 * chance


def test_strips_show_every_voice_in_every_manner_and_with_every_prompt() -> None:
    shown = {(act.voice, act.intensity, act.prompt) for act in islice(acts(), 36)}
    assert len(shown) == 4 * (3 + len(PROMPTS))
