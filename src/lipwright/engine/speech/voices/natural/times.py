"""When the phones and the words of a natural voice are heard, from the times of its signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.speech.phones import VOWEL
from lipwright.engine.speech.values import Phone, SpokenWord
from lipwright.engine.speech.voices.natural.alphabet import (
    PHONE_OF_SIGN,
    PRIMARY_STRESS,
    R_COLOURED,
    SECONDARY_STRESS,
)
from lipwright.engine.speech.voices.natural.reading import ReadWord

_STRESS_OF_SIGN = {PRIMARY_STRESS: 1, SECONDARY_STRESS: 2}
# Blocks in which the end of the last sound before a pause is looked for, and how far below the loudest place
# of the sound it lies. The network counts the silence after a sound to it.
_BLOCK_S = 0.010
_SILENT_BELOW_PEAK_DB = 42.0
# What is left of a sound whose end nobody hears, such as the p of `stop`.
_SHORTEST_LAST_S = 0.06


def phones_of_signs(
    signs: str, edges_s: Sequence[float] | NDArray[np.float64], samples: NDArray[np.float32], rate_hz: int
) -> tuple[Phone, ...]:
    """The phones, with gaps where the voice is silent.

    edges_s: when each sign begins, and at last when the last one ends. samples: float32 (sample,), the sound.
    """
    phones: list[Phone] = []
    stress, start_s, before, is_last = 0, None, "", set[int]()
    for place, sign in enumerate(signs):
        first_s, after_s = float(edges_s[place]), float(edges_s[place + 1])
        symbol = PHONE_OF_SIGN.get(sign)
        if sign in _STRESS_OF_SIGN:
            # The mark's time is the beginning of the sound that it stands before.
            stress, start_s = _STRESS_OF_SIGN[sign], first_s if start_s is None else start_s
        elif symbol == "R" and before in R_COLOURED and phones:
            phones[-1] = replace(phones[-1], symbol="ER", end_s=after_s)
        elif symbol is not None:
            is_vowel = symbol in VOWEL
            begin_s = first_s if start_s is None else start_s
            phones.append(
                Phone(symbol=symbol, start_s=begin_s, end_s=after_s, stress=stress if is_vowel else 0)
            )
            start_s, stress = None, 0 if is_vowel else stress
        elif sign == " " and before in PHONE_OF_SIGN and phones:
            # Between two words that are not kept apart, each has half of the time.
            start_s = (first_s + after_s) / 2
            phones[-1] = replace(phones[-1], end_s=start_s)
        else:
            start_s = None
            if phones and before in PHONE_OF_SIGN:
                is_last.add(len(phones) - 1)
        before = sign
    is_last.add(len(phones) - 1)
    level_db = _level_db(samples, rate_hz)
    return tuple(_ended(phone, level_db) if place in is_last else phone for place, phone in enumerate(phones))


def words_of_signs(
    words: Sequence[ReadWord], edges_s: NDArray[np.float64], phones: Sequence[Phone]
) -> tuple[SpokenWord, ...]:
    """The words from their first to their last sound."""
    found: list[SpokenWord] = []
    for word in words:
        first_s, after_s = float(edges_s[word.first]), float(edges_s[word.after])
        inside = [phone for phone in phones if first_s - 1e-6 <= (phone.start_s + phone.end_s) / 2 <= after_s]
        if inside:
            first_s, after_s = inside[0].start_s, inside[-1].end_s
        found.append(SpokenWord(text=word.text, start_s=first_s, end_s=max(first_s, after_s)))
    return tuple(found)


def _level_db(samples: NDArray[np.float32], rate_hz: int) -> NDArray[np.float64]:
    """The level of each block against the loudest one, float64 (block,), dB."""
    size = round(_BLOCK_S * rate_hz)
    blocks = samples[: len(samples) // size * size].reshape(-1, size).astype(np.float64)
    power = np.mean(blocks**2, axis=1) + 1e-12
    level: NDArray[np.float64] = 10 * np.log10(power / power.max(initial=1e-12))
    return level


def _ended(phone: Phone, level_db: NDArray[np.float64]) -> Phone:
    """The last phone before a pause, ended where it is not heard any more."""
    first, after = round(phone.start_s / _BLOCK_S), round(phone.end_s / _BLOCK_S)
    heard = np.flatnonzero(level_db[first:after] > -_SILENT_BELOW_PEAK_DB)
    end_s = (first + int(heard[-1]) + 1) * _BLOCK_S if len(heard) else phone.start_s
    return replace(phone, end_s=min(phone.end_s, max(end_s, phone.start_s + _SHORTEST_LAST_S)))
