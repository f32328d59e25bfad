"""What an order chooses beside the Magic Hour API reaches the engine, file by file and voice by voice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lipwright.engine import JobContext, Label, LipSyncMode, SoundClip, SpokenLine, Watermark
from lipwright.server.jobs.model import JOB_SPEC, LipSyncSpec, PersonVoice, Source, TalkingPhotoSpec
from lipwright.server.rendering import child_main
from lipwright.server.rendering.child_main import POSTER_NAME
from lipwright.server.rendering.handlers import handle, marks_of
from lipwright.server.rendering.inputs import find_inputs
from lipwright.server.rendering.messages import (
    MAX_PREVIEW_BYTES,
    PreviewMessage,
    Succeeded,
    Task,
    TaskMarking,
)
from lipwright.server.rendering.voice_names import VoiceNames
from tests.server.rendering.orders import AUDIO, photo

NAMES = VoiceNames(default="en-us-female", names={"Anna": "de-female"})
VIDEO = Source(field="video", extension="mp4", key="api-assets/a/video.mp4")
THIRD = Source(field="audio", extension="mp3", key="api-assets/c/audio.mp3", number=2)


def sync(**changes: Any) -> LipSyncSpec:
    usual = {
        "video": VIDEO,
        "youtube_url": None,
        "audio": AUDIO,
        "start_s": 0.0,
        "end_s": 1.0,
        "mode": LipSyncMode.LITE,
        "max_frame_rate": None,
        "longer_side_px": 576,
        "transcript": None,
        "max_fetch_bytes": 1000,
    }
    return LipSyncSpec(**(usual | changes))


def carry_out(wanted: LipSyncSpec | TalkingPhotoSpec, folder: Path) -> None:
    handle(wanted, find_inputs(wanted, folder), folder, JobContext(), NAMES)


def test_scales_seed_and_face_of_a_photo(tmp_path: Path, asked: list[tuple[Any, ...]]) -> None:
    scales = {"mouth_scale": 0.5, "head_scale": 1.5, "blink_scale": 0.0, "expression_scale": 2.0}
    carry_out(photo(face=1, seed=9, **scales), tmp_path)
    options = asked[0][3]
    assert (options.face, options.seed) == (1, 9)
    assert {name: getattr(options, name) for name in scales} == scales


def test_choices_of_a_lip_sync(tmp_path: Path, asked: list[tuple[Any, ...]]) -> None:
    carry_out(sync(face="all", seed=9, mouth_scale=0.5, loop=True, keep_sound_db=-12.0), tmp_path)
    video, voice, _, options, _ = asked[0]
    assert video == tmp_path / "video.mp4"
    assert voice == SoundClip(path=tmp_path / "audio.wav")
    chosen = (options.face, options.seed, options.mouth_scale, options.loop, options.keep_sound_db)
    assert chosen == ("all", 9, 0.5, True, -12.0)


def test_a_text_is_spoken_by_the_voice_of_that_name(tmp_path: Path, asked: list[tuple[Any, ...]]) -> None:
    carry_out(sync(audio=None, text="Guten Tag.", voice="Anna"), tmp_path)
    assert asked[0][1] == SpokenLine(text="Guten Tag.", voice="de-female")


def test_each_of_several_people_says_something_else(tmp_path: Path, asked: list[tuple[Any, ...]]) -> None:
    people = (
        PersonVoice(face=0, audio=AUDIO),
        PersonVoice(face=1, text="And I.", voice="Anna"),
        PersonVoice(face=3, audio=THIRD),
    )
    carry_out(sync(audio=None, voices=people), tmp_path)
    assert asked[0][1] == {
        0: SoundClip(path=tmp_path / "audio.wav"),
        1: SpokenLine(text="And I.", voice="de-female"),
        3: SoundClip(path=tmp_path / "audio-2.mp3"),
    }


def test_a_spec_that_an_earlier_version_stored_has_the_usual_choices() -> None:
    new = {"face", "seed", "mouth_scale", "loop", "keep_sound_db", "voices", "text", "voice"}
    read = JOB_SPEC.validate_python(sync().model_dump(exclude=new))
    assert read == sync()
    scales = {"face", "seed", "mouth_scale", "head_scale", "blink_scale", "expression_scale"}
    assert JOB_SPEC.validate_python(photo().model_dump(exclude=scales)) == photo()


def test_a_poster_lies_beside_the_result(tmp_path: Path) -> None:
    made = Succeeded(files=("output.mp4",))
    answer = child_main._with_poster(made, b"a picture", tmp_path)
    assert isinstance(answer, Succeeded)
    assert answer.poster == POSTER_NAME
    assert (tmp_path / POSTER_NAME).read_bytes() == b"a picture"
    assert child_main._with_poster(made, None, tmp_path) == made


def test_a_frame_travels_as_one_line_of_json_and_no_large_one_is_taken() -> None:
    line = PreviewMessage(frame=3, jpeg=b"\xff\xd8\n\x00").model_dump_json()
    assert "\n" not in line
    assert PreviewMessage.model_validate_json(line).jpeg == b"\xff\xd8\n\x00"
    too_large = json.loads(PreviewMessage(frame=3, jpeg=b"x").model_dump_json())
    too_large["jpeg"] = "AAAA" * (MAX_PREVIEW_BYTES // 3 + 1)
    with pytest.raises(ValueError, match="at most"):
        PreviewMessage.model_validate_json(json.dumps(too_large))


@pytest.mark.parametrize("wanted", [photo(label="Made by AI"), sync(label="Made by AI")])
def test_label_and_watermark_reach_the_engine(
    tmp_path: Path, asked: list[tuple[Any, ...]], wanted: LipSyncSpec | TalkingPhotoSpec
) -> None:
    told = TaskMarking(installation=5, number=7, watermark_key="0a" * 32)
    marks = marks_of(Task(spec=wanted, folder="f", marking=told))
    handle(wanted, find_inputs(wanted, tmp_path), tmp_path, JobContext(), NAMES, marks)
    options = asked[0][3]
    assert options.label == Label(text="Made by AI")
    assert options.watermark == Watermark(installation=5, number=7, key=bytes([10]) * 32)
    plain = marks_of(Task(spec=wanted, folder="f", marking=TaskMarking(installation=5, number=None)))
    assert plain.watermark is None


def test_a_spec_without_a_label_is_stored_as_before() -> None:
    assert "label" not in photo().model_dump(mode="json")
    assert "label" not in sync().model_dump(mode="json")
