"""A stretch of a file that makes no sense is refused with a sentence that says why."""

from __future__ import annotations

import pytest

from lipwright.engine.errors import BadParameters
from lipwright.engine.media.values import check_stretch


@pytest.mark.parametrize("end_s", [None, 0.5, 3600.0])
def test_a_stretch_that_ends_after_it_starts_is_taken(end_s: float | None) -> None:
    check_stretch(0.0, end_s)


@pytest.mark.parametrize(
    ("start_s", "end_s", "reason"),
    [
        (2.0, 1.0, r"The end \(1 s\) must come after the start \(2 s\)"),
        (2.0, 2.0, "must come after the start"),
        (0.0, float("nan"), "must come after the start"),
        (-1.0, None, "must be 0 or later"),
        (float("nan"), None, "must be 0 or later"),
        (float("inf"), None, "must be 0 or later"),
    ],
)
def test_a_stretch_without_a_length_is_refused(start_s: float, end_s: float | None, reason: str) -> None:
    with pytest.raises(BadParameters, match=reason):
        check_stretch(start_s, end_s)
