"""The sound of a video that is being written, handed out in step with its frames.

It is the original sound, at its own rate and channels, silent beyond its end; others may be mixed into it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from lipwright.engine.media.reading.resample import RateConverter
from lipwright.engine.media.reading.sound_reader import SoundReader
from lipwright.engine.media.values import BackgroundSound, SoundClip
from lipwright.engine.media.writing.encoders import SoundCodec
from lipwright.engine.timeline import sample_index


class SoundTrack:
    """One sound, or several mixed, as frames for an encoder. Close it after use."""

    def __init__(
        self, clip: SoundClip, codec: SoundCodec, background: Sequence[BackgroundSound] = ()
    ) -> None:
        """Open the sounds. Raises what SoundReader raises."""
        with contextlib.ExitStack() as opened:
            readers = [opened.enter_context(SoundReader(clip))]
            gains = [1.0]
            for other in background:
                readers.append(opened.enter_context(SoundReader(other.clip)))
                gains.append(10 ** (other.level_db / 20))
            self.sample_rate_hz = codec.sample_rate_hz(readers[0].sample_rate_hz)
            self.channels = max(reader.channels for reader in readers)
            self._layers = [
                _Layer(reader, self.sample_rate_hz, self.channels, gain)
                for reader, gain in zip(readers, gains, strict=True)
            ]
            self._position = 0
            self._opened = opened.pop_all()

    @property
    def layout(self) -> str:
        """The channels by FFmpeg's name."""
        return "mono" if self.channels == 1 else "stereo"

    def close(self) -> None:
        """Close the files."""
        self._opened.close()

    def frames_until(self, time_s: Fraction) -> Iterator[AudioFrame]:
        """The sound from where the last call ended to this time of the video."""
        wanted = sample_index(time_s, self.sample_rate_hz) - self._position
        if wanted <= 0:
            return
        sound = self._layers[0].take(wanted)
        if len(self._layers) > 1:
            sound = np.clip(sound + sum(layer.take(wanted) for layer in self._layers[1:]), -1, 1)
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(sound), format="fltp", layout=self.layout)
        frame.sample_rate, frame.pts = self.sample_rate_hz, self._position
        frame.time_base = Fraction(1, self.sample_rate_hz)
        self._position += wanted
        yield frame


class _Layer:
    """One sound at the rate, channels and level of the track, in pieces of any size."""

    def __init__(self, reader: SoundReader, sample_rate_hz: int, channels: int, gain: float) -> None:
        converter = RateConverter(reader.sample_rate_hz, sample_rate_hz, reader.channels)
        self._blocks = converter.convert(reader.blocks())
        self._channels = channels
        self._gain = np.float32(gain)
        self._rest = np.zeros((reader.channels, 0), np.float32)

    def take(self, count: int) -> NDArray[np.float32]:
        """The next samples, float32 (channel, count); silent where the sound has ended."""
        parts, missing = [self._rest], count - self._rest.shape[1]
        while missing > 0:
            block = next(self._blocks, None)
            if block is None:
                block = np.zeros((len(self._rest), missing), np.float32)
            parts.append(block)
            missing -= block.shape[1]
        sound = np.concatenate(parts, axis=1)
        self._rest = sound[:, count:]
        taken = sound[:, :count] * self._gain
        return taken if len(taken) == self._channels else taken.repeat(self._channels, axis=0)
