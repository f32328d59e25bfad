"""Checks of array shapes for the engine's values. Knows nothing of what the arrays mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray


def check_shape(name: str, array: NDArray[Any], shape: Sequence[int | str]) -> None:
    """Raise ValueError unless the array has this shape; a word in the shape stands for any length."""
    fits = array.ndim == len(shape) and all(
        isinstance(want, str) or have == want for have, want in zip(array.shape, shape, strict=True)
    )
    if not fits:
        wanted = ", ".join(str(part) for part in shape)
        raise ValueError(f"{name} has shape {array.shape}, expected ({wanted})")
