"""The font of a label, and whether it has every letter."""

from __future__ import annotations

from pathlib import Path

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

from lipwright.engine.errors import BadParameters

# At this size every glyph has a shape of its own.
_LOOK_PX = 32
# No font has a glyph for this character: what is drawn for it stands for all that are missing.
_NEVER_A_LETTER = "\uffff"


def label_font(font: Path | None, size_px: float) -> FreeTypeFont:
    """A font at a size. font: a file; None is Aileron Regular, which Pillow brings (CC0).

    Raises BadParameters for a file that is no font.
    """
    if font is None:
        built_in = ImageFont.load_default(size_px)
        if not isinstance(built_in, FreeTypeFont):
            raise BadParameters(
                "This Pillow was built without FreeType, which draws a label. Install its wheel."
            )
        return built_in
    try:
        return ImageFont.truetype(font, size_px)
    except (OSError, ValueError):
        raise BadParameters(
            f"The font {font} cannot be read. Name a TrueType or OpenType file (.ttf, .otf)."
        ) from None


def check_letters(text: str, font: Path | None) -> None:
    """Raise BadParameters where a text has letters that the font cannot draw."""
    opened = label_font(font, _LOOK_PX)
    missing_box = _shape(opened, _NEVER_A_LETTER)
    missing = [
        letter
        for letter in dict.fromkeys(text)
        if not letter.isspace() and _shape(opened, letter) in (missing_box, b"")
    ]
    if missing:
        name = "The font of labels" if font is None else f"The font {font.name}"
        raise BadParameters(
            f"{name} has no letter for {' '.join(missing)}. Name a font file that has it: --label-font, "
            "or label_font of the service."
        )


def _shape(font: FreeTypeFont, letter: str) -> bytes:
    return bytes(font.getmask(letter))
