"""The melody of speech: stressed syllables, phrases and pauses, for gestures to follow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, signal

from lipwright.engine.arrays import true_runs
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SpeechSound
from lipwright.engine.speech.features import track_pitch
from lipwright.engine.speech.phones import VOWEL
from lipwright.engine.speech.values import Accent, PhoneTimeline, Prosody, SpeechActivity, Stretch

# Shorter silences lie inside a word or between two words; a phrase goes on over them.
_SHORTEST_PAUSE_S = 0.25
# A sound without a neighbour for this long is a cough or a click, not a phrase.
_SHORTEST_PHRASE_S = 0.15

# Syllables without known phones: tops of the loudness, smoothed to the rate of syllables.
_SYLLABLE_SMOOTH_S = 0.04
_SYLLABLE_APART_S = 0.12
_SYLLABLE_DIP_DB = 2.0

# What makes a syllable stand out, in units of its spread over the sound: how much louder, higher and
# longer than the others it is; a stress that the voice or a dictionary knows counts as one spread.
_LOUDER, _HIGHER, _LONGER, _KNOWN = 1.0, 0.9, 0.5, 1.0
# A syllable counts as an accent from this much above the mean; full strength this much higher.
_ACCENT_FROM, _ACCENT_RANGE = 0.6, 2.2
# Between two accents at least this much: people stress two or three words a second at most.
_ACCENTS_APART_S = 0.3
# Loudness and pitch are compared with the seconds around, not with the whole talk.
_AROUND_S = 8.0


def find_prosody(
    sound: SpeechSound, activity: SpeechActivity, phones: PhoneTimeline | None = None
) -> Prosody:
    """Accents, phrases and pauses of a sound.

    phones: where the syllables are, when known; otherwise they are heard in the loudness.
    """
    duration_s = sound.duration_s
    phrases = _phrases(activity.is_speaking, duration_s)
    pauses = _between(phrases, duration_s)
    heard = _syllables_of_loudness(activity)
    syllables = _syllables_of_phones(phones) if phones else heard
    inside = [
        syllable
        for syllable in syllables
        if any(phrase.start_s <= syllable[0] <= phrase.end_s for phrase in phrases)
    ]
    f0_hz = track_pitch(sound).f0_hz
    return Prosody(
        accents=_accents(inside, _tone(f0_hz), activity),
        phrases=phrases,
        pauses=pauses,
        syllables_s=tuple(syllable[0] for syllable in heard),
        tone=np.where(f0_hz > 0, 12 * np.log2(np.maximum(f0_hz, 1)), np.nan).astype(np.float32),
    )


# A syllable: the middle of its vowel and its length in seconds, and whether it is known to be stressed.
_Syllable = tuple[float, float, bool]


def _phrases(is_speaking: NDArray[np.bool_], duration_s: float) -> tuple[Stretch, ...]:
    merged: list[Stretch] = []
    for first, after in true_runs(is_speaking):
        start_s, end_s = first / CURVE_RATE_HZ, after / CURVE_RATE_HZ
        if merged and start_s - merged[-1].end_s < _SHORTEST_PAUSE_S:
            merged[-1] = Stretch(start_s=merged[-1].start_s, end_s=end_s)
        else:
            merged.append(Stretch(start_s=start_s, end_s=end_s))
    kept = (phrase for phrase in merged if phrase.duration_s >= _SHORTEST_PHRASE_S)
    return tuple(Stretch(start_s=kept_.start_s, end_s=min(kept_.end_s, duration_s)) for kept_ in kept)


def _between(phrases: tuple[Stretch, ...], duration_s: float) -> tuple[Stretch, ...]:
    starts = [0.0, *(phrase.end_s for phrase in phrases)]
    ends = [*(phrase.start_s for phrase in phrases), duration_s]
    return tuple(
        Stretch(start_s=start_s, end_s=end_s)
        for start_s, end_s in zip(starts, ends, strict=True)
        if end_s - start_s > 1 / CURVE_RATE_HZ
    )


def _syllables_of_phones(phones: PhoneTimeline) -> list[_Syllable]:
    return [
        ((phone.start_s + phone.end_s) / 2, phone.end_s - phone.start_s, phone.stress == 1)
        for phone in phones.phones
        if phone.symbol in VOWEL
    ]


def _syllables_of_loudness(activity: SpeechActivity) -> list[_Syllable]:
    smooth = ndimage.gaussian_filter1d(
        activity.loudness_db.astype(np.float64), _SYLLABLE_SMOOTH_S * CURVE_RATE_HZ
    )
    tops, found = signal.find_peaks(
        smooth, prominence=_SYLLABLE_DIP_DB, distance=round(_SYLLABLE_APART_S * CURVE_RATE_HZ), width=1
    )
    widths_s = found["widths"] / CURVE_RATE_HZ
    return [
        (top / CURVE_RATE_HZ, min(float(width_s), 0.4), False)
        for top, width_s in zip(tops, widths_s, strict=True)
    ]


def _accents(
    syllables: list[_Syllable], tone: NDArray[np.floating], activity: SpeechActivity
) -> tuple[Accent, ...]:
    if not syllables:
        return ()
    times_s = np.array([syllable[0] for syllable in syllables])
    lengths_s = np.array([syllable[1] for syllable in syllables])
    known = np.array([float(syllable[2]) for syllable in syllables])
    rows = np.clip(np.round(times_s * CURVE_RATE_HZ).astype(int), 0, len(activity.loudness_db) - 1)
    reach = np.maximum(2, np.round(lengths_s * CURVE_RATE_HZ / 2).astype(int))
    loud = np.array(
        [activity.loudness_db[max(0, r - w) : r + w + 1].max() for r, w in zip(rows, reach, strict=True)]
    )
    high = np.array([tone[max(0, r - w) : r + w + 1].max() for r, w in zip(rows, reach, strict=True)])
    prominence = (
        _LOUDER * _standing_out(loud, times_s)
        + _HIGHER * _standing_out(high, times_s)
        + _LONGER * _standing_out(np.log(np.maximum(lengths_s, 0.02)), times_s)
        + _KNOWN * (known - known.mean())
    )
    prominence /= max(float(prominence.std()), 0.5)
    chosen: list[int] = []
    for index in np.argsort(-prominence):
        if prominence[index] < _ACCENT_FROM:
            break
        if all(abs(times_s[index] - times_s[other]) >= _ACCENTS_APART_S for other in chosen):
            chosen.append(int(index))
    return tuple(
        Accent(
            time_s=float(times_s[index]),
            strength=float(np.clip(0.3 + 0.7 * (prominence[index] - _ACCENT_FROM) / _ACCENT_RANGE, 0, 1)),
        )
        for index in sorted(chosen)
    )


def _standing_out(values: NDArray[np.floating], times_s: NDArray[np.float64]) -> NDArray[np.floating]:
    """Each value against those within _AROUND_S, in units of their spread."""
    first = np.searchsorted(times_s, times_s - _AROUND_S)
    after = np.searchsorted(times_s, times_s + _AROUND_S, side="right")
    out = np.zeros(len(values))
    for index, (low, high) in enumerate(zip(first, after, strict=True)):
        near = values[low:high]
        out[index] = (values[index] - near.mean()) / max(float(near.std()), 1e-3)
    return np.clip(out, -2.5, 2.5)


def _tone(f0_hz: NDArray[np.floating]) -> NDArray[np.floating]:
    """The pitch in semitones, held over unvoiced rows and freed of single octave errors."""
    voiced = np.flatnonzero(f0_hz > 0)
    if len(voiced) == 0:
        return np.zeros(len(f0_hz))
    tone = np.interp(np.arange(len(f0_hz)), voiced, 12 * np.log2(f0_hz[voiced]))
    return ndimage.median_filter(tone, size=7, mode="nearest")
