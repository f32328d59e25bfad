"""A phone timeline as a table of targets that can be blended: one row for each held shape.

Here the rules apply that look at neighbouring sounds: pauses, diphthongs, repeated shapes and sounds
too short to be seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.articulation.visemes import (
    DIPHTHONG_SPLIT,
    REST,
    MouthShape,
    SoundClass,
    Viseme,
    viseme_of,
)
from lipwright.engine.speech.phones import SILENCE
from lipwright.engine.speech.values import Phone, PhoneTimeline

# A shorter pause holds the last shape, as a mouth does within a sentence; a longer one relaxes it.
HOLD_PAUSE_S = 0.12
# From here on the mouth goes to rest. Shorter rests snap shut and open again between two words.
REST_PAUSE_S = 0.35
# What is left of the last shape in a pause that is neither held nor long.
RELAXED_SHARE = 0.4
# A shape seen for less than this flickers; a shorter sound pulls the mouth by so much less.
SHORTEST_SHAPE_S = 0.07
# Reach (table) to time constant: the shape keeps a tenth of its pull at the end of its reach.
REACH_TO_TAU = 1 / 2.3
# Lips that shut do so fast and let go fast: shorter looks like a glitch, longer eats the vowels.
CLOSURE_TAU_S = 0.04
# The tongue belongs to the sounds that need it: others leave it where it is.
TONGUE_DOMINANCE = 3.0
LIP_SOUND_TONGUE_DOMINANCE = 0.2

_ALWAYS_SEEN = frozenset(
    {
        SoundClass.LIPS_SHUT,
        SoundClass.LIP_TO_TEETH,
        SoundClass.HISS,
        SoundClass.ROUNDED_HISS,
        SoundClass.SILENCE,
    }
)
_TONGUE_SOUNDS = frozenset({SoundClass.TONGUE_RIDGE, SoundClass.TONGUE_BETWEEN_TEETH})
_LIP_SOUNDS = frozenset({SoundClass.LIPS_SHUT, SoundClass.LIP_TO_TEETH})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segments:
    """Shapes in order of time, the input of blending.

    start_s, end_s: float64 (segment,). targets: float32 (segment, len(Mouth)).
    opening, lips, tongue: float32 (segment,), dominance over the channels of each group.
    rise_tau_s, fall_tau_s: float32 (segment,), how fast the pull grows before and fades after.
    sharpness: float32 (segment,), exponent of the fading: 1 classic, 2 for contacts of the lips,
        which are deep and short.
    is_vowel: bool (segment,).
    """

    start_s: NDArray[np.float64]
    end_s: NDArray[np.float64]
    targets: NDArray[np.float32]
    opening: NDArray[np.float32]
    lips: NDArray[np.float32]
    tongue: NDArray[np.float32]
    rise_tau_s: NDArray[np.float32]
    fall_tau_s: NDArray[np.float32]
    sharpness: NDArray[np.float32]
    is_vowel: NDArray[np.bool_]

    def __post_init__(self) -> None:
        count = len(self.start_s)
        check_array(self, "start_s", np.float64, ("segment",))
        check_array(self, "end_s", np.float64, (count,))
        check_array(self, "targets", np.float32, (count, len(Mouth)))
        for name in ("opening", "lips", "tongue", "rise_tau_s", "fall_tau_s", "sharpness"):
            check_array(self, name, np.float32, (count,))
        check_array(self, "is_vowel", np.bool_, (count,))

    def __len__(self) -> int:
        return len(self.start_s)


@dataclass(frozen=True, slots=True)
class _Row:
    start_s: float
    end_s: float
    viseme: Viseme
    shape: MouthShape


def segments_of(timeline: PhoneTimeline) -> Segments:
    """The shapes of a timeline in order; never empty (an empty timeline is one silence)."""
    rows: list[_Row] = []
    phones = [phone for phone in timeline.phones if phone.end_s > phone.start_s]
    for index, phone in enumerate(phones):
        if phone.symbol == SILENCE:
            _add_pause(rows, phone)
        else:
            following = phones[index + 1] if index + 1 < len(phones) else None
            _add_sound(rows, phone, following)
    return _table(rows or [_Row(0.0, 0.01, viseme_of(SILENCE), REST)])


def _add_pause(rows: list[_Row], pause: Phone) -> None:
    duration_s = pause.end_s - pause.start_s
    if rows and duration_s < HOLD_PAUSE_S:
        rows[-1] = replace(rows[-1], end_s=pause.end_s)
        return
    shape = REST
    if rows and duration_s < REST_PAUSE_S:
        last = rows[-1].shape
        shape = MouthShape(aperture=RELAXED_SHARE * last.aperture, jaw=RELAXED_SHARE * last.jaw)
    rows.append(_Row(pause.start_s, pause.end_s, viseme_of(SILENCE), shape))


def _add_sound(rows: list[_Row], phone: Phone, following: Phone | None) -> None:
    viseme = viseme_of(phone.symbol)
    shape = viseme.shape
    if viseme.sound_class is SoundClass.BREATH and following is not None and following.symbol != SILENCE:
        shape = viseme_of(following.symbol).shape
    if phone.stress == 1 and viseme.stressed_aperture is not None:
        wider = viseme.stressed_aperture / shape.aperture
        shape = replace(shape, aperture=viseme.stressed_aperture, jaw=shape.jaw * wider)
    if viseme.glide_to is not None:
        turn_s = phone.start_s + DIPHTHONG_SPLIT * (phone.end_s - phone.start_s)
        rows.append(_Row(phone.start_s, turn_s, viseme, shape))
        rows.append(_Row(turn_s, phone.end_s, viseme, viseme.glide_to))
    elif rows and rows[-1].shape == shape and rows[-1].viseme.sound_class is viseme.sound_class:
        # The same shape twice in a row is one long shape ("pop man").
        rows[-1] = replace(rows[-1], end_s=phone.end_s)
    else:
        rows.append(_Row(phone.start_s, phone.end_s, viseme, shape))


def _table(rows: list[_Row]) -> Segments:
    def column(values: list[float]) -> NDArray[np.float32]:
        return np.array(values, dtype=np.float32)

    visible = [_visibility(row) for row in rows]
    shuts = [row.viseme.sound_class is SoundClass.LIPS_SHUT for row in rows]
    return Segments(
        start_s=np.array([row.start_s for row in rows]),
        end_s=np.array([row.end_s for row in rows]),
        targets=np.array([row.shape.as_row() for row in rows], dtype=np.float32),
        opening=column([row.viseme.opening_dominance * v for row, v in zip(rows, visible, strict=True)]),
        lips=column([row.viseme.lip_dominance * v for row, v in zip(rows, visible, strict=True)]),
        tongue=column([_tongue_dominance(row.viseme.sound_class) for row in rows]),
        rise_tau_s=column(
            [
                CLOSURE_TAU_S if shut else row.viseme.anticipation_s * REACH_TO_TAU
                for row, shut in zip(rows, shuts, strict=True)
            ]
        ),
        fall_tau_s=column(
            [
                CLOSURE_TAU_S if shut else row.viseme.carry_over_s * REACH_TO_TAU
                for row, shut in zip(rows, shuts, strict=True)
            ]
        ),
        sharpness=column([2.0 if row.viseme.sound_class in _LIP_SOUNDS else 1.0 for row in rows]),
        is_vowel=np.array([row.viseme.sound_class is SoundClass.VOWEL for row in rows]),
    )


def _visibility(row: _Row) -> float:
    if row.viseme.sound_class in _ALWAYS_SEEN:
        return 1.0
    return min(1.0, (row.end_s - row.start_s) / SHORTEST_SHAPE_S)


def _tongue_dominance(sound_class: SoundClass) -> float:
    if sound_class in _TONGUE_SOUNDS:
        return TONGUE_DOMINANCE
    if sound_class in _LIP_SOUNDS:
        return LIP_SOUND_TONGUE_DOMINANCE
    return 1.0
