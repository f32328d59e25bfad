"""The figures of whole videos: good ones are good, and each fault shows in its own figure."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.errors import BadVideoPath, NoFaceFound
from lipwright.engine.media.values import SPEECH_RATE_HZ
from lipwright.engine.quality.measure import measure_video
from lipwright.engine.quality.sync import UNSEEN_OFFSET_S
from lipwright.engine.quality.values import QualityReport
from tests.engine.quality.speaking_clips import FRAME_RATE, SpeakingClip
from tests.support.sounds import SOUND_RATE_HZ, silence
from tests.support.videos import write_clip

# Found offsets are good to a third of a frame.
OFFSET_ERROR_MS = 20
SENTENCE = "My people open many windows, and everybody breathes."


def value(report: QualityReport, name: str) -> float:
    found = report.value(name)
    assert found is not None, name
    return found


@pytest.fixture(scope="module")
def spoken() -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """A sentence at SOUND_RATE_HZ, and the openings (frame,) that the judge expects of it."""
    pytest.importorskip("espeakng_loader")
    import soxr

    from lipwright.engine.media.values import SpeechSound
    from lipwright.engine.quality.listener.expectation import expected_mouth
    from lipwright.engine.speech.voices.speak import speak
    from lipwright.engine.timeline import frame_count, frame_times_s

    voice = speak(SENTENCE, "en-us-female")
    heard = SpeechSound(samples=soxr.resample(voice.samples, voice.sample_rate_hz, SPEECH_RATE_HZ))
    gap = expected_mouth(heard)[:, 0]
    times_s = frame_times_s(frame_count(heard.duration_s, FRAME_RATE), FRAME_RATE)
    openings = np.interp(times_s, np.arange(len(gap)) / CURVE_RATE_HZ, (gap - gap.min()) / np.ptp(gap))
    return soxr.resample(voice.samples, voice.sample_rate_hz, SOUND_RATE_HZ), openings


def test_a_mouth_that_fits_its_sound_is_in_sync(
    speaking_clip: SpeakingClip, spoken: tuple[NDArray[np.float32], NDArray[np.float64]]
) -> None:
    sound, openings = spoken
    report = measure_video(speaking_clip(openings, sound))
    assert value(report, "face_seen_share") == 1.0
    assert abs(value(report, "sync_offset_ms")) < OFFSET_ERROR_MS
    sync = next(each for each in report.measures if each.name == "sync_correlation")
    assert sync.value is not None
    assert sync.value > 0.5  # a drawn mouth that does nothing but open
    assert sync.is_good is True


@pytest.mark.parametrize("shift_ms", [200, -200])
def test_a_sound_shifted_by_200_ms_is_found_with_its_sign(
    speaking_clip: SpeakingClip, spoken: tuple[NDArray[np.float32], NDArray[np.float64]], shift_ms: int
) -> None:
    sound, openings = spoken
    report = measure_video(speaking_clip(openings, np.roll(sound, shift_ms * SOUND_RATE_HZ // 1000)))
    assert value(report, "sync_offset_ms") == pytest.approx(shift_ms, abs=OFFSET_ERROR_MS)


def test_a_mouth_that_says_something_else_correlates_badly(
    speaking_clip: SpeakingClip, spoken: tuple[NDArray[np.float32], NDArray[np.float64]]
) -> None:
    sound, openings = spoken
    report = measure_video(speaking_clip(openings[::-1], sound))
    sync = next(each for each in report.measures if each.name == "sync_correlation")
    assert sync.value is not None
    assert sync.value < 0.4
    assert sync.is_good is not True


def test_a_still_mouth_under_silence_is_still_and_says_nothing_of_sync(speaking_clip: SpeakingClip) -> None:
    report = measure_video(speaking_clip(np.zeros(40), silence(1.6)))
    assert value(report, "silence_motion") < 0.05
    assert report.value("sync_offset_ms") is None
    assert report.value("closure_share") is None
    assert report.value("opening_p95") is None  # it need not open


def test_a_mouth_that_moves_under_silence_is_caught(speaking_clip: SpeakingClip) -> None:
    openings = 0.5 + 0.5 * np.sin(np.arange(40) * 1.2)
    report = measure_video(speaking_clip(openings))
    motion = next(each for each in report.measures if each.name == "silence_motion")
    assert motion.is_good is False


def test_a_video_equals_itself(speaking_clip: SpeakingClip) -> None:
    clip = speaking_clip(0.5 + 0.4 * np.sin(np.arange(40) * 0.9))
    report = measure_video(clip, reference=clip, source=clip)
    assert value(report, "aperture_correlation") == pytest.approx(1)
    assert value(report, "width_correlation") == pytest.approx(1)
    assert value(report, "lip_distance") == 0
    assert value(report, "sharpness_ratio") == 1
    assert value(report, "flicker_ratio") == 1
    assert value(report, "untouched_db") > 60


def test_another_mouth_is_far_from_the_true_one(speaking_clip: SpeakingClip) -> None:
    truth = speaking_clip(0.5 + 0.4 * np.sin(np.arange(40) * 0.9))
    other = speaking_clip(0.5 + 0.4 * np.cos(np.arange(40) * 0.9))
    report = measure_video(other, reference=truth)
    assert value(report, "aperture_correlation") < 0.4
    assert value(report, "lip_distance") > 0.01


def test_a_blurred_mouth_shows_in_the_sharpness(speaking_clip: SpeakingClip) -> None:
    openings = np.full(20, 0.6)
    source = speaking_clip(openings)
    blurred = speaking_clip(openings, change=lambda _, rgb: cv2.GaussianBlur(rgb, (0, 0), 2).astype(np.uint8))
    assert value(measure_video(blurred, source=source), "sharpness_ratio") < 0.7


def test_a_trembling_mouth_shows_in_the_flicker(speaking_clip: SpeakingClip) -> None:
    openings = np.full(20, 0.6)
    source = speaking_clip(openings)

    def tremble(index: int, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return np.clip(rgb.astype(np.int16) + (8 if index % 2 else -8), 0, 255).astype(np.uint8)

    assert value(measure_video(speaking_clip(openings, change=tremble), source=source), "flicker_ratio") > 2


def test_a_changed_background_shows_in_the_untouched_pixels(speaking_clip: SpeakingClip) -> None:
    openings = np.full(20, 0.6)

    def stain(_: int, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        stained = rgb.copy()
        stained[:30, :30] = 255
        return stained

    source = speaking_clip(openings)
    assert value(measure_video(speaking_clip(openings), source=source), "untouched_db") > 45
    assert value(measure_video(speaking_clip(openings, change=stain), source=source), "untouched_db") < 36


def test_a_video_without_a_face_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoFaceFound, match="no_one"):
        measure_video(write_clip(tmp_path / "no_one.mp4"))


def test_a_video_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadVideoPath):
        measure_video(tmp_path / "absent.mp4")


# How much later the sound is than the mouth in each real clip, ms, as its origin has it.
REAL_OFFSETS_MS = {
    "grid_sbwe5n.mpg": 0,
    "grid_swiz3n.mpg": 0,
    "ls_demo1_woman_sitting_1080x1920.mp4": 0,
    "hdtf_old_man_15s.mp4": -80,
}


@pytest.mark.assets
@pytest.mark.parametrize("name", REAL_OFFSETS_MS)
def test_real_people_are_in_sync_as_far_as_their_clips_are(assets: Path, name: str) -> None:
    report = measure_video(assets / "videos" / name)
    offset_ms = report.value("sync_offset_ms")
    # Three seconds may be too short for an offset.
    assert offset_ms is None or offset_ms == pytest.approx(REAL_OFFSETS_MS[name], abs=30)
    is_in_step = abs(REAL_OFFSETS_MS[name]) < 1000 * UNSEEN_OFFSET_S
    sync = next(each for each in report.measures if each.name == "sync_correlation")
    assert sync.is_good is not False or not is_in_step


@pytest.mark.assets
def test_a_real_idle_man_is_still(assets: Path) -> None:
    report = measure_video(assets / "videos" / "idle_man_silent.mp4")
    assert value(report, "silence_motion") < 0.05
    assert value(report, "silence_gap") < 0.01
