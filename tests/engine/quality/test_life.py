"""The figures of life read back what a face was asked to do, and stand beside those of people."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from bench.moving import write_moving
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.face.choose import main_person
from lipwright.engine.face.follow.motion import read_motion
from lipwright.engine.gesture.blinks import Blink, lid_curve
from lipwright.engine.gesture.curves import BLINKS, BROWS_INNER_UP, BROWS_OUTER_UP, Gesture, GestureCurves
from lipwright.engine.media.values import Picture
from lipwright.engine.pipelines.motion_clip import BROW_UP_READS
from lipwright.engine.progress import JobContext
from lipwright.engine.quality.background import background_motion
from lipwright.engine.quality.judge import FIGURES, LIFE_FIGURES, measure
from lipwright.engine.quality.life import life_measures
from lipwright.engine.quality.observe import MouthRecord, scan_mouth
from lipwright.engine.quality.values import BesidePeople
from tests.support.videos import write_clip

FRAME_RATE = Fraction(25)
LENGTH_S = 6.0
YAW_DEG, ROLL_DEG, SHIFT, BROWS = 4.0, 3.0, 0.03, 0.4
BLINKS_AT_S = (1.0, 3.0, 5.0)
# What a drawn motion is read back with: the small portrait turns by a fifth less than it is asked to.
SHARE = 0.25


def figures_of(record: MouthRecord) -> dict[str, float | None]:
    motion = read_motion(main_person(record.faces), record.faces)
    return {each.name: each.value for each in life_measures(motion)}


@pytest.fixture(scope="module")
def head(portrait_rgb: NDArray[np.uint8]) -> Picture:
    return Picture(rgb=np.asarray(cv2.resize(portrait_rgb[:240, 110:350], (400, 400)), np.uint8))


@pytest.fixture(scope="module")
def moving_path(head: Picture, tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = round(LENGTH_S * CURVE_RATE_HZ)
    time_s = np.arange(rows) / CURVE_RATE_HZ
    values = np.zeros((rows, len(Gesture)), np.float32)
    values[:, Gesture.YAW] = YAW_DEG * np.sin(2 * np.pi * 0.5 * time_s)
    values[:, Gesture.ROLL] = ROLL_DEG * np.sin(2 * np.pi * time_s / 3)
    values[:, Gesture.SHIFT_X] = SHIFT * np.sin(2 * np.pi * time_s / 6)
    values[:, [*BROWS_INNER_UP, *BROWS_OUTER_UP]] = BROWS * (1 - np.cos(2 * np.pi * time_s / 3))[:, None]
    blinks = [Blink(start_s=at, close_s=0.08, hold_s=0.04, open_s=0.2, depth=1.0) for at in BLINKS_AT_S]
    values[:, BLINKS] = lid_curve(blinks, rows)[:, None]
    path = tmp_path_factory.mktemp("moving") / "moving.mp4"
    return write_moving(head, GestureCurves(values=values), path, FRAME_RATE)


@pytest.fixture(scope="module")
def moving(moving_path: Path) -> MouthRecord:
    return scan_mouth(moving_path, JobContext())


@pytest.mark.slow
def test_the_figures_read_back_what_was_asked(moving: MouthRecord) -> None:
    found = figures_of(moving)
    root = 2**0.5
    for name, drawn in (
        ("yaw_sd", YAW_DEG / root),
        ("roll_sd", ROLL_DEG / root),
        ("shift_sd", SHIFT / root),
    ):
        assert found[name] == pytest.approx(drawn, rel=SHARE), name
    # A lift is so many heights of the eye, which differ from face to face.
    assert found["brow_sd"] == pytest.approx(BROWS * BROW_UP_READS / root, rel=2 * SHARE)
    assert found["blinks_per_minute"] == pytest.approx(60 * len(BLINKS_AT_S) / LENGTH_S)
    length_ms = found["blink_length_ms"]
    assert length_ms is not None
    assert 80 < length_ms < 240
    # Two turns at right angles: the mean speed lies between that of one and the sum of both.
    yaw_speed, roll_speed = 4 * YAW_DEG * 0.5, 4 * ROLL_DEG / 3
    speed = found["head_speed"]
    assert speed is not None
    assert 0.75 * yaw_speed < speed < 1.1 * (yaw_speed + roll_speed)


@pytest.mark.slow
def test_a_still_background_is_read_as_still(moving: MouthRecord, moving_path: Path) -> None:
    still = background_motion(moving_path, moving, JobContext())
    assert still is not None
    assert still < 0.3


def test_a_face_that_does_nothing_shows_nothing(head: Picture, tmp_path: Path) -> None:
    path = write_clip(
        tmp_path / "still.mp4",
        count=30,
        size_wh=head.size_wh,
        frame=lambda *_: head.rgb,
        options={"crf": "18"},
    )
    found = figures_of(scan_mouth(path, JobContext()))
    for name in ("yaw_sd", "pitch_sd", "roll_sd"):
        assert found[name] == pytest.approx(0, abs=0.2), name
    assert found["head_speed"] == pytest.approx(0, abs=1)
    assert found["brow_sd"] == pytest.approx(0, abs=0.001)
    assert found["blinks_per_minute"] is None


def test_a_trembling_background_is_seen(head: Picture, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    shifts = rng.integers(0, 40, 30)

    def frame(index: int, _width: int, _height: int) -> NDArray[np.uint8]:
        rgb = head.rgb.copy()
        rgb[:60] = np.clip(rgb[:60].astype(int) + shifts[index], 0, 255)
        return rgb

    path = write_clip(tmp_path / "trembling.mp4", count=30, size_wh=head.size_wh, frame=frame)
    moved = background_motion(path, scan_mouth(path, JobContext()), JobContext())
    assert moved is not None
    assert moved > 1


@pytest.mark.parametrize("name", LIFE_FIGURES)
def test_no_figure_of_life_fails_a_video(name: str) -> None:
    people = FIGURES[name].people
    for value in (0.0, 1000.0):
        judged = measure(name, value)
        assert judged.is_good is None
        assert judged.beside_people is None or people is not None
    assert measure(name, None).beside_people is None


def test_a_figure_lies_below_within_or_above_that_of_people() -> None:
    low, high = FIGURES["yaw_sd"].people or (0.0, 0.0)
    beside = [measure("yaw_sd", value).beside_people for value in (low / 2, (low + high) / 2, high + 1)]
    assert beside == [BesidePeople.LESS, BesidePeople.LIKE, BesidePeople.MORE]
