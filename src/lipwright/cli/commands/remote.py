"""`lipwright remote talk` and `lipwright remote sync`: the same work on a server.

Needs no engine but for one thing: how long a local sound or video is, where no end is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Option

from lipwright.cli.terminal import remote_options as given
from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.help import SectionedCommand
from lipwright.cli.terminal.option_values import read_transcript
from lipwright.cli.terminal.output import STANDARD_OUTPUT, opened_output
from lipwright.cli.terminal.remote_work import generate_shown, open_client
from lipwright.engine import BadParameters

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command(cls=SectionedCommand)
def talk(
    image: Annotated[str, Argument(metavar="IMAGE", help="A picture of a face, or an address of one.")],
    audio: given.Sound = None,
    *,
    output: given.Output,
    text: Annotated[
        str | None,
        Option(metavar="WORDS", rich_help_panel=given.WORK, help="Speak this in place of a sound."),
    ] = None,
    voice: Annotated[
        str | None, Option(metavar="NAME", rich_help_panel=given.WORK, help="Who speaks it.")
    ] = None,
    transcript: given.Transcript = None,
    start: given.Start = 0.0,
    end: given.End = None,
    mode: Annotated[
        str, Option(metavar="MODE", rich_help_panel=given.WORK, help="realistic or prompted.")
    ] = "realistic",
    prompt: Annotated[
        str | None, Option(metavar="WORDS", rich_help_panel=given.WORK, help="Mood and motion for prompted.")
    ] = None,
    max_resolution: Annotated[
        int | None, Option(metavar="PX", rich_help_panel=given.WORK, help="Cap on the longer side, pixels.")
    ] = None,
    name: given.Name = None,
    server: given.Server = None,
    key: given.Key = None,
    wait_limit: given.WaitLimit = None,
    no_overwrite: given.NoOverwrite = False,
    json_events: given.Json = False,
    quiet: given.Quiet = False,
) -> None:
    """Make a picture speak a recording or a text, on a server."""
    console.set_manner(json_events=json_events, quiet=quiet)
    if (audio is None) == (text is None):
        raise BadParameters("Give a recording after the picture, or --text; one of the two.")
    assets: dict[str, Any] = {"image_file_path": image}
    times: dict[str, Any] = {}
    if audio is not None:
        assets["audio_file_path"] = audio
        times = {"start_seconds": start, "end_seconds": _end_s(audio, end)}
    else:
        assets |= {"text": text, "voice": voice} if voice else {"text": text}
    body = {
        "assets": assets,
        **times,
        "style": {"generation_mode": mode, **({"prompt": prompt} if prompt else {})},
        "max_resolution": max_resolution,
        "transcript": None if transcript is None else read_transcript(transcript),
        "name": name,
    }
    with (
        _output_path(output, [image, audio], may_replace=not no_overwrite) as path,
        open_client(server, key, wait_limit) as client,
    ):
        generate_shown(client, client.v1.ai_talking_photo.generate, body, path)


@app.command(cls=SectionedCommand)
def sync(
    video: Annotated[str, Argument(metavar="VIDEO", help="A video of someone who speaks, or an address.")],
    audio: Annotated[str, Argument(metavar="AUDIO", help="A sound, a video with sound, or an address.")],
    *,
    output: given.Output,
    transcript: given.Transcript = None,
    start: given.Start = 0.0,
    end: given.End = None,
    mode: Annotated[
        str, Option(metavar="MODE", rich_help_panel=given.WORK, help="lite, standard or pro.")
    ] = "lite",
    max_fps: Annotated[
        float | None, Option(metavar="RATE", rich_help_panel=given.WORK, help="Cap on the frames a second.")
    ] = None,
    name: given.Name = None,
    server: given.Server = None,
    key: given.Key = None,
    wait_limit: given.WaitLimit = None,
    no_overwrite: given.NoOverwrite = False,
    json_events: given.Json = False,
    quiet: given.Quiet = False,
) -> None:
    """Make the lips of a video follow another sound, on a server."""
    console.set_manner(json_events=json_events, quiet=quiet)
    body = {
        "assets": {"video_source": "file", "video_file_path": video, "audio_file_path": audio},
        "start_seconds": start,
        "end_seconds": _end_s(video, end),
        "style": {"generation_mode": mode},
        "max_fps_limit": max_fps,
        "transcript": None if transcript is None else read_transcript(transcript),
        "name": name,
    }
    with (
        _output_path(output, [video, audio], may_replace=not no_overwrite) as path,
        open_client(server, key, wait_limit) as client,
    ):
        generate_shown(client, client.v1.lip_sync.generate, body, path)


def _end_s(file: str, wanted_s: float | None) -> float:
    """Where to stop: as asked, or at the end of a local file."""
    if wanted_s is not None:
        return wanted_s
    if not Path(file).is_file():
        raise BadParameters(f"There is no file {file} to measure. If it is an address, add --end SECONDS.")
    from lipwright.engine import probe_media

    return probe_media(Path(file)).duration_s


@contextmanager
def _output_path(output: str, inputs: list[str | None], *, may_replace: bool) -> Iterator[Path]:
    """Where the video goes."""
    if output == STANDARD_OUTPUT:
        raise BadParameters("A result of a server is saved to a file. Name one with -o.")
    local_inputs = tuple(Path(one) for one in inputs if one is not None)
    from lipwright.engine import check_output, output_errors

    with opened_output(output, local_inputs, may_replace=may_replace) as path:
        assert isinstance(path, Path)
        check_output(path)  # before a job is paid for
        with output_errors(path):
            yield path
