"""What training wants the network to say about every row of a sound whose phones are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.coarticulation import blend
from lipwright.engine.articulation.curves import Mouth, smooth
from lipwright.engine.articulation.segments import segments_of
from lipwright.engine.articulation.width import visible_width
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.speech.phones import SILENCE, SYMBOLS
from lipwright.engine.speech.values import PhoneTimeline

# The order in which the phone head tells them; silence first.
SYMBOL_ORDER = (SILENCE, *sorted(SYMBOLS - {SILENCE}))
SYMBOL_INDEX = {symbol: index for index, symbol in enumerate(SYMBOL_ORDER)}
# The rule head tells aperture, the width that is seen, and how round the lips are, in whichever way; and this
# is the mouth at rest. The weights of the package were taught an older table, with less width and one
# rounding. The driver's knots are for those: weights that are taught anew need them fitted anew.
RULE_REST = np.array([0.0, 1.0, 0.0], dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpeechLabels:
    """The answers for one sound, at CURVE_RATE_HZ.

    symbols: uint8 (row,), places in SYMBOL_ORDER. shapes: float16 (row, 3), what the rule head is to tell.
    """

    symbols: NDArray[np.uint8]
    shapes: NDArray[np.float16]


def labels_of(timeline: PhoneTimeline, rows: int) -> SpeechLabels:
    """The answers for a timeline: its phones, and the mouth that the rules would draw."""
    starts_s = np.array([phone.start_s for phone in timeline.phones])
    places = np.array([SYMBOL_INDEX[phone.symbol] for phone in timeline.phones], dtype=np.uint8)
    now = np.searchsorted(starts_s, np.arange(rows) / CURVE_RATE_HZ + 1e-6, side="right") - 1
    mouth = smooth(blend(segments_of(timeline), rows)).values
    rounding = mouth[:, [Mouth.PUCKER, Mouth.FUNNEL]].max(axis=1)
    shapes = np.stack([mouth[:, Mouth.APERTURE], visible_width(mouth), rounding], axis=1)
    return SpeechLabels(symbols=places[np.maximum(0, now)], shapes=shapes.astype(np.float16))


def silent_labels(rows: int) -> SpeechLabels:
    """The answers for a sound without a voice."""
    return SpeechLabels(
        symbols=np.zeros(rows, np.uint8), shapes=np.tile(RULE_REST, (rows, 1)).astype(np.float16)
    )
