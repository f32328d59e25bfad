"""A text is spoken: from words and a voice to a sound file, part by part, whatever its length."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lipwright.engine.media.writing.output_file import written_whole
from lipwright.engine.media.writing.wav import WavWriter
from lipwright.engine.pipelines.options import SpokenLine
from lipwright.engine.pipelines.text_marks import bracket_warnings, read_marks
from lipwright.engine.progress import JobContext, Stage
from lipwright.engine.speech.phones import fill_timeline, shift_phones
from lipwright.engine.speech.values import Phone, PhoneTimeline, SpokenWord
from lipwright.engine.speech.voices.choose import choose_voice
from lipwright.engine.speech.voices.manner import SpeakingManner
from lipwright.engine.speech.voices.speak import check_line, speak_parts
from lipwright.engine.speech.words.acted_text import ActedText
from lipwright.engine.speech.words.text import prepare_text


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenFile:
    """A text that was spoken into a file.

    duration_s: of the file, with the silence at its end. voice, language: who spoke, and in which
    language. acted: the text taken apart. phones, words: when each is heard. notes: sentences about what
    may surprise, such as a language that was guessed.
    """

    duration_s: float
    voice: str
    language: str
    acted: ActedText
    phones: PhoneTimeline
    words: tuple[SpokenWord, ...]
    notes: tuple[str, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the listener may want to know."""
        return self.notes


def spoken_text(line: SpokenLine, output: Path, context: JobContext | None = None) -> SpokenFile:
    """Speak a text and write the sound as WAV; the file appears only when it is whole.

    Marks in the text are not spoken. Memory does not grow with the length of the sound.

    Raises UnknownVoice, VoiceUnavailable, TextTooLong, BadParameters for a text that cannot be read aloud, an
    output that cannot be written, and Cancelled.
    """
    context = context or JobContext()
    context.enter(Stage.RENDERING, total=max(1, len(line.text)))
    with written_whole(output) as part:
        spoken = speak_to_file(line, part, context.check, context.advance)
    context.finish()
    return spoken


def check_text(line: SpokenLine) -> None:
    """Check a text, its voice and its manner without speaking.

    Raises as `speak_to_file`, but for a script that the voice cannot read.
    """
    SpeakingManner(rate=line.rate)
    acted = read_marks(line.text)
    prepare_text(acted.spoken)
    check_line(acted, choose_voice(acted, line.voice, line.language).voice.name)


def speak_to_file(
    line: SpokenLine,
    path: Path,
    check: Callable[[], None],
    advance: Callable[[int], None] = lambda _: None,
    *,
    tail_s: float = 0.0,
) -> SpokenFile:
    """Speak a text into a WAV file.

    check: called between the parts; may raise to stop. advance: told how many characters were said. tail_s:
    silence at the end. Raises UnknownVoice, VoiceUnavailable, TextTooLong, BadParameters.
    """
    check_text(line)
    acted = read_marks(line.text)
    chosen = choose_voice(acted, line.voice, line.language)
    phones: list[Phone] = []
    words: list[SpokenWord] = []
    now_s, confidence = 0.0, 1.0
    with WavWriter(path) as file:
        for part in speak_parts(acted, chosen.voice.name, SpeakingManner(rate=line.rate)):
            check()
            speech = part.speech
            file.write(speech.samples, speech.sample_rate_hz)
            phones += shift_phones(speech.phones.phones, now_s)
            words += [
                replace(word, start_s=word.start_s + now_s, end_s=word.end_s + now_s) for word in speech.words
            ]
            confidence = min(confidence, speech.phones.confidence)
            now_s += speech.duration_s
            rate_hz = speech.sample_rate_hz
            advance(part.characters)
        if tail_s:
            file.write(np.zeros(round(tail_s * rate_hz), dtype=np.float32), rate_hz)
    return SpokenFile(
        duration_s=now_s + tail_s,
        voice=chosen.voice.name,
        language=chosen.voice.language,
        acted=acted,
        phones=fill_timeline(phones, now_s, confidence),
        words=tuple(words),
        notes=(*line.notes, *chosen.notes, *bracket_warnings(acted)),
    )
