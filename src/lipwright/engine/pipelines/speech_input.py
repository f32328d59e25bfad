"""The voice of a job: found in a file or spoken from a text, and what is known of its words."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from lipwright.engine.media.reading.sound import load_speech, probe_sound
from lipwright.engine.media.values import SoundClip, SpeechSound
from lipwright.engine.pipelines.options import SpeechSource, SpokenLine
from lipwright.engine.pipelines.spoken_text import check_text, speak_to_file
from lipwright.engine.pipelines.text_marks import bracket_warnings, read_marks
from lipwright.engine.progress import JobContext
from lipwright.engine.speech.activity import detect_activity, speech_evidence
from lipwright.engine.speech.align.transcript import align_words
from lipwright.engine.speech.channels import voice_weights
from lipwright.engine.speech.values import Phone, PhoneTimeline, SpeechActivity, TextActs
from lipwright.engine.speech.words.timed_text import time_text

# Silence after a spoken text, so that the video does not end with an open mouth.
TAIL_S = 0.4
# Mean voice activity under which the sound holds no speech worth moving a mouth for.
NO_SPEECH_SHARE = 0.02
# A sound that outlasts the picture by no more than this is not worth a remark.
CUT_TOLERANCE_S = 0.1
# Evidence per spoken row under which the voice is hard to tell from the rest. Clear voices have 4, through a
# telephone 3.4; under loud music one had 3.0, and the mouth followed by .7 only.
UNSURE_EVIDENCE = 3.1
# An old recording with an echo has 1 all the same, and the mouth follows it well: its pauses are deep. A
# voice is alone whose pauses lie so far below it, dB: alone 29 and more, over noise or music 5 to 22.
DEEP_PAUSES_DB = 25.0
# Less sound than this shows no rhythm of syllables.
LEAST_JUDGED_S = 2.0
UNSURE_WARNING = (
    "The voice is hard to tell from the other sound, so the mouth may miss some of it. "
    "A recording of the voice alone, or with softer music, does better."
)
NO_SPEECH_WARNING = "No speech was heard in the sound, so the mouth rests."


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechInput:
    """A voice that was loaded or synthesised, and analysed.

    clip: what will be heard in the video. sound: the same as the engine analyses it.
    phones: None when the words are not known. acts: what the text asks for beside its words.
    notes: what may surprise about the text.
    """

    clip: SoundClip
    sound: SpeechSound
    activity: SpeechActivity
    phones: PhoneTimeline | None
    acts: TextActs = field(default_factory=TextActs)
    notes: tuple[str, ...] = ()

    @property
    def has_speech(self) -> bool:
        """Whether anybody speaks."""
        return float(self.activity.speaking.mean()) > NO_SPEECH_SHARE

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the listener may want to know of the sound."""
        if not self.has_speech:
            return (NO_SPEECH_WARNING, *self.notes)
        return (UNSURE_WARNING, *self.notes) if self.is_unsure else self.notes

    @property
    def is_unsure(self) -> bool:
        """Whether somebody speaks, and is hard to tell from the rest of the sound; never with known words."""
        if self.phones is not None or not self.has_speech or self.sound.duration_s < LEAST_JUDGED_S:
            return False
        is_weak = speech_evidence(self.sound) < UNSURE_EVIDENCE * float(self.activity.speaking.mean())
        quiet_db, loud_db = np.percentile(self.activity.loudness_db, (10, 90))
        return is_weak and bool(loud_db - quiet_db < DEEP_PAUSES_DB)


def check_voice(voice: SpeechSource) -> float | None:
    """The length of a recording, seconds; None for a text, which is not spoken yet.

    Raises what a recording, or a text and its voice, that cannot be used raise, before any long work.
    """
    if isinstance(voice, SoundClip):
        return probe_sound(voice).duration_s
    check_text(voice)
    return None


def cut_voices(
    voices: Sequence[SpeechSource], lengths_s: Sequence[float | None], duration_s: float
) -> tuple[SpeechSource, ...]:
    """Voices cut to a duration where they are longer; a text stays whole.

    lengths_s: of each voice, as check_voice gives them.
    """
    return tuple(
        _cut_voice(voice, length_s, duration_s) for voice, length_s in zip(voices, lengths_s, strict=True)
    )


def _cut_voice(voice: SpeechSource, length_s: float | None, duration_s: float) -> SpeechSource:
    if isinstance(voice, SpokenLine) or length_s is None or length_s <= duration_s + CUT_TOLERANCE_S:
        return voice
    return replace(voice, end_s=voice.start_s + duration_s)


@contextmanager
def load_voice_track(
    voice: SpeechSource, *, transcript: str | None, language: str | None, context: JobContext
) -> Iterator[SpeechInput]:
    """Load a recording, or have a text spoken; the spoken sound's file goes when the context ends.

    Marks of a text and of a transcript are not spoken. Raises what load_speech, speak_to_file and align_words
    raise.
    """
    if isinstance(voice, SoundClip):
        sound = load_speech(voice, voice_weights)
        activity = detect_activity(sound)
        if transcript is None:
            yield SpeechInput(clip=voice, sound=sound, activity=activity, phones=None)
            return
        acted = read_marks(transcript)
        said = acted.lines if acted.has_markup else transcript
        laid = align_words(sound, said, language or "en", context)
        yield SpeechInput(
            clip=voice,
            sound=sound,
            activity=activity,
            phones=laid.phones,
            acts=time_text(acted, laid.words, laid.phones),
            notes=tuple(bracket_warnings(acted)),
        )
        return
    with tempfile.TemporaryDirectory(prefix="lipwright-") as folder:
        path = Path(folder) / "voice.wav"
        heard = speak_to_file(voice, path, context.check, tail_s=TAIL_S)
        pause = Phone(symbol="SIL", start_s=heard.duration_s - TAIL_S, end_s=heard.duration_s)
        phones = replace(heard.phones, phones=(*heard.phones.phones, pause))
        clip = SoundClip(path=path)
        sound = load_speech(clip)
        yield SpeechInput(
            clip=clip,
            sound=sound,
            activity=detect_activity(sound),
            phones=phones,
            acts=time_text(heard.acted, heard.words, phones),
            notes=heard.notes,
        )


@contextmanager
def load_voice_tracks(
    voices: Sequence[SpeechSource], *, transcript: str | None, language: str | None, context: JobContext
) -> Iterator[tuple[SpeechInput, ...]]:
    """Load several voices; see load_voice_track."""
    with ExitStack() as listening:
        yield tuple(
            listening.enter_context(
                load_voice_track(voice, transcript=transcript, language=language, context=context)
            )
            for voice in voices
        )
