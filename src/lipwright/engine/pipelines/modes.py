"""How a photo moves and how much care a clip gets: the words for it."""

from __future__ import annotations

from enum import StrEnum

from lipwright.engine.errors import BadParameters


class PhotoMode(StrEnum):
    """How freely a photo moves.

    REALISTIC keeps the likeness and calm; PROMPTED moves more, by prompt and intensity.
    """

    REALISTIC = "realistic"
    PROMPTED = "prompted"

    @classmethod
    def parse(cls, word: str) -> PhotoMode:
        """The mode of a word; the older words of the Magic Hour API are accepted. Raises BadParameters."""
        try:
            return _PHOTO_MODE_WORDS[word.strip().lower()]
        except KeyError:
            known = ", ".join(_PHOTO_MODE_WORDS)
            raise BadParameters(f"There is no mode '{word}'. Choose one of: {known}.") from None


_PHOTO_MODE_WORDS = {
    "realistic": PhotoMode.REALISTIC,
    "prompted": PhotoMode.PROMPTED,
    "pro": PhotoMode.REALISTIC,
    "stable": PhotoMode.REALISTIC,
    "standard": PhotoMode.PROMPTED,
    "expressive": PhotoMode.PROMPTED,
}


class EyesMode(StrEnum):
    """What becomes of eyes that are shut or half shut in a photo.

    OPEN lets them open as the motion begins; KEEP leaves them as they are.
    """

    KEEP = "keep"
    OPEN = "open"

    @classmethod
    def parse(cls, word: str) -> EyesMode:
        """The mode of a word. Raises BadParameters."""
        try:
            return cls(word.strip().lower())
        except ValueError:
            raise BadParameters(f"Eyes cannot be '{word}'. Choose one of: {', '.join(cls)}.") from None


class LipSyncMode(StrEnum):
    """How much care the mouth of a clip gets.

    LITE moves each frame's own lips and draws what is not seen; STANDARD borrows the inside of the mouth from
    other frames of the same person; PRO also mixes several of them.
    """

    LITE = "lite"
    STANDARD = "standard"
    PRO = "pro"

    @classmethod
    def parse(cls, word: str) -> LipSyncMode:
        """The mode of a word. Raises BadParameters."""
        try:
            return cls(word.strip().lower())
        except ValueError:
            raise BadParameters(f"There is no mode '{word}'. Choose one of: {', '.join(cls)}.") from None
