"""The sound of a video that is being written, handed out in step with its frames.

It is the original sound, at its own rate and channels, silent beyond its end. Knows nothing of pictures.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from lipwright.engine.media.encoders import SoundCodec
from lipwright.engine.media.rate_converter import RateConverter
from lipwright.engine.media.sound_reader import SoundReader
from lipwright.engine.media.values import SoundClip
from lipwright.engine.timeline import sample_index


class SoundTrack:
    """A sound clip as frames for an encoder. Close it after use."""

    def __init__(self, clip: SoundClip, codec: SoundCodec) -> None:
        """Open the sound. Raises what SoundReader raises."""
        self._reader = SoundReader(clip)
        self.channels = self._reader.channels
        self.sample_rate_hz = codec.sample_rate_hz(self._reader.sample_rate_hz)
        converter = RateConverter(self._reader.sample_rate_hz, self.sample_rate_hz, self.channels)
        self._blocks = converter.convert(self._reader.blocks())
        self._rest = np.zeros((self.channels, 0), np.float32)
        self._position = 0

    @property
    def layout(self) -> str:
        """The channels by FFmpeg's name."""
        return "mono" if self.channels == 1 else "stereo"

    def close(self) -> None:
        """Close the file."""
        self._reader.close()

    def frames_until(self, time_s: Fraction) -> Iterator[AudioFrame]:
        """The sound from where the last call ended to this time of the video."""
        wanted = sample_index(time_s, self.sample_rate_hz) - self._position
        if wanted <= 0:
            return
        frame = AudioFrame.from_ndarray(self._take(wanted), format="fltp", layout=self.layout)
        frame.sample_rate, frame.pts = self.sample_rate_hz, self._position
        frame.time_base = Fraction(1, self.sample_rate_hz)
        self._position += wanted
        yield frame

    def _take(self, count: int) -> NDArray[np.float32]:
        parts, missing = [self._rest], count - self._rest.shape[1]
        while missing > 0:
            block = next(self._blocks, None)
            if block is None:
                block = np.zeros((self.channels, missing), np.float32)
            parts.append(block)
            missing -= block.shape[1]
        sound = np.concatenate(parts, axis=1)
        self._rest = sound[:, count:]
        return np.ascontiguousarray(sound[:, :count])
