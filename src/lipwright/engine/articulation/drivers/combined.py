"""Mouth curves out of the sound and of known phones: how far from the one, what shape from the other.

The network hears how this person says it; the phones know what lips, teeth and tongue have to do. Their
mistakes about the opening are of different kinds, so a mean of both is better than either.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.articulation.drivers.learned import LearnedDriver
from lipwright.engine.articulation.drivers.learned_network import MouthNetwork
from lipwright.engine.articulation.drivers.phones import PhonesDriver
from lipwright.engine.articulation.width import visible_width, width_for
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SpeechSound
from lipwright.engine.speech.values import PhoneTimeline, SpeechActivity

# How much the network counts in opening. On five people whom the nets had not heard (whole chain,
# docs/reference/quality.md) phones reach a correlation of .61 with the mouth, the network .76, 0.8 of it
# .79; phones open wider by a tenth since. What it lacks at 1 is the closures that only phones know.
LEARNED_SHARE = 0.85
_SHARED = (Mouth.APERTURE, Mouth.JAW)
# How much it counts in the visible width. On seven such clips phones reach .44, 0.5 of the network .55, this
# .59; all of it would leave round lips to chance.
LEARNED_WIDTH_SHARE = 0.75
# A network that hears no voice for this long (noise, music over speech) has no say: the phones know better.
_DEAF_S = 0.35
_DEAF_APERTURE = 0.1
_DEAF_FADE_S = 0.08


class CombinedDriver:
    """The mean of what the network hears and of what the phones ask for."""

    name: ClassVar[str] = "combined"
    needs_phones: ClassVar[bool] = True
    rests_by_itself: ClassVar[bool] = False
    hears_sounds: ClassVar[bool] = False

    def __init__(self, network: MouthNetwork | None = None) -> None:
        """network: the one of the package when absent."""
        self._learned = LearnedDriver(network)
        self._phones = PhonesDriver()

    def drive(
        self, sound: SpeechSound, activity: SpeechActivity, phones: PhoneTimeline | None
    ) -> ArticulationCurves:
        """The shared curves. Raises ValueError without phones."""
        asked = self._phones.drive(sound, activity, phones)
        # Which sounds there are the words know better.
        heard, _ = self._learned.hear(sound, activity)
        hears = _hears(heard.channel(Mouth.APERTURE))
        values = asked.values.copy()
        for channel in _SHARED:
            values[:, channel] += LEARNED_SHARE * hears * (heard.channel(channel) - asked.channel(channel))
        narrow, wide = visible_width(asked.values), visible_width(heard.values)
        values[:, Mouth.WIDTH] = width_for(narrow + LEARNED_WIDTH_SHARE * hears * (wide - narrow), values)
        return asked.with_values(values)


def _hears(aperture: NDArray[np.float32]) -> NDArray[np.float32]:
    """Whether the network has heard a voice around each point, 0 to 1."""
    widest = maximum_filter1d(aperture, round(2 * _DEAF_S * CURVE_RATE_HZ) + 1)
    awake = (widest > _DEAF_APERTURE).astype(np.float32)
    return np.asarray(gaussian_filter1d(awake, _DEAF_FADE_S * CURVE_RATE_HZ), dtype=np.float32)
