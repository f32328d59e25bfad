"""Random numbers that can be repeated: every kind of movement draws from a stream of its own.

So one kind can be changed or switched off and the others stay as they were. All movements draw in the
order of time; a longer clip therefore begins with the same gestures as a shorter one.
"""

from __future__ import annotations

import zlib

import numpy as np


def random_stream(seed: int, kind: str) -> np.random.Generator:
    """The random numbers of one kind of movement."""
    return np.random.default_rng([seed % 2**63, zlib.crc32(kind.encode())])
