"""The tags of a media file that say who made it, when and where: still true of a copy with another sound."""

from __future__ import annotations

from av.container import InputContainer

# Technical tags and comments speak of the old file.
_NAMES = frozenset(
    {"title", "artist", "album", "album_artist", "composer", "copyright", "genre"}
    | {"date", "creation_time", "location", "language"}
)
# Telephones write their own names.
_QUICKTIME_PREFIX = "com.apple.quicktime."
_QUICKTIME_NAMES = {"location.iso6709": "location", "creationdate": "date"}
# A longer text is no title; MP4 counts its bytes in 16 bits.
LONGEST_TAG_CHARS = 4096


def origin_tags(source: InputContainer) -> dict[str, str]:
    """The tags of an opened file by their lower-case names; empty and very long ones are left out."""
    tags = {}
    for name, text in source.metadata.items():
        plain = name.lower().removeprefix(_QUICKTIME_PREFIX)
        plain = _QUICKTIME_NAMES.get(plain, plain)
        if plain in _NAMES and 0 < len(text) <= LONGEST_TAG_CHARS:
            tags[plain] = text
    return tags
