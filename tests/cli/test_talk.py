"""What `lipwright talk` hands to the engine and what it prints meanwhile, with an engine that records."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from lipwright.engine.errors import Cancelled
from lipwright.engine.gesture.cue import Cue
from lipwright.engine.media.label import Label, LabelCorner
from lipwright.engine.media.values import Container, SoundClip
from lipwright.engine.pipelines.modes import EyesMode, PhotoMode
from lipwright.engine.pipelines.options import MotionSource, SpokenLine, TalkingPhotoOptions
from lipwright.engine.pipelines.report import RenderReport
from lipwright.engine.progress import JobContext, Stage
from tests.cli.engine_stand_in import replace_engine
from tests.cli.finished import Command

REPORT = RenderReport(
    width_px=640, height_px=480, frame_rate=Fraction(30), frame_count=60, duration_s=2.0, elapsed_s=1.5
)


@dataclass
class RecordingEngine:
    """Stands in for the engine: keeps what it was asked and reports some progress."""

    report: RenderReport = REPORT
    asked: list[dict[str, Any]] = field(default_factory=list)

    def talking_photo(
        self, picture: Path, voice: object, output: object, options: TalkingPhotoOptions, context: JobContext
    ) -> RenderReport:
        self.asked.append({"picture": picture, "voice": voice, "output": output, "options": options})
        context.enter(Stage.READING)
        context.advance()
        context.enter(Stage.RENDERING, 60)
        for _ in range(60):
            context.advance()
        return self.report

    @property
    def options(self) -> TalkingPhotoOptions:
        options: TalkingPhotoOptions = self.asked[-1]["options"]
        return options


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> RecordingEngine:
    recording = RecordingEngine()
    replace_engine(monkeypatch, talking_photo=recording.talking_photo, estimate_talking_photo=lambda *_: 72.4)
    return recording


def test_every_option_reaches_the_engine(command: Command, engine: RecordingEngine, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("hello there")
    done = command(
        *("talk", "me.jpg", "voice.wav", "-o", "me.webm", "--start", 1.5, "--end", 4, "--fps", "29.97"),
        *("--max-resolution", 720, "--face", 2, "--seed", 9, "--still", "--mouth", 1.1, "--head", 0.5),
        *("--eyes", "keep"),
        *("--blinks", 0.8, "--expression", 1.2, "--quiet-mouth", -45, "--transcript", "words.txt"),
        *("--label", "Made by a machine", "--label-corner", "top-left"),
        *("--language", "en", "--mode", "expressive", "--intensity", 1.256, "--prompt", "calm"),
    )
    assert done.status == 0, done.err
    assert engine.asked == [
        {
            "picture": Path("me.jpg"),
            "voice": SoundClip(path=Path("voice.wav"), start_s=1.5, end_s=4.0),
            "output": Path("me.webm"),
            "options": TalkingPhotoOptions(
                mode=PhotoMode.PROMPTED,
                prompt="calm",
                intensity=1.26,
                frame_rate=Fraction(30000, 1001),
                max_resolution_px=720,
                face=2,
                seed=9,
                still=True,
                eyes=EyesMode.KEEP,
                mouth_scale=1.1,
                head_scale=0.5,
                blink_scale=0.8,
                expression_scale=1.2,
                quiet_mouth_db=-45,
                transcript="hello there",
                language="en",
                container=Container.WEBM,
                label=Label(text="Made by a machine", corner=LabelCorner.TOP_LEFT),
            ),
        }
    ]


def test_without_options_the_engine_gets_its_own_defaults(command: Command, engine: RecordingEngine) -> None:
    assert command("talk", "me.jpg", "voice.wav", "-o", "me.mp4").status == 0
    assert engine.options == TalkingPhotoOptions()


def test_a_clip_says_how_the_picture_moves(command: Command, engine: RecordingEngine) -> None:
    done = command(
        *("talk", "me.jpg", "voice.wav", "-o", "me.mp4", "--motion-from", "clip.mp4"),
        *("--motion-start", 2, "--motion-end", 6.5),
    )
    assert done.status == 0, done.err
    assert engine.asked[0]["voice"] == SoundClip(path=Path("voice.wav"))
    assert engine.options.motion == MotionSource(path=Path("clip.mp4"), start_s=2.0, end_s=6.5)


def test_a_performance_is_motion_mouth_and_sound_of_one_stretch(
    command: Command, engine: RecordingEngine
) -> None:
    done = command("talk", "me.jpg", "-o", "me.mp4", "--performance", "clip.mp4", "--start", 1, "--end", 4)
    assert done.status == 0, done.err
    assert engine.asked[0]["voice"] == SoundClip(path=Path("clip.mp4"), start_s=1.0, end_s=4.0)
    assert engine.options.motion == MotionSource(
        path=Path("clip.mp4"), start_s=1.0, end_s=4.0, takes_mouth=True
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["voice.wav", "--performance", "clip.mp4"], "brings its own sound"),
        (["--text", "Hi", "--performance", "clip.mp4"], "brings its own sound"),
        (["--performance", "a.mp4", "--motion-from", "b.mp4"], "takes the motion, too"),
        (["--performance", "a.mp4", "--motion-end", "3"], "takes the motion, too"),
        (["voice.wav", "--motion-start", "3"], "cut the clip of --motion-from"),
        (["voice.wav", "--motion-from", "a.mp4", "--motion-start", "3", "--motion-end", "2"], "is not after"),
    ],
)
def test_options_of_a_clip_that_contradict_are_refused(
    command: Command, engine: RecordingEngine, arguments: list[str], words: str
) -> None:
    done = command("talk", "me.jpg", *arguments, "-o", "me.mp4")
    assert done.status == 2
    assert done.error_line.startswith("error [invalid_parameters]: ")
    assert words in done.error_line
    assert not engine.asked


def test_intensity_has_no_effect_on_a_clip_and_this_is_said(
    command: Command, engine: RecordingEngine
) -> None:
    done = command(
        *("talk", "me.jpg", "voice.wav", "-o", "me.mp4", "--motion-from", "clip.mp4"),
        *("--mode", "expressive", "--intensity", 2),
    )
    assert done.status == 0
    assert "warning: --intensity has no effect where a clip says how the picture moves." in done.err
    assert engine.options.motion is not None


def test_a_list_of_directions_reaches_the_engine_in_every_mode(
    command: Command, engine: RecordingEngine, tmp_path: Path
) -> None:
    (tmp_path / "acts.csv").write_text("from, to, words\n0, 2.5, happy:0.4, nodding\n2.5,, sad\n")
    done = command("talk", "me.jpg", "voice.wav", "-o", "me.mp4", "--direct", "acts.csv")
    assert done.status == 0, done.err
    assert engine.options.direction == (
        Cue(start_s=0, end_s=2.5, prompt="happy:0.4, nodding"),
        Cue(start_s=2.5, prompt="sad"),
    )


def test_a_bad_row_of_directions_is_named_by_its_line(
    command: Command, engine: RecordingEngine, tmp_path: Path
) -> None:
    (tmp_path / "acts.csv").write_text("0, 2, happy\n\n3, 1, sad\n")
    done = command("talk", "me.jpg", "voice.wav", "-o", "me.mp4", "--direct", "acts.csv")
    assert done.status == 2
    assert done.error_line.startswith("error [invalid_parameters]: acts.csv, line 3: ")
    assert not engine.asked


def test_a_text_is_spoken_by_the_chosen_voice(command: Command, engine: RecordingEngine) -> None:
    assert command("talk", "me.jpg", "--text", "Hi!", "--voice", "de-male", "-o", "me.mp4").status == 0
    assert engine.asked[0]["voice"] == SpokenLine(text="Hi!", voice="de-male")


def test_the_rate_and_the_language_of_a_text_are_passed_on(command: Command, engine: RecordingEngine) -> None:
    asked = ("--text", "Hallo!", "--rate", "0.8", "--language", "de")
    assert command("talk", "me.jpg", *asked, "-o", "me.mp4").status == 0
    assert engine.asked[0]["voice"] == SpokenLine(text="Hallo!", language="de", rate=0.8)


def test_a_recording_has_a_rate_of_its_own(command: Command, engine: RecordingEngine) -> None:
    done = command("talk", "me.jpg", "voice.wav", "--rate", "2", "-o", "me.mp4")
    assert done.status == 2
    assert done.error_line.startswith("error [invalid_parameters]: --rate")
    assert not engine.asked


@pytest.mark.parametrize(
    ("word", "mode"),
    [
        ("realistic", PhotoMode.REALISTIC),
        ("pro", PhotoMode.REALISTIC),
        ("stable", PhotoMode.REALISTIC),
        ("prompted", PhotoMode.PROMPTED),
        ("standard", PhotoMode.PROMPTED),
        ("Expressive", PhotoMode.PROMPTED),
    ],
)
def test_old_words_for_modes_are_understood(
    command: Command, engine: RecordingEngine, word: str, mode: PhotoMode
) -> None:
    assert command("talk", "me.jpg", "voice.wav", "-o", "me.mp4", "--mode", word).status == 0
    assert engine.options.mode is mode


def test_intensity_is_heard_only_in_the_mode_expressive(command: Command, engine: RecordingEngine) -> None:
    done = command("talk", "me.jpg", "voice.wav", "-o", "me.mp4", "--mode", "prompted", "--intensity", 9)
    assert done.status == 0
    assert "warning: --intensity has an effect only with --mode expressive." in done.err
    assert engine.options.intensity == TalkingPhotoOptions().intensity


def test_a_prompt_without_its_mode_is_not_dropped_in_silence(
    command: Command, engine: RecordingEngine
) -> None:
    done = command("talk", "me.jpg", "voice.wav", "-o", "me.mp4", "--prompt", "smiling")
    assert "warning: --prompt has an effect only with --mode prompted." in done.err
    assert engine.asked


@pytest.mark.parametrize(
    ("suffix", "container"),
    [("mp4", "mp4"), ("M4V", "mp4"), ("mov", "mov"), ("webm", "webm"), ("gif", "gif")],
)
def test_the_name_of_the_output_says_what_it_is(
    command: Command, engine: RecordingEngine, suffix: str, container: str
) -> None:
    assert command("talk", "me.jpg", "voice.wav", "-o", f"me.{suffix}").status == 0
    assert engine.options.container == container


def test_the_format_is_needed_only_where_the_name_does_not_say_it(
    command: Command, engine: RecordingEngine
) -> None:
    assert command("talk", "me.jpg", "voice.wav", "-o", "me", "--format", "GIF").status == 0
    assert engine.options.container is Container.GIF


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["me.jpg", "-o", "me.mp4"], "invalid_parameters", "nothing to say"),
        (["me.jpg", "a.wav"], "invalid_parameters", "--output"),
        (["me.jpg", "a.wav", "--text", "Hi", "-o", "me.mp4"], "invalid_parameters", "not both"),
        (["me.jpg", "a.wav", "--voice", "de", "-o", "me.mp4"], "invalid_parameters", "--voice"),
        (["me.jpg", "--text", "Hi", "--end", "2", "-o", "me.mp4"], "invalid_parameters", "spoken whole"),
        (["me.jpg", "--text", "Hi", "--transcript", "t", "-o", "a.mp4"], "invalid_parameters", "transcript"),
        (["me.jpg", "a.wav", "--transcript", "t.txt", "-o", "a.mp4"], "invalid_transcript", "t.txt"),
        (["me.jpg", "a.wav", "--start", "3", "--end", "3", "-o", "a.mp4"], "invalid_parameters", "not after"),
        (["me.jpg", "a.wav", "--start", "-1", "-o", "me.mp4"], "invalid_parameters", "--start"),
        (["me.jpg", "a.wav", "--mode", "wild", "-o", "me.mp4"], "invalid_parameters", "wild"),
        (
            ["me.jpg", "a.wav", "--mode", "expressive", "--intensity", "3", "-o", "a.mp4"],
            "invalid_parameters",
            "3",
        ),
        (["me.jpg", "a.wav", "--fps", "120", "-o", "me.mp4"], "invalid_parameters", "120"),
        (["me.jpg", "a.wav", "--fps", "fast", "-o", "me.mp4"], "invalid_parameters", "fast"),
        (["me.jpg", "a.wav", "--face", "bob", "-o", "me.mp4"], "invalid_parameters", "bob"),
        (["me.jpg", "a.wav", "--head", "99", "-o", "me.mp4"], "invalid_parameters", "99"),
        (["me.jpg", "a.wav", "--max-resolution", "7", "-o", "me.mp4"], "invalid_parameters", "7"),
        (["me.jpg", "a.wav", "-o", "me.avi"], "invalid_file_format", "me.avi"),
        (["me.jpg", "a.wav", "-o", "me"], "invalid_file_format", "--format"),
        (["me.jpg", "a.wav", "-o", "me.mp4", "--format", "avi"], "invalid_file_format", "avi"),
        (["me.jpg", "a.wav", "-o", "me.mp4", "--format", "gif"], "invalid_parameters", "contradict"),
    ],
)
def test_what_does_not_go_together_is_refused_before_any_work(
    command: Command, engine: RecordingEngine, arguments: list[str], code: str, words: str
) -> None:
    done = command("talk", *arguments)
    assert done.status == 2
    assert done.error_line.startswith(f"error [{code}]: ")
    assert words in done.error_line
    assert engine.asked == []


def test_an_existing_output_is_replaced_unless_that_is_refused(
    command: Command, engine: RecordingEngine, tmp_path: Path
) -> None:
    (tmp_path / "me.mp4").write_bytes(b"older")
    refused = command("talk", "me.jpg", "voice.wav", "-o", "me.mp4", "--no-overwrite")
    assert refused.status == 2
    assert refused.error_line.startswith("error [output_not_writable]: me.mp4 exists.")
    assert engine.asked == []
    assert command("talk", "me.jpg", "voice.wav", "-o", "me.mp4").status == 0


def test_an_input_is_never_overwritten(command: Command, engine: RecordingEngine, tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"a video whose sound is used")
    (tmp_path / "also.mp4").symlink_to("clip.mp4")
    done = command("talk", "me.jpg", "clip.mp4", "-o", "also.mp4")
    assert done.status == 2
    assert "is also an input" in done.error_line
    assert engine.asked == []


def test_a_person_reads_an_estimate_the_stages_and_the_result(
    command: Command, engine: RecordingEngine
) -> None:
    engine.report = RenderReport(
        width_px=640,
        height_px=480,
        frame_rate=Fraction(30),
        frame_count=60,
        duration_s=2.0,
        elapsed_s=61,
        warnings=("'jumping' is not known.",),
    )
    done = command("talk", "me.jpg", "voice.wav", "-o", "me.mp4")
    lines = done.err.splitlines()
    assert done.out == ""
    assert lines[0] == "This takes about 1 min 12 s."
    assert "Reading ..." in lines
    assert next(line for line in lines if line.startswith("Rendering: ")).startswith("Rendering: 25%")
    assert lines[-2:] == ["warning: 'jumping' is not known.", "me.mp4: 640x480, 2.0 s, made in 1 min 1 s."]


def test_quiet_says_nothing(command: Command, engine: RecordingEngine) -> None:
    done = command("talk", "me.jpg", "voice.wav", "-o", "me.mp4", "-q")
    assert (done.status, done.out, done.err) == (0, "", "")
    assert engine.asked


def test_a_program_reads_one_event_a_line(command: Command, engine: RecordingEngine) -> None:
    done = command("talk", "me.jpg", "voice.wav", "-o", "me.mp4", "--json")
    assert done.err == ""
    kinds = [event["event"] for event in done.events]
    assert kinds[0] == "estimate"
    assert set(kinds[1:-1]) == {"progress"}
    assert done.events[-1] == {
        "event": "done",
        "output": "me.mp4",
        "width_px": 640,
        "height_px": 480,
        "frame_rate": 30.0,
        "frame_count": 60,
        "duration_s": 2.0,
        "elapsed_s": 1.5,
        "credentials": "none",
    }
    rendering = [event for event in done.events if event.get("stage") == "rendering"]
    assert (rendering[0]["done"], rendering[-1]["done"]) == (0, 60)
    assert len(rendering) < 10  # not one for every frame
    assert engine.asked


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_cancels_the_job(
    command: Command, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, status: int
) -> None:
    def interrupted(*arguments: Any) -> RenderReport:
        os.kill(os.getpid(), number)
        context: JobContext = arguments[-1]
        context.check()
        pytest.fail("the job was not cancelled")

    before = signal.getsignal(number)
    replace_engine(monkeypatch, talking_photo=interrupted, estimate_talking_photo=lambda *_: 1.0)
    done = command("talk", "me.jpg", "voice.wav", "-o", "me.mp4", "-q")
    assert done.status == status
    assert done.error_line.startswith("error [cancelled]: ")
    assert signal.getsignal(number) is before


def test_a_second_ctrl_c_does_not_wait(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def stubborn(*_: Any) -> RenderReport:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        raise Cancelled

    replace_engine(monkeypatch, talking_photo=stubborn, estimate_talking_photo=lambda *_: 1.0)
    assert command("talk", "me.jpg", "voice.wav", "-o", "me.mp4", "-q").status == 130


def run_with_chatty_engine(stdout: int, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run `talk -o -` in a process of its own, with an engine that prints while it writes the video."""
    script = textwrap.dedent(
        """
        import os, sys
        import pytest
        from lipwright.cli.main import run
        from tests.cli.engine_stand_in import replace_engine
        from tests.cli.test_talk import REPORT

        def talking_photo(picture, voice, output, options, context):
            print("a library says something")
            os.write(1, b"so does its C part\\n")
            output.write(b"THE VIDEO" * 100_000)
            return REPORT

        replace_engine(
            pytest.MonkeyPatch(), talking_photo=talking_photo, estimate_talking_photo=lambda *_: 1.0
        )
        sys.exit(run(["talk", "me.jpg", "voice.wav", "-o", "-", *sys.argv[1:]]))
        """
    )
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
    )


def test_the_video_goes_to_standard_output_and_nothing_else_does() -> None:
    done = run_with_chatty_engine(subprocess.PIPE, "--json")
    assert done.returncode == 0, done.stderr
    assert done.stdout == b"THE VIDEO" * 100_000
    assert b"a library says something" in done.stderr
    assert b"so does its C part" in done.stderr
    assert b'{"event": "done", "output": "-"' in done.stderr


def test_a_reader_that_goes_away_ends_the_command_without_a_word() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = run_with_chatty_engine(writing, "-q")
    os.close(writing)
    assert done.returncode == 141
    assert b"Traceback" not in done.stderr
    assert b"error" not in done.stderr


def test_a_word_for_the_eyes_that_is_not_known_is_refused(command: Command, engine: RecordingEngine) -> None:
    done = command("talk", "me.jpg", "voice.wav", "-o", "me.mp4", "--eyes", "wide")
    assert done.status == 2
    assert "keep, open" in done.err
    assert engine.asked == []
