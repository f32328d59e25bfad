"""Every way in which an input or output can be unusable: one line, its code, status 2, nothing left."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import wave
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest

from lipwright.engine.errors import NoFaceFound
from tests.cli.finished import Command
from tests.support.pictures import gradient, read_bgr
from tests.support.sounds import voice, write_sound


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write_sound(tmp_path / "voice.wav", voice(0.5))


def write_picture(path: Path, rgb: cv2.typing.MatLike) -> Path:
    assert cv2.imwrite(str(path), cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    return path


def refused(command: Command, folder: Path, *arguments: object) -> str:
    """Run `talk`, check that it was refused cleanly, and return the one line."""
    before = sorted(folder.rglob("*"))
    done = command("talk", *arguments, "-q")
    assert done.status == 2, done.err
    assert done.out == ""
    assert sorted(folder.rglob("*")) == before
    return done.error_line


def no_face(folder: Path, _: Path) -> Path:
    return write_picture(folder / "hills.png", gradient(320, 240))


def tiny_face(folder: Path, portrait: Path) -> Path:
    return write_picture(
        folder / "far.png", cv2.resize(read(portrait), (280, 280), interpolation=cv2.INTER_AREA)
    )


def half_a_face(folder: Path, portrait: Path) -> Path:
    return write_picture(folder / "cut.png", read(portrait)[:148])


def text_named_jpg(folder: Path, _: Path) -> Path:
    path = folder / "note.jpg"
    path.write_text("I am not a picture.\n" * 50)
    return path


def truncated_picture(folder: Path, portrait: Path) -> Path:
    path = folder / "half.png"
    path.write_bytes(portrait.read_bytes()[: portrait.stat().st_size // 2])
    return path


def empty_picture(folder: Path, _: Path) -> Path:
    path = folder / "empty.png"
    path.touch()
    return path


def gigantic_picture(folder: Path, _: Path) -> Path:
    """A PNG of a few bytes that says it has 60000x60000 pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    path = folder / "bomb.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    return path


def absent(folder: Path, _: Path) -> Path:
    return folder / "nowhere.jpg"


def folder_itself(folder: Path, _: Path) -> Path:
    return folder


def read(path: Path) -> cv2.typing.MatLike:
    return cv2.cvtColor(read_bgr(path), cv2.COLOR_BGR2RGB)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (empty_picture, "invalid_image_file"),
        (no_face, "no_source_face"),
        (tiny_face, "face_too_small"),
        (half_a_face, "face_cut_off"),
        (text_named_jpg, "invalid_image_file"),
        (truncated_picture, "invalid_image_file"),
        (gigantic_picture, "file_too_large"),
        (absent, "invalid_image_path"),
        (folder_itself, "invalid_image_path"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_an_unusable_picture_is_refused(
    command: Command,
    portrait: Path,
    sound: Path,
    tmp_path: Path,
    make: Callable[[Path, Path], Path],
    code: str,
) -> None:
    picture = make(tmp_path, portrait)
    assert refused(command, tmp_path, picture, sound, "-o", "out.mp4").startswith(f"error [{code}]: ")


def empty_sound(folder: Path) -> Path:
    path = folder / "empty.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
    return path


def empty_file(folder: Path) -> Path:
    path = folder / "nothing.mp3"
    path.touch()
    return path


def garbage(folder: Path) -> Path:
    path = folder / "noise.mp3"
    path.write_bytes(bytes(range(256)) * 200)
    return path


def picture_as_sound(folder: Path) -> Path:
    return write_picture(folder / "picture.png", gradient())


def absent_sound(folder: Path) -> Path:
    return folder / "nowhere.wav"


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (empty_sound, {"silent_sound"}),
        (empty_file, {"invalid_audio_file"}),
        (garbage, {"invalid_audio_file"}),
        (picture_as_sound, {"invalid_audio_file", "invalid_file_format"}),
        (absent_sound, {"invalid_audio_path"}),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_an_unusable_sound_is_refused(
    command: Command, portrait: Path, tmp_path: Path, make: Callable[[Path], Path], codes: set[str]
) -> None:
    line = refused(command, tmp_path, portrait, make(tmp_path), "-o", "out.mp4")
    assert line.removeprefix("error [").split("]")[0] in codes


def test_a_start_after_the_end_of_the_sound_is_refused(
    command: Command, portrait: Path, sound: Path, tmp_path: Path
) -> None:
    line = refused(command, tmp_path, portrait, sound, "-o", "out.mp4", "--start", 60)
    assert line.startswith(("error [invalid_parameters]: ", "error [silent_sound]: "))


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--face", "7"], "no_such_face"),
        (["--transcript", "words.txt", "--language", "xx"], "invalid_parameters"),
    ],
)
def test_an_option_that_does_not_fit_the_input_is_refused(
    command: Command, portrait: Path, sound: Path, tmp_path: Path, options: list[str], code: str
) -> None:
    (tmp_path / "words.txt").write_text("hello")
    line = refused(command, tmp_path, portrait, sound, "-o", "out.mp4", *options)
    assert line.startswith(f"error [{code}]: ")


