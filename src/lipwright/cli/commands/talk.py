"""`lipwright talk`: a picture speaks a recording or a text."""

from __future__ import annotations

import typer

from lipwright.cli.terminal import output_options, speech_options, talk_options
from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.help import SectionedCommand
from lipwright.cli.terminal.option_values import choose_speech, parse_face, parse_frame_rate, read_transcript
from lipwright.cli.terminal.output import STANDARD_OUTPUT, choose_container, opened_output
from lipwright.cli.terminal.run_render import report_result, run_talking_photo

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
    transcript: speech_options.Transcript = None,
    language: speech_options.Language = None,
    start: speech_options.Start = 0.0,
    end: speech_options.End = None,
    quiet_mouth: speech_options.QuietMouth = None,
    mode: talk_options.Mode = "realistic",
    intensity: talk_options.Intensity = None,
    prompt: talk_options.Prompt = "",
    mouth: talk_options.MouthScale = 1.0,
    head: talk_options.HeadScale = 1.0,
    blinks: talk_options.BlinkScale = 1.0,
    expression: talk_options.ExpressionScale = 1.0,
    still: talk_options.Still = False,
    eyes: talk_options.Eyes = "open",
    seed: talk_options.Seed = 0,
    face: talk_options.FaceWord = "largest",
    fps: talk_options.FrameRate = "30",
    max_resolution: talk_options.MaxResolution = None,
    container: output_options.Format = None,
    no_overwrite: output_options.NoOverwrite = False,
    json_events: output_options.JsonEvents = False,
    quiet: output_options.Quiet = False,
) -> None:
    """Make a picture speak a recording or a text."""
    console.configure(json_events=json_events, quiet=quiet, stdout_is_taken=output == STANDARD_OUTPUT)
    from lipwright.engine import EyesMode, PhotoMode, TalkingPhotoOptions

    speech = choose_speech(audio, text=text, voice=voice, start_s=start, end_s=end)
    options = TalkingPhotoOptions(
        mode=PhotoMode.parse(mode),
        prompt=prompt,
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
    )
    if prompt and options.mode is not PhotoMode.PROMPTED:
        console.warn("--prompt has an effect only with --mode prompted.")
    inputs = (image,) if audio is None else (image, audio)
    with opened_output(output, inputs, may_replace=not no_overwrite) as target:
        report = run_talking_photo(image, speech, target, options)
    report_result(report, output)


def _intensity(wanted: float | None, mode: str) -> float:
    """The intensity for the engine, to two decimals; warns where the mode has no use for it."""
    from lipwright.engine import DEFAULT_INTENSITY

    if wanted is None:
        return DEFAULT_INTENSITY
    if mode.strip().lower() != EXPRESSIVE:
        console.warn("--intensity has an effect only with --mode expressive.")
        return DEFAULT_INTENSITY
    return round(wanted, 2)
