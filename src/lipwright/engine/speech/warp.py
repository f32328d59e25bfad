"""A known text in any language against the sound: an embedded voice speaks it, and its times are warped.

Knows nothing of words.
"""

from __future__ import annotations

from lipwright.engine.errors import BadParameters
from lipwright.engine.media.values import SpeechSound
from lipwright.engine.progress import Watch
from lipwright.engine.speech.values import PhoneTimeline


def align_by_voice(sound: SpeechSound, transcript: str, language: str, watch: Watch) -> PhoneTimeline:
    """See `align.align_transcript`."""
    raise BadParameters("Transcripts are understood in English only.")
