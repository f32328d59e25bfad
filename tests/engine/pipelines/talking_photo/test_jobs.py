"""How a job goes: its progress, its end before the end, and every refusal with its code."""

from __future__ import annotations

import errno
import io
import os
import threading
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine import errors
from lipwright.engine.face.pose import face_of
from lipwright.engine.media.values import SoundClip
from lipwright.engine.pipelines.options import SpokenLine, TalkingPhotoOptions
from lipwright.engine.pipelines.talking_photo import talking_photo
from lipwright.engine.progress import JobContext, ProgressEvent, Stage
from tests.engine.pipelines.talking_photo.finished_videos import Make, play
from tests.support.pictures import gradient
from tests.support.sounds import silence, write_sound

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

OPTIONS = TalkingPhotoOptions(frame_rate=Fraction(10))
Save = Callable[[str, NDArray[np.uint8]], Path]


def test_progress_never_falls_and_ends_whole(head: Path, sound: SoundClip, make: Make) -> None:
    made = make(head, sound)
    fractions = [event.fraction for event in made.events]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1)
    assert list(dict.fromkeys(event.stage for event in made.events)) == list(Stage)
    rendering = [event for event in made.events if event.stage is Stage.RENDERING]
    assert [event.done for event in rendering] == list(range(made.report.frame_count + 1))


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.FINISHING])
def test_a_job_that_is_cancelled_leaves_nothing_behind(
    head: Path, sound: SoundClip, tmp_path: Path, stage: Stage
) -> None:
    target = tmp_path / "out.mp4"
    target.write_bytes(b"an older video")
    threads = set(threading.enumerate())

    def cancel_at_stage(event: ProgressEvent) -> None:
        if event.stage is stage:
            context.cancel()

    context = JobContext(cancel_at_stage)
    with pytest.raises(errors.Cancelled):
        talking_photo(head, sound, target, OPTIONS, context)
    assert target.read_bytes() == b"an older video"
    assert list(tmp_path.iterdir()) == [target]
    assert set(threading.enumerate()) == threads


def test_a_stop_that_comes_after_the_last_frame_is_too_late(
    head: Path, sound: SoundClip, tmp_path: Path
) -> None:
    def cancel_at_the_end(event: ProgressEvent) -> None:
        if event.stage is Stage.FINISHING:
            context.cancel()

    context = JobContext(cancel_at_the_end)
    report = talking_photo(head, sound, tmp_path / "out.mp4", OPTIONS, context)
    assert len(play(tmp_path / "out.mp4").frames) == report.frame_count


def refuse(
    error: type[errors.EngineError],
    folder: Path,
    picture: Path,
    voice: SoundClip | SpokenLine,
    options: TalkingPhotoOptions = OPTIONS,
) -> None:
    """Make sure that a job is refused for one reason, in one line, and leaves nothing behind."""
    before = sorted(folder.iterdir())
    with pytest.raises(error) as refused:
        talking_photo(picture, voice, folder / "out.mp4", options)
    assert type(refused.value) is error
    assert refused.value.message
    assert "\n" not in refused.value.message
    assert sorted(folder.iterdir()) == before


def test_a_profile_is_refused(
    head: Path, sound: SoundClip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lipwright.engine.face.pose import canonical_face, rotation_of

    # No public picture of a profile ships with the tests, so the finder's answer is turned.
    turned = canonical_face() @ rotation_of(70, 0, 0).T * np.float32(60) + np.array([120, 110, 0], np.float32)
    finder = "lipwright.engine.pipelines.talking_photo.find_faces"
    monkeypatch.setattr(finder, lambda _: (face_of(turned, 0.9),))
    refuse(errors.FaceTurnedAway, tmp_path, head, sound)


def nobody(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return gradient(*rgb.shape[1::-1])


def far_away(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(rgb, (280, 280), interpolation=cv2.INTER_AREA), np.uint8)


def cut_off(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return rgb[:148]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (nobody, errors.NoFaceFound),
        (far_away, errors.FaceTooSmall),
        (cut_off, errors.FaceCutOff),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_picture_without_a_usable_face_is_refused(
    save: Save,
    portrait_rgb: NDArray[np.uint8],
    sound: SoundClip,
    tmp_path: Path,
    change: Callable[[NDArray[np.uint8]], NDArray[np.uint8]],
    error: type[errors.EngineError],
) -> None:
    refuse(error, tmp_path, save(f"{change.__name__}.png", change(portrait_rgb)), sound)


def test_a_face_that_is_not_there_is_refused(head: Path, sound: SoundClip, tmp_path: Path) -> None:
    refuse(errors.NoSuchFace, tmp_path, head, sound, TalkingPhotoOptions(face=3))


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("absent.png", None, errors.BadImagePath),
        ("empty.png", b"", errors.BadImageFile),
        ("note.jpg", b"I am not a picture.\n" * 50, errors.BadImageFile),
    ],
)
def test_a_file_that_is_no_picture_is_refused(
    sound: SoundClip, tmp_path: Path, name: str, content: bytes | None, error: type[errors.EngineError]
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    refuse(error, tmp_path, tmp_path / name, sound)


def test_a_truncated_picture_is_refused(head: Path, sound: SoundClip, tmp_path: Path) -> None:
    (tmp_path / "half.png").write_bytes(head.read_bytes()[: head.stat().st_size // 2])
    refuse(errors.BadImageFile, tmp_path, tmp_path / "half.png", sound)


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("absent.wav", None, errors.BadAudioPath),
        ("empty.mp3", b"", errors.BadAudioFile),
        ("noise.mp3", bytes(range(256)) * 200, errors.BadAudioFile),
    ],
)
def test_a_file_that_is_no_sound_is_refused(
    head: Path, tmp_path: Path, name: str, content: bytes | None, error: type[errors.EngineError]
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    refuse(error, tmp_path, head, SoundClip(path=tmp_path / name))


def test_a_sound_without_length_is_refused(head: Path, tmp_path: Path) -> None:
    write_sound(tmp_path / "short.wav", silence(0.02))
    refuse(errors.SilentSound, tmp_path, head, SoundClip(path=tmp_path / "short.wav"))


def test_a_stretch_beyond_the_sound_is_refused(head: Path, sound: SoundClip, tmp_path: Path) -> None:
    refuse(errors.BadParameters, tmp_path, head, SoundClip(path=sound.path, start_s=60))


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (SpokenLine(text="  "), errors.BadParameters),
        (SpokenLine(text="Hi.", voice="nobody"), errors.UnknownVoice),
    ],
)
def test_a_text_that_cannot_be_spoken_is_refused(
    head: Path, tmp_path: Path, line: SpokenLine, error: type[errors.EngineError]
) -> None:
    refuse(error, tmp_path, head, line)


def test_an_output_that_cannot_be_written_is_refused(head: Path, sound: SoundClip, tmp_path: Path) -> None:
    with pytest.raises(errors.OutputNotWritable):
        talking_photo(head, sound, tmp_path / "absent" / "out.mp4", OPTIONS)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_while_frames_are_drawn_ends_the_job(head: Path, sound: SoundClip) -> None:
    class FullDisk(io.BytesIO):
        """Takes the first bytes and no more."""

        def write(self, data: ReadableBuffer) -> int:
            if self.tell() + len(memoryview(data)) > 2000:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return super().write(data)

    with pytest.raises(errors.DiskFull):
        talking_photo(head, sound, FullDisk(), OPTIONS)
