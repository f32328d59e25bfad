"""`lipwright check`: files by name, folders, what is printed and with which status it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import cv2
import pytest

from lipwright.cli.main import run
from tests.cli.finished import Command
from tests.support.pictures import read_bgr
from tests.support.sounds import voice, write_sound
from tests.support.videos import write_clip

NO_CERTIFICATE = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the installation that makes the videos of this file."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def made(portrait: Path, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a talking photo, and a lip sync of it, made by the plain commands."""
    folder = tmp_path_factory.mktemp("made")
    inputs = tmp_path_factory.mktemp("inputs")
    cv2.imwrite(str(inputs / "head.png"), read_bgr(portrait)[:240, 110:350])
    sound = write_sound(inputs / "voice.wav", voice(2.0))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LIPWRIGHT_HOME", str(home))
        arguments = [str(sound), "-q", "-o"]
        assert run(["talk", str(inputs / "head.png"), *arguments, str(folder / "talk.mp4")]) == 0
        assert run(["sync", str(folder / "talk.mp4"), *arguments, str(folder / "sync.mp4")]) == 0
    return folder


@pytest.fixture
def at_home(command: Command, home: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs commands at the installation that made the videos."""
    monkeypatch.setenv("LIPWRIGHT_HOME", str(home))
    return command


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """A video that no software of ours was near."""
    return write_clip(tmp_path / "real.mp4", count=20, size_wh=(160, 120))


def checked(command: Command, *arguments: object, status: int) -> list[dict[str, Any]]:
    done = command("check", *arguments, "--json")
    assert done.status == status, done.err
    files: list[dict[str, Any]] = json.loads(done.out)["files"]
    return files


def remuxed(path: Path, output: Path) -> Path:
    """The same packets in a new file, all metadata gone, as after an upload."""
    with av.open(str(path)) as source, av.open(str(output), "w") as copy:
        streams = {stream.index: copy.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream_index]
                copy.mux(packet)
    return output


@pytest.mark.parametrize(("name", "product"), [("talk.mp4", "talking_photo"), ("sync.mp4", "lip_sync")])
def test_what_the_plain_commands_make_is_recognised(
    at_home: Command, made: Path, name: str, product: str
) -> None:
    (found,) = checked(at_home, made / name, status=0)
    assert found["verdict"] == "recognised"
    assert found["is_ours"]
    assert found["is_synthetic"]
    credentials, watermark = found["credentials"], found["watermark"]
    assert (credentials["state"], credentials["is_ours"]) == ("trusted", True)
    assert credentials["manifest"]["product"] == product
    assert (watermark["state"], watermark["is_ours"]) == ("present", True)
    assert watermark["number"] == credentials["manifest"]["number"]
    assert watermark["false_alarm_probability"] < 1e-6


def test_the_chain_of_a_lip_sync_names_the_talking_photo(at_home: Command, made: Path) -> None:
    (found,) = checked(at_home, made / "sync.mp4", status=0)
    parents = [one for one in found["credentials"]["manifest"]["inputs"] if one["role"] == "parentOf"]
    assert [one["has_credentials"] for one in parents] == [True]


def test_a_changed_byte_of_the_picture_is_told(at_home: Command, made: Path, tmp_path: Path) -> None:
    content = bytearray((made / "talk.mp4").read_bytes())
    content[content.find(b"mdat") + 4000] ^= 1
    (tmp_path / "changed.mp4").write_bytes(content)
    done = at_home("check", "changed.mp4", "-q")
    assert done.status == 4
    assert done.out.startswith("changed.mp4: Changed after it was signed")
    assert "The picture or the sound was changed" in done.out


def test_without_its_metadata_the_watermark_is_still_there(
    at_home: Command, made: Path, tmp_path: Path
) -> None:
    (found,) = checked(at_home, remuxed(made / "talk.mp4", tmp_path / "stripped.mp4"), status=0)
    assert found["credentials"]["state"] == "absent"
    assert found["tags"]["lipwright_version"] is None
    assert found["watermark"]["is_ours"]
    assert found["verdict"] == "recognised"


def test_another_machine_knows_the_signer_by_the_root_that_was_handed_out(
    command: Command, home: Path, made: Path, tmp_path: Path
) -> None:
    (unknown,) = checked(command, made / "talk.mp4", status=0)
    assert unknown["credentials"]["state"] == "whole"
    root = next((home / "credentials").rglob("root.pem"))
    (known,) = checked(command, made / "talk.mp4", "--trust", root, status=0)
    assert known["credentials"]["state"] == "trusted"
    assert not known["is_ours"]
    assert not (tmp_path / "home" / "credentials").exists()


def test_in_a_real_video_nothing_is_found_and_nothing_is_proven(command: Command, real: Path) -> None:
    done = command("check", real, "-q")
    assert done.status == 3
    assert "does not show that the file is a real recording" in done.out


def test_a_folder_is_checked_with_all_below_it(command: Command, tmp_path: Path, real: Path) -> None:
    below = tmp_path / "folder" / "below"
    below.mkdir(parents=True)
    real.rename(below / "real.mp4")
    write_sound(tmp_path / "folder" / "voice.wav", voice(0.3))
    (tmp_path / "folder" / "notes.txt").write_text("nothing to see")
    (tmp_path / "folder" / ".hidden.mp4").write_bytes(b"x")
    done = command("check", "folder")
    assert done.status == 3
    assert [line.partition(": ")[0] for line in done.out.splitlines() if not line.startswith(" ")] == [
        "folder/voice.wav",
        "folder/below/real.mp4",
    ]
    assert "folder/notes.txt is no picture, sound or video." in done.err


@pytest.mark.parametrize("name", ["notes.txt", "cut.mp4"])
def test_a_named_file_that_cannot_be_opened_is_told(command: Command, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"nothing to see")
    (found,) = checked(command, name, status=2)
    assert found["verdict"] == "unreadable"
    assert found["summary"].endswith(".")


def test_a_damaged_video_in_a_folder_is_not_passed_over(command: Command, tmp_path: Path, real: Path) -> None:
    (tmp_path / "cut.mp4").write_bytes(b"nothing to see")
    assert {one["file"]: one["verdict"] for one in checked(command, tmp_path, status=2)} == {
        str(tmp_path / "cut.mp4"): "unreadable",
        str(real): "nothing_found",
    }


def test_an_absent_file_is_refused_before_anything_is_checked(command: Command, real: Path) -> None:
    done = command("check", real, "absent.mp4", "-q")
    assert done.status == 2
    assert done.out == ""
    assert done.error_line.startswith("error [invalid_video_path]: ")


def test_a_folder_without_media_is_refused(command: Command, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = command("check", "empty", "-q")
    assert done.status == 2
    assert done.error_line.startswith("error [invalid_file_format]: ")


@pytest.mark.parametrize("content", [None, b"no certificate", NO_CERTIFICATE])
def test_a_root_that_is_none_is_refused(
    command: Command, tmp_path: Path, real: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "root.pem").write_bytes(content)
    done = command("check", real, "--trust", "root.pem", "-q")
    assert done.status == 2
    assert done.error_line.startswith("error [invalid_parameters]: ")


def test_broken_credentials_of_this_machine_are_a_warning(
    command: Command, tmp_path: Path, real: Path
) -> None:
    authority = tmp_path / "home" / "credentials" / "authority-1"
    authority.mkdir(parents=True)
    (authority / "root.pem").write_text("nonsense")
    done = command("check", real)
    assert done.status == 3
    assert "warning: What this machine made is not recognised" in done.err
