"""Words that everybody sees in a corner of a video, checked at the door."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lipwright.engine.errors import BadParameters


class LabelCorner(StrEnum):
    """Where a label is, seen from who looks at the picture."""

    TOP_LEFT = "top-left"
    TOP_RIGHT = "top-right"
    BOTTOM_LEFT = "bottom-left"
    BOTTOM_RIGHT = "bottom-right"

    @classmethod
    def parse(cls, word: str) -> LabelCorner:
        """The corner that a word names. Raises BadParameters."""
        try:
            return cls(word.strip().lower())
        except ValueError:
            raise BadParameters(f"'{word}' is no corner. Choose one of: {', '.join(cls)}.") from None


# A sentence. Longer, the letters become too small to be read in a corner.
MAX_LABEL_CHARACTERS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Words that everybody sees in a corner of a video. Raises BadParameters for words that cannot be drawn.

    text: one line of at most MAX_LABEL_CHARACTERS.
    font: a TrueType or OpenType file; None takes a font that has the letters of English.
    """

    text: str = "AI generated"
    corner: LabelCorner = LabelCorner.BOTTOM_RIGHT
    font: Path | None = None

    def __post_init__(self) -> None:
        if not self.text.strip() or not self.text.isprintable():
            raise BadParameters("The label needs words in one line. Write for example 'AI generated'.")
        if len(self.text) > MAX_LABEL_CHARACTERS:
            raise BadParameters(
                f"The label has {len(self.text)} characters; at most {MAX_LABEL_CHARACTERS} can be read in a "
                "corner. Shorten it."
            )
        from lipwright.engine.media.pixels.label_font import check_letters  # loads the library of pictures

        check_letters(self.text, self.font)
