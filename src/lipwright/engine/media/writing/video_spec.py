"""What a video file is to be: its picture, its sound, and what it keeps of a source file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from lipwright.engine.media.pixels.colour import HD_COLOUR, ColourProperties
from lipwright.engine.media.values import BackgroundSound, Container, SoundClip, VideoStretch

SQUARE_PIXELS = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSpec:
    """A video file before it is written. Raises ValueError for an odd size or a background without a sound.

    size_wh: even. pixel_aspect: width over height of a pixel. colour: what the numbers in the frames mean.
    sound: starts with the picture; cut or silent where the picture ends later or earlier.
    background_sounds: are mixed into it. passthrough: the stretch of a source file whose other sound tracks,
    chapters and tags of origin are copied; a GIF keeps nothing.
    tags: metadata of the container. has_alpha: frames keep their opacity, where the container can.
    """

    size_wh: tuple[int, int]
    frame_rate: Fraction
    container: Container = Container.MP4
    sound: SoundClip | None = None
    background_sounds: tuple[BackgroundSound, ...] = ()
    passthrough: VideoStretch | None = None
    colour: ColourProperties = HD_COLOUR
    pixel_aspect: Fraction = SQUARE_PIXELS
    tags: Mapping[str, str] = field(default_factory=dict)
    has_alpha: bool = False

    def __post_init__(self) -> None:
        if self.size_wh[0] % 2 or self.size_wh[1] % 2 or min(self.size_wh) < 2:
            raise ValueError(f"size_wh is {self.size_wh}, expected even numbers")
        if self.sound is None and self.background_sounds:
            raise ValueError("background_sounds need a sound that they go under")
