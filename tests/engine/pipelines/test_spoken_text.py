"""A text becomes a sound file."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from lipwright.engine import BadParameters, OutputNotWritable, SpokenLine, UnknownVoice, spoken_text


def test_a_text_is_spoken_into_a_file_of_the_length_that_is_told(tmp_path: Path) -> None:
    pytest.importorskip("espeakng_loader")
    spoken = spoken_text(SpokenLine(text="Hello there."), tmp_path / "hello.wav")
    with wave.open(str(tmp_path / "hello.wav")) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(spoken.duration_s)
    assert [word.text.lower().strip(".") for word in spoken.words] == ["hello", "there"]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (SpokenLine(text=""), BadParameters),
        (SpokenLine(text="Hello.", voice="nobody"), UnknownVoice),
    ],
)
def test_what_cannot_be_said_leaves_no_file(tmp_path: Path, line: SpokenLine, error: type) -> None:
    with pytest.raises(error):
        spoken_text(line, tmp_path / "hello.wav")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    pytest.importorskip("espeakng_loader")
    with pytest.raises(OutputNotWritable):
        spoken_text(SpokenLine(text="Hello."), tmp_path / "absent" / "hello.wav")
