"""What a job costs, before and after. Knows nothing of accounts."""

from __future__ import annotations

import math

from lipwright.server.credits.plans import Prices
from lipwright.server.jobs.model import (
    FaceDetectionSpec,
    JobSpec,
    LipSyncSpec,
    Result,
    SpeechSpec,
    TalkingPhotoSpec,
)

# An estimate for video assumes this rate; the contract's own rule.
ASSUMED_FRAME_RATE = 30.0
# Seconds that one character of text takes at the slowest of our voices, so that a spoken text never
# costs more than was held for it.
SLOWEST_S_PER_CHARACTER = 0.15
# 0.1 * 30 is a little more than 3 in floating point; that little is no credit.
_ROUNDING = 1e-6


def estimate(spec: JobSpec, prices: Prices) -> int:
    """Credits to hold when a spec is accepted."""
    match spec:
        case TalkingPhotoSpec():
            seconds = spec.end_s - spec.start_s
            if spec.text is not None:
                seconds = len(spec.text) * SLOWEST_S_PER_CHARACTER
            return _whole(seconds * _photo_price(spec, prices))
        case LipSyncSpec():
            frames = (spec.end_s - spec.start_s) * planned_frame_rate(spec)
            return _whole(frames * _sync_price(spec, prices))
        case SpeechSpec():
            return _whole(len(spec.text) * prices.speech_per_character)
        case FaceDetectionSpec():
            return 0


def final_cost(spec: JobSpec, prices: Prices, result: Result) -> int:
    """Credits that a finished job costs."""
    match spec:
        case TalkingPhotoSpec(text=str()):
            return min(estimate(spec, prices), _whole(result.duration_s * _photo_price(spec, prices)))
        case LipSyncSpec():
            return _whole(result.frame_count * _sync_price(spec, prices))
        case _:
            return estimate(spec, prices)


def planned_frame_rate(spec: JobSpec) -> float:
    """The frame rate that is told until the real one is known; 0 where there are no frames."""
    match spec:
        case TalkingPhotoSpec():
            return ASSUMED_FRAME_RATE
        case LipSyncSpec():
            return min(ASSUMED_FRAME_RATE, spec.max_frame_rate or ASSUMED_FRAME_RATE)
        case _:
            return 0.0


def _photo_price(spec: TalkingPhotoSpec, prices: Prices) -> float:
    return prices.photo_realistic_per_s if spec.mode == "realistic" else prices.photo_prompted_per_s


def _sync_price(spec: LipSyncSpec, prices: Prices) -> float:
    return {
        "lite": prices.sync_lite_per_frame,
        "standard": prices.sync_standard_per_frame,
        "pro": prices.sync_pro_per_frame,
    }[spec.mode]


def _whole(credits: float) -> int:
    return max(0, math.ceil(credits - _ROUNDING))
