"""Reads a prompt: which words of the table it holds, how strongly, and which words it did not know."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from lipwright.engine.gesture.mood import Mood
from lipwright.engine.gesture.prompt_words import (
    DEGREES,
    FILLERS,
    NEGATIONS,
    NORMAL,
    PROMPT_WORDS,
    SKIPPED,
    PromptWord,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptReading:
    """What a prompt asks for. unknown_words: those that changed nothing, in order, each once."""

    mood: Mood
    unknown_words: tuple[str, ...]


# Fields of Mood that scale a movement; all others are added to it.
_FACTORS = frozenset({"energy", "blink_rate", "wander", "mouth"})
# However many words pile up, a face stays a face. Low and high for every field of Mood but `still`.
_LIMITS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "smile": (-1.0, 1.0),
        "brow_inner": (0.0, 1.0),
        "brow_outer": (0.0, 1.0),
        "brow_down": (0.0, 1.0),
        "one_brow": (0.0, 1.0),
        "wide": (0.0, 1.0),
        "squint": (0.0, 0.8),
        "energy": (0.2, 2.5),
        "blink_rate": (0.0, 2.5),
        "nods": (0.0, 1.6),
        "shakes": (0.0, 1.6),
        "tilts": (0.0, 1.6),
        "winks": (0.0, 1.6),
        "yaw_deg": (-9.0, 9.0),
        "pitch_deg": (-5.0, 5.0),
        "roll_deg": (-5.0, 5.0),
        "gaze_x_deg": (-16.0, 16.0),
        "gaze_y_deg": (-10.0, 10.0),
        "wander": (0.0, 3.0),
        # Nearer, the shoulders would have to come along; farther, the background behind the head shows.
        "lean": (-0.05, 0.06),
        # Smaller and speech is mumbled, larger and lips grow rounder than lips get.
        "mouth": (0.75, 1.25),
    }
)
# Two degrees before one word ("very very") go no further than this.
STRONGEST_DEGREE = 2.5

# A weight: "happy:0.4" is less happy, "happy:1.5" happier.
_WEIGHT = re.compile(r":\s*(\d+(?:\.\d*)?|\.\d+)")

_Entry = TypeVar("_Entry")


def read_prompt(prompt: str, *more: str) -> PromptReading:
    """What a prompt asks for. Letter case, punctuation and accents do not count; nothing is refused.

    A word of the table counts once, as strongly as its strongest mention. more: further prompts, mixed with
    the first.
    """
    wishes: dict[str, tuple[PromptWord, float]] = {}
    unknown: dict[str, None] = {}
    for each in (prompt, *more):
        _read(_tokens(each), wishes, unknown)
    mood = Mood()
    for word, strength in wishes.values():
        mood = _granted(mood, word, strength)
    return PromptReading(mood=_limited(mood), unknown_words=tuple(unknown))


def is_direction(words: str) -> bool:
    """Whether a text is made of words for a prompt alone, and asks for something or for the normal face."""
    wishes: dict[str, tuple[PromptWord, float]] = {}
    unknown: dict[str, None] = {}
    tokens = _tokens(words)
    _read(tokens, wishes, unknown)
    return not unknown and (bool(wishes) or any(token in NORMAL for token in tokens))


def _read(tokens: list[str], wishes: dict[str, tuple[PromptWord, float]], unknown: dict[str, None]) -> None:
    """Add what the words of one prompt wish for, and those that are not known."""
    degree = 1.0
    place = 0
    while place < len(tokens):
        word, length = _longest(tokens, place, _ways())
        if word is not None:
            place += length
            if place < len(tokens) and tokens[place].startswith(":"):
                degree = max(-STRONGEST_DEGREE, min(STRONGEST_DEGREE, degree * float(tokens[place][1:])))
                place += 1
            if word.name not in wishes or abs(degree) > abs(wishes[word.name][1]):
                wishes[word.name] = (word, degree)
            degree = 1.0
            continue
        factor = DEGREES.get(tokens[place])
        if factor is not None:
            degree = max(-STRONGEST_DEGREE, min(STRONGEST_DEGREE, degree * factor))
        elif tokens[place] in NEGATIONS:
            degree = -abs(degree)
        elif tokens[place] not in FILLERS:
            unknown[tokens[place].lstrip(":")] = None
        place += 1


def _tokens(prompt: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", prompt.casefold()).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = _WEIGHT.sub(lambda weight: f" :{float(weight[1]):.3f} ", plain)
    words = (token.strip("'-_") for token in re.findall(r":\d+\.\d+|[\w'-]+", plain))
    return [word for word in words if word and word not in SKIPPED]


@cache
def _ways() -> Mapping[str, PromptWord]:
    return {" ".join(_tokens(way)): word for word in PROMPT_WORDS for way in (word.name, *word.also)}


@cache
def _longest_way() -> int:
    return max(way.count(" ") for way in _ways()) + 1


def _longest(tokens: list[str], place: int, table: Mapping[str, _Entry]) -> tuple[_Entry | None, int]:
    for length in range(min(_longest_way(), len(tokens) - place), 0, -1):
        found = table.get(" ".join(tokens[place : place + length]))
        if found is not None:
            return found, length
    return None, 0


def _granted(mood: Mood, word: PromptWord, strength: float) -> Mood:
    """The mood with one wish more; a negative strength asks for its absence, never for its opposite."""
    if word.name == "still":
        return replace(mood, still=strength > 0)
    if strength <= 0:
        return mood
    changes = {
        name: getattr(mood, name) * change**strength
        if name in _FACTORS
        else getattr(mood, name) + strength * change
        for name, change in word.changes.items()
    }
    return replace(mood, **changes)


def _limited(mood: Mood) -> Mood:
    limited = {name: min(max(getattr(mood, name), low), high) for name, (low, high) in _LIMITS.items()}
    return replace(mood, **limited)
