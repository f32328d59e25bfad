"""The embedded voices: eSpeak NG in many languages, made as pleasant as it can be, nothing to download.

They know exactly when each of their sounds begins, which no other voice does; that is what makes them good
for lips. Knows nothing of the library beyond `espeak.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from lipwright.engine.errors import BadParameters
from lipwright.engine.speech.espeak import library as espeak
from lipwright.engine.speech.phones import SILENCE, STOP, fill_timeline
from lipwright.engine.speech.values import Phone, SpokenText, SpokenWord
from lipwright.engine.speech.voices.catalogue import Gender, TtsVoice
from lipwright.engine.speech.words.ipa import sounds_of_ipa
from lipwright.engine.speech.words.text import check_script

# Words a minute at rate 1. The library's own 175 sounds hurried, below 150 its vowels drone.
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


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the library. tag: ours. scripts: what it reads beside Latin letters."""

    tag: str
    espeak_name: str
    words: str
    scripts: tuple[str, ...] = ()


_LANGUAGES = (
    Language("en-us", "en-us", "American English"),
    Language("en-gb", "en", "British English"),
    Language("de", "de", "German"),
    Language("fr", "fr", "French"),
    Language("es", "es", "Spanish (Spain)"),
    Language("es-419", "es-419", "Spanish (Latin America)"),
    Language("it", "it", "Italian"),
    Language("pt-br", "pt-br", "Portuguese (Brazil)"),
    Language("pt", "pt", "Portuguese (Portugal)"),
    Language("ru", "ru", "Russian", ("CYRILLIC",)),
    Language("uk", "uk", "Ukrainian", ("CYRILLIC",)),
    Language("zh", "cmn", "Mandarin Chinese", ("CJK",)),
    Language("hi", "hi", "Hindi", ("DEVANAGARI",)),
    Language("bn", "bn", "Bengali", ("BENGALI",)),
    Language("ta", "ta", "Tamil", ("TAMIL",)),
    Language("ur", "ur", "Urdu", ("ARABIC",)),
    Language("ar", "ar", "Arabic", ("ARABIC",)),
    Language("fa", "fa", "Persian", ("ARABIC",)),
    Language("ja", "ja", "Japanese (in kana, not kanji)", ("HIRAGANA", "KATAKANA")),
    Language("ko", "ko", "Korean", ("HANGUL",)),
    Language("vi", "vi", "Vietnamese"),
    Language("id", "id", "Indonesian"),
    Language("pl", "pl", "Polish"),
    Language("cs", "cs", "Czech"),
    Language("nl", "nl", "Dutch"),
    Language("sv", "sv", "Swedish"),
    Language("da", "da", "Danish"),
    Language("nb", "nb", "Norwegian"),
    Language("fi", "fi", "Finnish"),
    Language("hu", "hu", "Hungarian"),
    Language("ro", "ro", "Romanian"),
    Language("el", "el", "Greek", ("GREEK",)),
    Language("tr", "tr", "Turkish"),
    Language("ca", "ca", "Catalan"),
)
_ALWAYS_READ = frozenset({"LATIN", "FULLWIDTH", "MODIFIER", "FEMININE", "MASCULINE", "MICRO"})

# A stop is silent while the lips or the tongue are shut, and the library counts that silence to the sound
# before. Longer than this it is a pause and the mouth may rest.
_LONGEST_CLOSURE_S = 0.08
# The closure's frames, and how quiet they are against the loudest nearby.
_CLOSURE_FRAME_S = 0.004
_CLOSURE_LEVEL = 0.12

# The buzz of formant synthesis lies high; rumble below the voice eats level for nothing.
_SOFT_ABOVE_HZ = 5200
_RUMBLE_BELOW_HZ = 70
# Level of running speech as broadcasters like it, and the peak that may not be passed.
_SPEECH_RMS = 0.1
_PEAK = 0.89


def find_language(tag: str) -> Language | None:
    """The language of a tag such as `fr`, `fr-FR` or `zh_CN`: the exact one, or the first of its kind."""
    wanted = tag.strip().lower().replace("_", "-")
    family = wanted.split("-")[0]
    same = [entry for entry in _LANGUAGES if entry.tag == wanted]
    alike = [entry for entry in _LANGUAGES if family in (entry.tag.split("-")[0], entry.espeak_name)]
    return next(iter([*same, *alike]), None)


def readable_scripts(language: Language) -> frozenset[str]:
    """The scripts that a language's voices can read."""
    return _ALWAYS_READ | frozenset(language.scripts)


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
            )
            for language in _LANGUAGES
            for timbre in _TIMBRES
        )

    def speak(self, text: str, voice: TtsVoice, rate: float) -> SpokenText:
        """See `VoiceKind.speak`."""
        language = next(entry for entry in _LANGUAGES if entry.tag == voice.language)
        timbre = next(entry for entry in _TIMBRES if voice.name == f"{language.tag}-{entry.suffix}")
        check_script(text, readable_scripts(language), voice.name)
        speech = espeak.synthesize(
            text,
            voice=f"{language.espeak_name}+{timbre.variant}",
            rate_wpm=round(_NATURAL_WPM * rate),
            pitch=timbre.pitch,
            pitch_range=timbre.pitch_range,
        )
        phones = phones_of_speech(speech, language.tag)
        if all(phone.symbol == SILENCE for phone in phones):
            raise BadParameters(f"The voice {voice.name} finds nothing to say in this text. Write words.")
        return SpokenText(
            samples=_made_pleasant(speech.samples, speech.sample_rate_hz),
            sample_rate_hz=speech.sample_rate_hz,
            phones=fill_timeline(phones, len(speech.samples) / speech.sample_rate_hz),
            words=words_of_speech(speech, text),
        )


