"""Lids of a clip: how far each is shut, and which of their dips are blinks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, gaussian_filter1d, percentile_filter

from lipwright.engine.arrays import true_runs

# An eye is open where it is most of the time around; looking down for a while is no blink. Shorter, and a
# long blink counts as open; longer, and a lowered head counts as half shut.
OPEN_WITHIN_S = 3.0
OPEN_PERCENTILE = 80
# No time of a clip has its eyes open less than this share of the clip's median.
LEAST_OPEN_SHARE = 0.75
# A shut eye reads as this share of the open one: the mesh keeps a slit.
SHUT_SHARE = 0.25
# A dip counts as a blink from this closure on, and lasts as long as it is above the second.
BLINK_FROM, BLINK_EDGE = 0.55, 0.25
# Lids hide the eye from this closure on, and so long before and after; where less than the share is left, the
# eyes are never open, and what is read is taken as it is.
HIDDEN_FROM, HIDDEN_AROUND_S = 0.40, 0.08
LEAST_SHOWN_SHARE = 0.1
# How long a blink is: the time for which the lids are at least this far shut.
LENGTH_AT = 0.5
# A wink: one lid is down by this much more than the other, which stays open to this closure, for so long. Of
# a turned head the far eye is read too wildly for less.
WINK_MORE, WINK_OTHER, WINK_S = 0.55, 0.40, (0.10, 2.0)
# Eyes that are shut longer do not blink, they rest.
LONGEST_BLINK_S = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class LidDip:
    """One blink of a clip.

    start_s, peak_s, end_s: when it begins, is deepest, and is over. length_s: how long the lids
    are half shut.
    """

    start_s: float
    peak_s: float
    end_s: float
    length_s: float


def openness(
    lids: NDArray[np.floating], is_seen: NDArray[np.bool_], frame_rate: float
) -> NDArray[np.float64]:
    """How far each eye is open, float64 (frame, side): 1 as usual around, above it widened, near 0 shut.

    lids: (frame, side), gaps between the lids in any unit. Frames without the face hold what is around them.
    """
    frames = np.flatnonzero(is_seen)
    if len(frames) < 2:
        return np.ones((len(lids), 2))
    filled = np.stack([np.interp(np.arange(len(lids)), frames, side[frames]) for side in lids.T], axis=1)
    window = max(3, round(OPEN_WITHIN_S * frame_rate) | 1)
    usual = percentile_filter(filled, OPEN_PERCENTILE, size=(window, 1), mode="nearest")
    usual = np.maximum(usual, LEAST_OPEN_SHARE * np.median(filled, axis=0))
    usual = np.maximum(gaussian_filter1d(usual, window / 4, axis=0, mode="nearest"), 1e-6)
    return np.asarray(filled / usual)


def lid_closure(
    lids: NDArray[np.floating], is_seen: NDArray[np.bool_], frame_rate: float
) -> NDArray[np.float64]:
    """How far each lid is shut, float64 (frame, side), 0 open to 1 shut; arguments as for openness."""
    shut = (1 - openness(lids, is_seen, frame_rate)) / (1 - SHUT_SHARE)
    closure: NDArray[np.float64] = np.clip(shut, 0, 1)
    return closure


def find_blinks(
    closure: NDArray[np.floating], frame_rate: float, *, longest_s: float | None = LONGEST_BLINK_S
) -> tuple[LidDip, ...]:
    """The blinks of both eyes together, in order. closure: (frame, side), from lid_closure.

    longest_s: eyes that are shut longer rest; None counts them too.
    """
    both = closure.mean(axis=1)
    blinks = []
    for start, stop in _dips(both, frame_rate):
        peak = start + int(np.argmax(both[start:stop]))
        if both[peak] < BLINK_FROM or (longest_s is not None and stop - start > longest_s * frame_rate):
            continue
        low, high = max(0, start - 1), stop + 1
        blinks.append(
            LidDip(
                start_s=(start + 0.5) / frame_rate,
                peak_s=(peak + 0.5) / frame_rate,
                end_s=(stop - 0.5) / frame_rate,
                length_s=_time_above(both[low:high], LENGTH_AT) / frame_rate,
            )
        )
    return tuple(blinks)


def find_winks(closure: NDArray[np.floating], frame_rate: float) -> tuple[tuple[int, LidDip], ...]:
    """The winks of each eye, as its side (0 the viewer's left) and its dip; arguments as for find_blinks."""
    winks = []
    for side in (0, 1):
        lid, other = closure[:, side], closure[:, 1 - side]
        for start, stop in true_runs((lid - other > BLINK_EDGE) & (lid > BLINK_EDGE)):
            peak = start + int(np.argmax(lid[start:stop] - other[start:stop]))
            length_s = (stop - start) / frame_rate
            if lid[peak] - other[peak] < WINK_MORE or other[start:stop].max() > WINK_OTHER:
                continue
            if WINK_S[0] <= length_s <= WINK_S[1]:
                low, high = max(0, start - 1), stop + 1
                winks.append(
                    (
                        side,
                        LidDip(
                            start_s=(start + 0.5) / frame_rate,
                            peak_s=(peak + 0.5) / frame_rate,
                            end_s=(stop - 0.5) / frame_rate,
                            length_s=_time_above(lid[low:high], LENGTH_AT) / frame_rate,
                        ),
                    )
                )
    return tuple(winks)


def _dips(both: NDArray[np.floating], frame_rate: float) -> Iterator[tuple[int, int]]:
    """Runs of frames in which the lids are down; of eyes that are narrow for long, the deep parts each."""
    for start, stop in true_runs(both > BLINK_EDGE):
        if stop - start <= LONGEST_BLINK_S * frame_rate:
            yield start, stop
        else:
            yield from ((start + a, start + b) for a, b in true_runs(both[start:stop] > HIDDEN_FROM))


def eyes_show(closure: NDArray[np.floating], sure: NDArray[np.bool_], frame_rate: float) -> NDArray[np.bool_]:
    """The sure frames in which no lid hides an eye, bool (frame,); all sure ones where too few are left.

    Around a blink the meshes of irises and brows are wrong, too.
    """
    around = max(1, round(HIDDEN_AROUND_S * frame_rate))
    hidden = binary_dilation(closure.mean(axis=1) > HIDDEN_FROM, iterations=around)
    shown = sure & ~hidden
    return shown if shown.sum() >= LEAST_SHOWN_SHARE * sure.sum() else sure


def _time_above(curve: NDArray[np.floating], level: float) -> float:
    """How long a curve is above a level, in steps of its rows, lines drawn between them."""
    fine = np.interp(np.arange(0, len(curve) - 1, 0.05), np.arange(len(curve)), curve)
    return float((fine > level).sum() * 0.05)
