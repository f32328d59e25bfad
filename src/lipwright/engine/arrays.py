"""Arrays: checks of their shape, and operations that several rooms share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def check_shape(name: str, array: NDArray[Any], shape: Sequence[int | str]) -> None:
    """Raise ValueError unless the array has this shape; a word in the shape stands for any length."""
    fits = array.ndim == len(shape) and all(
        isinstance(want, str) or have == want for have, want in zip(array.shape, shape, strict=True)
    )
    if not fits:
        wanted = ", ".join(str(part) for part in shape)
        raise ValueError(f"{name} has shape {array.shape}, expected ({wanted})")


def smoothstep(position: NDArray[Any]) -> NDArray[Any]:
    """From 0 at 0 to 1 at 1 without a kink at either end, held beyond; the dtype of the position."""
    held: NDArray[Any] = np.clip(position, 0, 1)
    return np.asarray(held * held * (3 - 2 * held))


def true_runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The stretches of True in flags (time,), as (first, one past the last)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]
