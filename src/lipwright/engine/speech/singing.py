"""When somebody sings: what speech detectors take for a chord, because it is held, in tune and steady.

A sung voice bends its pitch in a way that strings and pipes seldom do, is one series of overtones rather than
several, and changes its vowel from note to note where an instrument keeps its colour.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.speech.features import PitchTrack

# A jump of the pitch by more in one row is an octave that the tracker mistook.
_JUMP_SEMITONES = 1.5
# The pitch against its mean over this long is vibrato; that mean against a longer one is melody.
_VIBRATO_S, _MELODY_S = 0.19, 0.45
# How long the bend of the pitch, and how long the colours of the vowels, are looked at.
_BEND_S, _COLOURS_S = 0.6, 3.0
# Rows as periodic as this are sung, not drummed.
_PERIODIC = 0.55
# Power so far below the loudest says nothing of a vowel (natural logarithm).
_COLOUR_SPAN = 12.0
# Cepstra whose change is looked at: broad formants, no single overtone.
_CEPSTRA = slice(1, 5)
# Witnesses are averaged over a second: a note tells little, a bar much.
_SPAN_S = 1.0

# Which columns of `activity.evidence` count here: level over the floor, periodicity, the same around, swing,
# colour, sameness, steadiness.
EVIDENCE_COLUMNS = [2, 4, 5, 6, 7, 8, 9]
# Their weights, then those of vibrato, melody, share of voiced rows and the four colours, then the bias: a
# logistic regression on 46 songs by a formant singer (men, women, choirs, with and without vibrato, alone and
# over music 2 to 12 dB softer) and 23 pieces of music without a voice.
_WEIGHTS = np.array([1.5, 17.19, -9.31, -2.74, -3.28, 2.47, -7.61, -0.46, -0.1, 6.66, 0.0, 0.88, 1.39, -0.01])
_BIAS = -12.25
# Singing begins where it is sure and reaches as far as it is likely. With these no row of the 23 pieces is
# sung, and .75 of the songs' rows are. A piece that the fit had not heard passes in .02 of its rows.
_SURE, _LIKELY = 2.5, 0.0
# A shorter stretch is no song: at the end of two seconds of music the witnesses erred for .7 s; the shortest
# phrase of a song lasts twice as long.
_SHORTEST_S = 1.0

# A note keeps its pitch, vibrato aside, for this long within so many semitones a second. Speech glides: of 18
# speakers two hold a word so, for less than a third of any second and a half; singers do most of the time.
_HELD_S, _HELD_SEMITONES_PER_S = 0.3, 6.0
_HELD_SPAN_S, _HELD_SHARES = 1.5, (0.35, 0.5)
# Who holds a note sings those around it, too.
_SONG_S = 4

# What sounds sung is speech where its loud rows, down to so far below the speech around, are surely heard as
# speech and no note is held: the hum under an old recording is as steady as a song, and with it every pause
# would be sung. Songs over a band come to .16 to .54, such a recording to .88; a woman alone to .94, with
# notes that are held in .68 of it.
AUDIBLE_BELOW_DB = 15.0
_SONG_UNTIL, _SPEECH_FROM = 0.65, 0.80
_HELD_BY_SINGERS = 0.5


def sung_rows(
    witnesses: NDArray[np.float32], mel: NDArray[np.float32], pitch: PitchTrack
) -> NDArray[np.float32]:
    """How surely somebody sings, float32 (row,), 0 or near 1.

    witnesses: of `activity.evidence`. mel: of `features.log_mel`.
    """
    count = len(witnesses)
    if count < CURVE_RATE_HZ:
        return np.zeros(count, np.float32)
    rows = np.concatenate([witnesses[:, EVIDENCE_COLUMNS], _bends(pitch), _colours(mel, pitch)], axis=1)
    score = _mean(rows.astype(np.float64), _SPAN_S) @ _WEIGHTS + _BIAS
    score = ndimage.uniform_filter1d(score, CURVE_RATE_HZ // 2)
    labels, _ = ndimage.label(score > _LIKELY)
    kept = np.unique(labels[score > _SURE])
    kept = kept[(kept > 0) & (np.bincount(labels.ravel())[kept] >= _SHORTEST_S * CURVE_RATE_HZ)]
    sung = np.isin(labels, kept).astype(np.float32)
    return np.asarray(ndimage.uniform_filter1d(sung, CURVE_RATE_HZ // 10), dtype=np.float32)


def held_notes(pitch: PitchTrack) -> NDArray[np.float64]:
    """How surely notes are held around, as in no speech, float64 (row,), 0 to 1."""
    tone, voiced = _tone(pitch)
    still = _voiced_mean(tone, voiced, _VIBRATO_S)
    speed = np.abs(np.gradient(still)) * CURVE_RATE_HZ if len(still) > 1 else np.zeros(len(still))
    labels, count = ndimage.label(voiced & (speed < _HELD_SEMITONES_PER_S))
    lengths = np.bincount(labels.ravel(), minlength=count + 1)
    lengths[0] = 0
    held = (lengths >= _HELD_S * CURVE_RATE_HZ)[labels].astype(np.float64)
    few, many = _HELD_SHARES
    sure = np.clip((_mean(held, _HELD_SPAN_S) - few) / (many - few), 0.0, 1.0)
    near: NDArray[np.float64] = ndimage.maximum_filter1d(sure, _SONG_S * CURVE_RATE_HZ)
    return near


def without_speech(
    sung: NDArray[np.float32],
    spoken: NDArray[np.floating],
    held: NDArray[np.floating],
    audible: NDArray[np.bool_],
) -> NDArray[np.float32]:
    """What sounds sung, less so the stretches that are plainly speech, float32 (row,), 0 to 1.

    sung: of `sung_rows`. spoken: float (row,), how surely somebody speaks. held: of `held_notes`. audible:
    bool (row,), rows of the voice rather than of its pauses.
    """
    kept = sung.copy()
    stretches, count = ndimage.label(sung > 0)
    for stretch in range(1, count + 1):
        inside = stretches == stretch
        rows = inside & audible
        if rows.any():
            unlike = float(np.interp(spoken[rows].mean(), [_SONG_UNTIL, _SPEECH_FROM], [1.0, 0.0]))
            kept[inside] *= max(unlike, min(1.0, float(held[rows].mean()) / _HELD_BY_SINGERS))
    return kept


def _bends(pitch: PitchTrack) -> NDArray[np.float64]:
    """Vibrato and melody in semitones, and the share of voiced rows, float64 (row, 3)."""
    tone, voiced = _tone(pitch)
    still = _voiced_mean(tone, voiced, _VIBRATO_S)
    vibrato = np.clip(_voiced_mean(tone, voiced, 0.03) - still, -2, 2)
    melody = np.clip(still - _voiced_mean(tone, voiced, _MELODY_S), -3, 3)
    sizes = [np.sqrt(np.maximum(0.0, _voiced_mean(curve**2, voiced, _BEND_S))) for curve in (vibrato, melody)]
    return np.stack([np.clip(sizes[0], 0, 1), np.clip(sizes[1], 0, 2), voiced.astype(np.float64)], axis=1)


def _tone(pitch: PitchTrack) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The pitch in semitones over 1 Hz, float64 (row,), and where it is one, bool (row,)."""
    tone = 12 * np.log2(np.maximum(pitch.f0_hz, 1.0).astype(np.float64))
    return tone, (pitch.f0_hz > 0) & (np.abs(np.diff(tone, prepend=tone[:1])) < _JUMP_SEMITONES)


