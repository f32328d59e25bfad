"""Figures of English text as words."""

from __future__ import annotations

import re

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = (
    (10**12, "trillion"),
    (10**9, "billion"),
    (10**6, "million"),
    (10**3, "thousand"),
    (100, "hundred"),
)
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_CURRENCIES = {"$": "dollars", "€": "euros", "£": "pounds", "¥": "yen"}
_SIGNS = {
    "%": " percent ", "&": " and ", "+": " plus ", "=": " equals ", "@": " at ", "#": " number ",
    "°": " degrees ",
}  # fmt: skip

# A longer row of digits is a number on a card, not an amount: it is read digit by digit.
_LONGEST_AMOUNT = 15

_AMOUNT = re.compile(r"([$€£¥])?\s?(\d[\d,]*)(?:\.(\d+))?(st|nd|rd|th)?(?=\b|\D|$)", re.IGNORECASE)
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})\b")


def spell_out(text: str) -> str:
    """English text with its figures and signs in words: `$3.50 at 10:30` becomes words as most say them."""
    text = _CLOCK.sub(lambda match: _clock(int(match[1]), match[2]), text)
    text = _AMOUNT.sub(_amount, text)
    for sign, words in _SIGNS.items():
        text = text.replace(sign, words)
    return text


def number_words(number: int) -> str:
    """A whole number from 0 on in words, without `and`."""
    if number < 0:
        raise ValueError(f"number is {number}, expected 0 or more")
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f" {_ONES[ones]}" if ones else "")
    scale, word = next(entry for entry in _SCALES if number >= entry[0])
    count, rest = divmod(number, scale)
    return f"{number_words(count)} {word}" + (f" {number_words(rest)}" if rest else "")


def _amount(match: re.Match[str]) -> str:
    currency, whole, decimals, ordinal = match.groups()
    digits = whole.replace(",", "")
    if len(digits) > _LONGEST_AMOUNT or (len(digits) > 1 and digits[0] == "0"):
        words = _digits(digits)
    elif not (decimals or ordinal or currency or "," in whole) and len(digits) == 4 and digits[0] == "1":
        words = _year(int(digits))
    else:
        words = number_words(int(digits))
    if ordinal:
        words = _ordinal(words)
    if decimals and currency and len(decimals) == 2:
        words = f"{words} {_CURRENCIES[currency]} {number_words(int(decimals))}"
    elif decimals:
        words = f"{words} point {_digits(decimals)}"
    if currency and not (decimals and len(decimals) == 2):
        words = f"{words} {_CURRENCIES[currency]}"
    return f" {words} "


def _digits(digits: str) -> str:
    return " ".join(_ONES[int(digit)] for digit in digits)


def _year(year: int) -> str:
    century, rest = divmod(year, 100)
    if rest == 0:
        return number_words(year) if century % 10 == 0 else f"{number_words(century)} hundred"
    return f"{number_words(century)} {'oh ' if rest < 10 else ''}{number_words(rest)}"


def _clock(hour: int, minutes: str) -> str:
    minute = int(minutes)
    if minute == 0:
        return f" {number_words(hour)} o'clock "
    return f" {number_words(hour)} {'oh ' if minute < 10 else ''}{number_words(minute)} "


def _ordinal(words: str) -> str:
    *before, last = words.split()
    if last in _ORDINALS:
        last = _ORDINALS[last]
    elif last.endswith("y"):
        last = last[:-1] + "ieth"
    else:
        last += "th"
    return " ".join([*before, last])
