"""`lipwright sync`: the lips of a video follow another sound."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import typer

from lipwright.cli.terminal import output_options, speech_options, sync_options
from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.files import write_text
from lipwright.cli.terminal.help import SectionedCommand
from lipwright.cli.terminal.marking import NO_MARKS, OutputMarks, marked_output, marks_fields, open_marks
from lipwright.cli.terminal.option_values import (
    choose_label,
    choose_speech,
    parse_clip_faces,
    parse_frame_rate,
    read_transcript,
)
from lipwright.cli.terminal.output import STANDARD_OUTPUT, choose_container, opened_output
from lipwright.cli.terminal.run_render import (
    check_lip_sync,
    check_talking_photo,
    figures,
    report_check,
    report_result,
    run_lip_sync,
    run_talking_photo,
)
from lipwright.engine import BadParameters

if TYPE_CHECKING:
    from lipwright.engine import (
        ClipFaceChoice,
        ClipVoices,
        LipSyncOptions,
        RenderReport,
        SpeechSource,
        TalkingPhotoOptions,
    )

app = typer.Typer()


@app.command(cls=SectionedCommand)
def sync(
    video: sync_options.Video,
    audio: sync_options.Audio = None,
    *,
    output: output_options.Video,
    text: speech_options.Text = None,
    voice: speech_options.Voice = None,
    rate: speech_options.Rate = None,
    transcript: speech_options.Transcript = None,
    language: speech_options.Language = None,
    quiet_mouth: speech_options.QuietMouth = None,
    keep_sound: sync_options.KeepSound = None,
    mode: sync_options.Mode = "standard",
    mouth: sync_options.MouthScale = 1.0,
    seed: sync_options.Seed = 0,
    face: sync_options.FaceWords = ["largest"],  # noqa: B006  typer copies it
    start: sync_options.Start = 0.0,
    end: sync_options.End = None,
    loop: sync_options.Loop = False,
    max_fps: sync_options.MaxFrameRate = None,
    max_resolution: sync_options.MaxResolution = None,
    container: output_options.Format = None,
    label: output_options.Label = None,
    label_corner: output_options.LabelCorner = None,
    label_font: output_options.LabelFont = None,
    report_file: sync_options.ReportFile = None,
    no_overwrite: output_options.NoOverwrite = False,
    dry_run: output_options.DryRun = False,
    json_events: output_options.JsonEvents = False,
    quiet: output_options.Quiet = False,
) -> None:
    """Make the lips of a video follow another sound."""
    console.configure(json_events=json_events, quiet=quiet, stdout_is_taken=output == STANDARD_OUTPUT)
    from lipwright.engine import LipSyncMode, LipSyncOptions, picture_size_wh
    from lipwright.provenance.credentials import ClaimInput, InputRole, Product

    whose = parse_clip_faces(face)
    speech = _choose_voices(whose, audio, text=text, voice=voice, language=language, rate=rate)
    marks = NO_MARKS if dry_run else open_marks(has_watermark=True)
    options = LipSyncOptions(
        mode=LipSyncMode.parse(mode),
        start_s=start,
        end_s=end,
        max_frame_rate=None if max_fps is None else parse_frame_rate(max_fps),
        max_resolution_px=max_resolution,
        face="largest" if isinstance(whose, dict) else whose,
        loop=loop,
        mouth_scale=mouth,
        quiet_mouth_db=quiet_mouth,
        transcript=read_transcript(transcript, text=text),
        language=language,
        keep_sound_db=keep_sound,
        seed=seed,
        container=choose_container(output, container),
        watermark=marks.watermark,
        label=choose_label(label, label_corner, label_font),
    )
    sounds = tuple(whose.values()) if isinstance(whose, dict) else () if audio is None else (audio,)
    inputs = (video, *sounds)
    with ExitStack() as outputs:
        if report_file is not None:
            if str(report_file) == output:
                raise BadParameters("--report and --output name the same file. Give the report another name.")
            outputs.enter_context(
                opened_output(str(report_file), (*inputs, Path(output)), may_replace=not no_overwrite)
            )
        is_still = video.is_file() and picture_size_wh(video) is not None
        if dry_run:
            outputs.enter_context(opened_output(output, inputs, may_replace=not no_overwrite))
            report_check(_check(video, speech, options, is_still=is_still), output)
            return
        first_role = InputRole.COMPONENT if is_still else InputRole.PARENT
        target = outputs.enter_context(
            marked_output(
                output,
                inputs,
                marks,
                product=Product.TALKING_PHOTO if is_still else Product.LIP_SYNC,
                mode=None if is_still else options.mode.value,
                credited=[
                    ClaimInput(path=video, role=first_role),
                    *(ClaimInput(path=each, role=InputRole.COMPONENT) for each in sounds),
                ],
                may_replace=not no_overwrite,
            )
        )
        report = _render(video, speech, target, options, is_still=is_still)
    if report_file is not None:
        _write_report(report, marks, report_file)
    report_result(report, output, marks)


def _choose_voices(
    whose: ClipFaceChoice | dict[int, Path],
    audio: Path | None,
    *,
    text: str | None,
    voice: str | None,
    language: str | None,
    rate: float | None,
) -> ClipVoices:
    """What is said, by one person or by several."""
    from lipwright.engine import SoundClip

    if not isinstance(whose, dict):
        return choose_speech(
            audio, text=text, voice=voice, start_s=0.0, end_s=None, language=language, rate=rate
        )
    if any(each is not None for each in (audio, text, voice, rate)):
        raise BadParameters(
            "With --face N=FILE every person has a sound: leave out AUDIO, --text, --voice and --rate."
        )
    return {number: SoundClip(path=path) for number, path in whose.items()}


def _render(
    video: Path, speech: ClipVoices, target: Path | BinaryIO, options: LipSyncOptions, *, is_still: bool
) -> RenderReport:
    """Re-make the lips of a video, or make a still picture speak."""
    if is_still:
        return run_talking_photo(video, _one_voice(video, speech), target, _still_options(video, options))
    return run_lip_sync(video, speech, target, options)


def _check(video: Path, speech: ClipVoices, options: LipSyncOptions, *, is_still: bool) -> float:
    """How long it will take, seconds. Raises what is wrong with the order and its files."""
    if not is_still:
        return check_lip_sync(video, speech, options)
    return check_talking_photo(video, _one_voice(video, speech), _still_options(video, options))


def _one_voice(picture: Path, speech: ClipVoices) -> SpeechSource:
    """What a picture says. Raises BadParameters for the voices of several people."""
    if isinstance(speech, Mapping):
        raise BadParameters(f"{picture.name} is a still picture: several voices need a video.")
    return speech


def _still_options(picture: Path, options: LipSyncOptions) -> TalkingPhotoOptions:
    """A picture that does not move has no time and no sound of its own: it is made to talk."""
    from lipwright.engine import TalkingPhotoOptions

    if options.start_s or options.end_s is not None or options.keep_sound_db is not None or options.loop:
        raise BadParameters(
            f"{picture.name} is a still picture: leave out --start, --end, --loop and --keep-sound, "
            "or name a video."
        )
    console.say(f"{picture.name} is a still picture, so it is made to talk, as `lipwright talk` does.")
    still = TalkingPhotoOptions(
        max_resolution_px=options.max_resolution_px,
        face="largest" if options.face == "speaking" else options.face,
        seed=options.seed,
        mouth_scale=options.mouth_scale,
        quiet_mouth_db=options.quiet_mouth_db,
        transcript=options.transcript,
        language=options.language,
        container=options.container,
        label=options.label,
        watermark=options.watermark,
    )
    if options.max_frame_rate is not None:
        still = replace(still, frame_rate=min(still.frame_rate, options.max_frame_rate))
    return still


def _write_report(report: RenderReport, marks: OutputMarks, path: Path) -> None:
    content = {**figures(report), **marks_fields(marks), "warnings": list(report.warnings)}
    write_text(path, json.dumps(content, ensure_ascii=False, indent=2))
