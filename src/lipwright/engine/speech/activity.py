"""When somebody speaks.

A detector made for telephones calls music speech, and loudness calls everything speech. Here several weak
witnesses are weighed together: what changes as fast as syllables, with a voice's melody, above the noise.
"""

from __future__ import annotations

import numpy as np
import webrtcvad
from numpy.typing import NDArray
from scipy import ndimage, signal

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SPEECH_RATE_HZ, SpeechSound
from lipwright.engine.speech.align.decoder import pcm_of
from lipwright.engine.speech.features import (
    HOP_SAMPLES,
    PitchTrack,
    log_mel,
    loudness_db,
    row_count,
    track_pitch,
)
from lipwright.engine.speech.singing import AUDIBLE_BELOW_DB, held_notes, sung_rows, without_speech
from lipwright.engine.speech.values import SpeechActivity

# Level under which the mouth rests, dB full scale. A quiet talker recorded low lies near -45; room noise
# and breath of a fair recording below -55.
QUIET_MOUTH_DB = -55.0
# The level fades the activity in over this many decibels, so that the mouth does not switch.
_QUIET_FADE_DB = 6.0

_WEBRTC_MODE = 2  # of 0 to 3; 3 misses soft ends of words, 0 hears speech in every fan
# Mel bands 6 to 31 hold the formants, 250 to 4000 Hz.
_SPEECH_BANDS = slice(6, 32)
# Digital silence counts as noise this soft (log of power): silence beside speech is not infinitely far below.
_SOFT_NOISE = float(np.log(1e-7))
# A band is empty whose loudest rows around (this percentile) lie so far below those of the loudest band, and
# has a hole where it falls far below it beside others that sound (natural logarithms of power: 40 and 55 dB).
# The highest band of an old recording lies 35 dB below the loudest.
_LOUDEST_PERCENTILE = 95
_EMPTY_BELOW, _HOLE_BELOW = 9.2, 12.7
# Syllables come at 3 to 8 a second; beats and vibrato lie beside.
_SYLLABLE_HZ = (2.5, 9.0)
# How far back and ahead the noise floor is looked for. Shorter, and a long vowel becomes the floor.
_FLOOR_WINDOW_S = 6.0
_FLOOR_PERCENTILE = 10
_LEVEL_PERCENTILE = 90
# Quiet this far below the speech around is a pause. Soft consonants lie 25 dB below the vowels, the tail
# of a room 35.
_PAUSE_BELOW_SPEECH_DB = 32.0
_SHORT_S, _LONG_S = 0.15, 1.0
# Speech is not switched off for less than a closure and a short pause, nor on for less than a syllable.
_SMOOTH_S = 0.12

# Where a voice is heard surely in part of the seconds around, doubtful rows count for it: hissing old
# recordings lose words otherwise. Without the condition music becomes speech, and without a level above
# the noise floor every noisy pause does.
_CONTEXT_S, _BENEFIT = 8.0, 1.5
_OVER_FLOOR = 3

# More than this makes nothing surer.
_CLEAREST = 6.0

# Weights of the witnesses in the order of `evidence`, then the bias: a logistic regression on ten minutes
# of prompts in English, French, Italian and Russian, clean and with music, pink and white noise, hum and
# pulsing noise 5 to 25 dB below, and on music and noise alone. On speakers and a piece of music that the
# fit had not heard, 92 % of speech rows and 3 % of the others were taken for speech.
_WEIGHTS = np.array([1.17, -0.26, 0.18, 0.44, 1.63, 2.81, 0.79, 3.57, -4.31, -3.62, -0.36, -4.23])


