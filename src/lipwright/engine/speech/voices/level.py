"""Every voice at one loudness, that of broadcast speech."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Root mean square of running speech, full scale 1, and the peak that may not be passed: -20 dB lies near -21
# LUFS, between what broadcasters ask for (-23) and what players on the web turn everything to (-14 to -18).
SPEECH_RMS = 0.1
PEAK = 0.89
# Softer samples are pauses; they do not count.
_HEARD_FROM = 0.01


class RunningLevel:
    """Brings the parts of a speech to one level, one after the other.

    The gain comes from all that was heard so far, so no part is waited for and no sentence pumps.
    """

    def __init__(self) -> None:
        self._energy = 0.0
        self._count = 0

    def levelled(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """The next part at the level; float32 (sample,) in and out. Silence stays as it is."""
        heard = samples[np.abs(samples) > _HEARD_FROM].astype(np.float64)
        self._energy += float(np.sum(heard**2))
        self._count += len(heard)
        peak = float(np.max(np.abs(samples), initial=0.0))
        if self._energy == 0.0 or peak == 0.0:
            return samples
        gain = min(SPEECH_RMS / float(np.sqrt(self._energy / self._count)), PEAK / peak)
        return (samples * gain).astype(np.float32)
