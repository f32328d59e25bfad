"""The frames of an animated GIF, which is no input of ours but one of the outputs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from lipwright.engine.errors import BadImageFile, TooLarge
from lipwright.engine.media.reading.images import MAX_PICTURE_PIXELS

_SIGNATURES = (b"GIF87a", b"GIF89a")


def is_gif(path: Path) -> bool:
    """Whether a file begins as a GIF does. Raises OSError for a file that cannot be read."""
    with path.open("rb") as file:
        return file.read(6) in _SIGNATURES


def gif_frames(path: Path, most: int) -> Iterator[NDArray[np.uint8]]:
    """The first frames of a GIF, at most so many, RGB uint8 (height, width, 3).

    Raises BadImageFile where it is damaged, TooLarge.
    """
    try:
        with Image.open(path, formats=("GIF",)) as image:
            if image.width * image.height > MAX_PICTURE_PIXELS:
                raise TooLarge(f"{path.name} has {image.width}x{image.height} pixels. Use a smaller picture.")
            for frame in itertools.islice(ImageSequence.Iterator(image), most):
                yield np.asarray(frame.convert("RGB"), np.uint8)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise BadImageFile(f"{path.name} cannot be decoded. Save it again and retry.") from error
