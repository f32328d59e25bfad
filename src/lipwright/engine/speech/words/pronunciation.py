"""How English words are pronounced: from the dictionary, from an embedded voice, or by rule.

Every word gets some pronunciation, so that no transcript can stop an alignment.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from lipwright.engine.errors import EngineError
from lipwright.engine.speech.espeak import library as espeak
from lipwright.engine.speech.phones import SILENCE, SYMBOLS, VOWEL
from lipwright.engine.speech.words.dictionary import dictionary
from lipwright.engine.speech.words.espeak_times import phones_of_speech
from lipwright.engine.speech.words.numerals import spell_out

# A longer row of letters is not a word; what a voice or a rule makes of it would fill minutes.
LONGEST_WORD_CHARS = 40

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*'?")
_QUOTES = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "‘": "'"})  # noqa: RUF001

# The spoken names of letters, for abbreviations.
_LETTER_NAMES = {
    "a": "EY", "b": "B IY", "c": "S IY", "d": "D IY", "e": "IY", "f": "EH F", "g": "JH IY", "h": "EY CH",
    "i": "AY", "j": "JH EY", "k": "K EY", "l": "EH L", "m": "EH M", "n": "EH N", "o": "OW", "p": "P IY",
    "q": "K Y UW", "r": "AA R", "s": "EH S", "t": "T IY", "u": "Y UW", "v": "V IY",
    "w": "D AH B AH L Y UW", "x": "EH K S", "y": "W AY", "z": "Z IY",
}  # fmt: skip

# Letters to sounds where neither dictionary nor voice knows a word: longest first, good enough to keep a
# name's lips roughly right.
_SPELLINGS = {
    "tch": "CH", "sch": "SH", "igh": "AY", "eau": "OW", "ough": "AO", "augh": "AO", "tion": "SH AH N",
    "sion": "ZH AH N", "ch": "CH", "sh": "SH", "th": "TH", "ph": "F", "gh": "G", "ck": "K", "ng": "NG",
    "qu": "K W", "wh": "W", "kn": "N", "wr": "R", "ee": "IY", "ea": "IY", "oo": "UW", "ou": "AW", "ow": "OW",
    "ai": "EY", "ay": "EY", "oi": "OY", "oy": "OY", "au": "AO", "aw": "AO", "ie": "IY", "ei": "EY",
    "oa": "OW", "ar": "AA R", "er": "ER", "ir": "ER", "ur": "ER", "or": "AO R",
    "a": "AE", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F", "g": "G", "h": "HH", "i": "IH", "j": "JH",
    "k": "K", "l": "L", "m": "M", "n": "N", "o": "AA", "p": "P", "q": "K", "r": "R", "s": "S", "t": "T",
    "u": "AH", "v": "V", "w": "W", "x": "K S", "y": "IY", "z": "Z",
}  # fmt: skip
_LONGEST_SPELLING = max(map(len, _SPELLINGS))


def words_of(text: str) -> tuple[str, ...]:
    """The words of an English text as they are said, lower case; figures and abbreviations spelled out."""
    plain = unicodedata.normalize("NFKD", text.translate(_QUOTES))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    words: list[str] = []
    for chunk in spell_out(plain).split():
        is_capitals = chunk.strip(".,;:!?\"'()").isupper()
        for word in _WORD.findall(chunk.lower()):
            bare = word.strip("'") if word not in dictionary() else word
            if is_capitals and 1 < len(bare) <= 5 and bare not in dictionary():
                words.extend(f"{letter}." for letter in bare)
            elif bare:
                words.append(bare[:LONGEST_WORD_CHARS])
    return tuple(words)


@lru_cache(maxsize=20_000)
def pronounce(word: str) -> tuple[str, ...]:
    """The phones of one of `words_of`'s words; never empty."""
    known = dictionary().get(word)
    if known:
        return known
    if len(word) == 2 and word[1] == "." and word[0] in _LETTER_NAMES:
        return tuple(_LETTER_NAMES[word[0]].split())
    if word.endswith("'s") and len(word) > 2:
        return (*pronounce(word[:-2]), "Z")
    return _spoken(word) or _by_rule(word)


def _spoken(word: str) -> tuple[str, ...]:
    """What an embedded voice makes of a word; empty without such a voice."""
    if not espeak.is_installed():
        return ()
    try:
        speech = espeak.synthesize(word, voice="en-us", rate_wpm=160)
    except EngineError:
        return ()  # the rule below answers instead
    phones = phones_of_speech(speech, "en-us")
    return tuple(phone.symbol for phone in phones if phone.symbol in _ENGLISH)


_ENGLISH = SYMBOLS - {SILENCE, "UE", "OE"}


def _by_rule(word: str) -> tuple[str, ...]:
    letters = re.sub("[^a-z]", "", word)
    phones: list[str] = []
    place = 0
    while place < len(letters):
        for length in range(_LONGEST_SPELLING, 0, -1):
            spelling = letters[place : place + length]
            if spelling in _SPELLINGS:
                break
        is_silent_e = spelling == "e" and place == len(letters) - 1 and any(p in VOWEL for p in phones)
        sounds = [] if is_silent_e else _SPELLINGS[spelling].split()
        phones.extend(sound for sound in sounds if not phones or sound != phones[-1])
        place += len(spelling)
    return tuple(phones) or ("AH",)
