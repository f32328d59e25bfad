"""Turns the words of a command line into the engine's values. Raises BadParameters with a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from lipwright.engine import BadParameters, BadTranscript

if TYPE_CHECKING:
    from lipwright.engine import ClipFaceChoice, FaceChoice, Label, SoundClip, SpokenLine

# The rates of broadcast video, which people write with two or three decimals.
_BROADCAST_RATES = {
    "23.976": Fraction(24000, 1001),
    "23.98": Fraction(24000, 1001),
    "29.97": Fraction(30000, 1001),
    "47.95": Fraction(48000, 1001),
    "59.94": Fraction(60000, 1001),
}
# Ten times the words of the longest film; a larger file is not a transcript.
MAX_TRANSCRIPT_BYTES = 1_000_000


def parse_frame_rate(word: str) -> Fraction:
    """Frames a second: `30`, `29.97` (meaning 30000/1001) or `30000/1001`."""
    try:
        return _BROADCAST_RATES.get(word.strip()) or Fraction(word)
    except (ValueError, ZeroDivisionError):
        raise BadParameters(
            f"'{word}' is no frame rate. Write for example 25, 29.97 or 30000/1001."
        ) from None


def parse_face(word: str) -> FaceChoice:
    """Who speaks: a number from 0, `largest` or `all`."""
    lowered = word.strip().lower()
    if lowered == "largest":
        return "largest"
    if lowered == "all":
        return "all"
    if lowered.isdecimal():
        return int(lowered)
    raise BadParameters(f"'{word}' names no face. Use a number from `lipwright faces`, largest or all.")


def parse_clip_face(word: str) -> ClipFaceChoice:
    """Whose mouth in a video: a number from 0, `largest`, `speaking` or `all`."""
    return "speaking" if word.strip().lower() == "speaking" else parse_face(word)


def parse_clip_faces(words: Sequence[str]) -> ClipFaceChoice | dict[int, Path]:
    """Whose mouth: one word as parse_clip_face, or any number of `N=FILE`, a voice for each person."""
    pairs = [word.partition("=") for word in words]
    if len(pairs) == 1 and not pairs[0][1]:
        return parse_clip_face(words[0])
    voices: dict[int, Path] = {}
    for number, equals, file in pairs:
        if not equals or not file or not number.strip().isdecimal():
            raise BadParameters(
                f"'{number}{equals}{file}' gives no person a voice. "
                "Write for example --face 0=a.wav --face 1=b.wav."
            )
        if int(number) in voices:
            raise BadParameters(f"Face {int(number)} has two voices. Give each person one sound.")
        voices[int(number)] = Path(file)
    return voices


def read_transcript(path: Path | None, *, text: str | None = None) -> str | None:
    """The words of a text file in UTF-8; None without a path.

    text: what is spoken instead of a recording; it needs no transcript. Raises BadTranscript, BadParameters.
    """
    if path is None:
        return None
    if text is not None:
        raise BadParameters("--text is its own transcript. Leave out --transcript.")
    try:
        with path.open("rb") as file:
            content = file.read(MAX_TRANSCRIPT_BYTES + 1)
    except OSError:
        raise BadTranscript(f"The transcript {path} cannot be read. Name a text file in UTF-8.") from None
    if len(content) > MAX_TRANSCRIPT_BYTES:
        raise BadTranscript(
            f"The transcript {path} is larger than 1 MB. Keep only the words that are spoken."
        )
    try:
        words = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise BadTranscript(
            f"The transcript {path} is not text in UTF-8. Save it as UTF-8 and retry."
        ) from None
    if not words or "\0" in words:
        raise BadTranscript(f"The transcript {path} holds no words.")
    return words


def choose_speech(
    audio: Path | None,
    *,
    text: str | None,
    voice: str | None,
    start_s: float,
    end_s: float | None,
    language: str | None = None,
    rate: float | None = None,
) -> SoundClip | SpokenLine:
    """What is said: a stretch of the recording, or the text."""
    from lipwright.engine import SoundClip, SpokenLine

    if audio is None:
        if text is None:
            raise BadParameters("There is nothing to say. Name a recording after the picture, or use --text.")
        if start_s or end_s is not None:
            raise BadParameters("--start and --end cut a recording; a text is spoken whole.")
        return SpokenLine(text=text, voice=voice, language=language, rate=1.0 if rate is None else rate)
    if text is not None:
        raise BadParameters(
            "Give a recording or --text, not both; the words of a recording go into --transcript."
        )
    if voice is not None:
        raise BadParameters("--voice speaks --text; a recording has its own voice.")
    if rate is not None:
        raise BadParameters("--rate is the pace of --text; a recording has its own.")
    if end_s is not None and end_s <= start_s:
        raise BadParameters(
            f"--end {end_s:g} is not after --start {start_s:g}. Both are seconds of the sound."
        )
    return SoundClip(path=audio, start_s=start_s, end_s=end_s)


def choose_label(text: str | None, corner: str | None, font: Path | None) -> Label | None:
    """The words in a corner; None without. Raises BadParameters."""
    from lipwright.engine import Label, LabelCorner

    if text is None:
        if corner is not None or font is not None:
            raise BadParameters("--label-corner and --label-font are about the words of --label. Give them.")
        return None
    place = LabelCorner.BOTTOM_RIGHT if corner is None else LabelCorner.parse(corner)
    return Label(text=text, corner=place, font=font)
