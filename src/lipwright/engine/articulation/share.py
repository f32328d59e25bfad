"""How much the speaking mouth takes over from the mouth that the picture shows, over a clip.

A picture may show a smile or an open mouth. The first frame is the picture; the mouth that speaks grows out
of it before the first word, and the picture's own comes back when all is said.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import smoothstep
from lipwright.engine.articulation.rest import silent_spans_s
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.speech.values import SpeechActivity

# The speaking mouth is there this long before the first sound: lips wake before it is heard.
READY_BEFORE_S = 0.25
# How long the change takes: shorter is a twitch, longer is seen as a movement of its own. A clip that
# starts with speech has only the shortest, a frame of film: with .08, lips that the picture shows apart miss
# an m at the very start.
TAKE_OVER_S = 0.45
SHORTEST_TAKE_OVER_S = 0.04
# After the last sound the lips settle before the picture's mouth comes back.
SETTLED_AFTER_S = 0.2
GIVE_BACK_S = 0.6


def speaking_share(activity: SpeechActivity, times_s: NDArray[np.float64]) -> NDArray[np.float32]:
    """The share at the times of a clip's frames, float32 (frame,): 0 is the mouth of the picture.

    0 at the first and last of the times, 1 from before the first speech until after the last; 0 throughout if
    nobody speaks.
    """
    first_s, last_s = float(times_s[0]), float(times_s[-1])
    rows = len(activity.speaking)
    silences = silent_spans_s(activity, rows)
    duration_s = rows / CURVE_RATE_HZ
    starts_s, ends_s = 0.0, duration_s
    if len(silences) and silences[0, 0] <= 0:
        starts_s = float(silences[0, 1])
    if len(silences) and silences[-1, 1] >= duration_s:
        ends_s = float(silences[-1, 0])
    if starts_s >= ends_s:
        return np.zeros(len(times_s), dtype=np.float32)
    taken_s = max(starts_s - READY_BEFORE_S, first_s + SHORTEST_TAKE_OVER_S)
    from_s = max(taken_s - TAKE_OVER_S, first_s)
    back_s = min(ends_s + SETTLED_AFTER_S, last_s - SHORTEST_TAKE_OVER_S)
    to_s = min(back_s + GIVE_BACK_S, last_s)
    rising = smoothstep((times_s - from_s) / (taken_s - from_s))
    falling = smoothstep((to_s - times_s) / (to_s - back_s))
    share: NDArray[np.float32] = np.minimum(rising, falling).astype(np.float32)
    return share
