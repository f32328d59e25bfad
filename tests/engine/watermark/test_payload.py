"""The numbers of a mark as bits that bear errors."""

from __future__ import annotations

import numpy as np
import pytest

from lipwright.engine.watermark.payload import CODE_BITS, decode, encode
from lipwright.engine.watermark.values import PUBLIC_WATERMARK_KEY

KEY = PUBLIC_WATERMARK_KEY


@pytest.mark.parametrize(
    "numbers", [(0, 0), ((1 << 24) - 1, (1 << 32) - 1), (1, 1 << 31), (0xABCDEF, 0x12345678)]
)
def test_numbers_come_back(numbers: tuple[int, int]) -> None:
    signs = encode(*numbers, KEY)
    assert signs.shape == (CODE_BITS,)
    assert set(np.unique(signs)) <= {-1, 1}
    assert decode(signs.astype(np.float64), KEY) == numbers


def test_numbers_come_back_from_values_that_hold_as_much_noise_as_signal() -> None:
    random = np.random.default_rng(1)
    for number in range(20):
        values = encode(5, number, KEY) + random.standard_normal(CODE_BITS)
        assert decode(values, KEY) == (5, number)


def test_noise_is_no_number() -> None:
    random = np.random.default_rng(2)
    assert all(decode(random.standard_normal(CODE_BITS), KEY) is None for _ in range(200))


@pytest.mark.parametrize("value", [0.0, 1.0, -1.0])
def test_values_that_are_all_alike_are_no_number(value: float) -> None:
    assert decode(np.full(CODE_BITS, value), KEY) is None


def test_another_key_reads_nothing() -> None:
    assert decode(encode(5, 6, KEY).astype(np.float64), b"another key, 16+") is None
