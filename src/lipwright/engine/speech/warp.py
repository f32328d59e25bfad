"""A known text in any language against the sound: an embedded voice speaks it, and its times are warped.

The two sounds are compared by their log-mel bands and joined by dynamic time warping within a band around
the diagonal, as forced aligners without acoustic models do. Knows nothing of words.
"""

from __future__ import annotations

from lipwright.engine.media.values import SpeechSound
from lipwright.engine.progress import Watch
from lipwright.engine.speech.values import PhoneTimeline


def align_by_voice(sound: SpeechSound, transcript: str, language: str, watch: Watch) -> PhoneTimeline:
    raise NotImplementedError
