"""What a mark says, and what is found of one."""

from __future__ import annotations

from dataclasses import dataclass, field

from lipwright.engine.errors import BadParameters

# Known to everybody, so that every Lipwright recognises the videos of every other. Whoever wants a mark that
# nobody else can read or remove sets a key of their own.
PUBLIC_WATERMARK_KEY = b"Lipwright public watermark, 2026"
INSTALLATION_BITS = 24
NUMBER_BITS = 32
MIN_KEY_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Watermark:
    """The mark of a video. Raises BadParameters for numbers out of range and a key that is too short.

    installation: 24 bits, who made the video. number: 32 bits, which of their videos it is.
    key: at least 16 bytes; only who has it can read the mark.
    """

    installation: int
    number: int
    key: bytes = field(default=PUBLIC_WATERMARK_KEY, repr=False)

    def __post_init__(self) -> None:
        for name, bits in (("installation", INSTALLATION_BITS), ("number", NUMBER_BITS)):
            if not 0 <= getattr(self, name) < 1 << bits:
                raise BadParameters(
                    f"The {name} of a watermark is {getattr(self, name)}. Use 0 to 2^{bits} - 1."
                )
        check_watermark_key(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundWatermark:
    """A mark that was found.

    installation, number: as in :class:`Watermark`.
    false_alarm_probability: how likely a video without a mark would look like this one, 0 to 1.
    key_is_public: whether it was read with the key that everybody knows, so that anybody may have written it.
    """

    installation: int
    number: int
    false_alarm_probability: float
    key_is_public: bool


def check_watermark_key(key: bytes) -> None:
    """Raise BadParameters for a key that could be guessed."""
    if len(key) < MIN_KEY_BYTES:
        raise BadParameters(f"The key of a watermark has {len(key)} bytes. Use at least {MIN_KEY_BYTES}.")
