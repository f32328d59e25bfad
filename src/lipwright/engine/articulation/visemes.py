"""The mouth shape of every speech sound, with how strongly and how early it shows.

One table, measured on real speakers where a figure was to be had and interpolated within the class
where not. Symbols are those of speech/phones.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.articulation.width import narrowing
from lipwright.engine.speech.phones import SILENCE

# Rounding from which on a sound is called rounded; r and er are below.
ROUNDED_FROM = 0.4


class SoundClass(Enum):
    """What the lips, jaw and tongue have to do for a sound."""

    SILENCE = auto()
    LIPS_SHUT = auto()
    LIP_TO_TEETH = auto()
    TONGUE_BETWEEN_TEETH = auto()
    HISS = auto()
    ROUNDED_HISS = auto()
    TONGUE_RIDGE = auto()
    BACK_TONGUE = auto()
    GLIDE = auto()
    BREATH = auto()
    VOWEL = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class MouthShape:
    """A target for every channel of :class:`Mouth`, in the units given there."""

    aperture: float
    jaw: float
    width: float = 1.0
    pucker: float = 0.0
    funnel: float = 0.0
    press: float = 0.0
    roll: float = 0.0
    tuck: float = 0.0
    raise_: float = 0.0
    lower: float = 0.0
    tongue_up: float = 0.0
    tongue_out: float = 0.0

    @property
    def rounding(self) -> float:
        """How round the lips are, in whichever way."""
        return max(self.pucker, self.funnel)

    def as_row(self) -> tuple[float, ...]:
        """The targets in the order of Mouth."""
        row = {
            Mouth.APERTURE: self.aperture,
            Mouth.JAW: self.jaw,
            Mouth.WIDTH: self.width,
            Mouth.PUCKER: self.pucker,
            Mouth.FUNNEL: self.funnel,
            Mouth.PRESS: self.press,
            Mouth.ROLL: self.roll,
            Mouth.TUCK: self.tuck,
            Mouth.RAISE: self.raise_,
            Mouth.LOWER: self.lower,
            Mouth.TONGUE_UP: self.tongue_up,
            Mouth.TONGUE_OUT: self.tongue_out,
        }
        return tuple(row[channel] for channel in Mouth)


@dataclass(frozen=True, slots=True, kw_only=True)
class Viseme:
    """How one speech sound looks.

    shape: at the middle of the sound; of a diphthong, during its first part.
    glide_to: the second part of a diphthong.
    stressed_aperture: aperture when the sound carries the stress, where that differs.
    opening_dominance, lip_dominance: pull on opening and on width and rounding against the neighbours'.
    anticipation_s, carry_over_s: how early the shape begins to form and how long it lingers.
    """

    sound_class: SoundClass
    shape: MouthShape
    opening_dominance: float
    lip_dominance: float
    anticipation_s: float
    carry_over_s: float
    glide_to: MouthShape | None = None
    stressed_aperture: float | None = None

    @property
    def is_rounded(self) -> bool:
        """Whether the lips are visibly rounded at some time of the sound."""
        return max(self.shape.rounding, self.glide_to.rounding if self.glide_to else 0.0) >= ROUNDED_FROM


# Share of a diphthong's length that belongs to its first shape; earlier the second vowel is heard
# before it is seen, later the first one looks like a plain vowel with a twitch at its end.
DIPHTHONG_SPLIT = 0.6


def _sound(
    sound_class: SoundClass,
    shape: MouthShape,
    dominance: tuple[float, float],
    reach_ms: tuple[int, int],
    *,
    glide_to: MouthShape | None = None,
    stressed: float | None = None,
) -> Viseme:
    return Viseme(
        sound_class=sound_class,
        shape=shape,
        glide_to=glide_to,
        stressed_aperture=stressed,
        opening_dominance=dominance[0],
        lip_dominance=dominance[1],
        anticipation_s=reach_ms[0] / 1000,
        carry_over_s=reach_ms[1] / 1000,
    )


def _shape(
    aperture: float,
    jaw: float,
    visible_width: float = 1.0,
    *,
    pucker: float = 0.0,
    funnel: float = 0.0,
    **more: float,
) -> MouthShape:
    """A shape by the width that is seen; the channel WIDTH follows from it."""
    width = visible_width / float(narrowing(aperture, pucker, funnel))
    return MouthShape(aperture=aperture, jaw=jaw, width=width, pucker=pucker, funnel=funnel, **more)


_C = SoundClass
_TEETH_SHOWING = 0.2
# The chin is on its way behind shut lips: with less, the vowel after a p starts from a clenched jaw.
_SHUT_JAW = 0.15

_CONSONANTS: dict[str, Viseme] = {
    "P": _sound(_C.LIPS_SHUT, _shape(0.0, _SHUT_JAW, press=0.6, roll=0.3), (5, 0.7), (120, 80)),
    "B": _sound(_C.LIPS_SHUT, _shape(0.0, _SHUT_JAW, press=0.6, roll=0.3), (5, 0.7), (120, 80)),
    "M": _sound(_C.LIPS_SHUT, _shape(0.0, _SHUT_JAW, press=0.4, roll=0.2), (5, 0.7), (120, 80)),
    "F": _sound(
        _C.LIP_TO_TEETH, _shape(0.21, 0.12, 1.04, tuck=0.85, raise_=_TEETH_SHOWING), (3.5, 0.7), (110, 80)
    ),
    "V": _sound(
        _C.LIP_TO_TEETH, _shape(0.21, 0.12, 1.04, tuck=0.8, raise_=_TEETH_SHOWING), (3.5, 0.7), (110, 80)
    ),
    "TH": _sound(_C.TONGUE_BETWEEN_TEETH, _shape(0.40, 0.18, 1.03, tongue_out=1.0), (1.4, 0.4), (100, 80)),
    "DH": _sound(_C.TONGUE_BETWEEN_TEETH, _shape(0.36, 0.16, 1.03, tongue_out=0.8), (1.4, 0.4), (100, 80)),
    "S": _sound(_C.HISS, _shape(0.65, 0.12, 1.08, lower=0.35), (1.3, 0.9), (100, 80)),
    "Z": _sound(_C.HISS, _shape(0.63, 0.12, 1.08, lower=0.35), (1.3, 0.9), (100, 80)),
    **{
        symbol: _sound(
            _C.ROUNDED_HISS,
            _shape(0.60, 0.13, 0.85, pucker=0.15, funnel=0.6, raise_=0.3),
            (1.3, 1.7),
            (150, 150),
        )
        for symbol in ("SH", "ZH", "CH", "JH")
    },
    "T": _sound(_C.TONGUE_RIDGE, _shape(0.52, 0.20, 1.04, tongue_up=1.0), (0.9, 0.3), (80, 60)),
    "D": _sound(_C.TONGUE_RIDGE, _shape(0.48, 0.20, 1.04, tongue_up=1.0), (0.9, 0.3), (80, 60)),
    "N": _sound(_C.TONGUE_RIDGE, _shape(0.50, 0.20, 1.05, tongue_up=1.0), (0.9, 0.3), (80, 60)),
    "L": _sound(_C.TONGUE_RIDGE, _shape(0.45, 0.19, 1.04, tongue_up=1.0), (0.7, 0.3), (80, 60)),
    "K": _sound(_C.BACK_TONGUE, _shape(0.77, 0.30, 1.07), (0.6, 0.3), (60, 60)),
    "G": _sound(_C.BACK_TONGUE, _shape(0.77, 0.30, 1.07), (0.6, 0.3), (60, 60)),
    "NG": _sound(_C.BACK_TONGUE, _shape(0.75, 0.29, 1.07), (0.6, 0.3), (60, 60)),
    "R": _sound(_C.GLIDE, _shape(0.13, 0.12, 0.93, pucker=0.3, funnel=0.1), (0.8, 1.4), (120, 100)),
    "W": _sound(_C.GLIDE, _shape(0.08, 0.15, 0.74, pucker=0.9), (1.6, 2.5), (150, 120)),
    "Y": _sound(_C.GLIDE, _shape(0.45, 0.18, 1.09, lower=0.15), (0.7, 1.3), (90, 60)),
    "HH": _sound(_C.BREATH, _shape(0.50, 0.20, 1.02), (0.15, 0.15), (60, 60)),
}

_SPREAD = _shape(0.60, 0.25, 1.11, lower=0.2)

_VOWELS: dict[str, Viseme] = {
    "AA": _sound(_C.VOWEL, _shape(1.10, 0.47, 1.05), (1, 1), (120, 120)),
    "AE": _sound(_C.VOWEL, _shape(1.02, 0.44, 1.10), (1, 1), (120, 120)),
    "AH": _sound(_C.VOWEL, _shape(0.38, 0.16, 1.03), (0.7, 0.7), (90, 90), stressed=0.68),
    "EH": _sound(_C.VOWEL, _shape(0.95, 0.40, 1.08), (1, 1), (120, 120)),
    "EY": _sound(
        _C.VOWEL,
        _shape(1.00, 0.42, 1.08, lower=0.1),
        (1, 1),
        (120, 120),
        glide_to=_shape(0.68, 0.28, 1.11, lower=0.2),
    ),
    "AY": _sound(_C.VOWEL, _shape(1.00, 0.43, 1.06), (1, 1), (120, 120), glide_to=_SPREAD),
    "IH": _sound(_C.VOWEL, _shape(0.40, 0.17, 1.05), (1, 1), (100, 100), stressed=0.62),
    "IY": _sound(_C.VOWEL, _shape(0.76, 0.27, 1.135, lower=0.35, raise_=0.1), (1, 1.3), (120, 120)),
    "AO": _sound(_C.VOWEL, _shape(0.80, 0.34, 0.90, pucker=0.05, funnel=0.6), (1, 1.4), (150, 130)),
    "OW": _sound(
        _C.VOWEL,
        _shape(0.62, 0.26, 0.88, pucker=0.15, funnel=0.6),
        (1, 1.6),
        (150, 150),
        glide_to=_shape(0.26, 0.13, 0.80, pucker=0.7, funnel=0.1),
    ),
    "OY": _sound(
        _C.VOWEL, _shape(0.72, 0.30, 0.89, pucker=0.1, funnel=0.6), (1, 1.4), (150, 120), glide_to=_SPREAD
    ),
    "AW": _sound(
        _C.VOWEL,
        _shape(1.10, 0.47, 1.04),
        (1, 1),
        (120, 150),
        glide_to=_shape(0.36, 0.16, 0.85, pucker=0.5, funnel=0.25),
    ),
    "UH": _sound(_C.VOWEL, _shape(0.45, 0.19, 0.90, pucker=0.4, funnel=0.2), (1, 1.4), (140, 140)),
    "UW": _sound(_C.VOWEL, _shape(0.42, 0.17, 0.77, pucker=0.8), (1, 1.6), (150, 150)),
    "ER": _sound(_C.VOWEL, _shape(0.40, 0.16, 0.94, pucker=0.2, funnel=0.25), (0.8, 1.4), (120, 100)),
}


# Front rounded vowels (French, German, Mandarin): the lips of u and o with the opening of i and e.
_FRONT_ROUNDED: dict[str, Viseme] = {
    "UE": _sound(_C.VOWEL, _shape(0.40, 0.19, 0.77, pucker=0.8), (1, 1.6), (150, 150)),
    "OE": _sound(_C.VOWEL, _shape(0.60, 0.25, 0.85, pucker=0.3, funnel=0.5), (1, 1.5), (150, 150)),
}

REST = MouthShape(aperture=0.0, jaw=0.0)

VISEMES: MappingProxyType[str, Viseme] = MappingProxyType(
    {
        SILENCE: _sound(_C.SILENCE, REST, (1.4, 1), (80, 100)),
        **_CONSONANTS,
        **_VOWELS,
        **_FRONT_ROUNDED,
    }
)

# What a sound that the table lacks looks like: a weak, half open mouth that follows its neighbours.
UNKNOWN_SOUND = _sound(_C.BACK_TONGUE, _shape(0.50, 0.20), (0.3, 0.2), (80, 80))


def viseme_of(symbol: str) -> Viseme:
    """The shape of a phone's symbol; a weak neutral one for a symbol that the table lacks."""
    return VISEMES.get(symbol, UNKNOWN_SOUND)
