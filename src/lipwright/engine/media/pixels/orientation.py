"""Which way up a frame is shown: by quarters of a turn and mirrored, as a display matrix can state."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import cv2
import numpy as np
from av.sidedata.sidedata import SideData, Type
from av.video.frame import VideoFrame
from numpy.typing import NDArray

# Share of a matrix's larger terms up to which the smaller ones are rounding and no slanted picture: a degree.
_SLANT = 0.018


@dataclass(frozen=True, slots=True, kw_only=True)
class Orientation:
    """How the stored pixels become upright: rows and columns are exchanged first, then flipped.

    is_slanted: the file asks for an angle between two quarters; the nearest one is taken.
    """

    is_transposed: bool = False
    flips_across: bool = False
    flips_down: bool = False
    is_slanted: bool = False

    @property
    def is_upright(self) -> bool:
        """Whether the pixels stay where they are."""
        return not (self.is_transposed or self.flips_across or self.flips_down)

    def size_wh(self, size_wh: tuple[int, int]) -> tuple[int, int]:
        """The size of the upright picture."""
        width, height = size_wh
        return (height, width) if self.is_transposed else (width, height)

    def upright(self, plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A plane or a picture the right way up, uint8 (row, column) or with channels; may be the same."""
        turned: cv2.typing.MatLike = cv2.transpose(plane) if self.is_transposed else plane
        if self.flips_across or self.flips_down:
            both = self.flips_across and self.flips_down
            turned = cv2.flip(turned, -1 if both else 1 if self.flips_across else 0)
        return np.asarray(turned, np.uint8)


UPRIGHT = Orientation()


def known_orientation(frame: VideoFrame, known: dict[int, Orientation]) -> Orientation:
    """As orientation_of, which looks at one frame for each angle: PyAV never frees what was looked at.

    known: the orientations of a clip so far, by the angle that its frames state; added to.
    """
    found = known.get(frame.rotation)
    if found is None:
        found = known[frame.rotation] = orientation_of(frame)
    return found


def orientation_of(frame: VideoFrame) -> Orientation:
    """What the display matrix of a decoded frame states; upright where there is none or it means nothing."""
    side_data = frame.side_data.get(Type.DISPLAYMATRIX.name)
    content = bytes(side_data) if isinstance(side_data, SideData) else b""
    if len(content) < 36:
        return UPRIGHT
    # A point of the stored picture (p, q) is shown at (a p + c q, b p + d q).
    a, b, _, c, d = struct.unpack_from("=5i", content)
    straight, crossed = min(abs(a), abs(d)), min(abs(b), abs(c))
    if not (straight or crossed):
        return UPRIGHT
    is_transposed = crossed > straight
    smaller, larger = (max(abs(a), abs(d)), crossed) if is_transposed else (max(abs(b), abs(c)), straight)
    return Orientation(
        is_transposed=is_transposed,
        flips_across=(c if is_transposed else a) < 0,
        flips_down=(b if is_transposed else d) < 0,
        is_slanted=smaller > _SLANT * larger,
    )
