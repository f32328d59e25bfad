"""A text cut into what is said in one breath, with the pause after each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from lipwright.engine.speech.words.acted_text import ActedText, TextSpan

# People pause about so long between sentences when they read aloud, and take breath between paragraphs.
SENTENCE_PAUSE_S = 0.35
PARAGRAPH_PAUSE_S = 0.90

_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)")  # noqa: RUF001
# A full stop after one of these ends no sentence: a name follows.
_TITLES = frozenset({
    "mr", "mrs", "ms", "dr", "prof", "st", "mt", "ft", "gen", "gov", "sen", "rep", "capt", "lt", "col",
    "sgt", "rev", "hon", "vs", "ca", "approx", "e.g", "i.e",
})  # fmt: skip
# Nor after one of these where a number follows.
_BEFORE_NUMBERS = frozenset({
    "no", "nos", "fig", "vol", "p", "pp", "ch", "sec", "jan", "feb", "mar", "apr", "jun", "jul", "aug",
    "sep", "sept", "oct", "nov", "dec",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a text: its place, and the silence after it in seconds."""

    span: TextSpan
    pause_s: float


def sentences_with_places(text: ActedText) -> Iterator[Sentence]:
    """The sentences of a text in order, without the white space around them; the last one has no pause."""
    edges = [0, *text.paragraphs, len(text.spoken)]
    found: list[Sentence] = []
    for first, after in pairwise(edges):
        spans = list(_spans(text.spoken, first, after))
        found += [Sentence(span=span, pause_s=SENTENCE_PAUSE_S) for span in spans[:-1]]
        found += [Sentence(span=span, pause_s=PARAGRAPH_PAUSE_S) for span in spans[-1:]]
    yield from found[:-1]
    for last in found[-1:]:
        yield Sentence(span=last.span, pause_s=0.0)


def _spans(text: str, first: int, after: int) -> Iterator[TextSpan]:
    start = first
    for end in _END.finditer(text, first, after):
        if _ends_sentence(text[start : end.end()], text[end.end() : after].lstrip()):
            yield from _stripped(text, start, end.end())
            start = end.end()
    yield from _stripped(text, start, after)


def _ends_sentence(before: str, rest: str) -> bool:
    if rest[:1].islower():
        return False
    if not before.endswith("."):
        return True
    word = before.split()[-1].rstrip(".").lstrip("(\"'“‘").lower()  # noqa: RUF001
    is_initial = len(word) == 1 and word.isalpha() and word != "i"
    goes_on = word in _TITLES or is_initial or (word in _BEFORE_NUMBERS and rest[:1].isdecimal())
    return not (goes_on and rest)


def _stripped(text: str, first: int, after: int) -> Iterator[TextSpan]:
    part = text[first:after]
    first += len(part) - len(part.lstrip())
    after -= len(part) - len(part.rstrip())
    if first < after:
        yield TextSpan(first=first, after=after)
