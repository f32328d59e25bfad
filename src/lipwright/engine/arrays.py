"""Arrays: the check that values make of theirs, and operations that several rooms share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

ScalarT = TypeVar("ScalarT", bound=np.generic)


def check_shape(name: str, array: NDArray[Any], shape: Sequence[int | str]) -> None:
    """Raise ValueError unless the array has this shape; a word in the shape stands for any length."""
    fits = array.ndim == len(shape) and all(
        isinstance(want, str) or have == want for have, want in zip(array.shape, shape, strict=True)
    )
    if not fits:
        wanted = ", ".join(str(part) for part in shape)
        raise ValueError(f"{name} has shape {array.shape}, expected ({wanted})")


def check_array(value: object, name: str, dtype: type[np.generic], shape: Sequence[int | str]) -> None:
    """Check an array that a frozen value holds, in its __post_init__, and make the value's array read-only.

    dtype: the exact one or a family such as np.floating. shape: as for check_shape. Raises ValueError.
    The value keeps a view of what it was given, not a copy. Whoever made the array can still write into it,
    and must not: the value would change.
    """
    array: NDArray[Any] = getattr(value, name)
    check_shape(name, array, shape)
    if not np.issubdtype(array.dtype, dtype):
        raise ValueError(f"{name} is {array.dtype}, expected {dtype.__name__}")
    object.__setattr__(value, name, read_only(array))


def read_only(array: NDArray[ScalarT]) -> NDArray[ScalarT]:
    """A view of an array through which nothing can be written; the array itself where it already is such."""
    if not array.flags.writeable:
        return array
    view = array.view()
    view.flags.writeable = False
    return view


def smoothstep(position: NDArray[Any]) -> NDArray[Any]:
    """From 0 at 0 to 1 at 1 without a kink at either end, held beyond; the dtype of the position."""
    held: NDArray[Any] = np.clip(position, 0, 1)
    return np.asarray(held * held * (3 - 2 * held))


def true_runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The stretches of True in flags (time,), as (first, one past the last)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]
