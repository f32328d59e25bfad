"""`lipwright talk`: a picture speaks a recording or a text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import typer

from lipwright.cli.terminal import talk_options as given
from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.help import SectionedCommand
from lipwright.cli.terminal.option_values import choose_speech, parse_face, parse_frame_rate, read_transcript
from lipwright.cli.terminal.output import STANDARD_OUTPUT, choose_container, opened_output
from lipwright.cli.terminal.run_render import tell_result, watched
from lipwright.engine import BadParameters

if TYPE_CHECKING:
    from lipwright.engine import RenderReport, SoundClip, SpokenLine, TalkingPhotoOptions

# The only mode word that listens to --intensity.
EXPRESSIVE = "expressive"

app = typer.Typer()


@app.command(cls=SectionedCommand)
def talk(
    image: given.Image,
    audio: given.Audio = None,
    *,
    output: given.Output,
    text: given.Text = None,
    voice: given.Voice = None,
    transcript: given.Transcript = None,
    language: given.Language = None,
    start: given.Start = 0.0,
    end: given.End = None,
    quiet_mouth: given.QuietMouth = None,
    mode: given.Mode = "realistic",
    intensity: given.Intensity = None,
    prompt: given.Prompt = "",
    mouth: given.MouthScale = 1.0,
    head: given.HeadScale = 1.0,
    blinks: given.BlinkScale = 1.0,
    expression: given.ExpressionScale = 1.0,
    still: given.Still = False,
    seed: given.Seed = 0,
    face: given.FaceWord = "largest",
    fps: given.FrameRate = "30",
    max_resolution: given.MaxResolution = None,
    container: given.Format = None,
    no_overwrite: given.NoOverwrite = False,
    json_events: given.Json = False,
    quiet: given.Quiet = False,
) -> None:
    """Make a picture speak a recording or a text."""
    console.set_manner(json_events=json_events, quiet=quiet, stdout_is_taken=output == STANDARD_OUTPUT)
    from lipwright.engine import PhotoMode, TalkingPhotoOptions

    speech = choose_speech(audio, text=text, voice=voice, start_s=start, end_s=end)
    if text is not None and transcript is not None:
        raise BadParameters("--text is its own transcript. Leave out --transcript.")
    options = TalkingPhotoOptions(
        mode=PhotoMode.parse(mode),
        prompt=prompt,
        intensity=_intensity(intensity, mode),
        frame_rate=parse_frame_rate(fps),
        max_resolution_px=max_resolution,
        face=parse_face(face),
        seed=seed,
        still=still,
        mouth_scale=mouth,
        head_scale=head,
        blink_scale=blinks,
        expression_scale=expression,
        quiet_mouth_db=quiet_mouth,
        transcript=None if transcript is None else read_transcript(transcript),
        language=language,
        container=choose_container(output, container),
    )
    if prompt and options.mode is not PhotoMode.PROMPTED:
        console.warn("--prompt has an effect only with --mode prompted.")
    inputs = (image,) if audio is None else (image, audio)
    with opened_output(output, inputs, may_replace=not no_overwrite) as target:
        report = render_photo(image, speech, target, options)
    tell_result(report, output)


def _intensity(wanted: float | None, mode: str) -> float:
    """The intensity for the engine, to two decimals; a word where the mode does not listen to it."""
    from lipwright.engine import DEFAULT_INTENSITY

    if wanted is None:
        return DEFAULT_INTENSITY
    if mode.strip().lower() != EXPRESSIVE:
        console.warn("--intensity has an effect only with --mode expressive.")
        return DEFAULT_INTENSITY
    return round(wanted, 2)


def render_photo(
    image: Path, speech: SoundClip | SpokenLine, target: Path | BinaryIO, options: TalkingPhotoOptions
) -> RenderReport:
    """Make the video while the person sees how far it is and may stop it."""
    from lipwright.engine import estimate_talking_photo, talking_photo

    return watched(
        estimate_talking_photo(image, speech, options),
        lambda context: talking_photo(image, speech, target, options, context),
    )
