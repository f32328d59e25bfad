"""English words against the sound with an acoustic model, in two passes.

The first pass finds every word in the whole sound; the second finds the phones, piece by piece, so that
memory does not grow with the length.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np
import pocketsphinx
from numpy.typing import NDArray
from scipy import ndimage

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.errors import BadTranscript
from lipwright.engine.media.values import SPEECH_RATE_HZ, SpeechSound
from lipwright.engine.progress import JobContext
from lipwright.engine.speech.align.by_voice import LaidText, find_pieces
from lipwright.engine.speech.align.decoder import MODEL_RATE_HZ, make_decoder, model_path, pcm_of
from lipwright.engine.speech.align.pieces import SHORTEST_PIECE_S
from lipwright.engine.speech.espeak import library as espeak
from lipwright.engine.speech.features import HOP_SAMPLES, loudness_db
from lipwright.engine.speech.phones import SILENCE, SYMBOLS, fill_timeline, shift_phones
from lipwright.engine.speech.values import Phone, SpokenWord
from lipwright.engine.speech.words.dictionary import dictionary
from lipwright.engine.speech.words.pronunciation import pronounce, words_of
from lipwright.engine.speech.words.text import sentences_of

_NOT_FIT = (
    "The transcript does not fit the sound, or noise covers the voice. "
    "Give the words that are heard, in their order and language."
)

# Beams of the word pass: the usual one, then one for noisy sound and slips of the tongue.
_BEAMS = (1e-60, 1e-110)
# Mean score of the model per frame over the phones (its own logarithm), against the best state of each
# frame; from it a fine is taken for phones squeezed to the model's shortest length, into which it presses
# words that are not there. Right transcripts of people come to -8 to -35, of eSpeak voices to -42; wrong
# ones to -47 to -80. The ends of the scale are a perfect and a hopeless fit.
_BEST_SCORE, _WORST_SCORE = -10.0, -60.0
_LOWEST_SCORE = -48.0
_SHORT_PHONE_FINE = 60.0
_SHORTEST_PHONE_FRAMES = 3
# Share of the loud frames that the words must cover: a short text "fits" into any long speech.
_LOWEST_COVER = 0.5
_LOUD_BELOW_PEAK_DB = 20.0

# The word pass takes longer per second the longer the sound is, so a long one is cut into sections of at
# least _SHORTEST_SECTION_S, at the quietest place within reach of where a sentence seems to begin.
_LONGEST_SECTION_S, _SHORTEST_SECTION_S = 60.0, 25.0
_CUT_REACH_S, _CUT_QUIET_ROWS = 0.4, 10

_FRAME_SAMPLES = SPEECH_RATE_HZ // MODEL_RATE_HZ


@dataclass(frozen=True, slots=True)
class _WordSpan:
    """One word in frames of the model: start, and the first frame after it."""

    word: str
    start: int
    end: int

    def shifted(self, by_s: float) -> SpokenWord:
        """The word in seconds, later by a time."""
        start_s, end_s = self.start / MODEL_RATE_HZ + by_s, self.end / MODEL_RATE_HZ + by_s
        return SpokenWord(text=self.word, start_s=start_s, end_s=end_s)


@dataclass(frozen=True, slots=True)
class _Section:
    """A stretch of the sound and the words that are said in it."""

    first_sample: int
    after_sample: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _ScoredPhone:
    phone: Phone
    score: float
    frames: int


def align_english(sound: SpeechSound, transcript: str, context: JobContext) -> LaidText:
    """See `align.align_words`."""
    words = words_of(transcript)
    if not words:
        raise BadTranscript("The transcript has no English words. Give the words that are heard.")
    scored: list[_ScoredPhone] = []
    found: list[SpokenWord] = []
    # Each decoder takes 80 MB, and the second is rarely needed.
    decoder_with = cache(partial(_decoder_for, words))
    for section in _sections(sound, transcript, context):
        context.check()
        part = SpeechSound(samples=sound.samples[section.first_sample : section.after_sample])
        offset_s = section.first_sample / SPEECH_RATE_HZ
        spans, entries = _align_section(decoder_with, part, section.words, context)
        for entry in entries:
            (phone,) = shift_phones([entry.phone], offset_s)
            scored.append(replace(entry, phone=phone))
        found += [span.shifted(offset_s) for span in spans]
    fit = _check_fit(scored, sound)
    return LaidText(
        phones=fill_timeline([entry.phone for entry in scored], sound.duration_s, confidence=fit),
        words=tuple(found),
    )


def _sections(sound: SpeechSound, transcript: str, context: JobContext) -> tuple[_Section, ...]:
    """A long sound cut where one sentence ends, as an embedded voice finds it; without one it stays whole."""
    whole = _Section(0, len(sound.samples), words_of(transcript))
    if sound.duration_s <= _LONGEST_SECTION_S or not espeak.is_installed():
        return (whole,)
    groups = [group for group in map(words_of, sentences_of(transcript)) if group]
    # Letters of abbreviations carry a full stop that a voice would take for the end of a sentence.
    spoken = [" ".join(word.strip(".") for word in group) for group in groups]
    starts_s = find_pieces(sound, spoken, "en", context)
    loud = loudness_db(sound)
    reach = round(_CUT_REACH_S * CURVE_RATE_HZ)
    sections: list[_Section] = []
    first_sample, words = 0, list(groups[0])
    for group, start_s in zip(groups[1:], starts_s[1:], strict=True):
        row = round(start_s * CURVE_RATE_HZ)
        nearby = ndimage.uniform_filter1d(loud[max(0, row - reach) : row + reach + 1], _CUT_QUIET_ROWS)
        cut = (max(0, row - reach) + int(np.argmin(nearby))) * HOP_SAMPLES if len(nearby) else first_sample
        if cut - first_sample >= _SHORTEST_SECTION_S * SPEECH_RATE_HZ:
            sections.append(_Section(first_sample, cut, tuple(words)))
            first_sample, words = cut, []
        words.extend(group)
    return (*sections, _Section(first_sample, len(sound.samples), tuple(words)))


def _align_section(
    decoder_with: Callable[[float], pocketsphinx.Decoder],
    sound: SpeechSound,
    words: Sequence[str],
    context: JobContext,
) -> tuple[Sequence[_WordSpan], list[_ScoredPhone]]:
    """Words and phones of one section; with the worst score, evenly spread, where the model finds no way."""
    for beam in _BEAMS:
        decoder = decoder_with(beam)
        spans = _find_words(decoder, sound, words)
        if spans is not None:
            break
    else:
        edges = np.linspace(0, sound.duration_s * MODEL_RATE_HZ, len(words) + 1).astype(int)
        evenly = [
            _WordSpan(word, int(a), int(b)) for word, a, b in zip(words, edges[:-1], edges[1:], strict=True)
        ]
        return evenly, list(_spread(evenly))
    phones: list[_ScoredPhone] = []
    for piece in _pieces(spans):
        context.check()
        phones += _find_phones(decoder, sound, piece)
    return spans, phones


def _decoder_for(words: Sequence[str], beam: float) -> pocketsphinx.Decoder:
    decoder = make_decoder(
        hmm=str(model_path() / "en-us"),
        dict=str(model_path() / "cmudict-en-us.dict"),
        lm=None,
        beam=beam,
        pbeam=beam,
        wbeam=beam,
    )
    new = [word for word in dict.fromkeys(words) if word not in dictionary()]
    for word in new:
        decoder.add_word(word, " ".join(pronounce(word)), word is new[-1])
    return decoder


def _find_words(
    decoder: pocketsphinx.Decoder, sound: SpeechSound, words: Sequence[str]
) -> tuple[_WordSpan, ...] | None:
    """Where every word is, or None when the model finds no way through."""
    try:
        decoder.set_align_text(" ".join(words))
        decoder.start_utt()
        decoder.process_raw(pcm_of(sound.samples), full_utt=True)
        decoder.end_utt()
    except RuntimeError:
        return None
    if decoder.hyp() is None:
        return None
    spans = tuple(
        _WordSpan(_bare(segment.word), segment.start_frame, segment.end_frame + 1)
        for segment in decoder.seg()
        if not segment.word.startswith(("<", "[", "+", "("))
    )
    return spans if [span.word for span in spans] == list(words) else None


def _bare(word: str) -> str:
    """A word without the number of its pronunciation: `read(2)` is `read`."""
    return word.split("(")[0]


def _pieces(spans: Sequence[_WordSpan]) -> Iterator[tuple[_WordSpan, ...]]:
    """Runs of words that last at least SHORTEST_PIECE_S, cut where words do not touch when possible."""
    shortest = SHORTEST_PIECE_S * MODEL_RATE_HZ
    first = 0
    for index in range(1, len(spans)):
        length = spans[index].start - spans[first].start
        touches = spans[index].start - spans[index - 1].end < 2
        if length >= (2 * shortest if touches else shortest):
            yield tuple(spans[first:index])
            first = index
    yield tuple(spans[first:])


def _find_phones(
    decoder: pocketsphinx.Decoder, sound: SpeechSound, piece: Sequence[_WordSpan]
) -> Iterator[_ScoredPhone]:
    first, after = piece[0].start, piece[-1].end
    samples = pcm_of(sound.samples[first * _FRAME_SAMPLES : after * _FRAME_SAMPLES])
    try:
        decoder.set_align_text(" ".join(span.word for span in piece))
        for is_phone_pass in (False, True):
            if is_phone_pass:
                decoder.set_alignment()
            decoder.start_utt()
            decoder.process_raw(samples, full_utt=True)
            decoder.end_utt()
        found = [entry for word in decoder.get_alignment() for entry in word]
    except (RuntimeError, TypeError):
        # The model lost its way within this piece; the words still have their times.
        yield from _spread(piece)
        return
    for entry in found:
        if entry.name in SYMBOLS and entry.name != SILENCE:
            start = first + entry.start
            phone = Phone(
                symbol=entry.name,
                start_s=start / MODEL_RATE_HZ,
                end_s=(start + entry.duration) / MODEL_RATE_HZ,
            )
            yield _ScoredPhone(phone, entry.score, entry.duration)


def _spread(piece: Sequence[_WordSpan]) -> Iterator[_ScoredPhone]:
    """The phones of each word, evenly over its time."""
    for span in piece:
        symbols = pronounce(span.word)
        edges = np.linspace(span.start, span.end, len(symbols) + 1) / MODEL_RATE_HZ
        frames = max(1, (span.end - span.start) // len(symbols))
        for symbol, start_s, end_s in zip(symbols, edges[:-1], edges[1:], strict=True):
            phone = Phone(symbol=symbol, start_s=float(start_s), end_s=float(end_s))
            yield _ScoredPhone(phone, _WORST_SCORE * frames, frames)


def _check_fit(scored: Sequence[_ScoredPhone], sound: SpeechSound) -> float:
    """How well the phones fit, 0 to 1. Raises BadTranscript when they do not."""
    frames = sum(entry.frames for entry in scored)
    if frames == 0:
        raise BadTranscript(_NOT_FIT)
    short = sum(entry.frames <= _SHORTEST_PHONE_FRAMES for entry in scored) / len(scored)
    score = sum(entry.score for entry in scored) / frames - _SHORT_PHONE_FINE * short
    cover = _cover(scored, sound.samples)
    if score < _LOWEST_SCORE or cover < _LOWEST_COVER:
        raise BadTranscript(_NOT_FIT)
    fit = min(1.0, max(0.0, (score - _WORST_SCORE) / (_BEST_SCORE - _WORST_SCORE)))
    return fit * math.sqrt(min(1.0, cover))


def _cover(scored: Sequence[_ScoredPhone], samples: NDArray[np.float32]) -> float:
    """Share of the loud frames of the sound that lie in phones."""
    count = len(samples) // _FRAME_SAMPLES
    power = np.mean(samples[: count * _FRAME_SAMPLES].reshape(count, _FRAME_SAMPLES) ** 2, axis=1)
    loud_db = 10 * np.log10(power + 1e-10)
    is_loud = loud_db > np.percentile(loud_db, 95) - _LOUD_BELOW_PEAK_DB
    is_said = np.zeros(count, dtype=bool)
    for entry in scored:
        start = round(entry.phone.start_s * MODEL_RATE_HZ)
        is_said[start : start + entry.frames] = True
    return float(np.mean(is_said[is_loud])) if is_loud.any() else 0.0
