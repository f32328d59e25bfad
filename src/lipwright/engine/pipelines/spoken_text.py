"""A text is spoken: from words and a voice to a sound file."""

from __future__ import annotations

from pathlib import Path

from lipwright.engine.media.reading.sound import write_wav
from lipwright.engine.media.writing.output_file import written_whole
from lipwright.engine.pipelines.options import SpokenLine
from lipwright.engine.pipelines.speech_input import DEFAULT_VOICE
from lipwright.engine.pipelines.text_marks import read_marks
from lipwright.engine.progress import JobContext, Stage
from lipwright.engine.speech.values import SpokenText
from lipwright.engine.speech.voices.speak import speak


def spoken_text(line: SpokenLine, output: Path, context: JobContext | None = None) -> SpokenText:
    """Speak a text and write the sound as WAV; the file appears only when it is whole.

    Marks in the text are not spoken.

    Raises UnknownVoice, VoiceUnavailable, TextTooLong, BadParameters for a text that cannot be read aloud, an
    output that cannot be written, and Cancelled.
    """
    context = context or JobContext()
    context.enter(Stage.RENDERING)
    spoken = speak(read_marks(line.text), line.voice or DEFAULT_VOICE)
    with written_whole(output) as part:
        write_wav(part, spoken.samples, spoken.sample_rate_hz)
    context.finish()
    return spoken
