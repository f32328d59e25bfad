"""Sounds that are plainly heard though nobody knows the words: p b m, f v, hisses, th, l, u.

Two listeners say how likely each phone is: the phone head of the driver's network, and the acoustic model
that the network hears through. The one is sure of itself and misses much, the other finds everything and is
sure of nothing; their mean is better than either. What comes out is a timeline like that of known words, with
silence wherever nothing is plain, so that the same guarantees (`rules.py`) can be laid over the curves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.speech.phones import fill_timeline
from lipwright.engine.speech.values import Phone, PhoneTimeline


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainSound:
    """One kind of sound that can be told without words.

    symbol: stands for the kind in the timeline. phones: those that look alike. threshold: certainty from
    which on it is heard. weight: where two kinds are heard at once, the one counts that exceeds its threshold
    more times, weighed so. least_s: a shorter one began before it was heard; most_s: a longer one is cut.
    """

    symbol: str
    phones: frozenset[str]
    threshold: float
    weight: float = 1.0
    least_s: float = 0.03
    most_s: float = 0.25


# Thresholds and what they find, on 24 texts of twelve languages by embedded voices and on 31 recordings of
# nine English speakers whose phones are known (found / wrongly heard in other sounds): lips shut .94 / .08,
# f v .94 / .07, th .78 / .09, s .99 / .03, sh 1.0 / .04, u w .8 / .1, tongue at the ridge .89 / .12.
PLAIN_SOUNDS = (
    # The certainty of a p comes with its burst, 45 ms after the lips shut, that of b and m with the closure;
    # all are over with the sound.
    PlainSound(
        symbol="B", phones=frozenset({"P", "B", "M"}), threshold=0.086, weight=1.5, least_s=0.065, most_s=0.14
    ),
    PlainSound(symbol="F", phones=frozenset({"F", "V"}), threshold=0.08, weight=1.2),
    PlainSound(symbol="TH", phones=frozenset({"TH", "DH"}), threshold=0.10),
    PlainSound(symbol="S", phones=frozenset({"S", "Z"}), threshold=0.15),
    PlainSound(symbol="SH", phones=frozenset({"SH", "ZH", "CH", "JH"}), threshold=0.12),
    PlainSound(symbol="UW", phones=frozenset({"UW", "W", "UE"}), threshold=0.15, most_s=10.0),
    PlainSound(symbol="IY", phones=frozenset({"IY"}), threshold=0.20, most_s=10.0),
    PlainSound(symbol="L", phones=frozenset({"L", "N", "T", "D"}), threshold=0.25),
)
# The place of p b m among them.
CLOSURE = 0
# The phone head's share in the certainty. Alone the head finds .91 of p b m where it is wrong in .13 of the
# other sounds, the acoustic model .94.
HEAD_SHARE = 0.35
# Through a telephone bursts are not heard, and the certainty of a closure is so much less.
NARROW_CERTAINTY = 0.7
# In at least so much of speech lips are shut, or nearly so, for p, b and m, in any language. Where they are
# plain less often a voice is unclear: the certainty goes so far of the way to that share, at most by a
# factor, and is believed by half after so much speech.
USUAL_SHARE = 0.15
CALIBRATED, LARGEST_FACTOR = 0.8, 1.5
HALF_KNOWN_S = 0.5
# A mouth less awake than this only stirs.
AWAKE = 0.5
# Share of the threshold from which on a closure is likely, how much it narrows the lips at most, how gently,
# rows, and how many rows it lasts at least.
LIKELY, NARROWEST, NARROWING_ROWS, NARROWING_SPAN_ROWS = 0.2, 0.75, 2.0, 3
# Two runs of one kind that are so near are one sound whose certainty dipped.
SAME_SOUND_S = 0.03
# A certainty of one row is chance: half as many sounds more would be wrongly heard.
LEAST_RUN_ROWS = 2


def kinds_among(symbols: tuple[str, ...], shares: NDArray[np.float32]) -> NDArray[np.float32]:
    """How likely each of PLAIN_SOUNDS is, float32 (row, kind), from the shares of phones (row, symbol)."""
    return np.asarray(shares @ _membership(symbols), dtype=np.float32)


def certainty_of(
    head: NDArray[np.float32], model: NDArray[np.float32], closure: NDArray[np.float32]
) -> NDArray[np.float32]:
    """What the listeners think together, float32 (row, kind); the model's rows count, the others are fitted.

    head: (row, kind), closure: (row,), what the ear says of lips that shut, both at any rate. model: (row,
    kind) at CURVE_RATE_HZ.
    """
    count = len(model)
    places = np.minimum(np.arange(count) * len(head) // max(1, count), len(head) - 1)
    certainty = HEAD_SHARE * head[places] + (1 - HEAD_SHARE) * model
    certainty[:, CLOSURE] = closure[places]
    return np.asarray(certainty, dtype=np.float32)


def calibrated(certainty: NDArray[np.float32], talking: NDArray[np.float32]) -> NDArray[np.float32]:
    """The certainty with closures plain about as often as in clear voices, float32 (row, kind).

    talking: float32 (row,), above .5 where somebody speaks.
    """
    spoken = certainty[: len(talking), CLOSURE][talking[: len(certainty)] > 0.5]
    if not len(spoken):
        return certainty
    trust = CALIBRATED * len(spoken) / (len(spoken) + HALF_KNOWN_S * CURVE_RATE_HZ)
    usual = float(np.quantile(spoken, 1 - USUAL_SHARE))
    factor = (PLAIN_SOUNDS[CLOSURE].threshold / max(1e-3, usual)) ** trust
    scaled = certainty.copy()
    scaled[:, CLOSURE] *= np.float32(np.clip(factor, 1.0, LARGEST_FACTOR))
    return scaled


def plain_sounds(certainty: NDArray[np.float32], awake: NDArray[np.float32]) -> PhoneTimeline:
    """The sounds that are plain, in order; silence between them.

    certainty: float32 (row, kind) at CURVE_RATE_HZ. awake: float32 (row,), 0 where nobody speaks.
    """
    thresholds = np.array([kind.threshold for kind in PLAIN_SOUNDS], dtype=np.float32)
    weights = np.array([kind.weight for kind in PLAIN_SOUNDS], dtype=np.float32)
    count = min(len(certainty), len(awake))
    excess = certainty[:count] / thresholds * (awake[:count, None] > AWAKE)
    weighed = np.where(excess >= 1, excess * weights, 0)
    best = np.where(weighed.max(axis=1, initial=0) > 0, weighed.argmax(axis=1), -1)
    return fill_timeline(list(_stretches(best)), count / CURVE_RATE_HZ)


def narrowing_of(certainty: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far lips narrow where p, b or m is not plain and yet likely, float32 (row,), 0 to NARROWEST.

    Without it the same word shuts the lips over one line and leaves them wide open over another.
    """
    threshold = PLAIN_SOUNDS[CLOSURE].threshold
    likely = np.clip((certainty[:, CLOSURE] / threshold - LIKELY) / (1 - LIKELY), 0, 1)
    lasting = maximum_filter1d(likely, NARROWING_SPAN_ROWS)
    return (NARROWEST * gaussian_filter1d(lasting, NARROWING_ROWS)).astype(np.float32)


