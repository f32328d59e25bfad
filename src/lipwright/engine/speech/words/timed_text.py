"""When the marks, stresses, sentences and quotes of a text are heard, from the times of its words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lipwright.engine.speech.phones import SILENCE, VOWEL
from lipwright.engine.speech.values import DirectedStretch, PhoneTimeline, SpokenWord, Stretch, TextActs
from lipwright.engine.speech.words.acted_text import ActedText, TextSpan

# How far ahead of the last word a word is looked for in the text, characters: further on stands another one
# that is written alike.
_REACH_CHARS = 60
_TOKEN = re.compile(r"\w[\w'’.-]*")  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class _Placed:
    """The characters first to after of a text are heard from start_s to end_s."""

    first: int
    after: int
    start_s: float
    end_s: float


def time_text(acted: ActedText, words: Sequence[SpokenWord], phones: PhoneTimeline) -> TextActs:
    """When what a text asks for is heard.

    words: with their times, in order; some may be missing, or said otherwise than written. Without any the
    text is spread over the speech of the phones.
    """
    heard = [_without_silence(word, phones) for word in words]
    placed = list(_placed(acted.spoken, heard)) or list(_spread(acted.spoken, phones))
    if not placed:
        return TextActs()
    times = _Times(placed)
    sentences = [(acted.spoken[span.first : span.after], times.stretch(span)) for span in acted.sentences]
    marks = [(mark.words, times.start_s(mark.place)) for mark in acted.marks]
    # A mood that the text begins with is there before the first word.
    marks = [(words, 0.0 if start_s <= placed[0].start_s else start_s) for words, start_s in marks]
    ends_s = [start_s for _, start_s in marks[1:]]
    return TextActs(
        directions=tuple(
            DirectedStretch(start_s=start_s, end_s=end_s, words=words)
            for (words, start_s), end_s in zip(marks, [*ends_s, None], strict=False)
            if end_s is None or end_s > start_s
        ),
        questions=tuple(stretch for text, stretch in sentences if _ending(text) & set("?？؟")),  # noqa: RUF001
        exclamations=tuple(stretch for text, stretch in sentences if _ending(text) & set("!！")),  # noqa: RUF001
        quotes=tuple(times.stretch(span) for span in acted.quotes),
        stresses=tuple(times.stretch(span) for span in acted.stresses),
        paragraphs_s=tuple(times.start_s(place) for place in acted.paragraphs),
    )


def stressed_moment_s(stress: Stretch, phones: PhoneTimeline | None) -> float:
    """The middle of the vowel that carries a stress: of its main one, else of the longest."""
    inside = [
        phone
        for phone in (phones.phones if phones else ())
        if phone.symbol in VOWEL and stress.start_s <= (phone.start_s + phone.end_s) / 2 <= stress.end_s
    ]
    if not inside:
        return (stress.start_s + stress.end_s) / 2
    vowel = max(inside, key=lambda phone: (phone.stress == 1, phone.end_s - phone.start_s))
    return (vowel.start_s + vowel.end_s) / 2


class _Times:
    def __init__(self, placed: list[_Placed]) -> None:
        self._placed = placed
        self._firsts = [word.first for word in placed]

    def start_s(self, place: int) -> float:
        """When the first word at or after a place begins; the end of the last one beyond it."""
        index = bisect_left(self._firsts, place)
        if index and self._placed[index - 1].after > place:
            index -= 1
        return self._placed[index].start_s if index < len(self._placed) else self._placed[-1].end_s

    def stretch(self, span: TextSpan) -> Stretch:
        start_s = self.start_s(span.first)
        index = bisect_left(self._firsts, span.after) - 1
        return Stretch(start_s=start_s, end_s=max(start_s, self._placed[max(index, 0)].end_s))


def _without_silence(word: SpokenWord, phones: PhoneTimeline) -> SpokenWord:
    """A word from its first to its last sound: aligners give the pause beside a word to it."""
    said = [
        phone
        for phone in phones.phones
        if phone.symbol != SILENCE and word.start_s <= (phone.start_s + phone.end_s) / 2 <= word.end_s
    ]
    if not said:
        return word
    return replace(word, start_s=max(word.start_s, said[0].start_s), end_s=min(word.end_s, said[-1].end_s))


def _ending(sentence: str) -> set[str]:
    """The punctuation at the end of a sentence."""
    bare = sentence.rstrip("\"'”’»)] ")  # noqa: RUF001
    return set(bare[len(bare.rstrip(".!?…。！？؟")) :])  # noqa: RUF001


def _placed(text: str, words: Sequence[SpokenWord]) -> Iterator[_Placed]:
    """The place of each word in the text; what is said otherwise than written lies between its neighbours."""
    lower = text.lower()
    lower = lower if len(lower) == len(text) else text
    done = 0
    waiting: list[SpokenWord] = []
    for word in words:
        first = _find(lower, word.text.strip(". \"'").lower(), done)
        if first is None:
            waiting.append(word)
            continue
        yield from _between(text, done, first, waiting)
        waiting = []
        done = first + len(word.text.strip(". \"'"))
        yield _Placed(first, done, word.start_s, word.end_s)
    yield from _between(text, done, len(text), waiting)


def _find(text: str, word: str, done: int) -> int | None:
    if not word:
        return None
    near = text[done : done + _REACH_CHARS + len(word)]
    if word.isascii():
        found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", near)
        return done + found.start() if found else None
    place = near.find(word)
    return done + place if place >= 0 else None


def _between(text: str, first: int, after: int, words: list[SpokenWord]) -> Iterator[_Placed]:
    tokens = list(_TOKEN.finditer(text, first, after))
    if words and tokens:
        yield from _evenly(tokens, words[0].start_s, words[-1].end_s)


def _spread(text: str, phones: PhoneTimeline) -> Iterator[_Placed]:
    said = [phone for phone in phones.phones if phone.symbol != SILENCE]
    tokens = list(_TOKEN.finditer(text))
    if said and tokens:
        yield from _evenly(tokens, said[0].start_s, said[-1].end_s)


def _evenly(tokens: list[re.Match[str]], start_s: float, end_s: float) -> Iterator[_Placed]:
    first, length = tokens[0].start(), max(1, tokens[-1].end() - tokens[0].start())
    pace = (end_s - start_s) / length
    for token in tokens:
        yield _Placed(
            token.start(),
            token.end(),
            start_s + (token.start() - first) * pace,
            start_s + (token.end() - first) * pace,
        )
