"""What was said and when."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array

# From this certainty on somebody speaks.
SPEAKING_THRESHOLD = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """One speech sound.

    symbol: ARPAbet without stress (`AA`, `P`, ...), `SIL` for none; beyond English `UE` for y, `OE` for ø.
    stress: 0 none, 1 primary, 2 secondary.
    """

    symbol: str
    start_s: float
    end_s: float
    stress: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneTimeline:
    """Phones in order, without gaps or overlaps.

    confidence: 0 to 1, how far the times can be trusted (known by the voice: 1; recognized: less).
    """

    phones: tuple[Phone, ...]
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpeechActivity:
    """When somebody speaks and how loud, at CURVE_RATE_HZ.

    speaking: float32 (time,), 0 to 1. loudness_db: float32 (time,), dB full scale, at least -100.
    singing: float32 (time,), 0 to 1, the part of speaking that is sung for certain. f0_hz: float32
        (time,), the pitch, 0 where there is none. Either is None where nobody looked.
    """

    speaking: NDArray[np.float32]
    loudness_db: NDArray[np.float32]
    singing: NDArray[np.float32] | None = None
    f0_hz: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        check_array(self, "speaking", np.float32, ("time",))
        check_array(self, "loudness_db", np.float32, (len(self.speaking),))
        for name in ("singing", "f0_hz"):
            if getattr(self, name) is not None:
                check_array(self, name, np.float32, (len(self.speaking),))

    @property
    def is_speaking(self) -> NDArray[np.bool_]:
        """Whether somebody speaks, bool (time,)."""
        return self.speaking >= SPEAKING_THRESHOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWord:
    """One word as it was written and when it is heard."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpokenText:
    """A text spoken by a voice, with the times that the voice itself knows.

    samples: float32 (sample,), one channel, -1 to 1.
    phones: from 0 to the end of the sound; words: in order, they may leave gaps.
    """

    samples: NDArray[np.float32]
    sample_rate_hz: int
    phones: PhoneTimeline
    words: tuple[SpokenWord, ...]

    def __post_init__(self) -> None:
        check_array(self, "samples", np.float32, ("sample",))

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.sample_rate_hz


@dataclass(frozen=True, slots=True, kw_only=True)
class Accent:
    """A stressed syllable: a place for a nod or a lift of the brows.

    time_s: the middle of its vowel. strength: 0 to 1, 1 for the strongest of the sound.
    """

    time_s: float
    strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of time."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Prosody:
    """The melody of speech, for gestures: each tuple in order of time.

    accents: stressed syllables. phrases: stretches spoken in one breath. pauses: the silences around
    the phrases, also before the first and after the last. syllables_s: syllables that the
    loudness shows, with words and without.
    tone: float32 (time,) at CURVE_RATE_HZ, the pitch in semitones, NaN where no voice sounds; None where it
    was not listened to.
    """

    accents: tuple[Accent, ...]
    phrases: tuple[Stretch, ...]
    pauses: tuple[Stretch, ...]
    syllables_s: tuple[float, ...] = ()
    tone: NDArray[np.float32] | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.tone is not None:
            check_array(self, "tone", np.float32, ("time",))


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectedStretch:
    """Words of a mark in a text, and when they hold; end_s None is the end of the sound."""

    start_s: float
    end_s: float | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextActs:
    """What a text asks of a face beside its words, each tuple in order of time.

    directions: of its marks. questions, exclamations: sentences that end so. quotes: in the words of somebody
    else. stresses: words between asterisks. paragraphs_s: when each paragraph but the first begins.
    """

    directions: tuple[DirectedStretch, ...] = ()
    questions: tuple[Stretch, ...] = ()
    exclamations: tuple[Stretch, ...] = ()
    quotes: tuple[Stretch, ...] = ()
    stresses: tuple[Stretch, ...] = ()
    paragraphs_s: tuple[float, ...] = ()
