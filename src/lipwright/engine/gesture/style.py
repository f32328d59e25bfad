"""How a face is to behave: what the options and the prompt ask of the gestures."""

from __future__ import annotations

from dataclasses import dataclass, field

from lipwright.engine.options import DEFAULT_INTENSITY, PhotoMode

# Prompted motion at intensity 0.1, 1 and 2, against realistic motion.
_PROMPTED_BASE = 0.5
_PROMPTED_PER_INTENSITY = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """What the words of a prompt ask for. The default is a neutral face that talks.

    smile: -1 to 1. brow: lift held throughout, eye heights. squint: 0 to 1.
    energy: factor on head and brow movements. blink_rate: factor on the number of blinks.
    nods, shakes, tilts: 0 to 1, how eagerly the head makes these of its own accord.
    yaw_deg, pitch_deg, roll_deg: pose held throughout. gaze_x_deg, gaze_y_deg: look held throughout.
    wander: factor on glances away from the camera.
    still: the head does not move.
    """

    smile: float = 0.0
    brow: float = 0.0
    squint: float = 0.0
    energy: float = 1.0
    blink_rate: float = 1.0
    nods: float = 0.0
    shakes: float = 0.0
    tilts: float = 0.0
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    gaze_x_deg: float = 0.0
    gaze_y_deg: float = 0.0
    wander: float = 1.0
    still: bool = False


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
