"""Which channels of a recording hold the voice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.media.values import SpeechSound
from lipwright.engine.speech.activity import speech_evidence

# A channel speaks when it holds at least this share of the evidence for speech in the best one: people who
# talk at microphones of their own all do, music and noise do not.
_ALSO_SPEAKS = 0.5
# The mix of all channels is left only where it holds less than this share of what those that speak hold.
_MIX_IS_ENOUGH = 0.92
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
    found = np.zeros(len(planes))
    for channel in sounding:
        found[channel] = _evidence(planes[channel])
    speaks = found >= _ALSO_SPEAKS * found.max()
    spoken = np.where(speaks, mix, 0).astype(np.float32) if speaks.sum() > 1 else speaks.astype(np.float32)
    return mix if _evidence(mix @ planes) >= _MIX_IS_ENOUGH * _evidence(spoken @ planes) else spoken


def _is_one_sound(planes: NDArray[np.float32]) -> bool:
    covariance = (planes @ planes.T).astype(np.float64)
    level = np.sqrt(np.diag(covariance))
    return bool((np.abs(covariance) >= _SAME * level[:, None] * level).all())


def _evidence(samples: NDArray[np.float32]) -> float:
    return speech_evidence(SpeechSound(samples=np.clip(samples, -1, 1).astype(np.float32)))
