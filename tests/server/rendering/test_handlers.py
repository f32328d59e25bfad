"""What a job's spec asks of the engine: a clip that a picture moves like, or that gives the sound, too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lipwright.engine import JobContext, MotionSource, SoundClip
from lipwright.server.jobs.model import JOB_SPEC, Source, TalkingPhotoSpec
from lipwright.server.rendering.handlers import handle
from lipwright.server.rendering.inputs import has_addresses
from tests.server.rendering.orders import photo

MOTION = Source(field="motion", extension="mp4", key="api-assets/c/video.mp4")


def carry_out(wanted: TalkingPhotoSpec, tmp_path: Path) -> None:
    inputs = {name: tmp_path / name for name in ("image", "audio", "motion")}
    handle(wanted, inputs, tmp_path, JobContext(), None)


def test_without_a_clip_the_picture_moves_of_its_own(tmp_path: Path, asked: list[tuple[Any, ...]]) -> None:
    carry_out(photo(), tmp_path)
    assert asked[0][3].motion is None


def test_a_clip_gives_the_motion_and_the_sound_stays(tmp_path: Path, asked: list[tuple[Any, ...]]) -> None:
    carry_out(photo(start_s=1.0, end_s=3.0, motion=MOTION), tmp_path)
    assert asked[0][1] == SoundClip(path=tmp_path / "audio", start_s=1.0, end_s=3.0)
    assert asked[0][3].motion == MotionSource(path=tmp_path / "motion")


def test_a_stretch_of_a_clip_gives_the_motion(tmp_path: Path, asked: list[tuple[Any, ...]]) -> None:
    carry_out(photo(motion=MOTION, motion_start_s=1.5, motion_end_s=4.0), tmp_path)
    assert asked[0][3].motion == MotionSource(path=tmp_path / "motion", start_s=1.5, end_s=4.0)


def test_a_performance_gives_one_stretch_of_motion_mouth_and_sound(
    tmp_path: Path, asked: list[tuple[Any, ...]]
) -> None:
    carry_out(photo(start_s=1.0, end_s=3.0, audio=None, motion=MOTION, is_performance=True), tmp_path)
    assert asked[0][1] == SoundClip(path=tmp_path / "motion", start_s=1.0, end_s=3.0)
    assert asked[0][3].motion == MotionSource(
        path=tmp_path / "motion", start_s=1.0, end_s=3.0, takes_mouth=True
    )


def test_a_spec_that_an_earlier_version_stored_has_no_clip() -> None:
    later = {"motion", "motion_start_s", "motion_end_s", "is_performance"}
    stored = photo().model_dump(exclude=later)
    read = JOB_SPEC.validate_python(stored)
    assert isinstance(read, TalkingPhotoSpec)
    assert read.motion is None
    assert not read.is_performance


def test_a_clip_at_an_address_is_fetched_like_other_inputs() -> None:
    far = Source(field="motion", extension="mp4", url="https://example.com/clip.mp4")
    assert not has_addresses(photo(motion=MOTION))
    assert has_addresses(photo(motion=far))
