"""The numbers of a mark as bits that bear errors: check bits and a convolutional code, read softly.

The code has rate 1/4, constraint length 9 and the generators of Larsen, "Short convolutional codes with
maximal free distance" (IEEE Transactions on Information Theory, 1973). It is read by the algorithm of
Viterbi, "Error bounds for convolutional codes" (same journal, 1967), on values that say how sure a bit is.
"""

from __future__ import annotations

import hmac
from functools import cache

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.watermark.values import INSTALLATION_BITS, NUMBER_BITS

CHECK_BITS = 24
_GENERATORS = (0o463, 0o535, 0o733, 0o745)
_MEMORY = 8
_STATES = 1 << _MEMORY
_MESSAGE_BITS = INSTALLATION_BITS + NUMBER_BITS + CHECK_BITS
# Zeros at the end bring the encoder back to where it began, so that the last bits are as safe as the others.
_STEPS = _MESSAGE_BITS + _MEMORY
CODE_BITS = _STEPS * len(_GENERATORS)


def encode(installation: int, number: int, key: bytes) -> NDArray[np.int8]:
    """The bits of a mark as signs, int8 (CODE_BITS,), 1 for 0 and -1 for 1."""
    message = _message(installation, number)
    bits = _bits_of(message + _check_of(message, key)) + [0] * _MEMORY
    state, signs = 0, []
    for bit in bits:
        signs.append(_outputs()[state, bit])
        state = _next_state(state, bit)
    return np.concatenate(signs)


def decode(values: NDArray[np.float64], key: bytes) -> tuple[int, int] | None:
    """Installation and number from soft values (CODE_BITS,), positive where a sign is more likely 1.

    None where the check bits do not fit: noise passes with a chance of 2^-CHECK_BITS.
    """
    bits = _most_likely(values.reshape(_STEPS, len(_GENERATORS)))
    content = np.packbits(bits[:_MESSAGE_BITS]).tobytes()
    message, check = content[: -CHECK_BITS // 8], content[-CHECK_BITS // 8 :]
    if check != _check_of(message, key):
        return None
    whole = int.from_bytes(message, "big")
    return whole >> NUMBER_BITS, whole & ((1 << NUMBER_BITS) - 1)


def _message(installation: int, number: int) -> bytes:
    return (installation << NUMBER_BITS | number).to_bytes((INSTALLATION_BITS + NUMBER_BITS) // 8, "big")


def _check_of(message: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"check" + message, "sha256")[: CHECK_BITS // 8]


def _bits_of(content: bytes) -> list[int]:
    return [int(bit) for bit in np.unpackbits(np.frombuffer(content, np.uint8))]


def _next_state(state: int, bit: int) -> int:
    return (state >> 1) | (bit << (_MEMORY - 1))


@cache
def _outputs() -> NDArray[np.int8]:
    """The signs sent at each (state, bit), int8 (256, 2, 4)."""
    signs = np.empty((_STATES, 2, len(_GENERATORS)), np.int8)
    for state in range(_STATES):
        for bit in (0, 1):
            register = (bit << _MEMORY) | state
            signs[state, bit] = [1 - 2 * ((register & taps).bit_count() & 1) for taps in _GENERATORS]
    return signs


def _most_likely(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The bits whose signs agree best with soft values (step, 4): a path from state 0 to state 0."""
    gains = np.einsum("sbo,to->tsb", _outputs().astype(np.float64), values)
    # A state comes from two: shifted up, its own bit falls out and an unknown one comes in below.
    states = np.arange(_STATES)
    own_bit = states >> (_MEMORY - 1)
    before = ((states << 1) & (_STATES - 1))[:, None] | np.array([0, 1])
    score = np.full(_STATES, -np.inf)
    score[0] = 0
    chosen = np.empty((len(values), _STATES), np.intp)
    for step, gain in enumerate(gains):
        reached = score[before] + gain[before, own_bit[:, None]]
        best = np.argmax(reached, axis=1)
        chosen[step] = before[states, best]
        score = reached[states, best]
    bits = np.empty(len(values), np.uint8)
    state = 0
    for step in range(len(values) - 1, -1, -1):
        bits[step] = state >> (_MEMORY - 1)
        state = chosen[step, state]
    return bits
