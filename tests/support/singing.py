"""A small singer: vowels at pitches, with vibrato and consonants between, for the tests of songs.

sing([Note("m", "a", 57, 0.8), Note("l", "o", 60, 1.2)]) is a voice alone; `band` are chords to sing over, and
`choir` is many singers at once. All of it is made on the spot, float32 (sample,) at 16 kHz.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import signal

RATE_HZ = 16_000
# The first four formants of a man's vowels, Hz.
FORMANTS_HZ = {
    "a": (730, 1090, 2440, 3300),
    "e": (530, 1840, 2480, 3300),
    "i": (280, 2250, 2900, 3300),
    "o": (500, 850, 2410, 3300),
    "u": (310, 870, 2240, 3300),
    "m": (250, 1000, 2200, 3300),
    "l": (360, 1300, 2700, 3300),
}
BANDWIDTHS_HZ = (70, 90, 130, 200)
CONSONANT_S = 0.09
VIBRATO_HZ = 5.6


@dataclass(frozen=True, slots=True)
class Note:
    """A syllable: consonant ("m", "l", "s" or "" for none), vowel, pitch (57 is 220 Hz) and length."""

    consonant: str
    vowel: str
    pitch: float
    length_s: float


# Two phrases with a rest of 0.8 s between.
SONG = (
    Note("m", "a", 50, 0.9),
    Note("l", "i", 53, 0.6),
    Note("", "o", 55, 1.2),
    Note("", "", 0, 0.8),
    Note("m", "u", 53, 0.7),
    Note("l", "a", 57, 1.4),
)
# Who pronounces nothing but vowels has formants higher by this in a woman's head.
WOMAN = 1.17


def sing(
    notes: Sequence[Note] = SONG,
    vibrato_semitones: float = 0.6,
    tract: float = 1.0,
    transpose: float = 0.0,
    seed: int = 0,
) -> NDArray[np.float32]:
    """The notes sung. vibrato_semitones: to either side. tract: factor on the formants, WOMAN for hers."""
    rng = np.random.default_rng(seed)
    parts = [_sung(note, vibrato_semitones, tract, transpose, rng) for note in notes]
    return np.asarray(np.concatenate(parts), np.float32)


def choir(notes: Sequence[Note] = SONG, singers: int = 6) -> NDArray[np.float32]:
    """Men and women who sing the same, neither quite together nor quite in tune."""
    rng = np.random.default_rng(3)
    length = round(sum(note.length_s for note in notes) * RATE_HZ) + RATE_HZ // 10
    together = np.zeros(length, np.float32)
    for singer in range(singers):
        woman = singer % 2 == 1
        voice = sing(
            notes,
            vibrato_semitones=float(rng.uniform(0.2, 0.6)),
            tract=WOMAN * float(rng.uniform(0.95, 1.05)) if woman else float(rng.uniform(0.95, 1.05)),
            transpose=(12 if woman else 0) + float(rng.normal(0, 0.1)),
            seed=singer,
        )
        late = int(rng.integers(0, RATE_HZ // 30))
        together[late : late + len(voice)] += voice[: length - late]
    return np.asarray(together / np.sqrt(singers), np.float32)


def band(duration_s: float, beat_s: float = 0.5) -> NDArray[np.float32]:
    """Music without a voice: plucked chords, a bass and a drum that keeps the beat."""
    times_s = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    step = (times_s / (2 * beat_s)).astype(int) % 4
    roots_hz = np.array([146.8, 116.5, 174.6, 130.8])[step]
    decay = np.exp(-2.5 * (times_s % beat_s))
    chords = sum(
        np.sin(2 * np.pi * roots_hz * interval * overtone * times_s) / overtone
        for interval in (1.0, 1.2, 1.5)
        for overtone in (1, 2, 3)
    )
    bass = np.sin(np.pi * roots_hz * times_s)
    noise = np.random.default_rng(5).standard_normal(len(times_s))
    drum = noise * np.exp(-40 * (times_s % beat_s)) * (times_s % (2 * beat_s) > beat_s)
    return np.asarray(0.05 * decay * np.asarray(chords) + 0.08 * decay * bass + 0.1 * drum, np.float32)


def drums(duration_s: float, beat_s: float = 0.5) -> NDArray[np.float32]:
    """What a rapper has behind: a deep drum, a snare and a hat, nothing with a melody."""
    times_s = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    noise = np.random.default_rng(6).standard_normal(len(times_s))
    phase_s = times_s % (2 * beat_s)
    kick = np.sin(2 * np.pi * 55 * phase_s) * np.exp(-18 * phase_s)
    snare_s = np.where(phase_s > beat_s, phase_s - beat_s, 9.0)
    hat = np.diff(noise, prepend=0.0) * np.exp(-60 * (times_s % (beat_s / 2)))
    return np.asarray(0.3 * kick + 0.12 * noise * np.exp(-25 * snare_s) + 0.03 * hat, np.float32)


def over(
    voice: NDArray[np.float32], music: NDArray[np.float32], above_db: float = 6.0
) -> NDArray[np.float32]:
    """A voice over music that is so much softer."""
    music = np.resize(music, len(voice))
    ratio = np.sqrt(np.mean(voice[voice != 0] ** 2) / np.mean(music**2))
    return np.asarray(voice + music * ratio * 10 ** (-above_db / 20), np.float32)


def vowel_spans_s(notes: Sequence[Note] = SONG) -> list[tuple[str, float, float]]:
    """Every vowel with its start and end."""
    spans, now_s = [], 0.0
    for note in notes:
        start_s = now_s + (CONSONANT_S if note.consonant else 0.0)
        now_s += note.length_s
        if note.vowel:
            spans.append((note.vowel, start_s, now_s))
    return spans


def _sung(
    note: Note, vibrato_semitones: float, tract: float, transpose: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    count = round(note.length_s * RATE_HZ)
    if not note.vowel:
        return np.zeros(count)
    times_s = np.arange(count) / RATE_HZ
    grown = np.clip((times_s - 0.2) / 0.2, 0, 1)
    bend = vibrato_semitones * grown * np.sin(2 * np.pi * (VIBRATO_HZ * times_s + rng.uniform()))
    pitch_hz = 440 * 2 ** ((note.pitch + transpose + bend - 69) / 12)
    phase = np.cumsum(pitch_hz) / RATE_HZ
    # A buzz whose harmonics fall by 12 dB an octave, and a breath.
    harmonics = np.arange(1, max(2, int(5500 / pitch_hz.max())))
    buzz = (np.sin(2 * np.pi * phase[:, None] * harmonics) / harmonics**1.2).sum(axis=1)
    buzz += 0.02 * rng.standard_normal(count)
    vowel = _through(buzz, FORMANTS_HZ[note.vowel], tract)
    edge = round(CONSONANT_S * RATE_HZ)
    swell = np.clip(np.minimum(times_s, times_s[::-1]) / 0.03, 0, 1)
    if note.consonant == "s":
        hiss = signal.sosfilt(
            signal.butter(4, 4500, "highpass", fs=RATE_HZ, output="sos"), rng.standard_normal(count)
        )
        opened = np.clip((times_s - CONSONANT_S) / 0.03, 0, 1)
        return 0.2 * (vowel * opened + 0.25 * hiss * (1 - opened)) * swell
    if note.consonant:
        closed = _through(buzz, FORMANTS_HZ[note.consonant], tract) * (0.35 if note.consonant == "m" else 0.6)
        opened = np.clip((np.arange(count) - edge) / (0.03 * RATE_HZ), 0, 1)
        vowel = vowel * opened + closed * (1 - opened)
    return 0.2 * vowel * swell


def _through(buzz: NDArray[np.float64], formants_hz: Sequence[float], tract: float) -> NDArray[np.float64]:
    out = buzz
    for centre_hz, width_hz in zip(formants_hz, BANDWIDTHS_HZ, strict=True):
        radius = np.exp(-np.pi * width_hz / RATE_HZ)
        turn = 2 * np.cos(2 * np.pi * centre_hz * tract / RATE_HZ) * radius
        out = signal.lfilter([1 - turn + radius**2], [1, -turn, radius**2], out)
    return np.asarray(out / max(1e-9, float(np.sqrt(np.mean(out**2)))))
