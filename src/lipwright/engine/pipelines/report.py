"""The figures of a finished video, and sentences on what its kind cannot show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from lipwright.engine.gesture.from_clip import ClipFollowing
from lipwright.engine.gesture.limits import HeadLimits

# Frames a second below which lips cannot be followed: a syllable lasts a fifth of a second and a closure of
# the lips a tenth, so that most of them fall between two frames.
FEWEST_FRAMES_PER_S = 10
ON_WHITE_WARNING = (
    "The transparent parts of the video were laid on white: this kind of file cannot keep them. "
    "WebM and MOV can."
)

PICTURE_ON_WHITE_WARNING = (
    "The transparent parts of the picture were laid on white. WebM and MOV keep them where the head is still."
)


def slow_warnings(frame_rate: Fraction) -> Iterator[str]:
    """A word on a video that shows too few frames a second for lips."""
    if frame_rate < FEWEST_FRAMES_PER_S:
        yield (
            f"The video shows {float(frame_rate):.3g} frames a second, too few for lips to be followed: "
            f"use one of {FEWEST_FRAMES_PER_S} or more."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderReport:
    """One finished video.

    warnings: sentences about things that were done differently than asked, e.g. unknown prompt words.
    head_limits: how far the heads of a photo may turn, lowered for what the picture bears; None where no head
    was moved. following: how far a photo follows the clip that drives it; None without one.
    """

    width_px: int
    height_px: int
    frame_rate: Fraction
    frame_count: int
    duration_s: float
    elapsed_s: float
    warnings: tuple[str, ...] = ()
    head_limits: HeadLimits | None = None
    following: ClipFollowing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LipSyncReport(RenderReport):
    """One finished lip sync.

    frames_rendered: frames with a new mouth, of every person. frames_passed: left as they were, because the
    face was not seen, turned away, covered or beyond the edge. frames_faded: of the rendered, only partly new
    for that reason. frames_failed: left as they were, because drawing the mouth failed in them.
    borrowed_share: 0 to 1, of the rendered, how many took the inside of the mouth from other frames.
    """

    frames_rendered: int
    frames_passed: int
    frames_faded: int
    borrowed_share: float
    frames_failed: int = 0
