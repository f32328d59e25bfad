"""The eSpeak NG library, called in this process.

eSpeak NG is under the GPL, version 3, and comes with the extra `voice`; this module alone loads it, and
only when it is asked to. The library keeps one global state, so calls wait for each other on a lock.
"""

from __future__ import annotations

import _ctypes
import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.errors import TextTooLong, VoiceUnavailable

# What people are told to do when the library is absent.
ESPEAK_NEEDS = "the extra `voice` (pip install 'lipwright[voice]'), which brings eSpeak NG"

# A short text can ask for hours of sound (five thousand emoji, each read out by name).
LONGEST_SPEECH_S = 30 * 60

# Constants of speak_lib.h.
_OUTPUT_SYNCHRONOUS = 2
_INIT_PHONEME_EVENTS, _INIT_PHONEME_IPA, _INIT_DONT_EXIT = 0x0001, 0x0002, 0x8000
_EVENT_END, _EVENT_WORD, _EVENT_PHONEME = 0, 1, 7
_POSITION_CHARACTER = 1
_CHARS_UTF8, _SSML = 1, 0x10
_RATE, _VOLUME, _PITCH, _PITCH_RANGE = 1, 2, 3, 4
_PHONEMES_IPA = 0x02
_OK = 0
_BREATH_SEED = 1


class _EventId(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    )


_SynthCallback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhonemeMark:
    """A phoneme begins at this sample. ipa: as the library writes it; empty for a pause."""

    sample: int
    ipa: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordMark:
    """A word begins at this sample; it is text[first : first + length]."""

    sample: int
    first: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EspeakSpeech:
    """What the library said. samples: float32 (sample,), -1 to 1."""

    samples: NDArray[np.float32]
    sample_rate_hz: int
    phonemes: tuple[PhonemeMark, ...]
    words: tuple[WordMark, ...]

    def __post_init__(self) -> None:
        check_array(self, "samples", np.float32, ("sample",))


def is_installed() -> bool:
    """Whether the library can be loaded."""
    return find_spec("espeakng_loader") is not None


def synthesize(
    text: str, *, voice: str, rate_wpm: int, pitch: int = 50, pitch_range: int = 50, is_ssml: bool = False
) -> EspeakSpeech:
    """Speak a text with one of the library's own voices, such as `en-us+f5`.

    text: without null characters; read as it stands, markup included. rate_wpm: words a minute, 80 to 450.
    is_ssml: the markup is read as SSML. pitch, pitch_range: 0 to 100 on the voice's own scale.
    Raises VoiceUnavailable without the library or that voice, TextTooLong past LONGEST_SPEECH_S.
    """
    with _opened() as library:
        return library.synthesize(text, voice, rate_wpm, pitch, pitch_range, is_ssml)


def phonemize(text: str, *, voice: str) -> str:
    """A text in IPA with stress marks, its words apart; punctuation is lost. Raises VoiceUnavailable."""
    with _opened() as library:
        return library.phonemize(text, voice)


# The library keeps one state for the whole process, so one caller uses it at a time.
_lock = threading.Lock()


@contextmanager
def _opened() -> Iterator[_Library]:
    """The library freshly loaded, for one call.

    It carries the phase of the voice and of its breath from one text into the next, so that a text sounds
    different after another; no function resets that, loading it again (a few milliseconds) does.
    """
    with _lock:
        library = _Library()
        try:
            yield library
        finally:
            library.close()


