"""What a job costs, in credits: an estimate from its spec, and the final cost from its result."""

from __future__ import annotations

import math

from lipwright.server.credits.plans import Prices
from lipwright.server.jobs.model import LipSyncSpec, Result, SpeechSpec, TalkingPhotoSpec

# An estimate for video assumes this rate; a rule of the Magic Hour API.
ASSUMED_FRAME_RATE = 30.0
# Seconds that one character of text takes at the slowest of our voices, so that a spoken text never
# costs more than was held for it.
SLOWEST_S_PER_CHARACTER = 0.15
# 0.1 * 30 is a little more than 3 in floating point; that little is no credit.
_ROUNDING = 1e-6


def estimate_talking_photo(spec: TalkingPhotoSpec, prices: Prices) -> int:
    """Per second of the video; the length of a spoken text is its longest."""
    seconds = spec.end_s - spec.start_s
    if spec.text is not None:
        seconds = len(spec.text) * SLOWEST_S_PER_CHARACTER / spec.rate
    return _whole(seconds * _price_per_s(spec, prices))


def cost_of_talking_photo(spec: TalkingPhotoSpec, prices: Prices, result: Result) -> int:
    """Per second of the video that was made, at most the estimate: its last frame may outlast the stretch."""
    cost = _whole((result.duration_s or 0) * _price_per_s(spec, prices))
    return min(estimate_talking_photo(spec, prices), cost)


def estimate_lip_sync(spec: LipSyncSpec, prices: Prices) -> int:
    """Per frame, at the assumed frame rate; of a file that was probed and has more frames, those."""
    assumed = (spec.end_s - spec.start_s) * assumed_frame_rate(spec.max_frame_rate)
    return _whole(max(assumed, spec.probed_frames or 0) * _price_per_frame(spec, prices))


def cost_of_lip_sync(spec: LipSyncSpec, prices: Prices, result: Result) -> int:
    """Per frame that was rendered."""
    return _whole((result.frame_count or 0) * _price_per_frame(spec, prices))


def estimate_speech(spec: SpeechSpec, prices: Prices) -> int:
    """Per character."""
    return _whole(len(spec.text) * prices.speech_per_character)


def assumed_frame_rate(max_frame_rate: float | None) -> float:
    """The frame rate of a video that was not opened yet, under the limit that was asked for."""
    return min(ASSUMED_FRAME_RATE, max_frame_rate or ASSUMED_FRAME_RATE)


def _price_per_s(spec: TalkingPhotoSpec, prices: Prices) -> float:
    return prices.photo_realistic_per_s if spec.mode == "realistic" else prices.photo_prompted_per_s


def _price_per_frame(spec: LipSyncSpec, prices: Prices) -> float:
    return {
        "lite": prices.sync_lite_per_frame,
        "standard": prices.sync_standard_per_frame,
        "pro": prices.sync_pro_per_frame,
    }[spec.mode]


def _whole(credits: float) -> int:
    return max(0, math.ceil(credits - _ROUNDING))
