"""Words of the command line become values of the engine, or a sentence."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from lipwright.cli.terminal.option_values import (
    MAX_TRANSCRIPT_BYTES,
    choose_label,
    parse_face,
    parse_frame_rate,
    read_transcript,
)
from lipwright.cli.terminal.progress import readable_duration
from lipwright.engine.errors import BadParameters, BadTranscript
from lipwright.engine.media.label import Label, LabelCorner


@pytest.mark.parametrize(
    ("word", "rate"),
    [
        ("25", Fraction(25)),
        ("29.97", Fraction(30000, 1001)),  # broadcast rates are written with two decimals
        ("23.976", Fraction(24000, 1001)),
        ("30000/1001", Fraction(30000, 1001)),
        ("12.5", Fraction(25, 2)),
    ],
)
def test_a_frame_rate_is_exact(word: str, rate: Fraction) -> None:
    assert parse_frame_rate(word) == rate


@pytest.mark.parametrize("word", ["", "fast", "1/0", "nan", "inf", "30fps"])
def test_what_is_no_frame_rate_is_refused(word: str) -> None:
    with pytest.raises(BadParameters, match="no frame rate"):
        parse_frame_rate(word)


@pytest.mark.parametrize(("word", "face"), [("0", 0), ("12", 12), ("Largest", "largest"), ("all", "all")])
def test_a_face_is_a_number_or_a_word(word: str, face: object) -> None:
    assert parse_face(word) == face


@pytest.mark.parametrize("word", ["", "-1", "1.5", "left"])
def test_what_names_no_face_is_refused(word: str) -> None:
    with pytest.raises(BadParameters, match="names no face"):
        parse_face(word)


def test_a_transcript_is_read_without_its_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_bytes("\ufeffGrüß dich.\n".encode())
    assert read_transcript(file) == "Grüß dich."


@pytest.mark.parametrize(
    "content",
    [b"", b"  \n", b"\xff\xfe\x00a", b"a\0b", b"x" * (MAX_TRANSCRIPT_BYTES + 1)],
    ids=["empty", "blank", "not UTF-8", "binary", "too large"],
)
def test_what_is_no_transcript_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "words.txt"
    file.write_bytes(content)
    with pytest.raises(BadTranscript):
        read_transcript(file)


def test_an_absent_transcript_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTranscript):
        read_transcript(tmp_path / "words.txt")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "1 s"), (59.4, "59 s"), (125, "2 min 5 s"), (3 * 3600 + 240, "3 h 4 min")]
)
def test_a_duration_is_readable(seconds: float, text: str) -> None:
    assert readable_duration(seconds) == text


def test_a_label_has_words_before_it_has_a_corner() -> None:
    assert choose_label(None, None, None) is None
    assert choose_label("Made by AI", None, None) == Label(text="Made by AI")
    assert choose_label("x", "top-right", None) == Label(text="x", corner=LabelCorner.TOP_RIGHT)
    with pytest.raises(BadParameters, match="words of --label"):
        choose_label(None, "top-left", None)
