"""A cue: words for a stretch of time."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lipwright.engine.errors import BadParameters

# More rows than this are a mistake, or a film that is better made in scenes; words as for a long prompt.
MAX_CUES = 100
MAX_CUE_CHARACTERS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Words for a stretch of time. Raises BadParameters for times that make no sense.

    start_s, end_s: seconds of the video; end_s None is its end. prompt: words as in a prompt.
    """

    start_s: float
    end_s: float | None = None
    prompt: str

    def __post_init__(self) -> None:
        end_s = math.inf if self.end_s is None else self.end_s
        if not (math.isfinite(self.start_s) and self.start_s >= 0 and not math.isnan(end_s)):
            raise BadParameters("A direction begins before second 0. Give seconds of the video, from 0 on.")
        if end_s <= self.start_s:
            raise BadParameters(
                f"A direction ends at second {end_s:g}, not after its beginning at {self.start_s:g}. "
                "Give the second at which it ends, or none for the end of the video."
            )
        if len(self.prompt) > MAX_CUE_CHARACTERS:
            raise BadParameters(
                f"The words from second {self.start_s:g} on have {len(self.prompt)} characters, "
                f"{MAX_CUE_CHARACTERS} are the most. Use a few words of the list."
            )
