"""One mouth against the true one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lipwright.engine.quality.observe import MouthRecord
from lipwright.engine.quality.sync import correlation
from lipwright.engine.timeline import frame_times_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How a mouth follows the true one, where both are seen.

    gap, width: Pearson's correlation. lip_distance: mean distance of the lips' points, eye distances,
    each mouth against its own mean shape, so that the person's lips and the pose's last error do not count.
    """

    gap: float
    width: float
    lip_distance: float


def compare_mouths(ours: MouthRecord, truth: MouthRecord) -> Likeness | None:
    """Compare frame by frame of ours; None when fewer than ten frames are common."""
    times_s = frame_times_s(len(ours.is_seen), ours.frame_rate)
    other = np.floor(times_s * float(truth.frame_rate)).astype(np.intp)
    inside = other < len(truth.is_seen)
    frames = np.flatnonzero(inside)
    frames = frames[ours.is_seen[frames] & truth.is_seen[other[frames]]]
    if len(frames) < 10:
        return None
    theirs = other[frames]
    lips = ours.lips[frames] - ours.lips[frames].mean(axis=0)
    true_lips = truth.lips[theirs] - truth.lips[theirs].mean(axis=0)
    return Likeness(
        gap=correlation(ours.gap[frames], truth.gap[theirs]),
        width=correlation(ours.width[frames], truth.width[theirs]),
        lip_distance=float(np.linalg.norm(lips - true_lips, axis=2).mean()),
    )
