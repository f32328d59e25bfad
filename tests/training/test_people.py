"""Who is left out with whom, and what is measured on a tracked mouth."""

from __future__ import annotations

import numpy as np
import pytest

from lipwright.engine.articulation.drivers.learned_mouth import MouthMeasure
from lipwright.engine.face.mesh import (
    LIP_INNER_BOTTOM,
    LIPS_INNER_LOWER,
    MOUTH_CORNER_LEFT,
    MOUTH_CORNER_RIGHT,
)
from lipwright.engine.face.pose import canonical_face
from training.mouth_clips import SAME_PERSON, MouthClip, MouthScale
from training.mouth_measures import measure


def face(size_px: float = 400.0) -> np.ndarray:
    """The canonical face, drawn from the front with y down."""
    points = np.zeros((478, 3), np.float32)
    canonical = np.asarray(canonical_face(), np.float32)
    points[: len(canonical)] = canonical * size_px + 500
    return points


def test_an_open_mouth_measures_open_and_no_wider() -> None:
    shut, opened = face(), face()
    height_px = float(np.ptp(shut[:468, 1]))
    opened[[*LIPS_INNER_LOWER, LIP_INNER_BOTTOM], 1] += 0.1 * height_px
    before, after = measure(np.stack([shut, opened]))
    assert after[MouthMeasure.OPENING] - before[MouthMeasure.OPENING] == pytest.approx(0.1, rel=0.25)
    assert after[MouthMeasure.LOWER_LIP] > before[MouthMeasure.LOWER_LIP]
    assert after[MouthMeasure.WIDTH] == pytest.approx(before[MouthMeasure.WIDTH], abs=0.01)
    assert after[MouthMeasure.UPPER_LIP] == pytest.approx(before[MouthMeasure.UPPER_LIP], abs=0.01)


def test_corners_that_come_in_measure_narrow_and_round() -> None:
    wide, narrow = face(), face()
    middle_px = narrow[[MOUTH_CORNER_LEFT, MOUTH_CORNER_RIGHT], 0].mean()
    for corner in (MOUTH_CORNER_LEFT, MOUTH_CORNER_RIGHT):
        narrow[corner, 0] += 0.2 * (middle_px - narrow[corner, 0])
    before, after = measure(np.stack([wide, narrow]))
    assert after[MouthMeasure.WIDTH] < 0.9 * before[MouthMeasure.WIDTH]
    assert after[MouthMeasure.ROUNDING] > 1.1 * before[MouthMeasure.ROUNDING]


def test_the_size_of_the_picture_does_not_matter() -> None:
    np.testing.assert_allclose(measure(face(200)[None]), measure(face(600)[None]), atol=1e-3)


def test_a_person_is_left_out_whole() -> None:
    folds = pytest.importorskip("training.folds")
    speakers = [f"person{place}" for place in range(12)] + ["grid_s1", "zh_shirley", "grid_s26"]
    found = folds.fold_of(speakers * 3)
    assert set(found) == set(speakers)
    assert set(found.values()) == set(range(folds.FOLDS))
    # Those with nearly all of the sound are not left out together.
    assert found["grid_s1"] != found["zh_shirley"]
    assert SAME_PERSON["grid_swiz3n"] == "grid_s26"


def test_deviations_are_of_the_speaker_and_not_of_the_clip() -> None:
    def clip(name: str, opening: float) -> MouthClip:
        mouth = np.full((20, len(MouthMeasure)), 0.1, np.float32)
        mouth[:, MouthMeasure.OPENING] = opening + 0.01 * np.arange(20)
        return MouthClip(
            name=name,
            speaker="one",
            samples=np.zeros(16_000, np.float32),
            times_s=np.arange(20) / 25,
            mouth=mouth,
        )

    shut, opened = clip("shut", 0.0), clip("open", 0.4)
    scale = MouthScale.by_speaker([shut, opened])["one"]
    told = [scale.deviations(one, one.times_s)[:, MouthMeasure.OPENING].mean() for one in (shut, opened)]
    assert told[0] < -0.5 < 0.5 < told[1]
