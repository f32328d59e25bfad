"""What is measured of a video, with units and what is good."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.speech.values import PhoneTimeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure.

    value: None when the video does not show it, e.g. closure without speech; `meaning` then still says what
    it would be. good: what is good, for people. is_good: None where there is no value or no judgement.
    """

    name: str
    value: float | None
    unit: str
    meaning: str
    good: str
    is_good: bool | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeasuredCurves:
    """The mouth over time as picture and sound have it, float32 (time,) at CURVE_RATE_HZ.

    picture: gap between the lips, face heights; 0 where no face was seen. is_seen: bool (time,).
    sound: aperture that the sound asks for, a share of the speaker's range; empty without sound.
    """

    picture: NDArray[np.float32]
    is_seen: NDArray[np.bool_]
    sound: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "picture", np.float32, ("time",))
        check_array(self, "is_seen", np.bool_, (len(self.picture),))
        check_array(self, "sound", np.float32, ("time",))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QualityReport:
    """All figures of a video, in the order in which people ask for them.

    phones: what is said, from the transcript where there is one, else recognised; None without sound.
    """

    measures: tuple[Measure, ...]
    curves: MeasuredCurves
    phones: PhoneTimeline | None

    def value(self, name: str) -> float | None:
        """One figure by its name. Raises KeyError when it was not measured at all."""
        for measure in self.measures:
            if measure.name == name:
                return measure.value
        raise KeyError(name)
