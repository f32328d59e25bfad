"""Perceptual hashes: numbers by which a copy of a picture is known again, whatever its size and coding.

The hash is that of C. Zauner, "Implementation and benchmarking of perceptual image hash functions" (2010),
section 3.2.1: signs of the lowest frequencies of a cosine transform, about their median.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.errors import BadImageFile
from lipwright.engine.pipelines.stills import media_stills

# What is transformed, and how many frequencies to either side count; the constant one does not.
_SIDE_PX = 32
_FREQUENCIES = 8
# Of a video: a copy may begin and end elsewhere, and people come and go.
MOMENTS = 8
# Larger pictures are made smaller anyway.
_LOOK_PX = 640


def picture_hash(encoded: bytes) -> str:
    """The hash of a picture as JPEG or PNG: 16 hexadecimal digits, 64 bits.

    Copies differ in few bits, other pictures in about half of them. Raises BadImageFile.
    """
    grey = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_GRAYSCALE) if encoded else None
    if grey is None:
        raise BadImageFile("The picture cannot be decoded. Save it again as JPEG or PNG.")
    return _hash(np.asarray(grey, np.uint8))


def media_hashes(path: Path) -> tuple[str, ...]:
    """The hashes of moments of a video, evenly over it, or that of a picture; none of a sound.

    Raises what a file that cannot be used raises.
    """
    return tuple(
        picture_hash(still.jpeg) for still in media_stills(path, count=MOMENTS, longer_side_px=_LOOK_PX)
    )


def _hash(grey: NDArray[np.uint8]) -> str:
    small = cv2.resize(grey, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
    lowest = np.asarray(cv2.dct(small.astype(np.float32)))[1 : _FREQUENCIES + 1, 1 : _FREQUENCIES + 1]
    bits = (lowest > np.median(lowest)).ravel()
    return np.packbits(bits).tobytes().hex()
