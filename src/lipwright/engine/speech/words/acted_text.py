"""What a text asks of voice and face beside its words: marks, stresses, paragraphs, sentences, quotes.

`[happy] Good morning. That is *not* what I said.` A mark in square brackets changes the mood from the next
word on; asterisks stress what stands between them; `[Nguyen](/W IH1 N/)` says how a word sounds; an empty
line begins a paragraph. None of it is spoken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from lipwright.engine.speech.words.text import clean_text

# One mark holds a few words; a longer bracket is text.
LONGEST_MARK_CHARS = 200

_MARKUP = re.compile(
    r"\\(?P<plain>[\[*])"
    rf"|\[(?P<word>[^\[\]\n]{{1,{LONGEST_MARK_CHARS}}})\]\(/(?P<sounds>[^/()\n]{{1,{LONGEST_MARK_CHARS}}})/\)"
    rf"|\[(?P<mark>[^\[\]\n]{{1,{LONGEST_MARK_CHARS}}})\]"
    # Beside a letter or a figure an asterisk is a sign of its own: 3*4*5.
    r"|(?<![\w*])(?P<star>\*{1,2})(?=[^\s*])(?P<stressed>[^*\[\]\n]*[^\s*\[\]])(?P=star)(?![\w*])"
    r"|(?P<paragraph>[ \t]*\n[ \t]*\n\s*)"
)
_SENTENCE_END = re.compile(r"[.!?…。！？؟]+[\"'”’»)\]]*(?=\s|$)|$")  # noqa: RUF001
_QUOTE = re.compile('"([^"]+)"|“([^”“]+)”|„([^“”„]+)[“”]|«([^«»]+)»|»([^«»]+)«')
# Fewer words in quotes are a name or a word held at arm's length; nobody is quoted.
_FEWEST_QUOTED_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSpan:
    """The characters text[first : after]."""

    first: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMark:
    """A direction in a text: words for the face, from the character `place` on."""

    place: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pronunciation:
    """How the characters text[first : after] sound, in IPA or ARPAbet."""

    first: int
    after: int
    sounds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActedText:
    """A text without its marks, and what they ask for; places count the characters of `spoken`.

    spoken: the words as a voice gets them, one space for any white space.stresses: what is said with
    stress. pronunciations: words that sound as is said of them. paragraphs: where each paragraph but the
    first begins. brackets: what stands in square brackets and is no mark, so that it is spoken, each
    once. has_markup: whether the text held anything but words, so that `spoken` is not the text as it was
    written.
    """

    spoken: str
    marks: tuple[TextMark, ...] = ()
    stresses: tuple[TextSpan, ...] = ()
    pronunciations: tuple[Pronunciation, ...] = ()
    paragraphs: tuple[int, ...] = ()
    brackets: tuple[str, ...] = ()
    has_markup: bool = False

    @property
    def sentences(self) -> tuple[TextSpan, ...]:
        """The sentences, with the punctuation that ends them."""
        return tuple(_sentences(self.spoken))

    @property
    def quotes(self) -> tuple[TextSpan, ...]:
        """What is said in the words of somebody else: three words or more in double quotation marks."""
        return tuple(
            TextSpan(first=found.start(), after=found.end())
            for found in _QUOTE.finditer(self.spoken)
            if len(found.group().split()) >= _FEWEST_QUOTED_WORDS
        )

    @property
    def lines(self) -> str:
        """The spoken text with each paragraph on a line of its own."""
        edges = [0, *self.paragraphs, len(self.spoken)]
        return "\n".join(self.spoken[first:after].strip() for first, after in pairwise(edges))


def read_acted_text(text: str, is_mark: Callable[[str], bool]) -> ActedText:
    r"""A text taken apart. Nothing is refused.

    is_mark: whether what stands in square brackets is a direction; every other bracket is spoken as it
    stands, and so is one after a backslash: `\[happy]`.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    reader = _Reader()
    done = 0
    for found in _MARKUP.finditer(text):
        if found["mark"] is not None and not is_mark(found["mark"]):
            reader.brackets.append(found.group())
            continue
        reader.add(text[done : found.start()])
        done = found.end()
        if found["plain"] is not None:
            reader.add(found["plain"])
            reader.has_markup = True
        elif found["word"] is not None:
            first = reader.length
            reader.add(found["word"].strip())
            reader.pronunciations.append(
                Pronunciation(first=first, after=reader.length, sounds=found["sounds"].strip())
            )
            reader.has_markup = True
        elif found["mark"] is not None:
            reader.add(" ")
            reader.marks.append((reader.length, found["mark"].strip()))
            reader.has_markup = True
        elif found["stressed"] is not None:
            first = reader.length
            reader.add(found["stressed"])
            reader.stresses.append(TextSpan(first=first, after=reader.length))
            reader.has_markup = True
        else:
            reader.add(" ")
            if reader.length:
                reader.paragraphs.append(reader.length)
    reader.add(text[done:])
    return reader.acted()


class _Reader:
    """Puts the spoken text together and remembers places in it."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.length = 0
        self.marks: list[tuple[int, str]] = []
        self.stresses: list[TextSpan] = []
        self.pronunciations: list[Pronunciation] = []
        self.brackets: list[str] = []
        self.paragraphs: list[int] = []
        self.has_markup = False

    def add(self, text: str) -> None:
        clean = clean_text(text)
        if not self._parts or self._parts[-1].endswith(" "):
            clean = clean.lstrip()
        if clean:
            self._parts.append(clean)
            self.length += len(clean)

    def acted(self) -> ActedText:
        spoken = "".join(self._parts).rstrip()
        marks: dict[int, str] = {}
        for place, words in self.marks:
            # Two marks before one word are one.
            marks[place] = f"{marks[place]}, {words}" if place in marks else words
        return ActedText(
            spoken=spoken,
            marks=tuple(TextMark(place=place, words=words) for place, words in marks.items()),
            stresses=tuple(self.stresses),
            pronunciations=tuple(self.pronunciations),
            brackets=tuple(dict.fromkeys(self.brackets)),
            paragraphs=tuple(place for place in dict.fromkeys(self.paragraphs) if place < len(spoken)),
            has_markup=self.has_markup,
        )


def _sentences(text: str) -> Iterator[TextSpan]:
    first = 0
    for end in _SENTENCE_END.finditer(text):
        while first < end.end() and text[first].isspace():
            first += 1
        if first < end.end():
            yield TextSpan(first=first, after=end.end())
        first = end.end()
