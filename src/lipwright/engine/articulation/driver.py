"""What every articulation driver offers: from the sound, and phones where they are known, to curves.

Drivers live in drivers/, one file each. Rest, closures and scales are not theirs: articulate.py lays those
over the curves of every driver.
"""

from __future__ import annotations

from typing import ClassVar, Protocol

from lipwright.engine.articulation.curves import ArticulationCurves
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SpeechSound
from lipwright.engine.speech.values import PhoneTimeline, SpeechActivity


class ArticulationDriver(Protocol):
    """A way from speech to mouth curves. Drivers hold no state between calls.

    name: the word by which tables call it.
    needs_phones: whether it can do nothing without a phone timeline.
    rests_by_itself: whether its curves already come to rest where nobody speaks.
    hears_sounds: whether its curves already shut where p, b and m are heard, without phones.
    """

    name: ClassVar[str]
    needs_phones: ClassVar[bool]
    rests_by_itself: ClassVar[bool]
    hears_sounds: ClassVar[bool]

    def drive(
        self, sound: SpeechSound, activity: SpeechActivity, phones: PhoneTimeline | None
    ) -> ArticulationCurves:
        """Curves of curve_rows(sound) points, every channel of Mouth inside its range."""
        ...


def curve_rows(sound: SpeechSound) -> int:
    """How many curve points cover the sound, at least one."""
    return max(1, round(sound.duration_s * CURVE_RATE_HZ))
