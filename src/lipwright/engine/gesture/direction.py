"""A mood that changes over time: which words hold when, and the curves that go from one to the next.

With one seed the gestures of every mood share their natural motion, so a face that changes its mood is a
blend of their curves with weights that go over smoothly.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from lipwright.engine.arrays import smoothstep
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.errors import BadParameters
from lipwright.engine.gesture.cue import MAX_CUES, Cue
from lipwright.engine.gesture.curves import BLINKS, Gesture, GestureCurves
from lipwright.engine.gesture.gestures import EASE_IN_S, EASE_OUT_S
from lipwright.engine.gesture.mood import Mood
from lipwright.engine.gesture.prompt import read_prompt
from lipwright.engine.gesture.shaping import Curve, edges_eased, times_s

# A face goes from one mood to the next in this time and is half way a little before the word that it is for:
# people show what they feel before they say it. Quicker is a grimace, slower comes after the sentence.
CHANGE_S = 0.45
CHANGE_LEAD_S = 0.27
# Eyes jump: they lead, and the head comes after them.
GAZE_CHANGE_S = 0.10
GAZE_CHANGE_LEAD_S = 0.20
# Lids go over at once, where both moods have them open for this long to either side, within this reach: else
# a blink would be cut, or come twice.
LIDS_CLEAR_S = 0.12
LIDS_REACH_S = 0.8
_LIDS_OPEN = 0.02
_GAZE = (Gesture.GAZE_X, Gesture.GAZE_Y)


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """The mood of every moment.

    moods: one after the other. starts_s: when each begins, seconds, rising; the first holds from the start.
    unknown_words: those that changed nothing, each once.
    """

    moods: tuple[Mood, ...]
    starts_s: tuple[float, ...]
    unknown_words: tuple[str, ...] = ()

    @property
    def distinct(self) -> tuple[Mood, ...]:
        """Every mood once."""
        return tuple(dict.fromkeys(self.moods))

    def weights(
        self, rows: int, change_s: float = CHANGE_S, lead_s: float = CHANGE_LEAD_S
    ) -> dict[Mood, Curve]:
        """How much each mood holds at every curve point, float64 (rows,); together 1.

        change_s: how long one takes to become the next. lead_s: how long before its time it begins.
        """
        time_s = times_s(rows)
        begun = [np.ones(rows)]
        begun += [smoothstep((time_s - start_s + lead_s) / change_s) for start_s in self.starts_s[1:]]
        begun.append(np.zeros(rows))
        weights = {mood: np.zeros(rows) for mood in self.moods}
        for mood, here, after in zip(self.moods, begun[:-1], begun[1:], strict=True):
            weights[mood] += here - after
        return weights


def read_direction(prompt: str, cues: Sequence[Cue] = ()) -> Direction:
    """What a prompt and cues ask for over time.

    The prompt holds throughout; the words of a cue are mixed with it, and those of cues that overlap with
    each other. Raises BadParameters for more than MAX_CUES.
    """
    if len(cues) > MAX_CUES:
        raise BadParameters(f"There are {len(cues)} directions, {MAX_CUES} are the most. Leave some out.")
    edges_s = sorted({0.0, *(time_s for cue in cues for time_s in (cue.start_s, cue.end_s) if time_s)})
    moods: list[Mood] = []
    starts_s: list[float] = []
    for start_s in edges_s:
        active = [cue.prompt for cue in cues if cue.start_s <= start_s < (cue.end_s or math.inf)]
        mood = read_prompt(prompt, *active).mood
        if not moods or mood != moods[-1]:
            moods.append(mood)
            starts_s.append(start_s)
    unknown = read_prompt(prompt, *(cue.prompt for cue in cues)).unknown_words
    return Direction(moods=tuple(moods), starts_s=tuple(starts_s), unknown_words=unknown)


def directed_gestures(
    plan: Callable[[Mood], GestureCurves], direction: Direction, *, lean_scale: float = 1.0
) -> GestureCurves:
    """The gestures of a face whose mood changes.

    plan: the gestures of the whole clip in one mood, in the pose of the picture at both ends; those of one
    mood alone come back as they are. lean_scale: factor on how far the head leans, 0 where it keeps still.
    """
    planned = {mood: _leaning(plan(mood), mood.lean * lean_scale) for mood in direction.distinct}
    if len(planned) == 1:
        return next(iter(planned.values()))
    rows = len(next(iter(planned.values())).values)
    values = _blended(planned, direction.weights(rows))
    eyes = _blended(planned, direction.weights(rows, GAZE_CHANGE_S, GAZE_CHANGE_LEAD_S))
    values[:, _GAZE] = eyes[:, _GAZE]
    values[:, BLINKS] = _lids(planned, direction)
    return next(iter(planned.values())).with_values(values.astype(np.float32))


def _blended(planned: dict[Mood, GestureCurves], weights: dict[Mood, Curve]) -> Curve:
    values = np.zeros(next(iter(planned.values())).values.shape)
    for mood, curves in planned.items():
        values += weights[mood][:, None] * curves.values
    return values


def _lids(planned: dict[Mood, GestureCurves], direction: Direction) -> Curve:
    """The blinks of each mood while it holds, float64 (time, side)."""
    lids = planned[direction.moods[0]].values[:, BLINKS].astype(np.float64)
    earliest = 0
    for before, after, start_s in zip(
        direction.moods[:-1], direction.moods[1:], direction.starts_s[1:], strict=True
    ):
        other = planned[after].values[:, BLINKS]
        shut = np.maximum(planned[before].values[:, BLINKS], other).max(axis=1)
        row = _open_row(shut, start_s, earliest)
        lids[row:] = other[row:]
        earliest = row
    return lids


def _open_row(shut: Curve, time_s: float, earliest: int) -> int:
    """The row nearest to a time at which the eyes are open and stay so for a moment on both sides.

    shut: how far any lid of either mood is, (time,). earliest: no row before this one.
    """
    rows = len(shut)
    wanted = min(max(round(time_s * CURVE_RATE_HZ), earliest), rows)
    clear, reach = round(LIDS_CLEAR_S * CURVE_RATE_HZ), round(LIDS_REACH_S * CURVE_RATE_HZ)
    candidates = sorted(
        range(max(earliest, wanted - reach), min(rows, wanted + reach)), key=lambda row: abs(row - wanted)
    )
    for margin in (clear, 1):
        for row in candidates:
            if shut[max(0, row - margin) : row + margin].max(initial=0.0) < _LIDS_OPEN:
                return row
    return wanted


def _leaning(curves: GestureCurves, lean: float) -> GestureCurves:
    if not lean:
        return curves
    values = curves.values.copy()
    values[:, Gesture.NEARNESS] += lean * edges_eased(len(values), EASE_IN_S, EASE_OUT_S)
    return curves.with_values(values)
