"""The voice of a job: found in a file or spoken from a text, and what is known of its words.

Knows nothing of pictures.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lipwright.engine.media.sound import load_speech, probe_sound, write_wav
from lipwright.engine.media.values import SoundClip, SpeechSound
from lipwright.engine.options import SpokenLine, Voice
from lipwright.engine.progress import Watch
from lipwright.engine.speech.activity import detect_activity
from lipwright.engine.speech.align import align_transcript
from lipwright.engine.speech.speak import check_line, speak
from lipwright.engine.speech.values import Phone, PhoneTimeline, SpeechActivity

# Who speaks a text when nobody was named.
DEFAULT_VOICE = "en-us-female"
# Silence after a spoken text, so that the video does not end with an open mouth.
TAIL_S = 0.4
# Mean voice activity under which the sound holds no speech worth moving a mouth for.
NO_SPEECH_SHARE = 0.02
# A sound that outlasts the picture by no more than this is not worth a remark.
CUT_TOLERANCE_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A voice.

    clip: what will be heard in the video. sound: the same as listeners hear it. phones: None when the words
    are not known.
    """

    clip: SoundClip
    sound: SpeechSound
    activity: SpeechActivity
    phones: PhoneTimeline | None

    @property
    def has_speech(self) -> bool:
        """Whether anybody speaks."""
        return float(self.activity.speaking.mean()) > NO_SPEECH_SHARE


def check_voice(voice: Voice) -> None:
    """Raise what a recording, or a text and its voice, that cannot be used raise, before any long work."""
    if isinstance(voice, SoundClip):
        probe_sound(voice)
    else:
        check_line(voice.text, voice.voice or DEFAULT_VOICE)


def cut_voices(voices: Sequence[Voice], duration_s: float) -> tuple[tuple[Voice, ...], bool]:
    """Recordings cut to a length, and whether that left something out; a text stays whole."""
    cut = tuple(_cut_voice(voice, duration_s) for voice in voices)
    return cut, any(new is not old for new, old in zip(cut, voices, strict=True))


def _cut_voice(voice: Voice, duration_s: float) -> Voice:
    if isinstance(voice, SpokenLine) or probe_sound(voice).duration_s <= duration_s + CUT_TOLERANCE_S:
        return voice
    return replace(voice, end_s=voice.start_s + duration_s)


@contextmanager
def hear(voice: Voice, *, transcript: str | None, language: str | None, watch: Watch) -> Iterator[Heard]:
    """Listen to a recording, or have a text spoken; the spoken sound's file goes when the context ends.

    Raises what load_speech, speak and align_transcript raise.
    """
    if isinstance(voice, SoundClip):
        sound = load_speech(voice)
        phones = None
        if transcript is not None:
            phones = align_transcript(sound, transcript, language or "en", watch)
        yield Heard(clip=voice, sound=sound, activity=detect_activity(sound), phones=phones)
        return
    spoken = speak(voice.text, voice.voice or DEFAULT_VOICE)
    tail = np.zeros(round(TAIL_S * spoken.sample_rate_hz), dtype=np.float32)
    pause = Phone(symbol="SIL", start_s=spoken.duration_s, end_s=spoken.duration_s + TAIL_S)
    phones = replace(spoken.phones, phones=(*spoken.phones.phones, pause))
    with tempfile.TemporaryDirectory(prefix="lipwright-") as folder:
        path = Path(folder) / "voice.wav"
        write_wav(path, np.concatenate([spoken.samples, tail]), spoken.sample_rate_hz)
        clip = SoundClip(path=path)
        sound = load_speech(clip)
        yield Heard(clip=clip, sound=sound, activity=detect_activity(sound), phones=phones)


@contextmanager
def hear_all(
    voices: Sequence[Voice], *, transcript: str | None, language: str | None, watch: Watch
) -> Iterator[tuple[Heard, ...]]:
    """Listen to several voices; see hear."""
    with ExitStack() as listening:
        yield tuple(
            listening.enter_context(hear(voice, transcript=transcript, language=language, watch=watch))
            for voice in voices
        )
