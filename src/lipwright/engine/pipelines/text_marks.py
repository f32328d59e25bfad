"""Texts with marks for a face: `[happy] Good morning.`"""

from __future__ import annotations

from collections.abc import Iterator

from lipwright.engine.gesture.prompt import is_direction
from lipwright.engine.speech.words.acted_text import ActedText, read_acted_text


def read_marks(text: str) -> ActedText:
    """A text taken apart; a bracket is a mark if all that stands in it is known to prompts."""
    return read_acted_text(text, is_direction)


def bracket_warnings(acted: ActedText) -> Iterator[str]:
    """Brackets that may have been meant as marks, and are spoken."""
    for bracket in acted.brackets:
        if any(char.isalpha() for char in bracket):
            yield f"'{bracket}' is spoken, since it holds more than the words of a prompt."
