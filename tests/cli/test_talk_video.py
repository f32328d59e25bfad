"""The videos that `lipwright talk` really makes, and what it leaves behind when it is stopped."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import av
import cv2
import pytest

from lipwright import __version__
from tests.cli.finished import Command
from tests.support.pictures import read_bgr
from tests.support.sounds import silence, voice, write_sound

# Longer than any test lasts: the render has to be stopped.
ENDLESS_S = 120
# From the signal to the end of the process, on a busy machine.
STOP_BUDGET_S = 10


@pytest.fixture(scope="module")
def head(portrait: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's face cut out, so that frames are small and quick."""
    path = tmp_path_factory.mktemp("head") / "head.png"
    cv2.imwrite(str(path), read_bgr(portrait)[:240, 110:350])
    return path


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write_sound(tmp_path / "voice.wav", voice(0.6))


def test_the_video_plays_in_every_browser(command: Command, head: Path, sound: Path, tmp_path: Path) -> None:
    done = command("talk", head, sound, "-o", "out.mp4", "--fps", 10)
    assert done.status == 0, done.err
    with av.open(str(tmp_path / "out.mp4")) as video:
        picture, heard = video.streams.video[0], video.streams.audio[0]
        assert (picture.codec_context.name, picture.pix_fmt) == ("h264", "yuv420p")
        assert (picture.width, picture.height) == (240, 240)
        assert heard.codec_context.name == "aac"
        assert picture.average_rate == Fraction(10)
        assert sum(1 for _ in video.decode(video=0)) == 6
        assert __version__ in " ".join(video.metadata.values())
    # The index stands before the pictures, so that a browser can begin before all is loaded.
    content = (tmp_path / "out.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


@pytest.mark.parametrize(("suffix", "codec"), [("webm", "vp9"), ("mov", "h264"), ("gif", "gif")])
def test_other_containers_hold_what_their_name_says(
    command: Command, head: Path, sound: Path, tmp_path: Path, suffix: str, codec: str
) -> None:
    assert command("talk", head, sound, "-o", f"out.{suffix}", "--fps", 10).status == 0
    with av.open(str(tmp_path / f"out.{suffix}")) as video:
        assert video.streams.video[0].codec_context.name == codec
        assert sum(1 for _ in video.decode(video=0)) > 0


def test_a_text_becomes_a_video(command: Command, head: Path, tmp_path: Path) -> None:
    pytest.importorskip("espeakng_loader")
    assert command("talk", head, "--text", "Hello.", "-o", "out.mp4", "--fps", 10).status == 0
    with av.open(str(tmp_path / "out.mp4")) as video:
        assert len(video.streams.audio) == 1


def test_the_result_told_is_the_result_made(
    command: Command, head: Path, sound: Path, tmp_path: Path
) -> None:
    done = command("talk", head, sound, "-o", "out.mp4", "--fps", 10, "--json")
    told = done.events[-1]
    with av.open(str(tmp_path / "out.mp4")) as video:
        stream = video.streams.video[0]
        assert (told["width_px"], told["height_px"]) == (stream.width, stream.height)
        assert told["frame_count"] == stream.frames
    assert told["duration_s"] == pytest.approx(0.6, abs=0.001)


def test_words_that_a_prompt_does_not_know_are_told(command: Command, head: Path, sound: Path) -> None:
    done = command(
        *(
            "talk",
            head,
            sound,
            "-o",
            "out.mp4",
            "--fps",
            5,
            "--mode",
            "prompted",
            "--prompt",
            "smiling, flying",
        )
    )
    assert done.status == 0
    assert [line for line in done.err.splitlines() if line.startswith("warning") and "flying" in line]
    assert "smiling" not in done.err


def lipwright(*arguments: object, folder: Path) -> subprocess.Popen[bytes]:
    """A `lipwright` process of its own, working in the folder."""
    return subprocess.Popen(
        [sys.executable, "-c", "from lipwright.cli.main import main; main()", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env={**os.environ, "LIPWRIGHT_HOME": str(folder / "home")},
    )


def test_a_stream_on_standard_output_is_a_whole_video(head: Path, sound: Path, tmp_path: Path) -> None:
    with lipwright("talk", head, sound, "-o", "-", "--fps", 10, folder=tmp_path) as process:
        video, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    with av.open(io.BytesIO(video), "r") as stream:
        assert sum(1 for _ in stream.decode(video=0)) == 6


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopping_leaves_nothing_behind_and_the_older_file_as_it_was(
    head: Path, tmp_path: Path, number: signal.Signals, status: int
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    endless = write_sound(tmp_path / "endless.wav", silence(ENDLESS_S, 8000), 8000)
    (work / "out.mp4").write_bytes(b"an older video")
    with lipwright("talk", head, endless, "-o", "out.mp4", "--json", folder=work) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line).get("stage") == "rendering":
                break
        sent_s = time.monotonic()
        process.send_signal(number)
        rest, said = process.communicate(timeout=60)
    assert time.monotonic() - sent_s < STOP_BUDGET_S
    assert process.returncode == status, said
    assert json.loads(rest.splitlines()[-1])["code"] == "cancelled"
    assert said == b""
    # The folder "home" is the user's, with the credentials of the installation.
    assert [path.name for path in work.iterdir() if path.name != "home"] == ["out.mp4"]
    assert (work / "out.mp4").read_bytes() == b"an older video"
