"""From the International Phonetic Alphabet, as voices of many languages write it, to our symbols.

A sound that English lacks becomes the symbol whose lips look most like it: the symbols are there to move
a mouth, not to be heard.
"""

# ruff: noqa: RUF001 (letters of the phonetic alphabet look like others)
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from lipwright.engine.speech.phones import VOWEL


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundPart:
    """One symbol out of a piece of IPA.

    stress: 0 none, 1 primary, 2 secondary. weight: its share of the piece's time against the others.
    """

    symbol: str
    stress: int
    weight: float


# Vowels are longer than consonants and glides where a voice reports several sounds as one piece.
_VOWEL_WEIGHT = 2.0
_OTHER_WEIGHT = 1.0

_CONSONANTS = {
    "p": "P", "b": "B", "ɓ": "B", "m": "M", "ɱ": "M", "pf": "P F",
    # Spanish b between vowels narrows the lips and does not shut them; the lip tuck of V is nearest.
    "β": "V", "ɸ": "F", "f": "F", "v": "V", "ʋ": "V", "ⱱ": "V",
    "θ": "TH", "ð": "DH",
    "s": "S", "z": "Z", "ɬ": "S", "ɮ": "Z", "ss": "S",
    "ʃ": "SH", "ʒ": "ZH", "ɕ": "SH", "ʑ": "ZH", "ʂ": "SH", "ʐ": "ZH", "s.": "SH", "z.": "ZH", "sx": "SH",
    "ɧ": "SH", "r̝": "ZH", "r̝̊": "SH",
    "tʃ": "CH", "dʒ": "JH", "tɕ": "CH", "dʑ": "JH", "tʂ": "CH", "dʐ": "JH", "ts.": "CH", "cç": "CH",
    "ɟʝ": "JH",
    "ts": "T S", "dz": "D Z",
    "t": "T", "d": "D", "ʈ": "T", "ɖ": "D", "ɗ": "D", "ɾ": "D", "ɽ": "D", "t.": "T", "d.": "D",
    # A trilled r leaves the lips alone, unlike the English one.
    "r": "L", "r.": "D",
    "n": "N", "ɳ": "N", "ɲ": "N", "n.": "N", "ɴ": "NG", "ŋ": "NG",
    "l": "L", "ɫ": "L", "ɭ": "L", "ʎ": "L", "ɺ": "L",
    "ɹ": "R", "ɻ": "R",
    "k": "K", "ɡ": "G", "g": "G", "q": "K", "ɢ": "G", "c": "K", "ɟ": "G", "ɠ": "G",
    # Made in the throat or far back: the lips take the shape of the neighbours, as with h.
    "h": "HH", "ɦ": "HH", "x": "HH", "χ": "HH", "ɣ": "HH", "ʁ": "HH", "ʀ": "HH", "ħ": "HH", "ʕ": "HH",
    "ç": "HH", "ʝ": "Y", "j": "Y", "w": "W", "ʍ": "W", "ɥ": "UE", "ɰ": "HH",
    # A glottal stop moves nothing that can be seen.
    "ʔ": "", "?": "",
}  # fmt: skip

