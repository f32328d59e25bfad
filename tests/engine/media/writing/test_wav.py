"""A WAV file that is written part by part."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from lipwright.engine.media.reading.sound import write_wav
from lipwright.engine.media.writing.wav import WavWriter

SAMPLES = np.sin(np.arange(4000) / 7).astype(np.float32)


def test_parts_make_the_file_of_the_whole(tmp_path: Path) -> None:
    with WavWriter(tmp_path / "parts.wav") as file:
        for first in range(0, 4000, 900):
            file.write(SAMPLES[first : first + 900], 16_000)
    write_wav(tmp_path / "whole.wav", SAMPLES, 16_000)
    assert (tmp_path / "parts.wav").read_bytes() == (tmp_path / "whole.wav").read_bytes()


def test_a_part_of_another_rate_is_refused(tmp_path: Path) -> None:
    with WavWriter(tmp_path / "parts.wav") as file:
        file.write(SAMPLES, 16_000)
        with pytest.raises(ValueError, match="24000"):
            file.write(SAMPLES, 24_000)
    with wave.open(str(tmp_path / "parts.wav")) as read:
        assert read.getnframes() == 4000


def test_a_file_without_a_part_is_closed_all_the_same(tmp_path: Path) -> None:
    with WavWriter(tmp_path / "empty.wav"):
        pass
    with wave.open(str(tmp_path / "empty.wav")) as read:
        assert read.getnframes() == 0
