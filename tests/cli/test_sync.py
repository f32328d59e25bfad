"""`lipwright sync`: the lips of a video follow another sound."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from lipwright.engine.media.values import Container, SoundClip
from lipwright.engine.pipelines.estimate import estimate_lip_sync
from lipwright.engine.pipelines.modes import LipSyncMode
from lipwright.engine.pipelines.options import LipSyncOptions, SpokenLine, TalkingPhotoOptions
from lipwright.engine.pipelines.report import LipSyncReport, RenderReport
from lipwright.engine.progress import JobContext, Stage
from tests.cli.engine_stand_in import replace_engine
from tests.cli.finished import Command
from tests.support.pictures import read_bgr
from tests.support.sounds import voice, write_sound
from tests.support.videos import write_clip

REPORT = LipSyncReport(
    width_px=640,
    height_px=480,
    frame_rate=Fraction(30000, 1001),
    frame_count=60,
    duration_s=2.002,
    elapsed_s=61.0,
    warnings=("It was cut.",),
    frames_rendered=55,
    frames_passed=5,
    frames_faded=2,
    borrowed_share=0.5,
)


@pytest.fixture
def clip(portrait: Path, tmp_path: Path) -> Path:
    """Half a second of the sample's face, which does not move."""
    head = np.ascontiguousarray(read_bgr(portrait)[:240, 110:350, ::-1])
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
        (["clip.mp4", "voice.wav", "-o", "out.mp4", "--face", "0=voice.wav"], "invalid_parameters"),
        (["clip.mp4", "-o", "out.mp4", "--face", "0=voice.wav", "--face", "largest"], "invalid_parameters"),
        (
            ["clip.mp4", "-o", "out.mp4", "--face", "0=voice.wav", "--face", "0=voice.wav"],
            "invalid_parameters",
        ),
        (["clip.mp4", "-o", "out.mp4", "--face", "0="], "invalid_parameters"),
        (["clip.mp4", "-o", "out.mp4", "--face", "1=voice.wav"], "no_such_face"),
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


@dataclass
class RecordingEngine:
    """Stands in for the engine: keeps what it was asked."""

    asked: list[dict[str, Any]] = field(default_factory=list)

    def lip_sync(
        self, video: Path, voice: object, output: object, options: LipSyncOptions, context: JobContext
    ) -> LipSyncReport:
        self.asked.append({"video": video, "voice": voice, "output": output, "options": options})
        for stage in Stage:
            context.enter(stage)
        return REPORT

    def talking_photo(
        self, picture: Path, voice: object, output: object, options: TalkingPhotoOptions, _watch: JobContext
    ) -> RenderReport:
        self.asked.append({"picture": picture, "voice": voice, "output": output, "options": options})
        return RenderReport(
            width_px=64,
            height_px=64,
            frame_rate=Fraction(30),
            frame_count=60,
            duration_s=2.0,
            elapsed_s=1.0,
        )


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> RecordingEngine:
    recording = RecordingEngine()
    replace_engine(
        monkeypatch,
        lip_sync=recording.lip_sync,
        talking_photo=recording.talking_photo,
        estimate_lip_sync=lambda *_: 72.4,
        estimate_talking_photo=lambda *_: 9.0,
    )
    return recording


