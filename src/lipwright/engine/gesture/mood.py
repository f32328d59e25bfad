"""What the words of a prompt ask of a face."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """What the words of a prompt ask for. The default is a neutral face that talks.

    smile: held throughout, -1 to 1; below 0 it is a frown.
    brow_inner, brow_outer, brow_down, one_brow, wide, squint: held throughout, 0 to 1: ends of the brows up,
    brows down, one brow up, upper lids up, lids narrowed.
    energy: factor on head and brow movements. blink_rate: factor on the number of blinks.
    nods, shakes, tilts, winks: 0 to 1, how eagerly head and eyes make these of their own accord.
    yaw_deg, pitch_deg, roll_deg: pose held throughout. gaze_x_deg, gaze_y_deg: look held throughout.
    wander: factor on glances away from the camera.
    lean: held throughout, head towards the camera, as a change of scale: 0.04 is 4 % larger.
    mouth: factor on how far the mouth moves as it speaks.
    still: the head does not move.
    """

    smile: float = 0.0
    brow_inner: float = 0.0
    brow_outer: float = 0.0
    brow_down: float = 0.0
    one_brow: float = 0.0
    wide: float = 0.0
    squint: float = 0.0
    energy: float = 1.0
    blink_rate: float = 1.0
    nods: float = 0.0
    shakes: float = 0.0
    tilts: float = 0.0
    winks: float = 0.0
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    gaze_x_deg: float = 0.0
    gaze_y_deg: float = 0.0
    wander: float = 1.0
    lean: float = 0.0
    mouth: float = 1.0
    still: bool = False
