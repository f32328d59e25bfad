"""Sounds from files: how long they are, and how the engine hears them."""

from __future__ import annotations

import struct
import wave
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from av.audio.stream import AudioStream
from av.packet import Packet
from numpy.typing import NDArray

from lipwright.engine.errors import BadAudioFile, BadAudioPath, BadParameters, SilentSound
from lipwright.engine.media.inputs import open_media, stream_time_s, timeline_zero_s
from lipwright.engine.media.reading.channels import mixing_weights
from lipwright.engine.media.reading.clock import continuous_packets
from lipwright.engine.media.reading.resample import RateConverter
from lipwright.engine.media.reading.sound_reader import SoundReader, sound_track
from lipwright.engine.media.values import SPEECH_RATE_HZ, SoundClip, SpeechSound

# Several channels are judged by the first part of the stretch that is not silent. Longer costs time at every
# start; in less, the voice may not have begun.
EXCERPT_S = 30.0
# Nobody hears this: 66 dB below full scale.
SILENT_LEVEL = 0.0005

# From channels float32 (channel, sample) at SPEECH_RATE_HZ and the weights of a plain mix to the weights
# that are taken, both float32 (channel,).
ChannelChoice = Callable[[NDArray[np.float32], NDArray[np.float32]], NDArray[np.float32]]

# Shorter sounds hold no syllable; a video of them would be two or three frames.
MIN_SOUND_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundInfo:
    """What a stretch of a sound file is: its length, and the rate and channels of the file."""

    duration_s: float
    sample_rate_hz: int
    channels: int


def probe_sound(clip: SoundClip) -> SoundInfo:
    """Length, rate and channels of a stretch, found without decoding it.

    Raises BadAudioPath, BadAudioFile, SilentSound (empty) and BadParameters (the stretch lies outside).
    """
    with SoundReader(clip) as sound:
        sample_rate_hz, channels = sound.sample_rate_hz, sound.channels
    whole_s = _whole_duration_s(clip.path)
    end_s = whole_s if clip.end_s is None else min(whole_s, clip.end_s)
    if whole_s <= 0:
        raise SilentSound
    if clip.start_s >= whole_s:
        raise BadParameters(
            f"The start ({clip.start_s:g} s) lies after the end of {clip.path.name}, "
            f"which lasts {whole_s:.2f} s."
        )
    return SoundInfo(duration_s=end_s - clip.start_s, sample_rate_hz=sample_rate_hz, channels=channels)


def load_speech(clip: SoundClip, choose_channels: ChannelChoice | None = None) -> SpeechSound:
    """The stretch as listeners hear it: one channel at SPEECH_RATE_HZ, decoded block by block.

    choose_channels: may give other weights than those of a plain mix when there are several channels.
    Raises BadAudioPath, BadAudioFile, TooLarge, BadParameters (the stretch lies outside the sound) and
    SilentSound (shorter than MIN_SOUND_S).
    """
    weights = _channel_weights(clip, choose_channels)
    with SoundReader(clip, all_channels=True) as sound:
        mono = ((weights @ block)[None] for block in sound.blocks())
        converter = RateConverter(sound.sample_rate_hz, SPEECH_RATE_HZ, channels=1)
        samples = np.concatenate([block[0] for block in converter.convert(mono)])
    if len(samples) < MIN_SOUND_S * SPEECH_RATE_HZ:
        raise SilentSound
    return SpeechSound(samples=np.clip(samples, -1.0, 1.0))


def _channel_weights(clip: SoundClip, choose: ChannelChoice | None) -> NDArray[np.float32]:
    with SoundReader(clip, all_channels=True) as sound:
        if sound.channels == 1:
            return np.ones(1, np.float32)
        converter = RateConverter(sound.sample_rate_hz, SPEECH_RATE_HZ, sound.channels)
        parts, missing = [np.zeros((sound.channels, 0), np.float32)], round(EXCERPT_S * SPEECH_RATE_HZ)
        for block in converter.convert(sound.blocks()):
            if block.size and np.abs(block).max() > SILENT_LEVEL:
                parts.append(block[:, :missing])
                missing -= parts[-1].shape[1]
            if missing <= 0:
                break
    planes = np.concatenate(parts, axis=1)
    mix = mixing_weights(planes)
    return mix if choose is None else choose(planes, mix)


def write_wav(path: Path, samples: NDArray[np.float32], sample_rate_hz: int) -> None:
    """Write float samples, (sample,) or (sample, channel), -1 to 1, as a 16-bit WAV file."""
    columns = samples if samples.ndim == 2 else samples[:, None]
    whole = np.clip(np.rint(columns * 32767.0), -32768, 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(columns.shape[1])
        file.setsampwidth(2)
        file.setframerate(sample_rate_hz)
        file.writeframes(whole.tobytes())


def _whole_duration_s(path: Path) -> float:
    """The length of the file's sound as it plays, from its packets: headers lie about length."""
    with open_media(path, missing=BadAudioPath, broken=BadAudioFile) as container:
        stream = sound_track(container)
        assert stream is not None  # SoundReader has opened it before
        zero_s, end_s = timeline_zero_s(container), Fraction(0)
        # Elsewhere the length of the last packet is already that of its sound.
        counts_padding = container.format.name == "mp3"
        for packet in continuous_packets(container, stream, path):
            if packet.pts is None:
                continue
            packet_end_s = stream_time_s(packet.pts + (packet.duration or 0), stream) - zero_s
            if counts_padding:
                packet_end_s -= Fraction(_trailing_padding(packet), stream.sample_rate)
            end_s = max(end_s, packet_end_s)
    return float(end_s)


def _trailing_padding(packet: Packet[AudioStream]) -> int:
    """How many samples at the packet's end are an encoder's padding, which no player plays."""
    if not packet.has_sidedata("skip_samples"):
        return 0
    data = bytes(packet.get_sidedata("skip_samples"))
    return int(struct.unpack_from("<II", data)[1]) if len(data) >= 8 else 0
