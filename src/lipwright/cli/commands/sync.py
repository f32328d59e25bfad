"""`lipwright sync`: the lips of a video follow another sound."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import typer

from lipwright.cli.terminal import sync_options as given
from lipwright.cli.terminal import talk_options as shared
from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.files import write_text
from lipwright.cli.terminal.help import SectionedCommand
from lipwright.cli.terminal.option_values import (
    choose_speech,
    parse_clip_faces,
    parse_frame_rate,
    read_transcript,
)
from lipwright.cli.terminal.output import STANDARD_OUTPUT, choose_container, opened_output
from lipwright.cli.terminal.run_render import figures, tell_result, watched
from lipwright.engine import LIP_SYNC_SHARES, BadParameters

if TYPE_CHECKING:
    from lipwright.engine import ClipFaceChoice, ClipVoices, LipSyncOptions, RenderReport, SpeechSource

app = typer.Typer()


@app.command(cls=SectionedCommand)
def sync(
    video: given.Video,
    audio: given.Audio = None,
    *,
    output: shared.Output,
    text: shared.Text = None,
    voice: shared.Voice = None,
    transcript: shared.Transcript = None,
    language: shared.Language = None,
    quiet_mouth: shared.QuietMouth = None,
    keep_sound: given.KeepSound = None,
    mode: given.Mode = "standard",
    mouth: given.MouthScale = 1.0,
    seed: given.Seed = 0,
    face: given.FaceWords = ["largest"],  # noqa: B006  typer copies it
    start: given.Start = 0.0,
    end: given.End = None,
    loop: given.Loop = False,
    max_fps: given.MaxFrameRate = None,
    max_resolution: given.MaxResolution = None,
    container: shared.Format = None,
    report_file: given.ReportFile = None,
    no_overwrite: shared.NoOverwrite = False,
    json_events: shared.Json = False,
    quiet: shared.Quiet = False,
) -> None:
    """Make the lips of a video follow another sound."""
    console.set_manner(json_events=json_events, quiet=quiet, stdout_is_taken=output == STANDARD_OUTPUT)
    from lipwright.engine import LipSyncMode, LipSyncOptions

    whose = parse_clip_faces(face)
    speech = _choose_voices(whose, audio, text=text, voice=voice)
    if text is not None and transcript is not None:
        raise BadParameters("--text is its own transcript. Leave out --transcript.")
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
        transcript=None if transcript is None else read_transcript(transcript),
        language=language,
        keep_sound_db=keep_sound,
        seed=seed,
        container=choose_container(output, container),
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
        target = outputs.enter_context(opened_output(output, inputs, may_replace=not no_overwrite))
        report = _render(video, speech, target, options)
    if report_file is not None:
        _write_report(report, report_file)
    tell_result(report, output)


def _choose_voices(
    whose: ClipFaceChoice | dict[int, Path], audio: Path | None, *, text: str | None, voice: str | None
) -> ClipVoices:
    """What is said, by one or by several."""
    from lipwright.engine import SoundClip

    if not isinstance(whose, dict):
        return choose_speech(audio, text=text, voice=voice, start_s=0.0, end_s=None)
    if audio is not None or text is not None or voice is not None:
        raise BadParameters("With --face N=FILE everybody has a voice: leave out AUDIO, --text and --voice.")
    return {number: SoundClip(path=path) for number, path in whose.items()}


def _render(
    video: Path, speech: ClipVoices, target: Path | BinaryIO, options: LipSyncOptions
) -> RenderReport:
    """Make the video while the person sees how far it is and may stop it."""
    from lipwright.engine import estimate_lip_sync, lip_sync, picture_size_wh

    if video.is_file() and picture_size_wh(video) is not None:
        if isinstance(speech, Mapping):
            raise BadParameters(f"{video.name} is a still picture: several voices need a video.")
        return _render_still(video, speech, target, options)
    return watched(
        estimate_lip_sync(video, speech, options),
        lambda context: lip_sync(video, speech, target, options, context),
        shares=LIP_SYNC_SHARES,
    )


def _render_still(
    picture: Path, speech: SpeechSource, target: Path | BinaryIO, options: LipSyncOptions
) -> RenderReport:
    """A picture that does not move has no time and no sound of its own: it is made to talk."""
    from lipwright.cli.commands.talk import render_photo
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
    )
    if options.max_frame_rate is not None:
        still = replace(still, frame_rate=min(still.frame_rate, options.max_frame_rate))
    return render_photo(picture, speech, target, still)


def _write_report(report: RenderReport, path: Path) -> None:
    content = {**figures(report), "warnings": list(report.warnings)}
    write_text(path, json.dumps(content, ensure_ascii=False, indent=2))
