"""How a face is to behave: what the options and the prompt ask of the gestures."""

from __future__ import annotations

from dataclasses import dataclass, field

from lipwright.engine.gesture.mood import Mood
from lipwright.engine.gesture.prompt import read_prompt
from lipwright.engine.pipelines.options import DEFAULT_INTENSITY, PhotoMode, TalkingPhotoOptions

# Prompted motion at intensity 0.1, 1 and 2, against realistic motion.
_PROMPTED_BASE = 0.5
_PROMPTED_PER_INTENSITY = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class GestureStyle:
    """How freely a face moves.

    intensity: 0.1 to 2, counts in the mode PROMPTED only. still: the head does not move.
    head_scale, blink_scale, expression_scale: 1 is natural, 0 is none; blink_scale counts blinks.
    """

    mode: PhotoMode = PhotoMode.REALISTIC
    intensity: float = DEFAULT_INTENSITY
    still: bool = False
    head_scale: float = 1.0
    blink_scale: float = 1.0
    expression_scale: float = 1.0
    mood: Mood = field(default_factory=Mood)

    @property
    def liveliness(self) -> float:
        """Factor on movements that the mode and the intensity ask for, 1 in the realistic mode."""
        if self.mode is PhotoMode.REALISTIC:
            return 1.0
        return _PROMPTED_BASE + _PROMPTED_PER_INTENSITY * self.intensity

    @property
    def head_moves(self) -> bool:
        """Whether the head moves at all."""
        return not (self.still or self.mood.still or self.head_scale == 0)


def style_of(options: TalkingPhotoOptions) -> tuple[GestureStyle, tuple[str, ...]]:
    """The style that a photo's options ask for, and the words of the prompt that were not understood.

    The prompt counts in the mode PROMPTED; in the mode REALISTIC it is not read.
    """
    reading = read_prompt(options.prompt if options.mode is PhotoMode.PROMPTED else "")
    style = GestureStyle(
        mode=options.mode,
        intensity=options.intensity,
        still=options.still,
        head_scale=options.head_scale,
        blink_scale=options.blink_scale,
        expression_scale=options.expression_scale,
        mood=reading.mood,
    )
    return style, reading.unknown_words
