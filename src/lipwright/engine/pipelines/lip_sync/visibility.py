"""How clearly each frame of a clip shows a mouth, and so how much of a new mouth it gets."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.face.values import FaceTrack

# Confidence of the track, covering of the mouth and turn of the head between which the new mouth fades from
# whole to none. Beyond, lips would be painted on a hand or on a cheek.
CONFIDENCE_FADE = (0.65, 0.35)
COVERED_FADE = (0.35, 0.65)
TURN_FADE_DEG = (42.0, 56.0)
# How long the fade takes at the least, seconds: a mouth that snaps back is seen.
FADE_S = 0.16


def fade_shares(track: FaceTrack, shot_starts: tuple[int, ...], frame_rate: Fraction) -> NDArray[np.float32]:
    """How much of the new mouth each frame of a track gets, 0 to 1, float32 (frame,)."""

    def fade(values: NDArray[np.float32], whole: float, none: float) -> NDArray[np.float32]:
        return np.asarray(np.clip((values - none) / (whole - none), 0, 1), dtype=np.float32)

    share = fade(track.confidence, *CONFIDENCE_FADE) * fade(track.occlusion, *COVERED_FADE)
    share = share * fade(np.abs(track.angles_deg[:, 0]), *TURN_FADE_DEG)
    share = share * track.is_seen
    # Fall ahead of what is unsure and rise after it, at a bounded speed; cuts may jump.
    step = 1 / max(1.0, FADE_S * float(frame_rate))
    starts = set(shot_starts)
    for index in range(1, len(share)):
        if index not in starts:
            share[index] = min(share[index], share[index - 1] + step)
    for index in range(len(share) - 2, -1, -1):
        if index + 1 not in starts:
            share[index] = min(share[index], share[index + 1] + step)
    return np.asarray(share, dtype=np.float32)
