"""A text becomes a sound file."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from lipwright.engine import (
    BadParameters,
    Cancelled,
    JobContext,
    OutputNotWritable,
    ProgressEvent,
    SpokenLine,
    UnknownVoice,
    spoken_text,
)


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


def test_the_rate_and_the_language_of_a_text_count(tmp_path: Path) -> None:
    text = "Where are you going with all of these big bags?"
    usual = spoken_text(SpokenLine(text=text), tmp_path / "usual.wav")
    fast = spoken_text(SpokenLine(text=text, rate=1.6), tmp_path / "fast.wav")
    assert usual.duration_s == pytest.approx(1.6 * fast.duration_s, rel=0.2)
    assert (usual.voice, usual.language, usual.warnings) == ("en-us-heart", "en-us", ())
    pytest.importorskip("espeakng_loader")
    german = spoken_text(SpokenLine(text="Guten Morgen, wie geht es Ihnen?"), tmp_path / "german.wav")
    assert german.language == "de"
    assert "German" in german.warnings[0]


@pytest.mark.parametrize("rate", [0.0, 0.4, 2.5, float("nan")])
def test_a_rate_that_no_voice_has_leaves_no_file(tmp_path: Path, rate: float) -> None:
    with pytest.raises(BadParameters, match="rate"):
        spoken_text(SpokenLine(text="Hello.", rate=rate), tmp_path / "hello.wav")
    assert list(tmp_path.iterdir()) == []


def test_a_long_text_shows_how_far_it_is_and_can_be_stopped(tmp_path: Path) -> None:
    shares: list[float] = []
    context = JobContext(lambda event: shares.append(event.fraction))
    spoken_text(SpokenLine(text="This is one of the sentences. " * 5), tmp_path / "long.wav", context)
    assert len(set(shares)) >= 5
    assert shares == sorted(shares)

    def stop(event: ProgressEvent) -> None:
        if event.done:
            stopped.cancel()

    stopped = JobContext(stop)
    with pytest.raises(Cancelled):
        spoken_text(SpokenLine(text="This is one of the sentences. " * 5), tmp_path / "gone.wav", stopped)
    assert [path.name for path in tmp_path.iterdir()] == ["long.wav"]
