"""A known text against the sound: which phone is heard when.

English goes through an acoustic model, phone by phone. Every other language that an embedded voice speaks
is spoken by that voice and warped onto the sound (`by_voice.py`).
"""

from __future__ import annotations

from lipwright.engine.errors import BadTranscript
from lipwright.engine.media.values import SpeechSound
from lipwright.engine.progress import JobContext
from lipwright.engine.speech.align.by_voice import LaidText, lay_over
from lipwright.engine.speech.align.english import align_english
from lipwright.engine.speech.espeak import library as espeak
from lipwright.engine.speech.values import PhoneTimeline

# An hour of fast speech. More is a whole book pasted by mistake.
LONGEST_TRANSCRIPT_CHARS = 100_000


def align_transcript(
    sound: SpeechSound, transcript: str, language: str = "en", context: JobContext | None = None
) -> PhoneTimeline:
    """The phones of a transcript; see `align_words`."""
    return align_words(sound, transcript, language, context).phones


def align_words(
    sound: SpeechSound, transcript: str, language: str = "en", context: JobContext | None = None
) -> LaidText:
    """Phones and words of a transcript at the times when the sound says them; confidence is how well it fits.

    Words are those that are said: a figure is several. language: a tag such as `en`, `en-gb` or `fr`. Raises
    BadTranscript when the text is empty, too long or does not fit the sound, BadParameters for a language
    that no voice speaks, VoiceUnavailable when the language needs the extra `voice` and it is absent.
    """
    if not transcript.strip():
        raise BadTranscript("The transcript is empty. Give the words that are heard.")
    if len(transcript) > LONGEST_TRANSCRIPT_CHARS:
        raise BadTranscript(
            f"The transcript has {len(transcript)} characters, {LONGEST_TRANSCRIPT_CHARS} are the most. "
            "Give the words of this sound alone."
        )
    if not sound.samples.any():
        raise BadTranscript("The sound is silent, so no transcript fits it.")
    context = context or JobContext()
    if language.strip().lower().replace("_", "-").split("-")[0] != "en":
        return lay_over(sound, transcript, language, context)
    try:
        return align_english(sound, transcript, context)
    except BadTranscript:
        if not espeak.is_installed():
            raise
    # In loud noise the acoustic model loses its way; whole sentences can still be laid over each other.
    return lay_over(sound, transcript, language, context)