_VOWELS = {
    "i": "IY", "ɪ": "IH", "ɨ": "IH", "ɯ": "IH", "i.": "IH", "i̪": "IH", "ᵻ": "IH",
    "y": "UE", "ʏ": "UE", "ʉ": "UE", "yː": "UE",
    "e": "EH", "eː": "EY", "ɛ": "EH", "ε": "EH", "ẽ": "EH", "æ": "AE",
    "ø": "OE", "œ": "OE", "ɵ": "OE", "ɶ": "OE",
    "ə": "AH", "ɘ": "AH", "ɐ": "AH", "ʌ": "AH", "ɤ": "AH",
    "ɚ": "ER", "ɝ": "ER", "ɜ": "ER", "ɞ": "ER", "ər": "ER", "əɹ": "ER",
    "a": "AA", "ɑ": "AA", "ɒ": "AO", "ɔ": "AO", "o": "AO", "oː": "OW", "õ": "AO",
    "ʊ": "UH", "u": "UW",
    "aɪ": "AY", "ai": "AY", "ɑɪ": "AY", "äɪ": "AY", "aj": "AY", "æi": "AY",
    "aʊ": "AW", "au": "AW", "ɑu": "AW", "ɑʊ": "AW", "aw": "AW",
    "eɪ": "EY", "ei": "EY", "ɛɪ": "EY", "ɛi": "EY",
    "oʊ": "OW", "ou": "OW", "əʊ": "OW", "ɔʊ": "OW",
    "ɔɪ": "OY", "oi": "OY", "ɔø": "OY", "ɔy": "OY", "ɔi": "OY", "oɪ": "OY",
    "iə": "IH AH", "ɪə": "IH AH", "œy": "OE UE", "øy": "OE UE", "ɐ̃ʊ̃": "AW", "ɐ̃ʊ": "AW",
    "onɡ": "UH NG",
}  # fmt: skip

_TABLE = {unicodedata.normalize("NFC", key): value for key, value in (_CONSONANTS | _VOWELS).items()}
_LONGEST_KEY = max(map(len, _TABLE))

# Where one language writes another sound with the same letter.
_BY_LANGUAGE = {
    "ru": {"y": "IH"},  # ы
    "uk": {"y": "IH"},
    "en": {"a": "AE", "r": "R"},
    # Aspiration is written with an h of its own.
    "zh": {"ph": "P", "th": "T", "kh": "K", "ts.h": "CH", "tɕh": "CH", "tsh": "T S"},
}

_GLIDES = {"i": "Y", "u": "W", "y": "UE"}
_TIES = re.compile("[\u035c\u0361]")  # t͡s is written with a tie by some voices and without by others
_LANGUAGE_MARK = re.compile(r"\([a-z-]*\)?")  # eSpeak says "(en)" where it borrows another voice
_STRESSES = {"ˈ": 1, "ˌ": 2, "'": 1, ",": 2}


def sounds_of_ipa(ipa: str, language: str = "") -> tuple[SoundPart, ...]:
    """Take a piece of IPA apart into symbols; what is not known is passed over.

    language: a tag such as `en-us`; only its first part counts.
    """
    text = unicodedata.normalize("NFC", _TIES.sub("", _LANGUAGE_MARK.sub("", ipa)))
    own = _BY_LANGUAGE.get(language.split("-")[0], {})
    parts: list[SoundPart] = []
    stress = 0
    place = 0
    while place < len(text):
        if text[place] in _STRESSES:
            stress = _STRESSES[text[place]]
            place += 1
            continue
        length, symbols = _longest_match(text, place, own)
        key = text[place : place + length]
        place += length
        if key in _GLIDES and place < len(text) and _starts_vowel(text, place):
            symbols = _GLIDES[key]
        for symbol in symbols.split():
            is_vowel = symbol in VOWEL
            weight = _VOWEL_WEIGHT if is_vowel else _OTHER_WEIGHT
            parts.append(SoundPart(symbol=symbol, stress=stress if is_vowel else 0, weight=weight))
            if is_vowel:
                stress = 0
    return tuple(parts)


def _longest_match(text: str, place: int, own: dict[str, str]) -> tuple[int, str]:
    """How many characters the longest known piece takes, and its symbols; (1, "") where none is known."""
    for length in range(min(_LONGEST_KEY, len(text) - place), 0, -1):
        key = text[place : place + length]
        symbols = own.get(key, _TABLE.get(key))
        if symbols is not None:
            return length, symbols
    # An accented letter counts as its base. Length and tone marks have no base that is known.
    return 1, _TABLE.get(unicodedata.normalize("NFD", text[place])[0], "")


def _starts_vowel(text: str, place: int) -> bool:
    base = unicodedata.normalize("NFD", text[place])[0]
    return base in _VOWELS
