"""How the mouth comes to rest when nobody speaks, and how it wakes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import true_runs
from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.articulation.hold import span_weights
from lipwright.engine.articulation.segments import HOLD_PAUSE_S, REST_PAUSE_S
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.speech.values import SpeechActivity

# Speech shorter than this is a click or a bump of the microphone, not a syllable.
SHORTEST_SPEECH_S = 0.06
# A visible breath: lips part slightly before a phrase after a pause of this length, for this time.
BREATH_PAUSE_S = 0.7
BREATH_S = 0.26
# Below a hundredth of the face's height: parted lips, not speech.
BREATH_APERTURE = 0.09


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseManner:
    """How a mouth behaves in pauses, seconds.

    hold_s: a pause up to this long moves nothing. rest_s: from this length on it comes to rest fully; in
    between, in part. linger_s: how long the last sound rings on before the lips begin to close.
    settle_s: how long they take for it: slower, the mouth is seen to talk on; faster, it snaps shut.
    wake_s: how long before speech it opens (real ones within 80 ms mostly, after a breath earlier).
    """

    hold_s: float
    rest_s: float
    linger_s: float
    settle_s: float
    wake_s: float


# For curves made from phones or loudness, which know no pause but that of the activity.
PROMPT_PAUSES = PauseManner(
    hold_s=HOLD_PAUSE_S, rest_s=REST_PAUSE_S, linger_s=0.03, settle_s=0.16, wake_s=0.14
)


def rest_in_silence(
    curves: ArticulationCurves, activity: SpeechActivity, manner: PauseManner = PROMPT_PAUSES
) -> ArticulationCurves:
    """Bring the mouth to rest in pauses: fully in long ones, half in short ones, not at all in gaps."""
    rows = len(curves.values)
    silences = silent_spans_s(activity, rows)
    if not len(silences):
        return curves
    durations_s = silences[:, 1] - silences[:, 0]
    depth = np.interp(durations_s, [manner.hold_s, manner.rest_s], [0.0, 1.0]).astype(np.float32)
    at_edge = (silences[:, 0] <= 0) | (silences[:, 1] >= rows / CURVE_RATE_HZ)
    depth[at_edge] = 1.0
    relaxed = _relaxation(silences, depth, rows, manner)
    values = curves.values.copy()
    rest = ArticulationCurves.at_rest(rows / CURVE_RATE_HZ).values[0]
    values += (rest - values) * relaxed[:, None]
    values[:, Mouth.APERTURE] = np.maximum(values[:, Mouth.APERTURE], _breaths(silences, rows))
    return curves.with_values(values)


def silent_spans_s(activity: SpeechActivity, rows: int) -> NDArray[np.float64]:
    """Stretches without speech in order, float64 (stretch, 2), start and end in seconds."""
    speaking = np.zeros(rows, dtype=bool)
    known = activity.is_speaking[:rows]
    speaking[: len(known)] = known
    for start, end in true_runs(speaking):
        if end - start < SHORTEST_SPEECH_S * CURVE_RATE_HZ:
            speaking[start:end] = False
    return np.array(true_runs(~speaking), dtype=np.float64).reshape(-1, 2) / CURVE_RATE_HZ


def _relaxation(
    silences: NDArray[np.float64], depth: NDArray[np.float32], rows: int, manner: PauseManner
) -> NDArray[np.float32]:
    # A clip that begins or ends in silence is at rest up to its edge.
    duration_s = rows / CURVE_RATE_HZ
    full_from = np.where(silences[:, 0] <= 0, -1.0, silences[:, 0] + manner.linger_s + manner.settle_s)
    full_to = np.where(silences[:, 1] >= duration_s, duration_s + 1.0, silences[:, 1] - manner.wake_s)
    # In a pause too short for both ways the two meet in the middle.
    middle = (full_from + full_to) / 2
    met = full_to < full_from
    spans = np.stack([np.where(met, middle, full_from), np.where(met, middle, full_to)], axis=1)
    return span_weights(spans, manner.settle_s, manner.wake_s, rows, depth)


def _breaths(silences: NDArray[np.float64], rows: int) -> NDArray[np.float32]:
    long_enough = (silences[:, 1] - silences[:, 0] >= BREATH_PAUSE_S) & (
        silences[:, 1] < rows / CURVE_RATE_HZ
    )
    ends = silences[long_enough, 1]
    if not len(ends):
        return np.zeros(rows, dtype=np.float32)
    # Parted at its fullest where speech begins; the speech itself takes over from there.
    spans = np.stack([ends - BREATH_S / 3, ends], axis=1)
    return BREATH_APERTURE * span_weights(spans, BREATH_S * 2 / 3, 0.06, rows)
