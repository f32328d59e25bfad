"""The embedded voices: eSpeak NG in many languages, made as pleasant as it can be, nothing to download.

They know exactly when each of their sounds begins, which no other voice does; that is what makes them good
for lips.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from lipwright.engine.errors import BadParameters
from lipwright.engine.speech.espeak import library as espeak
from lipwright.engine.speech.espeak.languages import LANGUAGES, readable_scripts
from lipwright.engine.speech.phones import SILENCE, fill_timeline
from lipwright.engine.speech.values import SpokenText
from lipwright.engine.speech.voices.catalogue import Gender, SpokenPart, TtsVoice
from lipwright.engine.speech.voices.level import RunningLevel
from lipwright.engine.speech.voices.manner import SpeakingManner
from lipwright.engine.speech.words.acted_text import ActedText
from lipwright.engine.speech.words.espeak_times import phones_of_speech, words_of_speech
from lipwright.engine.speech.words.text import check_script

# Words a minute. The library's own 175 sounds hurried, below 150 its vowels drone.
_NATURAL_WPM = 162


@dataclass(frozen=True, slots=True)
class _Timbre:
    """One manner of speaking. variant: the library's name for it. pitch, pitch_range: 0 to 100."""

    suffix: str
    gender: Gender
    variant: str
    pitch: int
    pitch_range: int
    words: str


# Of the library's hundred variants these were understood best by a recognizer that knows people only
# (share of words right: f5 .74, edward .74, f2 .57, m6 .49; the plain voice .26). A wider pitch range than
# the library's 50 takes some of the monotony away; past 70 it sings.
_TIMBRES = (
    _Timbre("female", Gender.FEMALE, "f5", 48, 60, "female"),
    _Timbre("male", Gender.MALE, "edward", 42, 60, "male"),
    _Timbre("female-2", Gender.FEMALE, "f2", 45, 60, "female, firmer"),
    _Timbre("male-2", Gender.MALE, "m6", 38, 55, "male, deeper"),
)

# The buzz of formant synthesis lies high; rumble below the voice eats level for nothing.
_SOFT_ABOVE_HZ = 5200
_RUMBLE_BELOW_HZ = 70
# The strong level makes a word 1.4 times as long and 5 dB louder; the plain one is hardly heard.
_STRESS_BEGINS, _STRESS_ENDS = '<emphasis level="strong">', "</emphasis>"
_PARAGRAPH = '<break time="900ms"/>'
_LICENCE = "GPL-3.0-or-later"


class EmbeddedVoices:
    """A `VoiceKind` over eSpeak NG."""

    def list_voices(self) -> tuple[TtsVoice, ...]:
        """Every language with every timbre."""
        is_available = espeak.is_installed()
        return tuple(
            TtsVoice(
                name=f"{language.tag}-{timbre.suffix}",
                language=language.tag,
                gender=timbre.gender,
                description=f"{language.words}, {timbre.words}, embedded",
                needs=espeak.ESPEAK_NEEDS,
                is_available=is_available,
                accent=language.accent,
                licence=_LICENCE,
            )
            for language in LANGUAGES
            for timbre in _TIMBRES
        )

    def speak(self, text: ActedText, voice: TtsVoice, manner: SpeakingManner) -> Iterator[SpokenPart]:
        """See `VoiceKind.speak`."""
        language = next(entry for entry in LANGUAGES if entry.tag == voice.language)
        timbre = next(entry for entry in _TIMBRES if voice.name == f"{language.tag}-{entry.suffix}")
        check_script(text.spoken, readable_scripts(language), voice.name)
        is_ssml = bool(text.stresses or text.paragraphs)
        written = _ssml_of(text) if is_ssml else text.spoken
        speech = espeak.synthesize(
            written,
            is_ssml=is_ssml,
            voice=f"{language.espeak_name}+{timbre.variant}",
            rate_wpm=round(_NATURAL_WPM * manner.rate),
            pitch=timbre.pitch,
            pitch_range=timbre.pitch_range,
        )
        phones = phones_of_speech(speech, language.tag)
        if all(phone.symbol == SILENCE for phone in phones):
            raise BadParameters(f"The voice {voice.name} finds nothing to say in this text. Write words.")
        spoken = SpokenText(
            samples=_made_pleasant(speech.samples, speech.sample_rate_hz),
            sample_rate_hz=speech.sample_rate_hz,
            phones=fill_timeline(phones, len(speech.samples) / speech.sample_rate_hz),
            words=words_of_speech(speech, written),
        )
        yield SpokenPart(speech=spoken, characters=len(text.spoken))


def _ssml_of(text: ActedText) -> str:
    """The text as SSML: words between asterisks louder and longer, paragraphs apart."""
    events = [(span.first, _STRESS_BEGINS) for span in text.stresses]
    events += [(span.after, _STRESS_ENDS) for span in text.stresses]
    events += [(place, _PARAGRAPH) for place in text.paragraphs]
    parts: list[str] = []
    done = 0
    # Where one stress ends and the next begins, the end comes first: "</" sorts before "<e".
    for place, tag in sorted(events):
        parts += [escape(text.spoken[done:place]), tag]
        done = place
    return "".join([*parts, escape(text.spoken[done:])])


def _made_pleasant(samples: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """Softer on top, no rumble, at the level of broadcast speech; not one sample earlier or later."""
    soft = signal.butter(1, _SOFT_ABOVE_HZ, "lowpass", fs=rate_hz, output="sos")
    clean = signal.butter(1, _RUMBLE_BELOW_HZ, "highpass", fs=rate_hz, output="sos")
    # Forwards and backwards, so that no sound moves against its time.
    smooth = signal.sosfiltfilt(np.vstack([soft, clean]), samples, padlen=min(64, len(samples) - 1))
    return RunningLevel().levelled(smooth.astype(np.float32))
