"""`lipwright talk`: a picture speaks a recording or a text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from lipwright.cli.terminal import output_options, speech_options, talk_options
from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.help import SectionedCommand
from lipwright.cli.terminal.marking import NO_MARKS, marked_output, open_marks
from lipwright.cli.terminal.option_values import (
    choose_label,
    choose_speech,
    parse_face,
    parse_frame_rate,
    read_transcript,
)
from lipwright.cli.terminal.output import STANDARD_OUTPUT, choose_container, opened_output
from lipwright.cli.terminal.run_render import (
    check_talking_photo,
    report_check,
    report_result,
    run_talking_photo,
)
from lipwright.engine import BadParameters

if TYPE_CHECKING:
    from lipwright.engine import MotionSource
    from lipwright.provenance.credentials import ClaimInput

# The only mode word that takes --intensity.
EXPRESSIVE = "expressive"

app = typer.Typer()


@app.command(cls=SectionedCommand)
def talk(
    image: talk_options.Image,
    audio: speech_options.Recording = None,
    *,
    output: output_options.Video,
    text: speech_options.Text = None,
    voice: speech_options.Voice = None,
    rate: speech_options.Rate = None,
    transcript: speech_options.Transcript = None,
    language: speech_options.Language = None,
    start: speech_options.Start = 0.0,
    end: speech_options.End = None,
    quiet_mouth: speech_options.QuietMouth = None,
    mode: talk_options.Mode = "realistic",
    intensity: talk_options.Intensity = None,
    prompt: talk_options.Prompt = "",
    direct: talk_options.Direct = None,
    mouth: talk_options.MouthScale = 1.0,
    head: talk_options.HeadScale = 1.0,
    blinks: talk_options.BlinkScale = 1.0,
    expression: talk_options.ExpressionScale = 1.0,
    still: talk_options.Still = False,
    eyes: talk_options.Eyes = "open",
    motion_from: talk_options.MotionFrom = None,
    motion_start: talk_options.MotionStart = 0.0,
    motion_end: talk_options.MotionEnd = None,
    performance: talk_options.Performance = None,
    seed: talk_options.Seed = 0,
    face: talk_options.FaceWord = "largest",
    fps: talk_options.FrameRate = "30",
    max_resolution: talk_options.MaxResolution = None,
    container: output_options.Format = None,
    label: output_options.Label = None,
    label_corner: output_options.LabelCorner = None,
    label_font: output_options.LabelFont = None,
    no_overwrite: output_options.NoOverwrite = False,
    dry_run: output_options.DryRun = False,
    json_events: output_options.JsonEvents = False,
    quiet: output_options.Quiet = False,
) -> None:
    """Make a picture speak a recording or a text."""
    console.configure(json_events=json_events, quiet=quiet, stdout_is_taken=output == STANDARD_OUTPUT)
    from lipwright.engine import (
        EyesMode,
        MotionSource,
        PhotoMode,
        TalkingPhotoOptions,
        read_direction_file,
    )
    from lipwright.provenance.credentials import Product

    if performance is None:
        motion = _motion(motion_from, motion_start, motion_end)
        speech = choose_speech(
            audio, text=text, voice=voice, start_s=start, end_s=end, language=language, rate=rate
        )
    else:
        if any(each is not None for each in (audio, text, voice, rate)):
            raise BadParameters(
                "--performance brings its own sound. Leave out AUDIO, --text, --voice and --rate, "
                "or use --motion-from to take the motion alone."
            )
        if motion_from is not None or motion_start or motion_end is not None:
            raise BadParameters(
                "--performance takes the motion, too, and --start and --end choose its part. "
                "Leave out --motion-from, --motion-start and --motion-end."
            )
        motion = MotionSource(path=performance, start_s=start, end_s=end, takes_mouth=True)
        speech = motion.sound
    marks = NO_MARKS if dry_run else open_marks(has_watermark=True)
    options = TalkingPhotoOptions(
        mode=PhotoMode.parse(mode),
        prompt=prompt,
        direction=() if direct is None else read_direction_file(direct),
        intensity=_intensity(intensity, mode),
        frame_rate=parse_frame_rate(fps),
        max_resolution_px=max_resolution,
        face=parse_face(face),
        seed=seed,
        still=still,
        eyes=EyesMode.parse(eyes),
        mouth_scale=mouth,
        head_scale=head,
        blink_scale=blinks,
        expression_scale=expression,
        quiet_mouth_db=quiet_mouth,
        transcript=read_transcript(transcript, text=text),
        language=language,
        container=choose_container(output, container),
        label=choose_label(label, label_corner, label_font),
        motion=motion,
        watermark=marks.watermark,
    )
    if motion is not None and intensity is not None:
        console.warn("--intensity has no effect where a clip says how the picture moves.")
    if prompt and options.mode is not PhotoMode.PROMPTED:
        console.warn("--prompt has an effect only with --mode prompted.")
    inputs = (image, *(each for each in (audio, motion_from, performance, direct) if each is not None))
    if dry_run:
        with opened_output(output, inputs, may_replace=not no_overwrite):
            report_check(check_talking_photo(image, speech, options), output)
        return
    with marked_output(
        output,
        inputs,
        marks,
        product=Product.TALKING_PHOTO,
        mode=options.mode.value,
        credited=_credited(image, seen_or_heard=(audio, performance), guide=motion_from),
        may_replace=not no_overwrite,
    ) as target:
        report = run_talking_photo(image, speech, target, options)
    report_result(report, output, marks)


def _credited(image: Path, *, seen_or_heard: Sequence[Path | None], guide: Path | None) -> list[ClaimInput]:
    """The inputs as the credentials of the output name them."""
    from lipwright.provenance.credentials import ClaimInput, InputRole

    shown = [image, *(each for each in seen_or_heard if each is not None)]
    credited = [ClaimInput(path=each, role=InputRole.COMPONENT) for each in shown]
    return credited if guide is None else [*credited, ClaimInput(path=guide, role=InputRole.GUIDE)]


def _motion(path: Path | None, start_s: float, end_s: float | None) -> MotionSource | None:
    """The stretch of the clip that the picture is to move like."""
    from lipwright.engine import MotionSource

    if path is None:
        if start_s or end_s is not None:
            raise BadParameters("--motion-start and --motion-end cut the clip of --motion-from. Name one.")
        return None
    if end_s is not None and end_s <= start_s:
        raise BadParameters(
            f"--motion-end {end_s:g} is not after --motion-start {start_s:g}. Both are seconds of the clip."
        )
    return MotionSource(path=path, start_s=start_s, end_s=end_s)


def _intensity(wanted: float | None, mode: str) -> float:
    """The intensity for the engine, to two decimals; warns where the mode has no use for it."""
    from lipwright.engine import DEFAULT_INTENSITY

    if wanted is None:
        return DEFAULT_INTENSITY
    if mode.strip().lower() != EXPRESSIVE:
        console.warn("--intensity has an effect only with --mode expressive.")
        return DEFAULT_INTENSITY
    return round(wanted, 2)
