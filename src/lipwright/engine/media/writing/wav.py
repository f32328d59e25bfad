"""A WAV file that is written part by part, for sounds of any length."""

from __future__ import annotations

import wave
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray


class WavWriter:
    """Writes one channel of 16 bits. A context: the file is whole when it ends."""

    def __init__(self, path: Path) -> None:
        """Raises OSError for a path that cannot be written."""
        self._file = wave.open(str(path), "wb")  # noqa: SIM115 (closed by __exit__)
        self._file.setnchannels(1)
        self._file.setsampwidth(2)
        self._rate_hz: int | None = None

    def __enter__(self) -> WavWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._rate_hz is None:
            self._file.setframerate(1)  # the file is thrown away; the library wants a rate all the same
        self._file.close()

    def write(self, samples: NDArray[np.float32], sample_rate_hz: int) -> None:
        """Add float32 (sample,), -1 to 1. Every part has the same rate; raises ValueError otherwise."""
        if self._rate_hz is None:
            self._rate_hz = sample_rate_hz
            self._file.setframerate(sample_rate_hz)
        elif self._rate_hz != sample_rate_hz:
            raise ValueError(f"a part has {sample_rate_hz} samples a second, the file {self._rate_hz}")
        whole = np.clip(np.rint(samples * 32767.0), -32768, 32767).astype("<i2")
        self._file.writeframes(whole.tobytes())
