"""Small sounds for the tests, made on the spot: silence, tones, clicks and something like a voice.

write_sound(tmp_path / "voice.mp3", voice(2.0))
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from numpy.typing import NDArray

SOUND_RATE_HZ = 44_100

# Container, encoder and sample format by extension, for every sound that this build of FFmpeg can write.
SOUND_FORMATS: dict[str, tuple[str, str, str]] = {
    "wav": ("wav", "pcm_s16le", "s16"),
    "mp3": ("mp3", "libmp3lame", "fltp"),
    "aac": ("adts", "aac", "fltp"),
    "m4a": ("ipod", "aac", "fltp"),
    "flac": ("flac", "flac", "s16"),
    "ogg": ("ogg", "libopus", "flt"),
    "oga": ("oga", "flac", "s16"),
    "opus": ("opus", "libopus", "flt"),
    "webm": ("webm", "libopus", "flt"),
    "weba": ("webm", "libopus", "flt"),
    "aiff": ("aiff", "pcm_s16be", "s16"),
    "amr": ("amr", "libopencore_amrnb", "s16"),
}
# What the encoders above insist on.
_ONLY_RATE_HZ = {"ogg": 48_000, "opus": 48_000, "webm": 48_000, "weba": 48_000, "amr": 8_000}


def silence(duration_s: float, sample_rate_hz: int = SOUND_RATE_HZ) -> NDArray[np.float32]:
    """Digital silence, float32 (sample,)."""
    return np.zeros(round(duration_s * sample_rate_hz), np.float32)


def tone(
    duration_s: float, pitch_hz: float = 440.0, sample_rate_hz: int = SOUND_RATE_HZ
) -> NDArray[np.float32]:
    """A steady tone at a quarter of full scale, float32 (sample,)."""
    times_s = np.arange(round(duration_s * sample_rate_hz)) / sample_rate_hz
    return (0.25 * np.sin(2 * np.pi * pitch_hz * times_s)).astype(np.float32)


def voice(duration_s: float, sample_rate_hz: int = SOUND_RATE_HZ, seed: int = 0) -> NDArray[np.float32]:
    """Something like a voice: a buzz at 120 Hz through two moving formants, four syllables a second."""
    rng = np.random.default_rng(seed)
    times_s = np.arange(round(duration_s * sample_rate_hz)) / sample_rate_hz
    first_hz = 500 + 200 * np.sin(2 * np.pi * 1.3 * times_s)
    second_hz = 1500 + 500 * np.sin(2 * np.pi * 0.9 * times_s + 1)
    sound = np.zeros_like(times_s)
    for harmonic in range(1, 30):
        pitch_hz = 120.0 * harmonic
        level = np.exp(-(((pitch_hz - first_hz) / 250) ** 2)) + 0.5 * np.exp(
            -(((pitch_hz - second_hz) / 300) ** 2)
        )
        sound += level * np.sin(2 * np.pi * pitch_hz * times_s + rng.uniform(0, 2 * np.pi))
    syllables = np.clip(np.sin(2 * np.pi * 4 * times_s), 0, 1)
    return np.asarray(0.1 * sound * syllables, np.float32)


def clicks(
    duration_s: float, at_s: Sequence[float], sample_rate_hz: int = SOUND_RATE_HZ
) -> NDArray[np.float32]:
    """Silence with a burst of 5 ms at each of these times, float32 (sample,)."""
    sound = silence(duration_s, sample_rate_hz)
    length = round(0.005 * sample_rate_hz)
    for time_s in at_s:
        begin = round(time_s * sample_rate_hz)
        sound[begin : begin + length] = 0.8 * np.sin(np.arange(length) * 0.4)[: len(sound) - begin]
    return sound


def write_sound(
    path: Path,
    samples: NDArray[np.float32],
    sample_rate_hz: int = SOUND_RATE_HZ,
    extension: str | None = None,
) -> Path:
    """A sound file of the kind that its extension names; samples float32 (sample,) or (channel, sample)."""
    extension = extension or path.suffix.lstrip(".")
    container_format, codec, sample_format = SOUND_FORMATS[extension]
    planes = np.atleast_2d(samples)
    rate_hz = _ONLY_RATE_HZ.get(extension, sample_rate_hz)
    layout = "mono" if len(planes) == 1 or extension == "amr" else "stereo"
    with av.open(str(path), "w", format=container_format) as container:
        stream = container.add_stream(codec, rate=rate_hz, layout=layout)
        assert isinstance(stream, AudioStream)
        stream.codec_context.format = sample_format
        encode_sound(container, stream, planes, sample_rate_hz)
    return path


def encode_sound(
    container: av.container.OutputContainer,
    stream: AudioStream,
    planes: NDArray[np.float32],
    sample_rate_hz: int,
) -> None:
    """Write float32 (channel, sample) into the stream of an open container, from time 0."""
    layout = "mono" if len(planes) == 1 else "stereo"
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(planes), format="fltp", layout=layout)
    frame.sample_rate, frame.pts = sample_rate_hz, 0
    frame.time_base = Fraction(1, sample_rate_hz)
    if planes.shape[1]:
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
