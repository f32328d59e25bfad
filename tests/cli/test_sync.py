"""`lipwright sync`: the lips of a video follow another sound."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import cv2
import pytest

from tests.cli.finished import Command
from tests.media import voice, write_clip, write_sound


@pytest.fixture
def clip(portrait: Path, tmp_path: Path) -> Path:
    """Half a second of the sample's face, which does not move."""
    head = cv2.cvtColor(cv2.imread(str(portrait))[:240, 110:350], cv2.COLOR_BGR2RGB)
    return write_clip(
        tmp_path / "clip.mp4", count=5, frame_rate=Fraction(10), size_wh=(240, 240), frame=lambda *_: head
    )


def test_the_video_keeps_its_size_and_length_and_gets_the_sound(
    command: Command, clip: Path, tmp_path: Path
) -> None:
    sound = write_sound(tmp_path / "voice.wav", voice(0.5))
    done = command(
        "sync", clip, sound, "-o", "out.mp4", "--mode", "lite", "--json", "--report", "report.json"
    )
    assert done.status == 0, done.out
    with av.open(str(tmp_path / "out.mp4")) as video:
        assert (video.streams.video[0].width, video.streams.video[0].height) == (240, 240)
        assert len(video.streams.audio) == 1
        assert sum(1 for _ in video.decode(video=0)) == 5
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["frames_rendered"] + report["frames_passed"] == 5
    assert (done.events[-1]["event"], done.events[-1]["output"]) == ("done", "out.mp4")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["clip.mp4", "-o", "out.mp4"], "invalid_parameters"),
        (["clip.mp4", "absent.wav", "-o", "out.mp4"], "invalid_audio_path"),
        (["absent.mp4", "voice.wav", "-o", "out.mp4"], "invalid_video_path"),
        (["voice.wav", "voice.wav", "-o", "out.mp4"], "invalid_video_file"),
        (["clip.mp4", "voice.wav", "-o", "clip.mp4"], "invalid_parameters"),
        (["clip.mp4", "voice.wav", "-o", "out.mp4", "--mode", "wild"], "invalid_parameters"),
        (["clip.mp4", "voice.wav", "-o", "out.mp4", "--face", "bob"], "invalid_parameters"),
        (["clip.mp4", "voice.wav", "-o", "out.mp4", "--face", "5"], "no_such_face"),
        (["clip.mp4", "voice.wav", "-o", "out.mp4", "--start", "2", "--end", "1"], "invalid_parameters"),
    ],
)
def test_what_cannot_be_done_is_refused(
    command: Command, clip: Path, tmp_path: Path, arguments: list[str], code: str
) -> None:
    write_sound(tmp_path / "voice.wav", voice(0.5))
    content = clip.read_bytes()
    done = command("sync", *arguments, "-q")
    assert done.status == 2
    assert done.error_line.startswith(f"error [{code}]: ")
    assert not (tmp_path / "out.mp4").exists()
    assert clip.read_bytes() == content
