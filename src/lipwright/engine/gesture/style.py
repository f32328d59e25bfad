"""How a face is to behave: what is asked of the gestures."""

from __future__ import annotations

from dataclasses import dataclass, field

from lipwright.engine.gesture.mood import Mood


@dataclass(frozen=True, slots=True, kw_only=True)
class GestureStyle:
    """How freely a face moves.

    liveliness: factor on movements, 1 is calm. still: the head does not move.
    head_scale, blink_scale, expression_scale: 1 is natural, 0 is none; blink_scale counts blinks.
    """

    liveliness: float = 1.0
    still: bool = False
    head_scale: float = 1.0
    blink_scale: float = 1.0
    expression_scale: float = 1.0
    mood: Mood = field(default_factory=Mood)

    @property
    def head_moves(self) -> bool:
        """Whether the head moves at all."""
        return not (self.still or self.mood.still or self.head_scale == 0)
