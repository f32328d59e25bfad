"""Mouth curves out of known phones: the table of shapes, blended. Needs no network and no training."""

from __future__ import annotations

from typing import ClassVar

from lipwright.engine.articulation.coarticulation import blend
from lipwright.engine.articulation.curves import ArticulationCurves, smooth
from lipwright.engine.articulation.driver import curve_rows
from lipwright.engine.articulation.segments import segments_of
from lipwright.engine.articulation.strength import with_strength
from lipwright.engine.media.values import SpeechSound
from lipwright.engine.speech.values import PhoneTimeline, SpeechActivity


class PhonesDriver:
    """Dominance blending of the shapes of known phones, as strong as they are loud."""

    name: ClassVar[str] = "phones"
    needs_phones: ClassVar[bool] = True
    rests_by_itself: ClassVar[bool] = False
    hears_sounds: ClassVar[bool] = False

    def drive(
        self, sound: SpeechSound, activity: SpeechActivity, phones: PhoneTimeline | None
    ) -> ArticulationCurves:
        """The blended curves. Raises ValueError without phones."""
        if phones is None:
            raise ValueError("the driver 'phones' needs a phone timeline")
        segments = with_strength(segments_of(phones), activity, sound)
        return smooth(blend(segments, curve_rows(sound)))
