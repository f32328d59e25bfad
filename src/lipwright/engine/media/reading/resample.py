"""Sample rate conversion of a sound that comes in blocks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import soxr
from numpy.typing import NDArray


class RateConverter:
    """Changes the sample rate of a sound that comes in blocks, without a seam and without delay."""

    def __init__(self, from_rate_hz: int, to_rate_hz: int, channels: int) -> None:
        """A converter for blocks float32 (channel, sample); it passes them on when the rates are equal."""
        self._stream = (
            None
            if from_rate_hz == to_rate_hz
            else soxr.ResampleStream(from_rate_hz, to_rate_hz, channels, dtype="float32", quality="HQ")
        )
        self._channels = channels

    def convert(self, blocks: Iterator[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
        """The whole sound at the new rate, block after block."""
        if self._stream is None:
            yield from blocks
            return
        for block in blocks:
            yield self._step(block, last=False)
        yield self._step(np.zeros((self._channels, 0), np.float32), last=True)

    def _step(self, block: NDArray[np.float32], *, last: bool) -> NDArray[np.float32]:
        assert self._stream is not None
        interleaved = np.ascontiguousarray(block.T)
        if self._channels == 1:
            return np.asarray(self._stream.resample_chunk(interleaved[:, 0], last=last), np.float32)[None]
        return np.asarray(self._stream.resample_chunk(interleaved, last=last), np.float32).T
