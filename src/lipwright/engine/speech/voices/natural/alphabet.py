"""The alphabet of the natural voices, from and to the phones of mouths and the alphabets that people write.

It is the phonetic alphabet with one sign for each diphthong and affricate, as in the Kokoro models.
"""

# ruff: noqa: RUF001, RUF002 (letters of the phonetic alphabet look like others)
from __future__ import annotations

import re
import unicodedata

from lipwright.engine.errors import BadParameters

PRIMARY_STRESS, SECONDARY_STRESS = "ˈ", "ˌ"

# What the lips do for each sign.
PHONE_OF_SIGN = {
    "A": "EY", "I": "AY", "O": "OW", "Q": "OW", "W": "AW", "Y": "OY", "ʤ": "JH", "ʧ": "CH",
    "i": "IY", "ɪ": "IH", "ᵻ": "IH", "ɨ": "IH", "e": "EH", "ɛ": "EH", "æ": "AE", "a": "AE", "ɑ": "AA",
    "ɒ": "AO", "ɔ": "AO", "o": "AO", "ʊ": "UH", "u": "UW", "ʌ": "AH", "ə": "AH", "ɐ": "AH", "ᵊ": "AH",
    "ɜ": "ER", "ɚ": "ER", "y": "UE", "ø": "OE", "œ": "OE",
    "p": "P", "b": "B", "m": "M", "f": "F", "v": "V", "θ": "TH", "ð": "DH", "s": "S", "z": "Z", "ʃ": "SH",
    "ʒ": "ZH", "t": "T", "T": "D", "ɾ": "D", "d": "D", "n": "N", "l": "L", "k": "K", "ɡ": "G", "ŋ": "NG",
    "ɹ": "R", "r": "R", "j": "Y", "w": "W", "h": "HH", "x": "HH", "ç": "HH", "ɲ": "N", "ʎ": "L",
}  # fmt: skip
VOWEL_SIGNS = frozenset("AIOQWYiɪᵻɨeɛæaɑɒɔoʊuʌəɐᵊɜɚyøœ")
# An r after these is the same sound as the vowel.
R_COLOURED = frozenset("əɜ")

_SIGN_OF_ARPABET = {
    "AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "W", "AY": "I", "EH": "ɛ", "ER": "ɜɹ", "EY": "A",
    "IH": "ɪ", "IY": "i", "OW": "O", "OY": "Y", "UH": "ʊ", "UW": "u", "B": "b", "CH": "ʧ", "D": "d",
    "DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "ʤ", "K": "k", "L": "l", "M": "m", "N": "n", "NG": "ŋ",
    "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t", "TH": "θ", "V": "v", "W": "w", "Y": "j", "Z": "z",
    "ZH": "ʒ",
}  # fmt: skip
_WEAK_ARPABET = {"AH": "ə", "ER": "əɹ"}
_ARPABET = re.compile(r"(?:[A-Z]{1,2}[012]?\s+)*[A-Z]{1,2}[012]?")
_IPA = (
    ("tʃ", "ʧ"), ("dʒ", "ʤ"), ("eɪ", "A"), ("aɪ", "I"), ("aʊ", "W"), ("ɔɪ", "Y"), ("oʊ", "O"), ("əʊ", "Q"),
    ("ɝ", "ɜɹ"), ("ɚ", "əɹ"), ("g", "ɡ"), ("r", "ɹ"), ("'", "ˈ"), (".", ""), ("ː", ""), ("͡", ""), ("e", "ɛ"),
)  # fmt: skip


def signs_of(pronunciation: str, known: frozenset[str]) -> str:
    """A pronunciation that somebody wrote, in this alphabet.

    pronunciation: in IPA (`wɪn`) or ARPAbet (`W IH1 N`). known: the signs of the voice. Raises
    BadParameters for any other.
    """
    written = pronunciation.strip()
    if _ARPABET.fullmatch(written) and all(
        part.rstrip("012") in _SIGN_OF_ARPABET for part in written.split()
    ):
        return "".join(map(_sign_of_arpabet, written.split()))
    signs = unicodedata.normalize("NFC", written)
    for ipa, sign in _IPA:
        signs = signs.replace(ipa, sign)
    strange = [sign for sign in signs if sign not in known]
    if strange or not any(sign in PHONE_OF_SIGN for sign in signs):
        what = f"The sign {strange[0]!r} in" if strange else "What stands in"
        raise BadParameters(
            f"{what} the pronunciation /{pronunciation[:60]}/ is not known. "
            "Write English sounds in IPA, as /wɪn/, or in ARPAbet, as /W IH1 N/."
        )
    return signs


def _sign_of_arpabet(part: str) -> str:
    symbol, stress = part.rstrip("012"), part[-1]
    sign = _SIGN_OF_ARPABET[symbol]
    if stress == "0":
        sign = _WEAK_ARPABET.get(symbol, sign)
    return {"1": PRIMARY_STRESS, "2": SECONDARY_STRESS}.get(stress, "") + sign
