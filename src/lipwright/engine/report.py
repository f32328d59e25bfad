"""What a finished job tells about its video."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderReport:
    """One finished video.

    warnings: sentences about things that were done differently than asked, e.g. unknown prompt words.
    """

    width_px: int
    height_px: int
    frame_rate: Fraction
    frame_count: int
    duration_s: float
    elapsed_s: float
    warnings: tuple[str, ...] = ()
