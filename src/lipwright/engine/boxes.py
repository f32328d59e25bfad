"""Boxes of whole pixels: parts of a picture that are cut out, worked on and put back."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A box of whole pixels of a picture, from left and top to just before right and bottom."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def of_size(cls, size_wh: tuple[int, int]) -> Box:
        """The whole of a picture of a width and height."""
        return cls(0, 0, *size_wh)

    @classmethod
    def holding(cls, left: float, top: float, right: float, bottom: float) -> Box:
        """The smallest box that holds these edges."""
        return cls(math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom))

    @property
    def width(self) -> int:
        """Pixels from left to right; 0 or less in an empty box."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels from top to bottom; 0 or less in an empty box."""
        return self.bottom - self.top

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height."""
        return self.width, self.height

    @property
    def is_empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.width <= 0 or self.height <= 0

    @property
    def corner(self) -> tuple[int, int]:
        """Left and top."""
        return self.left, self.top

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to cut the box out of an array (row, column, ...); edges must not be negative."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def is_even(self) -> bool:
        """Whether every edge is even."""
        return not any(edge % 2 for edge in (self.left, self.top, self.right, self.bottom))

    def contains(self, other: Box) -> bool:
        """Whether the other box lies inside this one, edges included."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def clipped(self, within: Box, least_px: int = 0) -> Box:
        """With every edge moved inside another box, and at least least_px pixels of that one kept a side.

        Empty where the two do not meet and least_px is 0, and where this box is empty.
        """
        return Box(
            min(max(self.left, within.left), within.right - least_px),
            min(max(self.top, within.top), within.bottom - least_px),
            max(min(self.right, within.right), within.left + least_px),
            max(min(self.bottom, within.bottom), within.top + least_px),
        )

    def grown(self, reach_px: int) -> Box:
        """Larger by this on every side."""
        return Box(self.left - reach_px, self.top - reach_px, self.right + reach_px, self.bottom + reach_px)

    def evened(self) -> Box:
        """The smallest box on even pixels that holds this one: what planes of half the size can address."""
        return Box(self.left // 2 * 2, self.top // 2 * 2, -(-self.right // 2) * 2, -(-self.bottom // 2) * 2)

    def moved(self, x: int, y: int) -> Box:
        """The same box farther right and down."""
        return Box(self.left + x, self.top + y, self.right + x, self.bottom + y)

    def seen_from(self, other: Box) -> Box:
        """The same box in the pixels of a picture that was cut out by another one."""
        return self.moved(-other.left, -other.top)