def _voiced_mean(curve: NDArray[np.float64], voiced: NDArray[np.bool_], span_s: float) -> NDArray[np.float64]:
    weight = voiced.astype(np.float64)
    return _mean(curve * weight, span_s) / np.maximum(_mean(weight, span_s), 0.05)


def _colours(mel: NDArray[np.float32], pitch: PitchTrack) -> NDArray[np.float64]:
    """How much the colour of what is periodic changes around each row, float64 (row, 4)."""
    floored = np.maximum(mel, mel.max(initial=-30.0) - _COLOUR_SPAN)
    cepstra = fft.dct(floored, axis=1, norm="ortho")[:, _CEPSTRA].astype(np.float64)
    cepstra = ndimage.gaussian_filter1d(cepstra, 0.06 * CURVE_RATE_HZ, axis=0)
    weight = (pitch.periodicity > _PERIODIC).astype(np.float64)[:, None]

    def mean(rows: NDArray[np.float64]) -> NDArray[np.float64]:
        return _mean(rows * weight, _COLOURS_S) / np.maximum(_mean(weight, _COLOURS_S), 0.05)

    return np.sqrt(np.maximum(0.0, mean(cepstra**2) - mean(cepstra) ** 2))


def _mean(rows: NDArray[np.float64], span_s: float) -> NDArray[np.float64]:
    size = max(1, round(span_s * CURVE_RATE_HZ))
    return np.asarray(ndimage.uniform_filter1d(rows, size, axis=0), dtype=np.float64)
