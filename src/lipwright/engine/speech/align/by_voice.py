"""A known text in any language against the sound: an embedded voice speaks it, and its times are warped.

The two sounds are compared by their cepstra and joined by dynamic time warping: coarsely over the whole,
then finely within a band around the coarse path.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy import fft, ndimage

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.errors import BadParameters, BadTranscript
from lipwright.engine.media.values import SPEECH_RATE_HZ, SpeechSound
from lipwright.engine.progress import JobContext
from lipwright.engine.speech.align.time_warping import warp_path
from lipwright.engine.speech.espeak import library as espeak
from lipwright.engine.speech.espeak.languages import Language, find_language, readable_scripts
from lipwright.engine.speech.features import log_mel, loudness_db, track_pitch
from lipwright.engine.speech.phones import SILENCE, fill_timeline, shift_phones
from lipwright.engine.speech.values import Phone, PhoneTimeline, SpokenWord
from lipwright.engine.speech.words.espeak_times import phones_of_speech, words_of_speech
from lipwright.engine.speech.words.text import check_script, prepare_text, sentences_of

# Cepstra that tell sounds apart whoever says them; higher ones hear the pitch of the speaker.
_CEPSTRA = 13
# Loudness counts as much as several cepstra: pauses and bursts are the surest landmarks. So does change.
_LOUDNESS_WEIGHT, _CHANGE_WEIGHT = 2.5, 0.7
# The coarse path is found on rows this long; a syllable is two of them.
_COARSE_STEP = 8
# How far the coarse path may leave the diagonal, as a share of the sound and at least; and the fine path
# the coarse one.
_COARSE_BAND_SHARE, _COARSE_BAND_S = 0.12, 20.0
_FINE_BAND_S = 0.5
# The rate at which the voice first speaks, and the range within which it then follows the sound's own.
_FIRST_WPM, _SLOWEST_WPM, _FASTEST_WPM = 165, 90, 380
# A speaker with a median pitch above is heard as a woman's or a child's voice.
_HIGH_VOICE_HZ = 160.0
_HIGH_VARIANT, _LOW_VARIANT = "f5", "m6"
# Quieter than this below the speech counts as silence.
_SILENT_BELOW_SPEECH_DB = 30.0
_SHORTEST_PAUSE_S = 0.15
# Mean distance along the path, in units of the distance of unrelated sounds. Another voice of the library
# comes to .18 to .25, people reading the text to .36 to .42, people reading another one to .45 and more.
_BEST_DISTANCE, _WORST_DISTANCE = 0.20, 0.46
_LOWEST_FIT = 0.14

_NOT_FIT = (
    "The transcript does not fit the sound, or noise covers the voice. "
    "Give the words that are heard, in their order and language."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reference:
    """The text as the voice says it, and its phones in that sound."""

    sound: SpeechSound
    phones: tuple[Phone, ...]
    words: tuple[SpokenWord, ...]
    piece_starts_s: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidText:
    """A text laid over a sound: its phones from 0 to the end, and its words."""

    phones: PhoneTimeline
    words: tuple[SpokenWord, ...]


def lay_over(sound: SpeechSound, transcript: str, language: str, context: JobContext) -> LaidText:
    """Phones and words of a transcript in a sound. Raises as `align.align_transcript` does."""
    reference, path, distance = _laid_over(sound, tuple(sentences_of(transcript)), language, context)
    fit = min(1.0, max(0.0, (_WORST_DISTANCE - distance) / (_WORST_DISTANCE - _BEST_DISTANCE)))
    if fit < _LOWEST_FIT:
        raise BadTranscript(_NOT_FIT)
    phones = [
        replace(phone, start_s=_time_of(path, phone.start_s), end_s=_time_of(path, phone.end_s))
        for phone in reference.phones
    ]
    return LaidText(
        phones=fill_timeline(_with_pauses(phones, loudness_db(sound)), sound.duration_s, confidence=fit),
        words=tuple(
            replace(word, start_s=_time_of(path, word.start_s), end_s=_time_of(path, word.end_s))
            for word in reference.words
        ),
    )


def find_pieces(
    sound: SpeechSound, pieces: Sequence[str], language: str, context: JobContext
) -> tuple[float, ...]:
    """Roughly when each piece of a text begins in a sound, seconds. Raises as `lay_over`, but for the fit."""
    reference, path, _ = _laid_over(sound, pieces, language, context)
    return tuple(_time_of(path, start_s) for start_s in reference.piece_starts_s)


def _laid_over(
    sound: SpeechSound, pieces: Sequence[str], language: str, context: JobContext
) -> tuple[_Reference, NDArray[np.float64], float]:
    """The text as spoken at the pace of the sound, the path from the sound to it, and the distance on it."""
    entry = find_language(language)
    if entry is None:
        raise BadParameters(f"No voice speaks the language {language[:32]!r}. `lipwright voices` lists them.")
    variant = _variant_for(sound)
    first = _speak(pieces, entry, variant, _FIRST_WPM, context)
    pace = _speech_length_s(first.sound) / max(_speech_length_s(sound), 0.1)
    wpm = round(min(_FASTEST_WPM, max(_SLOWEST_WPM, _FIRST_WPM * pace)))
    reference = _speak(pieces, entry, variant, wpm, context)
    context.check()
    path, distance = _join(_cepstra(sound), _cepstra(reference.sound))
    return reference, path, distance


def _speak(pieces: Sequence[str], entry: Language, variant: str, wpm: int, context: JobContext) -> _Reference:
    samples: list[NDArray[np.float32]] = []
    phones: list[Phone] = []
    words: list[SpokenWord] = []
    piece_starts_s: list[float] = []
    now_s = 0.0
    for piece in pieces:
        context.check()
        piece_starts_s.append(now_s)
        try:
            text = prepare_text(piece)
        except BadParameters:
            continue  # a piece of punctuation alone says nothing
        check_script(text, readable_scripts(entry), f"of {entry.words}")
        speech = espeak.synthesize(text, voice=f"{entry.espeak_name}+{variant}", rate_wpm=wpm)
        heard = soxr.resample(speech.samples, speech.sample_rate_hz, SPEECH_RATE_HZ).astype(np.float32)
        phones.extend(shift_phones(phones_of_speech(speech, entry.tag), now_s))
        words.extend(
            replace(word, start_s=word.start_s + now_s, end_s=word.end_s + now_s)
            for word in words_of_speech(speech, text)
        )
        samples.append(heard)
        now_s += len(heard) / SPEECH_RATE_HZ
    if all(phone.symbol == SILENCE for phone in phones):
        raise BadTranscript(
            f"The transcript has no words that are {entry.words}. Give the words that are heard."
        )
    return _Reference(
        sound=SpeechSound(samples=np.concatenate(samples)),
        phones=tuple(phones),
        words=tuple(words),
        piece_starts_s=tuple(piece_starts_s),
    )


def _variant_for(sound: SpeechSound) -> str:
    f0_hz = track_pitch(sound).f0_hz
    voiced = f0_hz[f0_hz > 0]
    return _HIGH_VARIANT if len(voiced) and float(np.median(voiced)) > _HIGH_VOICE_HZ else _LOW_VARIANT


def _silent_below_db(loud: NDArray[np.float32]) -> float:
    return float(np.percentile(loud, 90)) - _SILENT_BELOW_SPEECH_DB


def _speech_length_s(sound: SpeechSound) -> float:
    loud = loudness_db(sound)
    return float(np.mean(loud > _silent_below_db(loud))) * sound.duration_s


def _cepstra(sound: SpeechSound) -> NDArray[np.float32]:
    """Features that two speakers of the same words share, float32 (time, feature)."""
    mel = np.maximum(log_mel(sound), np.log(1e-7))
    cepstra = fft.dct(mel, type=2, axis=1, norm="ortho")[:, :_CEPSTRA]
    level = np.maximum(cepstra[:, 0], np.percentile(cepstra[:, 0], 90) - _SILENT_BELOW_SPEECH_DB)
    cepstra[:, 0] = level
    spoken = level > np.percentile(level, 90) - 0.7 * _SILENT_BELOW_SPEECH_DB
    centred = (cepstra - cepstra[spoken].mean(axis=0)) / np.maximum(cepstra[spoken].std(axis=0), 1e-3)
    # What is silent has a loudness and no colour: the colours of two rooms are not to be compared.
    centred[:, 1:] *= ndimage.uniform_filter1d(spoken.astype(np.float64), 5)[:, None]
    change = np.gradient(ndimage.gaussian_filter1d(centred, 2.0, axis=0), axis=0) * 5
    centred[:, 0] *= _LOUDNESS_WEIGHT
    return np.concatenate([np.clip(centred, -4, 4), _CHANGE_WEIGHT * np.clip(change, -4, 4)], axis=1).astype(
        np.float32
    )


def _join(rows: NDArray[np.float32], columns: NDArray[np.float32]) -> tuple[NDArray[np.float64], float]:
    """For every row of the sound the row of the reference; and the distance along that path."""
    coarse_rows, coarse_columns = _coarse(rows), _coarse(columns)
    straight = np.linspace(0, len(coarse_columns) - 1, len(coarse_rows))
    coarse_band = max(
        int(_COARSE_BAND_SHARE * len(coarse_columns)), round(_COARSE_BAND_S * CURVE_RATE_HZ / _COARSE_STEP)
    )
    coarse_path, _ = warp_path(coarse_rows, coarse_columns, straight, coarse_band)
    centre = np.interp(
        np.arange(len(rows)),
        np.arange(len(coarse_path)) * _COARSE_STEP + _COARSE_STEP / 2,
        coarse_path * _COARSE_STEP + _COARSE_STEP / 2,
    )
    path, distance = warp_path(rows, columns, centre, round(_FINE_BAND_S * CURVE_RATE_HZ))
    rng = np.random.default_rng(0)
    unrelated = np.linalg.norm(
        rows[rng.integers(0, len(rows), 2000)] - columns[rng.integers(0, len(columns), 2000)], axis=1
    )
    return path, distance / max(float(unrelated.mean()), 1e-6)


def _coarse(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    smooth = ndimage.uniform_filter1d(rows, _COARSE_STEP, axis=0, mode="nearest")
    return smooth[_COARSE_STEP // 2 :: _COARSE_STEP] if len(rows) > _COARSE_STEP else smooth[:1]


def _time_of(path: NDArray[np.float64], reference_s: float) -> float:
    """When the sound says what the reference says at a time."""
    column = reference_s * CURVE_RATE_HZ
    low = int(np.searchsorted(path, column - 0.5))
    high = int(np.searchsorted(path, column + 0.5, side="right"))
    return (low + max(low, high - 1)) / 2 / CURVE_RATE_HZ


def _with_pauses(phones: list[Phone], loud: NDArray[np.float32]) -> Iterator[Phone]:
    """Silence where the sound is silent for a while within a phone: the speaker paused, the voice did not."""
    is_silent = loud < _silent_below_db(loud)
    for phone in phones:
        first, after = round(phone.start_s * CURVE_RATE_HZ), round(phone.end_s * CURVE_RATE_HZ)
        runs, count = ndimage.label(is_silent[first:after])
        if phone.symbol == SILENCE or count == 0:
            yield phone
            continue
        longest = max(range(1, count + 1), key=lambda run: int((runs == run).sum()))
        places = np.flatnonzero(runs == longest) + first
        start_s, end_s = places[0] / CURVE_RATE_HZ, (places[-1] + 1) / CURVE_RATE_HZ
        if end_s - start_s < _SHORTEST_PAUSE_S:
            yield phone
            continue
        if start_s > phone.start_s:
            yield replace(phone, end_s=start_s)
        yield Phone(symbol=SILENCE, start_s=start_s, end_s=end_s)
        if end_s < phone.end_s:
            yield replace(phone, start_s=end_s)
