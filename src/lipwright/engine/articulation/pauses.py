"""How a mouth that follows real ones spends its pauses: it waits half open, rests, and opens early.

Real mouths do not shut in every pause. In short ones they wait about half open; in long ones most shut, and
open again half a second before the first word. The sound is silent there, so no network can hear it; the
numbers are of ten people who were tracked while they spoke.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.articulation.hold import span_weights
from lipwright.engine.articulation.rest import PauseManner, rest_in_silence, silent_spans_s
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.speech.values import SpeechActivity

# Shorter is the closure of a stop: the driver knows better what the lips do there.
SHORTEST_PAUSE_S = 0.2
# In pauses up to this length mouths wait, in longer ones most of them shut.
LONGEST_WAIT_S = 0.8
# The mouth that waits, and the jaw's share of it.
WAITING_APERTURE, WAITING_JAW = 0.42, 0.15
# The way from speech to waiting and back.
WAIT_RAMP_S = 0.15
# After a long pause the mouth begins to open this long before the first sound ...
READY_S = 0.5
# ... and leaves its posture for that sound this long before it is heard; p, b and m need the time.
READY_UNTIL_S = 0.1
# Long pauses: the lips close gently, so as not to be seen snapping shut.
LONG_PAUSES = PauseManner(
    hold_s=LONGEST_WAIT_S - 0.01, rest_s=LONGEST_WAIT_S, linger_s=0.06, settle_s=0.25, wake_s=0.25
)


def spend_pauses(
    curves: ArticulationCurves,
    activity: SpeechActivity,
    voice: SpeechActivity,
    awake: NDArray[np.float32],
) -> ArticulationCurves:
    """The curves with short pauses spent waiting and long ones at rest.

    activity: when somebody speaks, soft ends of words included. voice: the same with sharp beginnings, but
    with mistakes that `awake` has to undo: float32 (row,), 0 where surely nobody speaks for half a second.
    """
    rows = len(curves.values)
    silences = silent_spans_s(activity, rows)
    rested = rest_in_silence(curves, activity, LONG_PAUSES)
    values = rested.values.copy()
    weights = np.maximum(_waiting(silences, rows), _ready(silent_spans_s(voice, rows), rows)) * awake
    waiting = ArticulationCurves.at_rest(0.01).values[0].copy()
    waiting[[Mouth.APERTURE, Mouth.JAW]] = WAITING_APERTURE, WAITING_JAW
    values += (waiting - values) * weights[:, None]
    # Nobody takes a breath to speak where nobody is going to.
    values[awake <= 0] = ArticulationCurves.at_rest(0.01).values[0]
    return curves.with_values(values)


def _waiting(silences: NDArray[np.float64], rows: int) -> NDArray[np.float32]:
    """How much the mouth waits at every point, for pauses between two words."""
    starts, ends = silences[:, 0], silences[:, 1]
    lengths_s = ends - starts
    inside = (starts > 0) & (ends < rows / CURVE_RATE_HZ)
    chosen = silences[inside & (lengths_s >= SHORTEST_PAUSE_S) & (lengths_s < LONGEST_WAIT_S)]
    return _weights(chosen + np.array([WAIT_RAMP_S, -WAIT_RAMP_S]), rows)


def _ready(silences: NDArray[np.float64], rows: int) -> NDArray[np.float32]:
    """How much it is ready to speak, at the ends of long pauses and before the first word."""
    starts, ends = silences[:, 0], silences[:, 1]
    long_enough = (ends - starts >= LONGEST_WAIT_S) | (starts <= 0)
    chosen = silences[long_enough & (ends < rows / CURVE_RATE_HZ)]
    half = WAIT_RAMP_S / 2
    spans = np.stack([chosen[:, 1] - READY_S + half, chosen[:, 1] - READY_UNTIL_S - half], axis=1)
    return _weights(spans, rows)


def _weights(spans_s: NDArray[np.float64], rows: int) -> NDArray[np.float32]:
    if not len(spans_s):
        return np.zeros(rows, dtype=np.float32)
    middle = spans_s.mean(axis=1, keepdims=True)
    crossed = spans_s[:, :1] > spans_s[:, 1:]  # too short for both ramps: they meet in the middle
    return span_weights(np.where(crossed, middle, spans_s), WAIT_RAMP_S, WAIT_RAMP_S, rows)
