"""Sounds as the world hands them over: in rooms, through codecs, under noise and music.

Nothing here moves a sound in time.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import av
import numpy as np
import soxr
from numpy.typing import NDArray
from scipy import ndimage, signal

from lipwright.engine.media.values import SPEECH_RATE_HZ

Samples = NDArray[np.float32]

# Share of sounds that stay as they are.
CLEAN_SHARE = 0.15
ROOM_SHARE, COLOUR_SHARE, BED_SHARE, CLIPPED_SHARE, COARSE_SHARE = 0.4, 0.7, 0.65, 0.15, 0.1
# A telephone (8 kHz and 8 bits of logarithmic steps) and MP3 of few bits.
TELEPHONE_SHARE, TELEPHONE_EDGE_HZ = 0.12, 4000
MP3_SHARE, MP3_BITS_A_SECOND = 0.06, (16_000, 24_000, 32_000)
# Sounds whose treble was cut off by a sample rate, and of codecs with few bits.
BAND_SHARE, HOLES_SHARE = 0.2, 0.1
# Half of 6, 8, 11.025 and 12 kHz, and the edges that MP3 and Opus take at few bits.
BAND_EDGES_HZ = (3000, 3400, 4000, 4500, 5512, 6000, 7000)
HOLES_BELOW_DB = (35.0, 60.0)
# Signal to noise, dB. Below 2 even people guess.
SNR_RANGE_DB = (2.0, 30.0)
ROOM_DECAY_RANGE_S = (0.12, 0.7)


def root_mean_square(samples: Samples) -> float:
    """Effective level."""
    return float(np.sqrt(np.mean(np.square(samples)) + 1e-12))


def speech_level(samples: Samples) -> float:
    """Effective level of the louder two fifths: pauses do not count."""
    frames = samples[: len(samples) // 400 * 400].reshape(-1, 400)
    if not len(frames):
        return root_mean_square(samples)
    powers = np.mean(np.square(frames), axis=1) + 1e-12
    return float(np.sqrt(powers[powers >= np.percentile(powers, 60)].mean()))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Beds:
    """What may lie under speech. music: pieces without voices; voices: speech for babble."""

    music: Sequence[Samples]
    voices: Sequence[Samples]

    def draw(self, rng: np.random.Generator, count: int, kind: str | None = None) -> Samples:
        """Noise or music of `count` samples at unit level.

        kind: noise, music, chords, babble or hum; drawn at random when absent.
        """
        kind = kind or str(
            rng.choice(["noise", "music", "chords", "babble", "hum"], p=[0.35, 0.3, 0.15, 0.15, 0.05])
        )
        make = {
            "noise": _noise,
            "music": self._music,
            "chords": _chords,
            "babble": self._babble,
            "hum": _hum,
        }[kind]
        samples = make(rng, count)
        return (samples / root_mean_square(samples)).astype(np.float32)

    def _music(self, rng: np.random.Generator, count: int) -> Samples:
        piece = self.music[int(rng.integers(len(self.music)))]
        start = rng.integers(0, max(1, len(piece) - count))
        return np.resize(piece[start : start + count], count)

    def _babble(self, rng: np.random.Generator, count: int) -> Samples:
        total = np.zeros(count, dtype=np.float32)
        for _ in range(rng.integers(4, 9)):
            voice = self.voices[int(rng.integers(len(self.voices)))]
            total += np.resize(np.roll(voice, rng.integers(len(voice))), count) / root_mean_square(voice)
        return total


def augment(rng: np.random.Generator, samples: Samples, beds: Beds) -> Samples:
    """The sound in another room, on another microphone, with other company."""
    if rng.random() < CLEAN_SHARE:
        return samples
    if rng.random() < ROOM_SHARE:
        samples = _in_room(rng, samples)
    if rng.random() < COLOUR_SHARE:
        samples = coloured(rng, samples)
    if rng.random() < BED_SHARE:
        level = speech_level(samples) * 10 ** (-rng.uniform(*SNR_RANGE_DB) / 20)
        samples = samples + level * beds.draw(rng, len(samples))
    if rng.random() < CLIPPED_SHARE:
        most = np.percentile(np.abs(samples), rng.uniform(95, 99.8)) + 1e-6
        samples = np.clip(samples, -most, most)
    if rng.random() < COARSE_SHARE:
        samples = logarithmic_steps(samples, 64)
    if rng.random() < TELEPHONE_SHARE:
        samples = through_telephone(samples)
    if rng.random() < MP3_SHARE:
        samples = through_mp3(samples, int(rng.choice(MP3_BITS_A_SECOND)))
    if rng.random() < BAND_SHARE:
        samples = narrowed(samples, float(rng.choice(BAND_EDGES_HZ)))
    if rng.random() < HOLES_SHARE:
        samples = with_holes(samples, rng.uniform(*HOLES_BELOW_DB))
    return samples.astype(np.float32)


def narrowed(samples: Samples, edge_hz: float) -> Samples:
    """Through a lower sample rate and back: nothing at all is left above the edge, not even noise."""
    rate_hz = round(2 * edge_hz)
    low = soxr.resample(samples, SPEECH_RATE_HZ, rate_hz)
    back = soxr.resample(low, rate_hz, SPEECH_RATE_HZ)
    return np.resize(np.pad(back, (0, max(0, len(samples) - len(back)))), len(samples)).astype(np.float32)


def with_holes(samples: Samples, below_db: float) -> Samples:
    """As a codec of few bits leaves a sound: what lies so far below the loudest of the moment is gone."""
    _, _, spectrum = signal.stft(samples, nperseg=512)
    power = np.abs(spectrum) ** 2
    # Codecs decide for bands of some 250 Hz.
    bands = ndimage.uniform_filter1d(power, 8, axis=0)
    heard = bands > bands.max(axis=0, keepdims=True) * 10 ** (-below_db / 10)
    _, whole = signal.istft(spectrum * heard, nperseg=512)
    return np.resize(whole, len(samples)).astype(np.float32)


def coloured(rng: np.random.Generator, samples: Samples) -> Samples:
    """Through a random microphone: a smooth response, sometimes without highs or lows, as codecs leave it."""
    count = 1 << max(0, len(samples) - 1).bit_length()
    bins_hz = np.fft.rfftfreq(count, 1 / SPEECH_RATE_HZ)
    points_hz = np.geomspace(60, 8000, 7)
    points_db = rng.normal(0, 4, 7) + rng.normal(0, 3) * np.linspace(-1, 1, 7)
    response_db = np.interp(np.log(bins_hz + 30), np.log(points_hz), points_db)
    if rng.random() < 0.25:
        edge_hz = rng.uniform(2800, 7000)
        response_db -= np.clip((bins_hz - edge_hz) / edge_hz * 120, 0, 60)
    if rng.random() < 0.25:
        edge_hz = rng.uniform(60, 350)
        response_db -= np.clip((edge_hz - bins_hz) / edge_hz * 30, 0, 40)
    spectrum = np.fft.rfft(samples, count) * 10 ** (response_db / 20)
    return np.fft.irfft(spectrum, count)[: len(samples)].astype(np.float32)


def _in_room(rng: np.random.Generator, samples: Samples) -> Samples:
    decay_s = rng.uniform(*ROOM_DECAY_RANGE_S)
    count = int(decay_s * SPEECH_RATE_HZ)
    echo = rng.standard_normal(count) * np.exp(-6.9 * np.arange(count) / count)
    echo *= rng.uniform(0.02, 0.12) / np.sqrt(5 * decay_s)
    echo[0] = 1
    size = 1 << (len(samples) + count - 1).bit_length()
    spectrum = np.fft.rfft(samples, size) * np.fft.rfft(echo, size)
    return np.fft.irfft(spectrum, size)[: len(samples)].astype(np.float32)


def logarithmic_steps(samples: Samples, steps: int) -> Samples:
    """Quantised as a telephone does it (mu-law has 128 steps to either side)."""
    most = np.abs(samples).max() + 1e-6
    places = np.round(steps * np.sign(samples) * np.log1p(255 * np.abs(samples / most)) / np.log(256)) / steps
    return np.asarray(np.sign(places) * np.expm1(np.abs(places) * np.log(256)) / 255 * most, dtype=np.float32)


def through_telephone(samples: Samples) -> Samples:
    """Mu-law at 8 kHz."""
    return logarithmic_steps(narrowed(samples, TELEPHONE_EDGE_HZ), 128)


def through_mp3(samples: Samples, bits_a_second: int) -> Samples:
    """Through MP3 and back, at the place in time where it was."""
    stream = io.BytesIO()
    with av.open(stream, "w", format="mp3") as container:
        track = container.add_stream("libmp3lame", rate=SPEECH_RATE_HZ, layout="mono")
        track.bit_rate = bits_a_second
        frame = av.AudioFrame.from_ndarray(
            np.clip(samples, -1, 1)[None].astype(np.float32), format="fltp", layout="mono"
        )
        frame.sample_rate = SPEECH_RATE_HZ
        container.mux([*track.encode(frame), *track.encode(None)])
    stream.seek(0)
    with av.open(stream, "r") as written:
        heard = np.concatenate([part.to_ndarray()[0] for part in written.decode(audio=0)])
    size = 1 << (len(samples) + len(heard)).bit_length()
    crossed = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(samples, size)), size)
    heard = np.roll(np.pad(heard, (0, size - len(heard))), -int(crossed.argmax()))
    return heard[: len(samples)].astype(np.float32)


def _noise(rng: np.random.Generator, count: int) -> Samples:
    """White to brown, sometimes in gusts."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    bins_hz = np.arange(len(spectrum)) / count * SPEECH_RATE_HZ + 20
    samples = np.fft.irfft(spectrum * (bins_hz / 1000) ** -float(rng.choice([0, 0.5, 1, 1.5])), count)
    if rng.random() < 0.4:
        gusts = max(3, count // 8000)
        samples = samples * np.interp(
            np.arange(count), np.linspace(0, count, gusts), rng.uniform(0.1, 1, gusts)
        )
    return samples.astype(np.float32)


def _hum(rng: np.random.Generator, count: int) -> Samples:
    turns = np.arange(count) / SPEECH_RATE_HZ * float(rng.choice([50, 60, 100, 120]))
    waves = [np.sin(2 * np.pi * part * turns + rng.uniform(0, 6)) / part for part in range(1, 8)]
    return np.asarray(np.sum(waves, axis=0), dtype=np.float32)


def _chords(rng: np.random.Generator, count: int) -> Samples:
    """Chords, a melody and drums, drawn at random."""
    samples = np.zeros(count, dtype=np.float32)
    beat_s, root_hz = 60 / rng.uniform(60, 170), rng.uniform(80, 220)
    scale = np.array([[0, 2, 3, 5, 7, 8, 10], [0, 2, 4, 5, 7, 9, 11]][rng.integers(2)])
    partials = np.arange(1, rng.integers(2, 13))
    dullness, decay = rng.uniform(0.3, 1.2), rng.uniform(0.5, 6)

    def play(step: int, start_s: float, length_s: float, level: float) -> None:
        first = int(start_s * SPEECH_RATE_HZ)
        times_s = np.arange(max(0, min(count - first, int(length_s * SPEECH_RATE_HZ)))) / SPEECH_RATE_HZ
        if len(times_s) < 100:
            return
        hz = root_hz * 2 ** ((scale[step % 7] + 12 * (step // 7)) / 12)
        heard = partials[partials * hz < 7800]
        wave = (np.sin(2 * np.pi * hz * heard[:, None] * times_s) * heard[:, None] ** -dullness).sum(axis=0)
        envelope = np.minimum(1, times_s / 0.01) * np.exp(-decay * times_s)
        samples[first : first + len(times_s)] += (level * envelope * wave).astype(np.float32)

    for beat in range(int(count / SPEECH_RATE_HZ / beat_s) + 1):
        if beat % 4 == 0:
            step = int(rng.integers(0, 7))
            for third in (0, 2, 4):
                play(step + third, beat * beat_s, 4 * beat_s, 0.3)
        for half in range(2):
            if rng.random() < 0.6:
                play(
                    int(rng.integers(7, 15)),
                    (beat + half / 2) * beat_s,
                    beat_s * float(rng.choice([0.5, 1])),
                    0.4,
                )
        start = int(beat * beat_s * SPEECH_RATE_HZ)
        length = max(0, min(count - start, int(0.15 * SPEECH_RATE_HZ)))
        if rng.random() < 0.7:
            fade = np.exp(-np.arange(length) / SPEECH_RATE_HZ * rng.uniform(20, 80))
            samples[start : start + length] += (
                rng.standard_normal(length) * fade * rng.uniform(0.2, 0.8)
            ).astype(np.float32)
    return samples + 1e-6 * rng.standard_normal(count).astype(np.float32)
