"""The mouth of a clip's person as curves: what a performance takes over together with the sound."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import smoothstep
from lipwright.engine.articulation.curves import ArticulationCurves, Mouth, limit
from lipwright.engine.articulation.width import width_for
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.face.follow.motion import FaceMotion
from lipwright.engine.gesture.curves import SMILES, GestureCurves
from lipwright.engine.gesture.shaping import low_passed
from lipwright.engine.pipelines.motion_clip import bridged
from lipwright.engine.render.warp.expression_moves import SMILE_OUT
from lipwright.engine.render.warp.rig import FULL_GAP
from lipwright.engine.timeline import frame_times_s

# The mesh of shut lips keeps a gap, the least that a person shows, at most this many face heights.
MOST_SHUT_GAP = 0.006
# From the tracked gap over a full one to the aperture that looks like it: trackers take the tops off.
OPENING_KNOTS = np.array([[0.0, 0.5, 1.0, 1.2], [0.0, 0.5, 1.12, 1.4]])
# Of the drop of the chin this is read, because skin slides over bone; and what is believed of it, as shares
# of the aperture: people drop the chin by a quarter to half of the gap.
CHIN_READ_SHARE = 0.75
JAW_SHARE_RANGE = (0.2, 0.5)
# Lips are as wide as at rest while they are no farther apart than this, face heights.
RESTING_GAP = 0.012
# A mouth that is narrower than at rest is round: wholly from this share of its width missing on. Nearly shut
# it puckers; from the second gap on, face heights, it is a funnel.
ROUND_BY, FUNNEL_GAP = 0.28, 0.06
# How long the mouth of the clip and that of the sound change places where the face is lost, and how long the
# mouth takes from the photo's own and back at the edges of the video, seconds.
HAND_OVER_S, EDGE_S = 0.10, 0.30


def clip_mouth(motion: FaceMotion, spoken: ArticulationCurves, gesture: GestureCurves) -> ArticulationCurves:
    """The clip's mouth over the length of `spoken`, which goes on where the clip shows none.

    spoken: the mouth that the same sound asks for; it also gives what no camera sees, tongue and teeth.
    gesture: of the same length; a smile there widens the mouth already.
    """
    rows = len(spoken.values)
    times_s = frame_times_s(len(motion.is_seen), motion.frame_rate)
    seen = motion.is_seen
    shut = min(MOST_SHUT_GAP, float(np.percentile(motion.gap[seen], 2)))
    gap = np.maximum(bridged(motion.gap, times_s, seen, rows) - shut, 0)
    chin = bridged(motion.jaw, times_s, seen, rows) - np.percentile(motion.jaw[seen], 5)
    width = bridged(motion.width, times_s, seen, rows) / _resting_width(motion)
    smile = gesture.values[:rows, SMILES].mean(axis=1)
    width = width - 2 * SMILE_OUT * np.pad(smile, (0, rows - len(smile))) / _resting_width(motion)

    mouth = spoken.values.copy()
    aperture = np.interp(gap / FULL_GAP, *OPENING_KNOTS)
    # Beyond the last knot it goes on as steeply.
    aperture = np.where(gap > 1.2 * FULL_GAP, aperture + gap / FULL_GAP - 1.2, aperture)
    mouth[:, Mouth.APERTURE] = aperture
    low, high = JAW_SHARE_RANGE
    mouth[:, Mouth.JAW] = np.clip(chin / CHIN_READ_SHARE / FULL_GAP, low * aperture, high * aperture)
    rounding = np.clip((1 - width) / ROUND_BY, 0, 1)
    open_share = smoothstep(gap / FUNNEL_GAP)
    mouth[:, Mouth.PUCKER] = rounding * (1 - open_share)
    mouth[:, Mouth.FUNNEL] = rounding * open_share
    mouth[:, Mouth.WIDTH] = width_for(width.astype(np.float32), mouth)
    share = _seen_share(seen, float(motion.frame_rate), rows)[:, None]
    values = share * mouth + (1 - share) * spoken.values
    return limit(spoken.with_values(values.astype(np.float32)))


def performed_share(times_s: NDArray[np.float64]) -> NDArray[np.float32]:
    """How much the clip's mouth takes over from the photo's own, float32 (frame,): 0 at both ends, else 1."""
    first_s, last_s = float(times_s[0]), float(times_s[-1])
    rising, falling = smoothstep((times_s - first_s) / EDGE_S), smoothstep((last_s - times_s) / EDGE_S)
    return np.asarray(np.minimum(rising, falling), np.float32)


def _resting_width(motion: FaceMotion) -> float:
    """The width of the mouth with the lips together; of one that never shuts, its usual width."""
    resting = motion.is_seen & (motion.gap < RESTING_GAP)
    frames = resting if resting.sum() >= 5 else motion.is_seen
    return max(1e-6, float(np.median(motion.width[frames])))


def _seen_share(seen: NDArray[np.bool_], frame_rate: float, rows: int) -> NDArray[np.float64]:
    """How sure the clip's mouth is at every curve point, 0 to 1; 0 beyond the end of the clip."""
    frames = np.floor(np.arange(rows) / CURVE_RATE_HZ * frame_rate).astype(np.intp)
    shown = np.where(frames < len(seen), seen[np.minimum(frames, len(seen) - 1)], 0.0)
    # The faded time lies inside what was seen.
    return np.minimum(shown, np.clip(2 * low_passed(shown, HAND_OVER_S / 2) - 1, 0, 1))
