"""The symbols of phones, what kind of sound each is, and how timelines of them are built.

The set is ARPAbet without stress, `SIL` for none, `UE` for y and `OE` for ø.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lipwright.engine.speech.values import Phone, PhoneTimeline

SILENCE = "SIL"

BILABIAL = frozenset({"P", "B", "M"})
STOP = frozenset({"P", "B", "T", "D", "K", "G", "CH", "JH"})
FRICATIVE = frozenset({"F", "V", "TH", "DH", "S", "Z", "SH", "ZH", "HH"})
NASAL = frozenset({"M", "N", "NG"})
APPROXIMANT = frozenset({"L", "R", "W", "Y"})
DIPHTHONG = frozenset({"AW", "AY", "EY", "OW", "OY"})
VOWEL = frozenset({"AA", "AE", "AH", "AO", "EH", "ER", "IH", "IY", "UH", "UW", "UE", "OE"}) | DIPHTHONG

CONSONANT = STOP | FRICATIVE | NASAL | APPROXIMANT
SYMBOLS = VOWEL | CONSONANT | {SILENCE}

# A phone shorter than this is rounding dust of the sample grid; it has no time to be seen or heard.
_DUST_S = 1e-4


def fill_timeline(phones: Iterable[Phone], duration_s: float, confidence: float = 1.0) -> PhoneTimeline:
    """A timeline from 0 to duration_s out of phones in order: gaps become silence, overlaps are cut.

    Silences that touch are joined, phones outside the duration dropped. An empty input is one silence.
    """
    filled: list[Phone] = []
    now_s = 0.0

    def add(phone: Phone) -> None:
        if filled and filled[-1].symbol == phone.symbol == SILENCE:
            filled[-1] = replace(filled[-1], end_s=phone.end_s)
        else:
            filled.append(phone)

    for phone in phones:
        start_s = max(now_s, phone.start_s)
        end_s = min(phone.end_s, duration_s)
        if end_s - start_s < _DUST_S:
            continue
        if start_s - now_s >= _DUST_S:
            add(Phone(symbol=SILENCE, start_s=now_s, end_s=start_s))
        else:
            start_s = now_s
        add(replace(phone, start_s=start_s, end_s=end_s))
        now_s = end_s
    if duration_s - now_s >= _DUST_S or not filled:
        add(Phone(symbol=SILENCE, start_s=now_s, end_s=max(duration_s, now_s)))
    elif filled[-1].end_s != duration_s:
        filled[-1] = replace(filled[-1], end_s=duration_s)
    return PhoneTimeline(phones=tuple(filled), confidence=confidence)


def shift_phones(phones: Sequence[Phone], by_s: float) -> tuple[Phone, ...]:
    """The same phones later by a time, which may be negative."""
    return tuple(replace(phone, start_s=phone.start_s + by_s, end_s=phone.end_s + by_s) for phone in phones)
