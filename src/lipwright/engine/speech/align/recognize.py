"""Phones of English speech whose words are not known."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SpeechSound
from lipwright.engine.progress import JobContext
from lipwright.engine.speech.align.decoder import MODEL_RATE_HZ, make_decoder, model_path, pcm_of
from lipwright.engine.speech.align.pieces import cut_at_pauses
from lipwright.engine.speech.features import HOP_SAMPLES, loudness_db
from lipwright.engine.speech.phones import SILENCE, SYMBOLS, fill_timeline, shift_phones
from lipwright.engine.speech.values import Phone, PhoneTimeline

# Weight of the phone language model. Without it the decoder flickers between similar phones; past 2.5 it
# hears likely English whatever is said.
_LANGUAGE_WEIGHT = 2.0
# Paths this much less likely than the best are dropped. Narrower loses phones, wider only costs time.
_BEAM = 1e-20
# Share of 10 ms frames whose viseme class is right on clear English (design measurements: .75 to .82).
_USUAL_ACCURACY = 0.78
# A silence in which the sound is within this of the speech around it is a phone that was not understood.
_LOUD_SILENCE_DB = 14.0
_SPEECH_PERCENTILE = 85


def recognize_phones(sound: SpeechSound, context: JobContext | None = None) -> PhoneTimeline:
    """What is said in an English sound, phone by phone, over its whole length.

    Long sounds are heard in pieces. Right for about three of four phones; the times are good to some
    30 ms. Raises Cancelled through the context.
    """
    loud = loudness_db(sound)
    phones = tuple(_recognize_pieces(sound, loud, context or JobContext()))
    timeline = fill_timeline(phones, sound.duration_s)
    mended = _without_loud_silences(timeline.phones, loud)
    return fill_timeline(mended, sound.duration_s, confidence=_confidence(timeline, loud))


def _recognize_pieces(sound: SpeechSound, loud: NDArray[np.float32], context: JobContext) -> Iterator[Phone]:
    decoder = make_decoder(
        hmm=str(model_path() / "en-us"),
        allphone=str(model_path() / "en-us-phone.lm.bin"),
        lm=None,
        lw=_LANGUAGE_WEIGHT,
        beam=_BEAM,
        pbeam=_BEAM,
    )
    for first, after in cut_at_pauses(loud):
        context.check()
        samples = sound.samples[first * HOP_SAMPLES : after * HOP_SAMPLES]
        if not samples.any():
            continue  # the decoder hears phones in digital silence
        decoder.start_utt()
        decoder.process_raw(pcm_of(samples), full_utt=True)
        decoder.end_utt()
        heard = [
            Phone(
                symbol=segment.word if segment.word in SYMBOLS else SILENCE,
                start_s=segment.start_frame / MODEL_RATE_HZ,
                end_s=(segment.end_frame + 1) / MODEL_RATE_HZ,
            )
            for segment in decoder.seg() or ()
        ]
        yield from shift_phones(heard, first / CURVE_RATE_HZ)


def _without_loud_silences(phones: tuple[Phone, ...], loud: NDArray[np.float32]) -> list[Phone]:
    """Stretch the neighbours over silences in which the sound is as loud as speech."""
    speech_db = _speech_level(loud)
    mended: list[Phone] = []
    for phone in phones:
        rows = loud[round(phone.start_s * CURVE_RATE_HZ) : round(phone.end_s * CURVE_RATE_HZ)]
        is_loud = len(rows) > 0 and float(np.median(rows)) > speech_db - _LOUD_SILENCE_DB
        if phone.symbol == SILENCE and is_loud and mended and mended[-1].symbol != SILENCE:
            mended[-1] = replace(mended[-1], end_s=phone.end_s)
        else:
            mended.append(phone)
    return mended


def _confidence(timeline: PhoneTimeline, loud: NDArray[np.float32]) -> float:
    """The usual accuracy, less where phones are heard in quiet or silence in loud sound."""
    is_loud = loud > _speech_level(loud) - _LOUD_SILENCE_DB
    is_phone = np.zeros(len(loud), dtype=bool)
    for phone in timeline.phones:
        if phone.symbol != SILENCE:
            is_phone[round(phone.start_s * CURVE_RATE_HZ) : round(phone.end_s * CURVE_RATE_HZ)] = True
    if not is_phone.any():
        return 0.0
    return _USUAL_ACCURACY * math.sqrt(float(np.mean(is_loud[is_phone])))


def _speech_level(loud: NDArray[np.float32]) -> float:
    return float(np.percentile(loud, _SPEECH_PERCENTILE))
