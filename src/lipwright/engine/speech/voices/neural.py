"""What neural voices have in common: phonemes with punctuation in, sound with phone times out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
import soxr
from numpy.typing import NDArray

from lipwright.engine.errors import BadParameters, BadTranscript, VoiceUnavailable
from lipwright.engine.media.values import SPEECH_RATE_HZ, SpeechSound
from lipwright.engine.progress import JobContext
from lipwright.engine.speech.align.by_voice import lay_over
from lipwright.engine.speech.align.transcript import align_transcript
from lipwright.engine.speech.espeak import library as espeak
from lipwright.engine.speech.phones import fill_timeline
from lipwright.engine.speech.values import PhoneTimeline, SpokenText, SpokenWord
from lipwright.engine.speech.words.acted_text import ActedText
from lipwright.engine.speech.words.text import sentences_of

# Silence between two sentences that the network spoke one by one.
SENTENCE_PAUSE_S = 0.25
# And between two paragraphs: long enough for a breath.
PARAGRAPH_PAUSE_S = 0.7
# Two voices in memory are enough for a dialogue; each takes about 100 MB.
_SESSIONS_KEPT = 2

_PUNCTUATION = re.compile(r"([.,;:!?…])[.,;:!?…]*")
_WIDE = str.maketrans("。，！？；：、،؟", ".,!?;:,,?")  # noqa: RUF001


def phonemes_with_punctuation(text: str, espeak_voice: str) -> str:
    """A text in IPA in which the marks between clauses are kept; networks take their melody from them."""
    parts = _PUNCTUATION.split(text.translate(_WIDE))
    said = [
        part if place % 2 else espeak.phonemize(part, voice=espeak_voice) for place, part in enumerate(parts)
    ]
    joined = "".join(f"{part} " if place % 2 else part for place, part in enumerate(said))
    return joined.strip()


@lru_cache(maxsize=_SESSIONS_KEPT)
def load_network(model_path: Path) -> onnxruntime.InferenceSession:
    """A network on the CPU. Raises VoiceUnavailable when the file is none."""
    try:
        return onnxruntime.InferenceSession(str(model_path), providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no common class but this
        raise VoiceUnavailable(
            f"The voice file {model_path.name} cannot be loaded as an ONNX network. Download it again."
        ) from error


def run_network(
    session: onnxruntime.InferenceSession, inputs: dict[str, NDArray[np.generic]], name: str
) -> list[NDArray[np.float32]]:
    """All outputs. Raises VoiceUnavailable when the network does not take these inputs."""
    wanted = {entry.name for entry in session.get_inputs()}
    try:
        outputs = session.run(None, {key: value for key, value in inputs.items() if key in wanted})
    except Exception as error:  # as above
        raise VoiceUnavailable(
            f"The voice {name} does not fit its settings file. Download both again."
        ) from error
    return [np.asarray(output, dtype=np.float32) for output in outputs]


def with_level(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sound within -1 to 1; a network that says nothing but noise values raises VoiceUnavailable."""
    if not np.isfinite(samples).all():
        raise VoiceUnavailable("The voice's network gives no sound. Download it again.")
    peak = float(np.max(np.abs(samples), initial=0.0))
    return samples if peak <= 1.0 else (samples / peak).astype(np.float32)


def spoken_text(
    samples: NDArray[np.float32],
    sample_rate_hz: int,
    text: str,
    language: str,
    known: PhoneTimeline | None = None,
) -> SpokenText:
    """The sound of a network with phone and word times.

    known: the phones, where the network tells its durations; otherwise the text is aligned to the sound.
    """
    if len(samples) == 0:
        raise BadParameters("The voice finds nothing to say in this text. Write words.")
    heard = SpeechSound(samples=soxr.resample(samples, sample_rate_hz, SPEECH_RATE_HZ).astype(np.float32))
    duration_s = len(samples) / sample_rate_hz
    phones = known or _aligned(heard, text, language)
    return SpokenText(
        samples=samples,
        sample_rate_hz=sample_rate_hz,
        phones=fill_timeline(phones.phones, duration_s, phones.confidence),
        words=_word_times(heard, text, language),
    )


def sentences_with_pauses(text: ActedText) -> Iterator[tuple[str, float]]:
    """The sentences of a text, each with the pause after it in seconds."""
    paragraphs = [list(sentences_of(paragraph)) for paragraph in text.lines.split("\n")]
    for number, sentences in enumerate(paragraphs, start=1):
        for sentence in sentences[:-1]:
            yield sentence, SENTENCE_PAUSE_S
        for sentence in sentences[-1:]:
            yield sentence, PARAGRAPH_PAUSE_S if number < len(paragraphs) else SENTENCE_PAUSE_S


def joined(pieces: Sequence[tuple[NDArray[np.float32], float]], sample_rate_hz: int) -> NDArray[np.float32]:
    """Sentences one after the other, each with the pause after it in seconds."""
    parts = [np.zeros(0, dtype=np.float32)]
    for piece, pause_s in pieces:
        parts += [piece, np.zeros(round(pause_s * sample_rate_hz), dtype=np.float32)]
    return np.concatenate(parts)


def _aligned(sound: SpeechSound, text: str, language: str) -> PhoneTimeline:
    try:
        return align_transcript(sound, text, language)
    except BadTranscript:
        # The network said something else than the text; an empty timeline lets the sound alone drive.
        return PhoneTimeline(phones=(), confidence=0.0)


def _word_times(sound: SpeechSound, text: str, language: str) -> tuple[SpokenWord, ...]:
    try:
        return lay_over(sound, text, language, JobContext()).words
    except BadTranscript:
        return ()