def detect_activity(sound: SpeechSound, quiet_mouth_db: float = QUIET_MOUTH_DB) -> SpeechActivity:
    """Where the sound is speech and how loud it is.

    quiet_mouth_db: rows quieter than this never count as speech.
    """
    loud = loudness_db(sound)
    mel, pitch = log_mel(sound), track_pitch(sound)
    witnesses = _evidence(sound, mel, pitch)
    score = witnesses @ _WEIGHTS[:-1] + _WEIGHTS[-1]
    smooth = ndimage.gaussian_filter1d(score, _SMOOTH_S * CURVE_RATE_HZ / 2)
    surely = _around(_probability(smooth), _CONTEXT_S)
    doubt = np.clip((surely - 0.3) / 0.3, 0.0, 1.0) * np.clip(witnesses[:, _OVER_FLOOR] / 0.3, 0.0, 1.0)
    spoken, held = _probability(smooth + _BENEFIT * doubt), held_notes(pitch)
    over_speech_db = loud - _speech_level(loud)
    audible = over_speech_db > -AUDIBLE_BELOW_DB
    sung = without_speech(sung_rows(witnesses, mel, pitch), spoken, held, audible)
    speaking = np.maximum(spoken, sung)
    speaking *= _fade_in(loud - quiet_mouth_db, 0.0)
    # Between two phrases the witnesses that look around still hear speech; the level does not.
    speaking *= _fade_in(over_speech_db, -_PAUSE_BELOW_SPEECH_DB)
    # What is heard as speech may be taken for singing as well: notes that are held decide.
    singing = sung * speaking * np.maximum(held, 1 - _around(_probability(smooth), _LONG_S))
    return SpeechActivity(
        speaking=speaking.astype(np.float32),
        loudness_db=loud,
        singing=singing.astype(np.float32),
        f0_hz=pitch.f0_hz,
    )


def speech_evidence(sound: SpeechSound) -> float:
    """How much speaks for speech in all of a sound: the sum of what is for it, over its length; 0 for none.

    Clear speech with few pauses has about 4, a very old recording .6.
    """
    score = evidence(sound) @ _WEIGHTS[:-1] + _WEIGHTS[-1]
    speaking = detect_activity(sound).speaking
    return float((np.clip(score, 0, _CLEAREST) * speaking).mean())


def _probability(score: NDArray[np.floating]) -> NDArray[np.float64]:
    probability: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(score, -30, 30)))
    return probability


def _fade_in(level_db: NDArray[np.floating], from_db: float) -> NDArray[np.float64]:
    """0 below a level, 1 above, over _QUIET_FADE_DB around it."""
    fade: NDArray[np.float64] = np.clip((level_db - from_db) / _QUIET_FADE_DB + 0.5, 0.0, 1.0)
    return fade


def _speech_level(loud: NDArray[np.float32]) -> NDArray[np.float64]:
    """The level that nine tenths of the surrounding seconds stay below, row by row."""
    return _running_percentile(loud, _LEVEL_PERCENTILE)


def evidence(sound: SpeechSound) -> NDArray[np.float32]:
    """What speaks for speech, row by row, float32 (time, 11); none of it depends on the recording level.

    0 the WebRTC detector, 1 the same around, 2 level over the noise floor, 3 the same around,
    4 periodicity, 5 the same around, 6 change of loudness at the rate of syllables, 7 how differently the
    bands change, 8 sameness of the spectrum with 200 ms ago, 9 steadiness of the pitch, 10 share of quiet
    rows around.
    """
    return _evidence(sound, log_mel(sound), track_pitch(sound))


def _evidence(sound: SpeechSound, mel: NDArray[np.float32], pitch: PitchTrack) -> NDArray[np.float32]:
    webrtc = _webrtc(sound)
    bands = _carried(mel[:, _SPEECH_BANDS])
    level_db = (10 / np.log(10)) * np.maximum(bands.mean(axis=1), _SOFT_NOISE)
    over_floor = np.clip(level_db - _running_percentile(level_db, _FLOOR_PERCENTILE), 0, 40) / 20
    swing = _swing(level_db)
    rate = signal.butter(2, _SYLLABLE_HZ, "bandpass", fs=CURVE_RATE_HZ, output="sos")
    padded = np.maximum(bands, _SOFT_NOISE) - level_db[:, None] * (np.log(10) / 10)
    if len(padded) > 30:
        padded = signal.sosfiltfilt(rate, padded, axis=0).astype(np.float32)
    colour = _strength((padded**2).mean(axis=1))
    return np.stack(
        [
            webrtc,
            _around(webrtc, _LONG_S),
            over_floor,
            _around(over_floor, _SHORT_S),
            pitch.periodicity,
            _around(pitch.periodicity, _LONG_S),
            swing / 6,
            colour,
            _sameness(bands),
            _steadiness(pitch.f0_hz),
            _around((over_floor < 0.35).astype(np.float32), _LONG_S),
        ],
        axis=1,
    ).astype(np.float32)


