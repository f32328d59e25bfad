"""Figures of life: what head, eyes, brows and mouth of a video do beside speaking, as people's do."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from lipwright.engine.arrays import true_runs
from lipwright.engine.face.follow.head_path import deviation, head_path, shots_of
from lipwright.engine.face.follow.lids import eyes_show, find_blinks, lid_closure
from lipwright.engine.face.follow.motion import FaceMotion
from lipwright.engine.quality.judge import LIFE_FIGURES, measure
from lipwright.engine.quality.observe import MouthRecord
from lipwright.engine.quality.values import LifeCurves, Measure

# A face that is seen for less than this shows no spread, and for less than the second no habit of blinking.
LEAST_SEEN_S, LEAST_BLINKING_S = 1.0, 4.0
# Trembling of the tracker is not speed: what is faster than about 4 Hz is taken off.
SPEED_SIGMA_S = 0.04
# A look, of head and eyes together, that moves by more than the first within the second is a jump; a head
# takes longer. Of a turn that is read, real eyes make the share: with it they stay on the viewer while the
# head turns.
JUMP_DEG, JUMP_WITHIN_S = 5.0, 0.12
REAL_TURN_SHARE = 0.70
# Lips are as wide as at rest while they are no farther apart than this, face heights.
RESTING_GAP = 0.012


def life_measures(motion: FaceMotion) -> Iterator[Measure]:
    """The figures of LIFE_FIGURES but the background; None where too little of the person is seen."""
    found = _figures(motion) if _is_enough(motion) else {}
    for name in LIFE_FIGURES:
        if name != "background_motion":
            yield measure(name, found.get(name))


def life_curves(motion: FaceMotion, record: MouthRecord) -> LifeCurves | None:
    """The curves behind the figures; None where too little is seen."""
    if not _is_enough(motion):
        return None
    shots = shots_of(motion)
    head = head_path(motion, shots)
    sure = np.any(shots, axis=0)
    closure = lid_closure(motion.lids, sure, float(motion.frame_rate))
    looking = eyes_show(closure, sure, float(motion.frame_rate))
    brows = (motion.brows_inner + motion.brows_outer).mean(axis=1) / 2

    def curve(values: NDArray[np.floating]) -> NDArray[np.float32]:
        return record.at_curve_rate(values.astype(np.float32))

    return LifeCurves(
        yaw_deg=curve(head[:, 0]),
        pitch_deg=curve(head[:, 1]),
        roll_deg=curve(head[:, 2]),
        gaze_deg=curve(_held(deviation(motion.gaze_deg, looking, shots), looking)),
        brows=curve(_held(deviation(brows, looking, shots), looking)),
        lids=curve(closure.mean(axis=1)),
    )


def _is_enough(motion: FaceMotion) -> bool:
    return float(motion.is_seen.sum() / motion.frame_rate) >= LEAST_SEEN_S


def _figures(motion: FaceMotion) -> dict[str, float]:
    frame_rate = float(motion.frame_rate)
    shots = shots_of(motion)
    sure = np.any(shots, axis=0)
    closure = lid_closure(motion.lids, sure, frame_rate)
    looking = eyes_show(closure, sure, frame_rate)
    head = head_path(motion, shots)
    brows = deviation((motion.brows_inner + motion.brows_outer).mean(axis=1) / 2, looking, shots)
    corners = deviation(motion.corners.mean(axis=1), sure, shots)
    gaze_deg = deviation(motion.gaze_deg, looking, shots)
    width = motion.width / _resting_width(motion, sure)
    yaw_sd, pitch_sd, roll_sd, shift_sd = head[sure][:, :4].std(axis=0).tolist()
    low, high = np.percentile(width[sure], (5, 95)).tolist()
    found = {
        "yaw_sd": yaw_sd,
        "pitch_sd": pitch_sd,
        "roll_sd": roll_sd,
        "shift_sd": shift_sd,
        "brow_sd": float(brows[looking].std()),
        "gaze_sd": float(gaze_deg[looking].std()),
        "corner_sd": float(corners[sure].std()),
        "mouth_width_sd": float(width[sure].std()),
        "mouth_width_range": high - low,
        "rounding_sd": float(motion.rounding[sure].std()),
    }
    speed = _mean_speed(head[:, :3], shots, frame_rate)
    if speed is not None:
        found["head_speed"] = speed
    seen_s = float(sure.sum()) / frame_rate
    if seen_s >= LEAST_BLINKING_S:
        blinks = find_blinks(closure, frame_rate)
        found["blinks_per_minute"] = 60 * len(blinks) / seen_s
        look_deg = REAL_TURN_SHARE * gaze_deg + head[:, 0]
        found["gaze_jumps_per_minute"] = 60 * _count_jumps(look_deg, looking, frame_rate) / seen_s
        if blinks:
            found["blink_length_ms"] = 1000 * float(np.median([blink.length_s for blink in blinks]))
    return found


def _mean_speed(turns_deg: NDArray[np.float64], shots: NDArray[np.bool_], frame_rate: float) -> float | None:
    """Mean length of the velocity of (frame, 3) angles, degrees a second, over what was seen."""
    speeds = []
    for shot in shots:
        for start, stop in true_runs(shot):
            if stop - start > 2:
                calm = gaussian_filter1d(turns_deg[start:stop], SPEED_SIGMA_S * frame_rate, axis=0)
                speeds.append(np.linalg.norm(np.diff(calm, axis=0), axis=1) * frame_rate)
    return float(np.concatenate(speeds).mean()) if speeds else None


def _count_jumps(look_deg: NDArray[np.floating], looking: NDArray[np.bool_], frame_rate: float) -> int:
    """How often the look moves by JUMP_DEG within JUMP_WITHIN_S."""
    step = max(1, round(JUMP_WITHIN_S * frame_rate))
    moved = np.abs(look_deg[step:] - look_deg[:-step]) > JUMP_DEG
    seen = looking[step:] & looking[:-step]
    return len(true_runs(moved & seen))


def _resting_width(motion: FaceMotion, sure: NDArray[np.bool_]) -> float:
    resting = sure & (motion.gap < RESTING_GAP)
    frames = resting if resting.sum() >= 5 else sure
    return max(1e-6, float(np.median(motion.width[frames])))


def _held(values: NDArray[np.floating], known: NDArray[np.bool_]) -> NDArray[np.floating]:
    frames = np.arange(len(values))
    return np.asarray(np.interp(frames, frames[known], values[known]))
