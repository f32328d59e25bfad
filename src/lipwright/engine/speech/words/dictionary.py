"""The English pronouncing dictionary that comes in the wheel of pocketsphinx."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pocketsphinx


@cache
def dictionary() -> dict[str, tuple[str, ...]]:
    """The first pronunciation of each of 130,000 words, as phones without stress."""
    words: dict[str, tuple[str, ...]] = {}
    path = Path(pocketsphinx.get_model_path()) / "en-us" / "cmudict-en-us.dict"
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            word, *phones = line.split()
            if not word.endswith(")"):
                words[word] = tuple(phones)
    return words
