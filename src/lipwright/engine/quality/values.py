"""What is measured of a video, with units and what is good."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.speech.values import PhoneTimeline


class BesidePeople(StrEnum):
    """Where a figure lies beside the range of real people."""

    LESS = "less"
    LIKE = "like"
    MORE = "more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure.

    value: None when the video does not show it, e.g. closure without speech; `meaning` then still says what
    it would be. good: what is good, for people. is_good: None where there is no value or no judgement.
    is_unsure: there would be a judgement, but the video is too short for it. people: the range of real
    people, where it is known; what lies outside is no fault.
    """

    name: str
    value: float | None
    unit: str
    meaning: str
    good: str
    is_good: bool | None
    is_unsure: bool = False
    people: tuple[float, float] | None = None

    @property
    def beside_people(self) -> BesidePeople | None:
        """Where the value lies beside real people; None where either is not known."""
        if self.value is None or self.people is None:
            return None
        low, high = self.people
        if self.value < low:
            return BesidePeople.LESS
        return BesidePeople.MORE if self.value > high else BesidePeople.LIKE


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeasuredCurves:
    """The mouth over time as picture and sound have it, float32 (time,) at CURVE_RATE_HZ.

    picture: gap between the lips, face heights; 0 where no face was seen. is_seen: bool (time,).
    sound: gap that the listener expects of the sound, face heights above the least; empty without sound.
    """

    picture: NDArray[np.float32]
    is_seen: NDArray[np.bool_]
    sound: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "picture", np.float32, ("time",))
        check_array(self, "is_seen", np.bool_, (len(self.picture),))
        check_array(self, "sound", np.float32, ("time",))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LifeCurves:
    """What the face does beside speaking, float32 (time,) each at CURVE_RATE_HZ, held where it is not seen.

    yaw_deg, pitch_deg, roll_deg, gaze_deg: against where head and eyes mostly are. brows: their height
    against where they mostly are, face heights. lids: how far they are shut, 0 to 1.
    """

    yaw_deg: NDArray[np.float32]
    pitch_deg: NDArray[np.float32]
    roll_deg: NDArray[np.float32]
    gaze_deg: NDArray[np.float32]
    brows: NDArray[np.float32]
    lids: NDArray[np.float32]

    def __post_init__(self) -> None:
        for name in ("yaw_deg", "pitch_deg", "roll_deg", "gaze_deg", "brows", "lids"):
            check_array(self, name, np.float32, (len(self.yaw_deg),))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QualityReport:
    """All figures of a video, in the order in which people ask for them.

    phones: what is said, from the transcript where there is one, else recognised; None without sound.
    life: None where the face is seen too shortly.
    """

    measures: tuple[Measure, ...]
    curves: MeasuredCurves
    phones: PhoneTimeline | None
    life: LifeCurves | None = None

    def value(self, name: str) -> float | None:
        """One figure by its name. Raises KeyError when it was not measured at all."""
        for measure in self.measures:
            if measure.name == name:
                return measure.value
        raise KeyError(name)