def test_every_option_reaches_the_engine(command: Command, engine: RecordingEngine, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("hello there")
    done = command(
        *("sync", "me.mp4", "voice.wav", "-o", "new.webm", "--mode", "PRO", "--start", 1.5, "--end", 4),
        *("--max-fps", "29.97", "--max-resolution", 720, "--face", "speaking", "--mouth", 1.1, "--seed", 9),
        *("--quiet-mouth", -45, "--keep-sound", -12, "--transcript", "words.txt", "--language", "en"),
    )
    assert done.status == 0, done.err
    assert engine.asked == [
        {
            "video": Path("me.mp4"),
            "voice": SoundClip(path=Path("voice.wav")),
            "output": Path("new.webm"),
            "options": LipSyncOptions(
                mode=LipSyncMode.PRO,
                start_s=1.5,
                end_s=4.0,
                max_frame_rate=Fraction(30000, 1001),
                max_resolution_px=720,
                face="speaking",
                mouth_scale=1.1,
                quiet_mouth_db=-45,
                transcript="hello there",
                language="en",
                keep_sound_db=-12,
                seed=9,
                container=Container.WEBM,
            ),
        }
    ]


def test_without_options_the_engine_gets_its_own_defaults(command: Command, engine: RecordingEngine) -> None:
    assert command("sync", "me.mp4", "voice.wav", "-o", "new.mp4").status == 0
    assert engine.asked[0]["options"] == LipSyncOptions()


def test_a_text_is_spoken_by_the_chosen_voice(command: Command, engine: RecordingEngine) -> None:
    assert command("sync", "me.mp4", "--text", "Hi!", "--voice", "de-male", "-o", "new.mp4").status == 0
    assert engine.asked[0]["voice"] == SpokenLine(text="Hi!", voice="de-male")


def test_everybody_can_have_a_voice(command: Command, engine: RecordingEngine) -> None:
    done = command("sync", "me.mp4", "-o", "new.mp4", "--face", "0=a.wav", "--face", "2=b=c.wav", "--loop")
    assert done.status == 0
    assert engine.asked[0]["voice"] == {0: SoundClip(path=Path("a.wav")), 2: SoundClip(path=Path("b=c.wav"))}
    assert engine.asked[0]["options"].loop


@pytest.mark.parametrize(
    ("word", "face"), [("0", 0), ("Largest", "largest"), ("speaking", "speaking"), ("all", "all")]
)
def test_faces_are_named_by_number_or_word(
    command: Command, engine: RecordingEngine, word: str, face: object
) -> None:
    assert command("sync", "me.mp4", "voice.wav", "-o", "new.mp4", "--face", word).status == 0
    assert engine.asked[0]["options"].face == face


def test_a_still_picture_is_made_to_talk_and_the_person_is_told(
    command: Command, engine: RecordingEngine, portrait: Path
) -> None:
    done = command(
        *("sync", portrait, "voice.wav", "-o", "new.mp4", "--face", "speaking", "--max-fps", "25"),
        *("--mouth", 1.2, "--seed", 3, "--report", "report.json"),
    )
    assert done.status == 0, done.err
    assert "portrait.png is a still picture" in done.err
    assert engine.asked[0]["picture"] == portrait
    assert engine.asked[0]["options"] == TalkingPhotoOptions(mouth_scale=1.2, seed=3, frame_rate=Fraction(25))
    assert json.loads(Path("report.json").read_text())["frame_count"] == 60


@pytest.mark.parametrize("option", [("--start", 1), ("--end", 2), ("--keep-sound", -6)])
def test_what_a_still_picture_cannot_have_is_refused(
    command: Command, engine: RecordingEngine, portrait: Path, option: tuple[str, float]
) -> None:
    done = command("sync", portrait, "voice.wav", "-o", "new.mp4", *option, "-q")
    assert done.status == 2
    assert "still picture" in done.error_line
    assert engine.asked == []


def test_the_report_says_what_became_of_the_frames(command: Command, engine: RecordingEngine) -> None:
    done = command("sync", "me.mp4", "voice.wav", "-o", "new.mp4", "--report", "report.json")
    assert done.status == 0
    assert engine.asked
    report = json.loads(Path("report.json").read_text())
    assert report == {
        "width_px": 640,
        "height_px": 480,
        "frame_rate": 29.97,
        "frame_count": 60,
        "duration_s": 2.002,
        "elapsed_s": 61.0,
        "frames_rendered": 55,
        "frames_passed": 5,
        "frames_faded": 2,
        "borrowed_share": 0.5,
        "frames_failed": 0,
        "credentials": "none",
        "warnings": ["It was cut."],
    }
    assert done.err.splitlines()[-2:] == [
        "warning: It was cut.",
        "new.mp4: 640x480, 2.0 s, made in 1 min 1 s.",
    ]


@pytest.mark.parametrize("report", ["new.mp4", "me.mp4"])
def test_the_report_never_takes_the_place_of_a_video(
    command: Command, engine: RecordingEngine, tmp_path: Path, report: str
) -> None:
    (tmp_path / "me.mp4").write_bytes(b"a video")
    done = command("sync", "me.mp4", "voice.wav", "-o", "new.mp4", "--report", report, "-q")
    assert done.status == 2
    assert done.error_line.startswith("error [invalid_parameters]: ")
    assert engine.asked == []
    assert (tmp_path / "me.mp4").read_bytes() == b"a video"


def test_quiet_says_nothing(command: Command, engine: RecordingEngine) -> None:
    done = command("sync", "me.mp4", "voice.wav", "-o", "new.mp4", "-q")
    assert (done.status, done.out, done.err) == (0, "", "")
    assert engine.asked


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_cancels_the_job(
    command: Command, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, status: int
) -> None:
    def interrupted(*arguments: Any) -> LipSyncReport:
        os.kill(os.getpid(), number)
        context: JobContext = arguments[-1]
        context.check()
        pytest.fail("the job was not cancelled")

    replace_engine(monkeypatch, lip_sync=interrupted, estimate_lip_sync=lambda *_: 1.0)
    done = command("sync", "me.mp4", "voice.wav", "-o", "new.mp4", "-q")
    assert done.status == status
    assert done.error_line.startswith("error [cancelled]: ")


def test_longer_and_larger_videos_are_told_to_take_longer(clip: Path, tmp_path: Path) -> None:
    sound = SoundClip(path=write_sound(tmp_path / "voice.wav", voice(0.5)))
    whole = estimate_lip_sync(clip, sound)
    assert estimate_lip_sync(clip, sound, LipSyncOptions(end_s=0.2)) < whole
    assert estimate_lip_sync(clip, sound, LipSyncOptions(max_frame_rate=Fraction(5))) < whole
    assert estimate_lip_sync(clip, sound, LipSyncOptions(mode=LipSyncMode.LITE)) < whole
