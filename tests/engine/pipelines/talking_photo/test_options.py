"""What each option changes in the finished video, and what stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.face.mesh import NOSE_TIP
from lipwright.engine.media.values import SoundClip
from lipwright.engine.pipelines.modes import EyesMode, PhotoMode
from lipwright.engine.quality.observe import MouthRecord
from lipwright.engine.render.photo.eyes import SHUT, Eyes, lid_openings
from tests.engine.pipelines.talking_photo.finished_videos import Make, mouths, play
from tests.engine.render.drawing import gesture_row
from tests.engine.speech.speech_sounds import said
from tests.support.pictures import psnr_db, read_bgr
from tests.support.sounds import silence, voice, write_sound

# What the encoder changes in pixels that never change: visually lossless.
ENCODER_PSNR_DB = 38.0
# A frame that the encoder was given twice may come out a little different.
SAME_PICTURE_PSNR_DB = 45.0
# How far landmarks of a still nose scatter while the mouth below it moves, face heights.
NOSE_SCATTER = 0.0045


def nose_path(record: MouthRecord) -> NDArray[np.float32]:
    """The way of the nose, float32 (frame, 2), face heights from its mean."""
    landmarks = record.faces.tracks[0].landmarks.read(0, len(record.is_seen))
    height_px = np.median(record.boxes_xyxy[:, 3] - record.boxes_xyxy[:, 1])
    nose = landmarks[:, NOSE_TIP, :2] / height_px
    return np.asarray(nose - nose.mean(axis=0), np.float32)


def test_the_same_seed_gives_the_same_frames_and_another_seed_moves_differently(
    head: Path, sound: SoundClip, make: Make
) -> None:
    one, same, other = (play(make(head, sound, seed=seed).path).frames for seed in (3, 3, 4))
    assert (one == same).all()
    assert one.shape == other.shape
    assert (one != other).any()


def test_the_background_far_from_the_face_is_untouched(
    save: Callable[[str, NDArray[np.uint8]], Path],
    portrait_rgb: NDArray[np.uint8],
    sound: SoundClip,
    make: Make,
) -> None:
    rgb = portrait_rgb[:300]
    film = play(make(save("background.png", rgb), sound).path)
    beside = slice(380, 512)
    for frame in film.frames:
        assert psnr_db(frame[:, beside], rgb[:, beside]) > ENCODER_PSNR_DB
    first, middle = film.frames[0], film.frames[len(film.frames) // 2]
    assert psnr_db(first[:, beside], middle[:, beside]) > SAME_PICTURE_PSNR_DB
    assert psnr_db(first[60:180, 170:280], middle[60:180, 170:280]) < SAME_PICTURE_PSNR_DB


@pytest.mark.parametrize("frame_rate", [Fraction(24), Fraction(30000, 1001), Fraction(60)])
def test_every_frame_rate_lasts_as_long_as_the_sound(
    head: Path, sound: SoundClip, make: Make, frame_rate: Fraction
) -> None:
    film = play(make(head, sound, frame_rate=frame_rate).path)
    assert film.frame_rate == frame_rate
    assert 0 <= film.picture_end_s - 0.5 < 1 / frame_rate


def test_a_stretch_of_the_sound_is_spoken(head: Path, make: Make, tmp_path: Path) -> None:
    samples = np.concatenate([silence(1.0), voice(0.6), silence(1.0)])
    long = SoundClip(path=write_sound(tmp_path / "long.wav", samples))
    assert make(head, replace(long, start_s=1.0, end_s=1.6)).report.duration_s == pytest.approx(0.6)
    quiet = make(head, replace(long, start_s=2.0)).report
    assert quiet.duration_s == pytest.approx(0.6)
    assert any("No speech" in warning for warning in quiet.warnings)


def test_a_large_picture_is_made_as_small_as_asked(head: Path, sound: SoundClip, make: Make) -> None:
    report = make(head, sound, max_resolution_px=200).report
    assert (report.width_px, report.height_px) == (200, 200)


def test_a_still_head_stays_where_it_is_and_a_free_one_moves(
    large_head: Path, make: Make, tmp_path: Path
) -> None:
    sound = SoundClip(path=write_sound(tmp_path / "voice.wav", voice(2.0)))
    still, free = (
        nose_path(mouths(make(large_head, sound, still=still, mode=PhotoMode.PROMPTED, intensity=2.0).path))
        for still in (True, False)
    )
    assert still.std(axis=0).max() < NOSE_SCATTER
    assert free.std(axis=0).max() > 1.5 * NOSE_SCATTER


def test_with_every_scale_at_zero_nothing_moves(head: Path, sound: SoundClip, make: Make) -> None:
    scales = {f"{name}_scale": 0.0 for name in ("mouth", "head", "blink", "expression")}
    frames = play(make(head, sound, **scales).path).frames
    assert all(psnr_db(frame, frames[0]) > SAME_PICTURE_PSNR_DB for frame in frames)


def test_a_mouth_scale_of_zero_keeps_the_mouth_of_the_picture(
    large_head: Path, sound: SoundClip, make: Make
) -> None:
    natural, kept = (mouths(make(large_head, sound, mouth_scale=scale).path).gap for scale in (1, 0))
    assert np.ptp(natural) > 0.015
    assert np.ptp(kept) < 0.01


def test_eyes_that_are_shut_open_and_are_told_or_are_kept(
    large_head: Path,
    save: Callable[[str, NDArray[np.uint8]], Path],
    tmp_path: Path,
    make: Make,
) -> None:
    rgb = np.ascontiguousarray(read_bgr(large_head)[..., ::-1])
    (face,) = find_faces(rgb)
    Eyes(face.landmarks_px, rgb).draw(rgb, gesture_row(eye_blink=1))
    shut = save("shut.png", rgb)
    long = SoundClip(path=write_sound(tmp_path / "long.wav", voice(1.6)))
    opened, kept = (make(shut, long, eyes=eyes) for eyes in (EyesMode.OPEN, EyesMode.KEEP))
    assert [warning for warning in opened.report.warnings if "eyes were shut" in warning]
    assert kept.report.warnings == ()
    for made, widest in ((opened, (0.22, 1.0)), (kept, (0.0, SHUT))):
        openings = [max(lid_openings(find_faces(frame)[0].landmarks_px)) for frame in play(made.path).frames]
        assert openings[0] < SHUT
        # The tracker errs on single frames, by up to .02.
        openings = np.median(sliding_window_view(openings, 3), axis=-1).tolist()
        assert widest[0] <= max(openings) <= widest[1]


def test_words_of_a_prompt_that_are_not_known_are_told(head: Path, sound: SoundClip, make: Make) -> None:
    prompt = {"prompt": "smiling, levitating"}
    told = make(head, sound, mode=PhotoMode.PROMPTED, **prompt).report.warnings
    assert [warning for warning in told if "levitating" in warning]
    assert not [warning for warning in told if "smiling" in warning]
    # A realistic photo does not read its prompt, so there is nothing to tell.
    assert make(head, sound, mode=PhotoMode.REALISTIC, **prompt).report.warnings == ()


def test_all_faces_speak_or_only_the_chosen_one(
    save: Callable[[str, NDArray[np.uint8]], Path],
    portrait_rgb: NDArray[np.uint8],
    tmp_path: Path,
    make: Make,
) -> None:
    spoken = said("Bravo!")
    words = SoundClip(path=write_sound(tmp_path / "words.wav", spoken.samples, spoken.sample_rate_hz))
    small = portrait_rgb[:240, 125:335]
    picture = save("pair.png", np.concatenate([small, small], axis=1))
    moved = {}
    for face in ("all", 0, 1):
        frames = play(make(picture, words, face=face, still=True, blink_scale=0).path).frames.astype(int)
        change = np.abs(frames[1:] - frames[0]).max(axis=(0, 3))
        moved[face] = [float(np.percentile(half, 99.5)) for half in (change[:, :210], change[:, 210:])]
    assert min(moved["all"]) > 40
    for face in (0, 1):
        # Which of two equal faces is number 0 is the finder's choice.
        assert max(moved[face]) > 40
        assert min(moved[face]) < 15
    assert np.argmax(moved[0]) != np.argmax(moved[1])