def _carried(bands: NDArray[np.float32]) -> NDArray[np.float32]:
    """The bands, with those in which the sound has nothing going along with the others.

    A telephone ends at 3400 Hz, a codec of few bits leaves holes. The edge between sound and nothing would
    look like a chord that is held, and holes that come and go like syllables.
    """
    loudest = np.stack([_running_percentile(band, _LOUDEST_PERCENTILE) for band in bands.T], axis=1)
    top = loudest.max(axis=1, keepdims=True)
    is_sounding = bands.max(axis=1, keepdims=True) > top - _EMPTY_BELOW
    is_empty = (loudest < top - _EMPTY_BELOW) | (is_sounding & (bands < top - _HOLE_BELOW))
    others = np.where(is_empty, 0.0, bands).sum(axis=1) / np.maximum(1, (~is_empty).sum(axis=1))
    return np.where(is_empty, others[:, None], bands).astype(np.float32)


def _around(curve: NDArray[np.floating], window_s: float) -> NDArray[np.float64]:
    return ndimage.uniform_filter1d(
        curve.astype(np.float64), max(1, round(window_s * CURVE_RATE_HZ)), mode="nearest"
    )


def _strength(squares: NDArray[np.floating]) -> NDArray[np.float64]:
    """Root of the mean of the squares around each row."""
    # The running mean can end a rounding error below zero, after which a root is no number.
    return np.asarray(np.sqrt(np.maximum(0.0, _around(squares, _LONG_S))))


def _running_percentile(level_db: NDArray[np.floating], percentile: int) -> NDArray[np.float64]:
    """The level that a share of the surrounding _FLOOR_WINDOW_S to both sides stays below."""
    # A tenth of a second is fine enough for a floor, and ten times cheaper than every row.
    step = CURVE_RATE_HZ // 10
    coarse = level_db[::step].astype(np.float64)
    window = round(2 * _FLOOR_WINDOW_S * 10) + 1
    floor = ndimage.percentile_filter(coarse, percentile, size=window, mode="nearest")
    smooth = ndimage.uniform_filter1d(floor, 11, mode="nearest")
    return np.interp(np.arange(len(level_db)), np.arange(len(coarse)) * step, smooth)


def _swing(level_db: NDArray[np.floating]) -> NDArray[np.float64]:
    """How strongly the loudness changes at the rate of syllables, decibels."""
    if len(level_db) <= 30:
        return np.zeros(len(level_db))
    rate = signal.butter(2, _SYLLABLE_HZ, "bandpass", fs=CURVE_RATE_HZ, output="sos")
    change = signal.sosfiltfilt(rate, level_db)
    return _strength(change**2)


def _sameness(bands: NDArray[np.float32]) -> NDArray[np.float64]:
    """Likeness of each row's spectrum to that of 200 ms before, -1 to 1, averaged around.

    A held chord stays itself, a voice does not; digital silence is no chord.
    """
    lag = round(0.2 * CURVE_RATE_HZ)
    if len(bands) <= lag:
        return np.zeros(len(bands))
    audible = np.maximum(bands, _SOFT_NOISE)
    shape = audible - audible.mean(axis=1, keepdims=True)
    shape /= np.maximum(np.linalg.norm(shape, axis=1, keepdims=True), 1e-6)
    alike = np.concatenate([np.zeros(lag), (shape[lag:] * shape[:-lag]).sum(axis=1)])
    return _around(alike, _LONG_S)


def _steadiness(f0_hz: NDArray[np.float32]) -> NDArray[np.float64]:
    """Share of voiced rows around whose pitch moves by less than a tenth of a semitone in 20 ms."""
    if len(f0_hz) < 3:
        return np.zeros(len(f0_hz))
    tone = 12 * np.log2(np.maximum(f0_hz, 1.0))
    voiced = (f0_hz[2:] > 0) & (f0_hz[:-2] > 0)
    steady = voiced & (np.abs(tone[2:] - tone[:-2]) < 0.1)
    share = _around(np.pad(steady.astype(np.float64), 1), _LONG_S)
    spread = np.maximum(_around(np.pad(voiced.astype(np.float64), 1), _LONG_S), 0.1)
    return np.divide(share, spread)


def _webrtc(sound: SpeechSound) -> NDArray[np.float32]:
    """What the WebRTC detector says of each row, float32 (time,), 0 or 1."""
    detector = webrtcvad.Vad(_WEBRTC_MODE)
    out = np.zeros(row_count(sound), dtype=np.float32)
    for row in range(len(sound.samples) // HOP_SAMPLES):
        pcm = pcm_of(sound.samples[row * HOP_SAMPLES : (row + 1) * HOP_SAMPLES])
        out[row] = detector.is_speech(pcm, SPEECH_RATE_HZ)
    return out