def _stretches(best: NDArray[np.intp]) -> Iterator[Phone]:
    """The runs of one kind as phones, those between which nothing else is heard for a moment in one."""
    edges = np.flatnonzero(np.diff(best)) + 1
    starts, ends = np.concatenate(([0], edges)), np.concatenate((edges, [len(best)]))
    last: Phone | None = None
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if end - start < LEAST_RUN_ROWS or best[start] < 0:
            continue
        kind = PLAIN_SOUNDS[int(best[start])]
        phone = _lasting(kind, start / CURVE_RATE_HZ, end / CURVE_RATE_HZ)
        if last is not None and last.symbol == phone.symbol and phone.start_s - last.end_s < SAME_SOUND_S:
            phone = _lasting(kind, last.start_s, end / CURVE_RATE_HZ)
        elif last is not None:
            yield last
        last = phone
    if last is not None:
        yield last


def _lasting(kind: PlainSound, start_s: float, end_s: float) -> Phone:
    start_s = min(start_s, end_s - kind.least_s)
    return Phone(symbol=kind.symbol, start_s=start_s, end_s=min(end_s, start_s + kind.most_s))


@cache
def _membership(symbols: tuple[str, ...]) -> NDArray[np.float32]:
    """Which symbol is of which kind, float32 (symbol, kind)."""
    return np.array(
        [[symbol in kind.phones for kind in PLAIN_SOUNDS] for symbol in symbols], dtype=np.float32
    )