def test_an_unknown_voice_is_refused(command: Command, portrait: Path, tmp_path: Path) -> None:
    line = refused(command, tmp_path, portrait, "--text", "Hi.", "--voice", "klingon", "-o", "out.mp4")
    assert line.startswith("error [invalid_voice]: ")


def test_a_text_without_words_is_refused(command: Command, portrait: Path, tmp_path: Path) -> None:
    line = refused(command, tmp_path, portrait, "--text", " ... ", "-o", "out.mp4")
    assert line.startswith("error [invalid_parameters]: ")


def test_an_output_folder_that_does_not_exist_is_refused(
    command: Command, portrait: Path, sound: Path, tmp_path: Path
) -> None:
    line = refused(command, tmp_path, portrait, sound, "-o", "absent/out.mp4")
    assert line.startswith("error [output_not_writable]: ")


def test_an_output_that_is_a_folder_is_refused(
    command: Command, portrait: Path, sound: Path, tmp_path: Path
) -> None:
    (tmp_path / "out.mp4").mkdir()
    line = refused(command, tmp_path, portrait, sound, "-o", "out.mp4")
    assert line.startswith("error [output_not_writable]: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_an_output_folder_that_may_not_be_written_is_refused(
    command: Command, portrait: Path, sound: Path, tmp_path: Path
) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    line = refused(command, tmp_path, portrait, sound, "-o", "closed/out.mp4")
    assert line.startswith("error [output_not_writable]: ")


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="this system has no /dev/full")
def test_a_full_disk_is_told(command: Command, portrait: Path, sound: Path, tmp_path: Path) -> None:
    line = refused(command, tmp_path, portrait, sound, "-o", "/dev/full", "--format", "mp4")
    assert line.startswith("error [disk_full]: ")
    assert Path("/dev/full").is_char_device()


@pytest.mark.parametrize("optimization", ["-O", "-OO"])
def test_a_process_says_the_same_without_docstrings(sound: Path, tmp_path: Path, optimization: str) -> None:
    picture = no_face(tmp_path, tmp_path)
    program = "from lipwright.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, optimization, "-c", program, "talk", picture, sound, "-o", "out.mp4", "-q"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == f"error [no_source_face]: {NoFaceFound.message}\n"
    assert not (tmp_path / "out.mp4").exists()


def test_with_json_the_error_is_the_last_event(command: Command, sound: Path, tmp_path: Path) -> None:
    picture = no_face(tmp_path, tmp_path)
    done = command("talk", picture, sound, "-o", "out.mp4", "--json")
    assert done.status == 2
    assert done.err == ""
    assert done.events[-1]["event"] == "error"
    assert done.events[-1]["code"] == "no_source_face"
