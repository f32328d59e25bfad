"""Brows, smile, lower lids and breath."""

from __future__ import annotations

import numpy as np

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.gesture.random_streams import random_stream
from lipwright.engine.gesture.shaping import Curve, add_pulse, times_s, wandering
from lipwright.engine.gesture.style import GestureStyle
from lipwright.engine.speech.values import Prosody

# Brows rise on one accent in three, by a tenth to a third of the eye's height.
BROW_SHARE = 0.35
BROW_LIFT = (0.10, 0.28)
BROW_RISE_S = 0.12
BROW_FALL_S = (0.30, 0.50)
# They wander a little even without a reason, and sink with every blink.
BROW_WANDER = 0.02
BROW_PER_BLINK = -0.015
# Corners of the mouth and lower lids that never move look painted.
SMILE_WANDER = 0.025
SQUINT_PER_SMILE = 0.35
SQUINT_ACCENT = 0.08
# Breaths a minute and how far they lift the shoulders, face heights; a breath goes in faster than out.
BREATHS_PER_MIN = (12.0, 16.0)
BREATH_LIFT = (0.003, 0.006)
_INHALE_SHARE = 0.4


def brow_curve(prosody: Prosody, lids: Curve, style: GestureStyle, seed: int) -> Curve:
    """Brow lift in eye heights."""
    rows = len(lids)
    rng = random_stream(seed, "brows")
    curve = BROW_WANDER * wandering(rows, rng, 0.05, 0.4)
    for accent in prosody.accents:
        choice, height, fall = rng.random(3)
        if choice < BROW_SHARE:
            lift = BROW_LIFT[0] + 0.5 * (height + accent.strength) * (BROW_LIFT[1] - BROW_LIFT[0])
            fall_s = BROW_FALL_S[0] + fall * (BROW_FALL_S[1] - BROW_FALL_S[0])
            add_pulse(curve, accent.time_s, BROW_RISE_S, fall_s, lift)
    moving = curve * style.liveliness * style.mood.energy
    return (moving + style.mood.brow) * style.expression_scale + BROW_PER_BLINK * lids


def smile_curve(rows: int, style: GestureStyle, seed: int) -> Curve:
    """Corners of the mouth, -1 to 1: the mood, and a breath of life around it."""
    wander = SMILE_WANDER * style.liveliness * wandering(rows, random_stream(seed, "smile"), 0.04, 0.25)
    # A held smile wanes and returns; a constant one is a mask.
    mood = style.mood.smile * (1 + 0.12 * wandering(rows, random_stream(seed, "smile depth"), 0.03, 0.15))
    curve: Curve = np.clip((mood + wander) * style.expression_scale, -1, 1)
    return curve


def squint_curve(smile: Curve, prosody: Prosody, style: GestureStyle, seed: int) -> Curve:
    """Lower lids, 0 to 1: a smile lifts them, and so does a stressed word."""
    rng = random_stream(seed, "squint")
    curve = style.mood.squint * style.expression_scale + SQUINT_PER_SMILE * np.maximum(smile, 0)
    for accent in prosody.accents:
        if rng.random() < BROW_SHARE:
            add_pulse(
                curve, accent.time_s, 0.12, 0.4, SQUINT_ACCENT * accent.strength * style.expression_scale
            )
    limited: Curve = np.clip(curve, 0, 1)
    return limited


def breath_curve(rows: int, seed: int) -> Curve:
    """How far the shoulders are up, face heights, from 0 at a clip's start."""
    rng = random_stream(seed, "breath")
    points = [(0.0, 0.0)]
    now_s = 0.0
    while now_s < rows / CURVE_RATE_HZ:
        length_s = 60 / rng.uniform(*BREATHS_PER_MIN)
        points.append((now_s + _INHALE_SHARE * length_s, rng.uniform(*BREATH_LIFT)))
        now_s += length_s
        points.append((now_s, 0.0))
    # The line between lowest and highest points, rounded into a swing.
    time_s = times_s(rows)
    marks_s, heights = np.array(points).T
    place = np.clip(np.searchsorted(marks_s, time_s, side="right") - 1, 0, len(marks_s) - 2)
    share = (time_s - marks_s[place]) / (marks_s[place + 1] - marks_s[place])
    swing = 0.5 - 0.5 * np.cos(np.pi * np.clip(share, 0, 1))
    curve: Curve = heights[place] + (heights[place + 1] - heights[place]) * swing
    return curve
