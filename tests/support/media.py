"""Small clips, voices and pictures for the tests, made on the spot. Nothing here is a real person.

write_sound(tmp_path / "voice.mp3", voice(2.0))
write_clip(tmp_path / "clip.mp4", count=30, frame_rate=Fraction(30000, 1001), sound=voice(1.0))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
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
    return (0.1 * sound * syllables).astype(np.float32)


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
        stream.codec_context.format = sample_format
        _encode_sound(container, stream, planes, sample_rate_hz)
    return path


def gradient(width: int = 64, height: int = 48) -> NDArray[np.uint8]:
    """A smooth colour picture, uint8 (height, width, 3), whose corners all differ."""
    across, down = np.linspace(0, 1, width)[None, :], np.linspace(0, 1, height)[:, None]
    planes = [40 + 170 * across + 0 * down, 40 + 170 * down + 0 * across, 200 - 80 * across - 80 * down]
    return np.rint(np.stack(planes, axis=-1)).astype(np.uint8)


def numbered_frame(index: int, width: int = 64, height: int = 48) -> NDArray[np.uint8]:
    """A grey frame whose brightness tells its number modulo 16: see :func:`frame_number`."""
    return np.full((height, width, 3), 20 + 14 * (index % 16), np.uint8)


def frame_number(frame_rgb: NDArray[np.uint8]) -> int:
    """The number modulo 16 of a frame made by :func:`numbered_frame`, also after lossy coding."""
    return round((float(np.mean(frame_rgb)) - 20) / 14)


def write_clip(
    path: Path,
    *,
    count: int = 10,
    frame_rate: Fraction = Fraction(25),
    size_wh: tuple[int, int] = (64, 48),
    frame: Callable[[int, int, int], NDArray[np.uint8]] = numbered_frame,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    sound: NDArray[np.float32] | None = None,
    times_s: Sequence[Fraction] | None = None,
    rotation_deg: int = 0,
    colour: tuple[int, int, int, int] = (1, 1, 1, 1),
    options: dict[str, str] | None = None,
    tags: dict[str, str] | None = None,
) -> Path:
    """A video file. frame(index, width, height) gives RGB.

    times_s: when each frame is shown, for a variable rate. colour: the stream's tags (matrix, primaries,
    transfer, range); the pixels are BT.709 whatever they say. rotation_deg: the counter-clockwise turn that
    a player applies.
    """
    clock = Fraction(1, 90_000)
    with av.open(str(path), "w") as container:
        container.metadata.update(tags or {})
        quiet = {"x265-params": "log-level=none"} if codec == "libx265" else {}
        video = container.add_stream(codec, rate=frame_rate, options={**quiet, **(options or {})})
        video.width, video.height = size_wh
        video.pix_fmt = pix_fmt
        if times_s is not None:
            video.codec_context.time_base = clock
        context = video.codec_context
        context.colorspace, context.color_primaries, context.color_trc, context.color_range = colour
        if rotation_deg:
            video.set_display_rotation(rotation_deg)
        audio = None
        if sound is not None:
            sound_codec = {".mpg": "mp2", ".webm": "libopus"}.get(path.suffix, "aac")
            sound_rate_hz = 48_000 if sound_codec == "libopus" else SOUND_RATE_HZ
            audio = container.add_stream(sound_codec, rate=sound_rate_hz)
        for index in range(count):
            picture = av.VideoFrame.from_ndarray(frame(index, *size_wh), format="rgb24")
            picture = picture.reformat(format=pix_fmt, dst_colorspace="ITU709")
            if times_s is not None:
                picture.pts, picture.time_base = round(times_s[index] / clock), clock
            else:
                picture.pts, picture.time_base = index, 1 / frame_rate
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
        if audio is not None and sound is not None:
            _encode_sound(container, audio, np.atleast_2d(sound), SOUND_RATE_HZ)
    return path


def _encode_sound(
    container: av.container.OutputContainer,
    stream: av.AudioStream,
    planes: NDArray[np.float32],
    sample_rate_hz: int,
) -> None:
    layout = "mono" if len(planes) == 1 else "stereo"
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(planes), format="fltp", layout=layout)
    frame.sample_rate, frame.pts = sample_rate_hz, 0
    frame.time_base = Fraction(1, sample_rate_hz)
    if planes.shape[1]:
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