class _Library:
    """The library as long as it is loaded."""

    def __init__(self) -> None:
        try:
            import espeakng_loader

            self._c: Any = ctypes.CDLL(espeakng_loader.get_library_path())
            data_path = espeakng_loader.get_data_path()
        except (ImportError, OSError, RuntimeError) as error:
            raise VoiceUnavailable(f"This voice needs {ESPEAK_NEEDS}.") from error
        self._c.espeak_Synth.argtypes = (
            ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint, ctypes.c_uint,
            ctypes.c_void_p, ctypes.c_void_p,
        )  # fmt: skip
        self._c.espeak_TextToPhonemes.restype = ctypes.c_char_p
        options = _INIT_PHONEME_EVENTS | _INIT_PHONEME_IPA | _INIT_DONT_EXIT
        self._sample_rate_hz: int = self._c.espeak_Initialize(
            _OUTPUT_SYNCHRONOUS, 0, data_path.encode(), options
        )
        if self._sample_rate_hz <= 0:
            raise VoiceUnavailable(
                "eSpeak NG does not start: its data files cannot be read. Install it again."
            )
        self._hearing: _Hearing | None = None
        # The library keeps only the address; without this reference Python would free the function.
        self._callback = _SynthCallback(self._hear)
        self._c.espeak_SetSynthCallback(self._callback)
        self._c.espeak_ng_SetRandSeed(ctypes.c_long(_BREATH_SEED))

    def close(self) -> None:
        self._c.espeak_Terminate()
        handle, self._c = self._c._handle, None
        # Where Python has no such function (Windows) the library stays, with its state.
        unload = getattr(_ctypes, "dlclose", None)
        if unload is not None:
            unload(handle)

    def synthesize(
        self, text: str, voice: str, rate_wpm: int, pitch: int, pitch_range: int, is_ssml: bool
    ) -> EspeakSpeech:
        encoded = text.encode("utf-8", errors="replace")
        self._choose(voice)
        # Choosing a voice resets them, and another caller may have set them.
        for parameter, value in (
            (_RATE, rate_wpm),
            (_PITCH, pitch),
            (_PITCH_RANGE, pitch_range),
            (_VOLUME, 100),
        ):
            self._c.espeak_SetParameter(parameter, value, 0)
        heard = self._hearing = _Hearing(LONGEST_SPEECH_S * self._sample_rate_hz)
        try:
            flags = _CHARS_UTF8 | (_SSML if is_ssml else 0)
            self._c.espeak_Synth(encoded, len(encoded) + 1, 0, _POSITION_CHARACTER, 0, flags, None, None)
        finally:
            self._hearing = None
        if heard.is_too_long:
            raise TextTooLong(
                f"The text would take more than {LONGEST_SPEECH_S // 60} minutes to say. Cut it into parts."
            )
        return heard.speech(self._sample_rate_hz)

    def phonemize(self, text: str, voice: str) -> str:
        buffer = ctypes.create_string_buffer(text.encode("utf-8", errors="replace"))
        rest = ctypes.c_void_p(ctypes.addressof(buffer))
        clauses: list[str] = []
        self._choose(voice)
        # Each call takes one clause and moves the pointer on; it is null at the end.
        while rest.value:
            clause = self._c.espeak_TextToPhonemes(ctypes.byref(rest), _CHARS_UTF8, _PHONEMES_IPA)
            clauses.append((clause or b"").decode("utf-8", errors="ignore").strip())
        return " ".join(filter(None, clauses))

    def _choose(self, voice: str) -> None:
        if self._c.espeak_SetVoiceByName(voice.encode()) != _OK:
            raise VoiceUnavailable(f"This eSpeak NG has no voice {voice!r}. Install the extra `voice` again.")

    def _hear(self, samples: Any, count: int, events: Any) -> int:
        """Called by the library for each block of sound. Returns 0 to go on, 1 to stop."""
        if self._hearing is None:
            return 1
        return self._hearing.take(samples, count, events)


class _Hearing:
    """Collects what the library says during one call."""

    def __init__(self, most_samples: int) -> None:
        self._most_samples = most_samples
        self._count = 0
        self._blocks: list[NDArray[np.int16]] = []
        self._phonemes: list[PhonemeMark] = []
        self._words: list[WordMark] = []
        self.is_too_long = False

    def take(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self._blocks.append(np.ctypeslib.as_array(samples, shape=(count,)).copy())
            self._count += count
        index = 0
        while events[index].type != _EVENT_END:
            event = events[index]
            if event.type == _EVENT_PHONEME:
                # Eight bytes may cut a letter of IPA in two; what is left of it is dropped.
                ipa = event.id.string.decode("utf-8", errors="ignore")
                self._phonemes.append(PhonemeMark(sample=event.sample, ipa=ipa))
            elif event.type == _EVENT_WORD:
                first = max(0, event.text_position - 1)
                self._words.append(WordMark(sample=event.sample, first=first, length=event.length))
            index += 1
        self.is_too_long = self._count > self._most_samples
        return int(self.is_too_long)

    def speech(self, sample_rate_hz: int) -> EspeakSpeech:
        samples = np.concatenate(self._blocks) if self._blocks else np.zeros(0, dtype=np.int16)
        return EspeakSpeech(
            samples=(samples / np.float32(32768)).astype(np.float32),
            sample_rate_hz=sample_rate_hz,
            phonemes=tuple(self._phonemes),
            words=tuple(self._words),
        )
