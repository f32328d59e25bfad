"""What a job costs, before and after. Knows nothing of accounts."""

from __future__ import annotations

import math

from lipwright.server.credits.plans import Prices
from lipwright.server.jobs.model import FacesOrder, Order, PhotoOrder, Result, SpeechOrder, SyncOrder

# An estimate for video assumes this rate; the contract's own rule.
ASSUMED_FRAME_RATE = 30.0
# Seconds that one character of text takes at the slowest of our voices, so that a spoken text never
# costs more than was held for it.
SLOWEST_S_PER_CHARACTER = 0.15
# 0.1 * 30 is a little more than 3 in floating point; that little is no credit.
_ROUNDING = 1e-6


def estimate(order: Order, prices: Prices) -> int:
    """Credits to hold when an order is accepted."""
    match order:
        case PhotoOrder():
            seconds = order.end_s - order.start_s
            if order.text is not None:
                seconds = len(order.text) * SLOWEST_S_PER_CHARACTER
            return _whole(seconds * _photo_price(order, prices))
        case SyncOrder():
            frames = (order.end_s - order.start_s) * planned_frame_rate(order)
            return _whole(frames * _sync_price(order, prices))
        case SpeechOrder():
            return _whole(len(order.text) * prices.speech_per_character)
        case FacesOrder():
            return 0


def final_cost(order: Order, prices: Prices, result: Result) -> int:
    """Credits that a finished job costs."""
    match order:
        case PhotoOrder(text=str()):
            return min(estimate(order, prices), _whole(result.duration_s * _photo_price(order, prices)))
        case SyncOrder():
            return _whole(result.frame_count * _sync_price(order, prices))
        case _:
            return estimate(order, prices)


def planned_frame_rate(order: Order) -> float:
    """The frame rate that is told until the real one is known; 0 where there are no frames."""
    match order:
        case PhotoOrder():
            return ASSUMED_FRAME_RATE
        case SyncOrder():
            return min(ASSUMED_FRAME_RATE, order.max_frame_rate or ASSUMED_FRAME_RATE)
        case _:
            return 0.0


def _photo_price(order: PhotoOrder, prices: Prices) -> float:
    return prices.photo_realistic_per_s if order.mode == "realistic" else prices.photo_prompted_per_s


def _sync_price(order: SyncOrder, prices: Prices) -> float:
    return {
        "lite": prices.sync_lite_per_frame,
        "standard": prices.sync_standard_per_frame,
        "pro": prices.sync_pro_per_frame,
    }[order.mode]


def _whole(credits: float) -> int:
    return max(0, math.ceil(credits - _ROUNDING))
