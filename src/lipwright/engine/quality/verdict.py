"""Whether a mouth and a sound belong together, and how long one has to look to know.

The bars are set from true clips of people whom the judge does not know, and from the same mouths with other
people's sounds and with their own at another time (docs/reference/quality.md, bench/judge.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.quality.sync import Sync, measure_sync

# What the agreement of each of the listener's channels counts: gap, width, rounding, jaw.
CHANNEL_WEIGHTS = (4.0, 2.0, 1.0, 3.0)
# Some 95 % of true clips agree better than this, of any length.
LEAST_AGREEMENT = 0.20
# 95 % of wrong sounds agree less than the first in clips of up to SHORT_S, because sentences of one kind have
# one rhythm, and less than the second from LONG_S on.
SURE_AGREEMENT, SURE_AGREEMENT_LONG = 0.41, 0.24
SHORT_S, LONG_S = 3.0, 5.0
# An offset is chance where sound and picture do not agree so well there: what 95 % of wrong sounds reach at
# the best of all offsets, of short and of long clips.
SURE_OFFSET_SHORT, SURE_OFFSET_LONG = 0.55, 0.34
# Less speech than this says nothing.
LEAST_SPEECH_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncVerdict:
    """How a mouth agrees with its sound.

    sync: the measured agreement. least, sure: below the first it is poor, from the second on good, between
    them the clip is too short to tell. is_offset_sure: whether the offset is more than chance.
    """

    sync: Sync
    least: float
    sure: float
    is_offset_sure: bool


def judge_sync(
    mouth: NDArray[np.floating], expected: NDArray[np.floating], is_seen: NDArray[np.bool_], seconds: float
) -> SyncVerdict | None:
    """Judge curves (time, channel) at CURVE_RATE_HZ, as measure_sync does, of a clip of so many seconds.

    None where neither says anything.
    """
    sync = measure_sync(mouth, expected, is_seen, np.array(CHANNEL_WEIGHTS))
    if sync is None:
        return None
    is_long = float(np.clip((seconds - SHORT_S) / (LONG_S - SHORT_S), 0, 1))
    sure_offset = SURE_OFFSET_SHORT + (SURE_OFFSET_LONG - SURE_OFFSET_SHORT) * is_long
    return SyncVerdict(
        sync=sync,
        least=LEAST_AGREEMENT,
        sure=SURE_AGREEMENT + (SURE_AGREEMENT_LONG - SURE_AGREEMENT) * is_long,
        is_offset_sure=sync.correlation >= sure_offset,
    )
