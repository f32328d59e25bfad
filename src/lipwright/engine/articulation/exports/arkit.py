"""The 52 blendshapes of ARKit, one line a frame, as the recording apps of telephones write them.

Made of the curves, so that every driver's coarticulation is in it. Only the mouth moves: eyes, brows and
head columns are there, as readers want them, and are zero.
"""

from __future__ import annotations

import csv
import io
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.articulation.exports.frames import row_times_s
from lipwright.engine.articulation.width import narrowing

# In the order of the recording apps.
BLENDSHAPES = (
    "EyeBlinkLeft",
    "EyeLookDownLeft",
    "EyeLookInLeft",
    "EyeLookOutLeft",
    "EyeLookUpLeft",
    "EyeSquintLeft",
    "EyeWideLeft",
    "EyeBlinkRight",
    "EyeLookDownRight",
    "EyeLookInRight",
    "EyeLookOutRight",
    "EyeLookUpRight",
    "EyeSquintRight",
    "EyeWideRight",
    "JawForward",
    "JawRight",
    "JawLeft",
    "JawOpen",
    "MouthClose",
    "MouthFunnel",
    "MouthPucker",
    "MouthRight",
    "MouthLeft",
    "MouthSmileLeft",
    "MouthSmileRight",
    "MouthFrownLeft",
    "MouthFrownRight",
    "MouthDimpleLeft",
    "MouthDimpleRight",
    "MouthStretchLeft",
    "MouthStretchRight",
    "MouthRollLower",
    "MouthRollUpper",
    "MouthShrugLower",
    "MouthShrugUpper",
    "MouthPressLeft",
    "MouthPressRight",
    "MouthLowerDownLeft",
    "MouthLowerDownRight",
    "MouthUpperUpLeft",
    "MouthUpperUpRight",
    "BrowDownLeft",
    "BrowDownRight",
    "BrowInnerUp",
    "BrowOuterUpLeft",
    "BrowOuterUpRight",
    "CheekPuff",
    "CheekSquintLeft",
    "CheekSquintRight",
    "NoseSneerLeft",
    "NoseSneerRight",
    "TongueOut",
)
ROTATIONS = (
    "HeadYaw",
    "HeadPitch",
    "HeadRoll",
    "LeftEyeYaw",
    "LeftEyePitch",
    "LeftEyeRoll",
    "RightEyeYaw",
    "RightEyePitch",
    "RightEyeRoll",
)
HEADER = ("Timecode", "BlendShapeCount", *BLENDSHAPES, *ROTATIONS)

# Weights for a rig of average range; each is what the sounds that need it most show in recordings.
_JAW_OPEN = 0.75  # of JAW: "ah" 0.35, hisses 0.09
_LOWER_DOWN_OPENING = 0.15  # of APERTURE: the part of the opening that lips make without the jaw
_LOWER_DOWN = 0.4  # of LOWER: "s", "ee" 0.15
_STRETCH = 1.6  # of the width beyond rest: "ee" 0.2
_SMILE = 1.0
_PUCKER = 0.75  # "oo" 0.6
_FUNNEL = 0.7  # "o", "sh" 0.4
_PRESS = 0.5
_ROLL = 0.5  # "p" 0.15
_ROLL_LOWER_TUCK = 0.6  # of TUCK: "f" 0.5
_UPPER_UP = 0.5
_TONGUE_OUT = 0.3


def blendshape_weights(
    curves: ArticulationCurves, times_s: NDArray[np.float64]
) -> dict[str, NDArray[np.float32]]:
    """The weights, 0 to 1, of the blendshapes that move, at given times."""
    values = np.maximum(curves.sample(times_s), 0)
    aperture, jaw = values[:, Mouth.APERTURE], values[:, Mouth.JAW]
    # Lips that round are not stretched, whatever width they would have without.
    loose = 1 - np.maximum(values[:, Mouth.PUCKER], values[:, Mouth.FUNNEL])
    spread = np.maximum(values[:, Mouth.WIDTH] * narrowing(aperture, 0.0, 0.0) - 1, 0) * loose
    jaw_open = _JAW_OPEN * jaw
    # MouthClose brings the lips together over an open jaw; without it p, b, m gape.
    expected = np.clip(jaw / 0.25, 0, 1)
    close = jaw_open * np.clip(1 - aperture / np.maximum(0.6 * expected, 1e-3), 0, 1)
    # Mouth curves are the same on both sides.
    both = {
        "MouthSmile": _SMILE * spread,
        "MouthStretch": _STRETCH * spread,
        "MouthPress": _PRESS * values[:, Mouth.PRESS],
        "MouthLowerDown": _LOWER_DOWN_OPENING * aperture + _LOWER_DOWN * values[:, Mouth.LOWER],
        "MouthUpperUp": _UPPER_UP * values[:, Mouth.RAISE],
    }
    weights = {
        "JawOpen": jaw_open,
        "MouthClose": close,
        "MouthFunnel": _FUNNEL * values[:, Mouth.FUNNEL],
        "MouthPucker": _PUCKER * values[:, Mouth.PUCKER],
        "MouthRollLower": _ROLL_LOWER_TUCK * values[:, Mouth.TUCK] + _ROLL * values[:, Mouth.ROLL],
        "MouthRollUpper": _ROLL * values[:, Mouth.ROLL],
        "TongueOut": _TONGUE_OUT * values[:, Mouth.TONGUE_OUT],
    }
    for name, weight in both.items():
        weights[f"{name}Left"] = weights[f"{name}Right"] = weight
    return {name: np.clip(weight, 0, 1).astype(np.float32) for name, weight in weights.items()}


def arkit_csv(curves: ArticulationCurves, frame_rate: Fraction) -> str:
    """Timecode, the count 61, 52 blendshapes and nine rotations; one line a frame."""
    times_s = row_times_s(curves, frame_rate)
    moving = blendshape_weights(curves, times_s)
    table = np.zeros((len(times_s), len(BLENDSHAPES) + len(ROTATIONS)))
    for name, weight in moving.items():
        table[:, BLENDSHAPES.index(name)] = weight
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for index, row in enumerate(table):
        count = len(BLENDSHAPES) + len(ROTATIONS)
        writer.writerow([timecode(index, frame_rate), count, *(f"{value:.8f}" for value in row)])
    return text.getvalue()


def timecode(index: int, frame_rate: Fraction) -> str:
    """Hours:minutes:seconds:frames.thousandths of a frame at which frame `index` begins.

    Frames are counted from each full second on, so that odd rates stay in step with the clock.
    """
    second, share = divmod(Fraction(index) / frame_rate, 1)
    thousandths = int(share * frame_rate * 1000)
    frame, rest = divmod(thousandths, 1000)
    minute, second = divmod(int(second), 60)
    hour, minute = divmod(minute, 60)
    return f"{hour:02d}:{minute:02d}:{second:02d}:{frame:02d}.{rest:03d}"
