"""English text in the alphabet of the natural voices, by the reader of `hibari-tts`.

Numbers and signs are put into words, words are looked up in its dictionary with their part of speech, and
what is in no dictionary is read by its small network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hibari.g2p import G2P
from hibari.g2p.normalize import normalize
from hibari.g2p.token import Tok

from lipwright.engine.errors import BadParameters
from lipwright.engine.speech.voices.natural.alphabet import PHONE_OF_SIGN, signs_of
from lipwright.engine.speech.words.acted_text import ActedText, TextSpan
from lipwright.engine.speech.words.written_english import as_read_aloud

# The networks were trained on sentences; past some 400 signs they lose their breath and their voice.
_LONGEST_PIECE_SIGNS = 380
# Somebody's key or a file in the text: nobody can listen to it, and the reader would take minutes.
LONGEST_RUN_CHARS = 200
# What a longer row of letters is cut into, as it has no pronunciation anyway.
_LONGEST_WORD_CHARS = 40
_LONG_WORD = re.compile(rf"[^\W\d_]{{{_LONGEST_WORD_CHARS + 1},}}")
# Digits past this many are read one by one.
_LONG_NUMBER = re.compile(r"\d{16,}")
# What stress means to the reader: a main stress also for a word that usually has none.
_MAIN_STRESS = 2
_CLAUSE_ENDS = frozenset(",;:—.!?…")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWord:
    """A word as it is said; its signs are signs[first : after]."""

    text: str
    first: int
    after: int
    is_stressed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A stretch of text that the network speaks at once: signs with their punctuation, and the words."""

    signs: str
    words: tuple[ReadWord, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a sentence: plain, stressed, or with a pronunciation of its own."""

    text: str
    is_stressed: bool = False
    signs: str | None = None


def read_sentence(
    text: ActedText, span: TextSpan, known: frozenset[str], *, is_british: bool
) -> tuple[Reading, ...]:
    """A sentence of a text as its readings, usually one; none where nothing in it can be said.

    known: the signs of the voice. Raises BadParameters for a pronunciation in unknown signs, and for a row of
    characters without a space that nobody can read.
    """
    sentence = text.spoken[span.first : span.after]
    longest = max(map(len, sentence.split()), default=0)
    if longest > LONGEST_RUN_CHARS:
        raise BadParameters(
            f"The text holds {longest} characters without a space, which cannot be read aloud; "
            f"{LONGEST_RUN_CHARS} are the most. Put spaces between the words."
        )
    reader = _reader(is_british)
    tokens = reader.phonemize_tokens(_tokens(reader, tuple(_parts(text, span, known))))
    return tuple(_readings(tokens, known))


@lru_cache(maxsize=2)
def _reader(is_british: bool) -> Any:
    return G2P(british=is_british)


def _parts(text: ActedText, span: TextSpan, known: frozenset[str]) -> Iterator[_Part]:
    marks: list[tuple[int, int, bool, str | None]] = [
        (mark.first, mark.after, True, None) for mark in text.stresses
    ]
    marks += [(own.first, own.after, False, own.sounds) for own in text.pronunciations]
    done = span.first
    for first, after, is_stressed, sounds in sorted(marks, key=lambda mark: mark[0]):
        first, after = max(first, done), min(after, span.after)
        if first >= after:
            continue
        yield _Part(text.spoken[done:first])
        is_stressed = is_stressed or any(one.first <= first < one.after for one in text.stresses)
        signs = None if sounds is None else signs_of(sounds, known)
        yield _Part(text.spoken[first:after], is_stressed, signs)
        done = after
    yield _Part(text.spoken[done : span.after])


def _tokens(reader: Any, parts: tuple[_Part, ...]) -> list[Tok]:
    """The tokens of a sentence, tagged as a whole."""
    found: list[tuple[str, str, _Part]] = []
    for place, part in enumerate(parts):
        is_spaced = part.text[-1:].isspace() or (
            place + 1 < len(parts) and parts[place + 1].text[:1].isspace()
        )
        if part.signs is not None:
            pairs = [(part.text, "")]
        else:
            pairs = reader.tokenizer(normalize(as_read_aloud(_readable(part.text))))
        found += [(word, space, part) for word, space in pairs]
        if found and is_spaced:
            found[-1] = (found[-1][0], " ", found[-1][2])
    tags = reader.tagger([word for word, _, _ in found]) if found else []
    return [
        Tok(
            word,
            tag if part.signs is None else "NN",
            space,
            phonemes=part.signs,
            rating=5 if part.signs else None,
            stress=_MAIN_STRESS if part.is_stressed else None,
        )
        for (word, space, part), tag in zip(found, tags, strict=True)
    ]


def _readable(text: str) -> str:
    """A text without rows of letters or figures that the reader would choke on."""
    text = _LONG_NUMBER.sub(lambda found: " ".join(found.group()), text)
    return _LONG_WORD.sub(
        lambda found: re.sub(rf"(\w{{{_LONGEST_WORD_CHARS}}})(?=\w)", r"\1 ", found.group()), text
    )


def _readings(tokens: list[Tok], known: frozenset[str]) -> Iterator[Reading]:
    signs, can_end = "", False
    words: list[ReadWord] = []
    for token in tokens:
        said = "".join(sign for sign in token.phonemes or "" if sign in known)
        is_full = len(signs) + len(said) > _LONGEST_PIECE_SIGNS
        if is_full or (can_end and len(signs) > _LONGEST_PIECE_SIGNS * 0.6):
            yield from _reading(signs, words)
            signs, words = "", []
        first = len(signs)
        signs += said + (" " if token.whitespace else "")
        if any(sign in PHONE_OF_SIGN for sign in said):
            words.append(
                ReadWord(
                    text=token.text,
                    first=first,
                    after=first + len(said),
                    is_stressed=token.stress is not None,
                )
            )
        can_end = said[-1:] in _CLAUSE_ENDS
    yield from _reading(signs, words)


def _reading(signs: str, words: list[ReadWord]) -> Iterator[Reading]:
    if words:
        yield Reading(signs=signs.rstrip(), words=tuple(words))