def phones_of_speech(speech: espeak.EspeakSpeech, language: str) -> tuple[Phone, ...]:
    """The phones of what the library said, without gaps, in seconds from its start."""
    rate_hz = speech.sample_rate_hz
    starts = [mark.sample for mark in speech.phonemes] + [len(speech.samples)]
    phones: list[Phone] = []
    for mark, end in zip(speech.phonemes, starts[1:], strict=True):
        parts = sounds_of_ipa(mark.ipa, language)
        weight = sum(part.weight for part in parts)
        now, length = float(mark.sample), max(0, end - mark.sample)
        if not parts and not mark.ipa:
            phones.append(Phone(symbol=SILENCE, start_s=now / rate_hz, end_s=end / rate_hz))
        elif not parts and phones:  # a sound that no mouth shows lengthens the one before
            phones[-1] = replace(phones[-1], end_s=end / rate_hz)
        for part in parts:
            after = now + length * part.weight / weight
            phones.append(
                Phone(symbol=part.symbol, start_s=now / rate_hz, end_s=after / rate_hz, stress=part.stress)
            )
            now = after
    return _with_closures(phones, speech.samples, rate_hz)


def _with_closures(phones: list[Phone], samples: NDArray[np.float32], rate_hz: int) -> tuple[Phone, ...]:
    """Give the silence before the burst of a stop to the stop."""
    frame = round(_CLOSURE_FRAME_S * rate_hz)
    count = len(samples) // frame
    level = np.sqrt(np.mean(samples[: count * frame].reshape(count, frame) ** 2, axis=1))
    reach = round(_LONGEST_CLOSURE_S / _CLOSURE_FRAME_S)
    for index in range(1, len(phones)):
        phone, before = phones[index], phones[index - 1]
        if phone.symbol not in STOP:
            continue
        burst = min(count, int(phone.start_s * rate_hz) // frame)
        # Never more than half of a sound: the closure of a stop does not swallow its neighbour.
        lowest_s = before.start_s + (0 if before.symbol == SILENCE else (before.end_s - before.start_s) / 2)
        first = max(burst - reach, int(np.ceil(lowest_s * rate_hz / frame)), 0)
        nearby = level[max(0, burst - 3 * reach) : burst + 3 * reach]
        quiet_below = _CLOSURE_LEVEL * float(nearby.max(initial=0.0))
        shut = burst
        while shut > first and level[shut - 1] <= quiet_below:
            shut -= 1
        if shut < burst:
            start_s = shut * frame / rate_hz
            phones[index - 1] = replace(before, end_s=start_s)
            phones[index] = replace(phone, start_s=start_s)
    return tuple(phones)


def words_of_speech(speech: espeak.EspeakSpeech, text: str) -> tuple[SpokenWord, ...]:
    """The words of what the library said, each until the next begins or a pause."""
    rate_hz = speech.sample_rate_hz
    pauses = [mark.sample for mark in speech.phonemes if not mark.ipa]
    starts = [mark.sample for mark in speech.words] + [len(speech.samples)]
    words: list[SpokenWord] = []
    for mark, next_start in zip(speech.words, starts[1:], strict=True):
        end = min([pause for pause in pauses if mark.sample < pause < next_start], default=next_start)
        written = text[mark.first : mark.first + mark.length].strip()
        if written and end > mark.sample:
            words.append(SpokenWord(text=written, start_s=mark.sample / rate_hz, end_s=end / rate_hz))
    return tuple(words)


def _made_pleasant(samples: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """Softer on top, no rumble, at the level of broadcast speech; not one sample earlier or later."""
    soft = signal.butter(1, _SOFT_ABOVE_HZ, "lowpass", fs=rate_hz, output="sos")
    clean = signal.butter(1, _RUMBLE_BELOW_HZ, "highpass", fs=rate_hz, output="sos")
    # Forwards and backwards, so that no sound moves against its time.
    smooth = signal.sosfiltfilt(np.vstack([soft, clean]), samples, padlen=min(64, len(samples) - 1))
    loud = smooth[np.abs(smooth) > 0.01]
    rms = float(np.sqrt(np.mean(loud**2))) if len(loud) else 0.0
    peak = float(np.max(np.abs(smooth), initial=0.0))
    if rms == 0.0 or peak == 0.0:
        return samples
    gain = min(_SPEECH_RMS / rms, _PEAK / peak)
    return (smooth * gain).astype(np.float32)
