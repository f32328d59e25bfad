"""Which channels of a recording hold the voice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.media.values import SpeechSound
from lipwright.engine.speech.activity import detect_activity

# The mix of all channels is left only where it holds less than this share of the speech of a single one:
# beside music in the other ones. People who speak in turn at microphones of their own are all in the mix.
_MIX_IS_ENOUGH = 0.85
# Channels this far below the loudest hold only what leaks in.
_LEAST_POWER = 1e-5
# Channels so alike are one recording: nothing to choose.
_SAME = 0.98


def voice_weights(planes: NDArray[np.float32], mix: NDArray[np.float32]) -> NDArray[np.float32]:
    """The weights of the channels in which the voice is heard best, float32 (channel,).

    planes: float32 (channel, sample) at SPEECH_RATE_HZ. mix: the weights of all channels together.
    """
    power = np.einsum("cs,cs->c", planes, planes)
    sounding = np.flatnonzero(power > _LEAST_POWER * power.max(initial=0))
    if len(sounding) < 2 or _is_one_sound(planes[sounding]):
        return mix
    singles = [np.eye(len(planes), dtype=np.float32)[channel] for channel in sounding]
    shares = [_speech_share(weights @ planes) for weights in singles]
    best = int(np.argmax(shares))
    return mix if _speech_share(mix @ planes) >= _MIX_IS_ENOUGH * shares[best] else singles[best]


def _is_one_sound(planes: NDArray[np.float32]) -> bool:
    return bool(np.abs(np.corrcoef(planes)).min() > _SAME)


def _speech_share(samples: NDArray[np.float32]) -> float:
    clipped = np.clip(samples, -1, 1).astype(np.float32)
    return float(detect_activity(SpeechSound(samples=clipped)).speaking.mean())
