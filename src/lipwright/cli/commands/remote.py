"""`lipwright remote talk` and `lipwright remote sync`: the same work on a server.

Needs no engine but for one thing: how long a local sound or video is, where no end is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from lipwright.cli.terminal import output_options, remote_options
from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.help import SectionedCommand
from lipwright.cli.terminal.option_values import read_transcript
from lipwright.cli.terminal.output import STANDARD_OUTPUT, opened_output
from lipwright.cli.terminal.remote_job import open_client, run_remote_job
from lipwright.engine import BadParameters

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command(cls=SectionedCommand)
def talk(
    image: remote_options.Image,
    audio: remote_options.AudioOrText = None,
    *,
    output: remote_options.Output,
    text: remote_options.Text = None,
    voice: remote_options.Voice = None,
    transcript: remote_options.Transcript = None,
    start: remote_options.Start = 0.0,
    end: remote_options.End = None,
    mode: remote_options.PhotoMode = "realistic",
    prompt: remote_options.Prompt = None,
    direct: remote_options.Direct = None,
    motion_from: remote_options.MotionFrom = None,
    performance: remote_options.Performance = None,
    max_resolution: remote_options.MaxResolution = None,
    name: remote_options.Name = None,
    server: remote_options.Server = None,
    key: remote_options.Key = None,
    wait_limit: remote_options.WaitLimit = None,
    no_overwrite: output_options.NoOverwrite = False,
    json_events: output_options.JsonEvents = False,
    quiet: output_options.Quiet = False,
) -> None:
    """Make a picture speak a recording or a text, on a server."""
    console.configure(json_events=json_events, quiet=quiet)
    if [audio, text, performance].count(None) != 2:
        raise BadParameters("Give a recording after the picture, --text or --performance; one of them.")
    if performance is not None and motion_from is not None:
        raise BadParameters("--performance takes the motion, too. Leave out --motion-from.")
    assets: dict[str, Any] = {"image_file_path": image}
    times: dict[str, Any] = {}
    if audio is not None:
        assets["audio_file_path"] = audio
        times = {"start_seconds": start, "end_seconds": _end_s(audio, end)}
    elif performance is not None:
        assets["performance_file_path"] = performance
        times = {"start_seconds": start, "end_seconds": _end_s(performance, end)}
    else:
        assets |= {"text": text, "voice": voice} if voice else {"text": text}
    if motion_from is not None:
        assets["motion_file_path"] = motion_from
    style: dict[str, Any] = {"generation_mode": mode}
    if prompt:
        style["prompt"] = prompt
    if direct is not None:
        style["direction"] = _direction(direct)
    body = {
        "assets": assets,
        **times,
        "style": style,
        "max_resolution": max_resolution,
        "transcript": read_transcript(transcript),
        "name": name,
    }
    with (
        _output_path(output, [image, audio, motion_from, performance], may_replace=not no_overwrite) as path,
        open_client(server, key, wait_limit) as client,
    ):
        run_remote_job(client, client.v1.ai_talking_photo.generate, body, path)


@app.command(cls=SectionedCommand)
def sync(
    video: remote_options.Video,
    audio: remote_options.Audio,
    *,
    output: remote_options.Output,
    transcript: remote_options.Transcript = None,
    start: remote_options.Start = 0.0,
    end: remote_options.End = None,
    mode: remote_options.SyncMode = "lite",
    max_fps: remote_options.MaxFrameRate = None,
    name: remote_options.Name = None,
    server: remote_options.Server = None,
    key: remote_options.Key = None,
    wait_limit: remote_options.WaitLimit = None,
    no_overwrite: output_options.NoOverwrite = False,
    json_events: output_options.JsonEvents = False,
    quiet: output_options.Quiet = False,
) -> None:
    """Make the lips of a video follow another sound, on a server."""
    console.configure(json_events=json_events, quiet=quiet)
    body = {
        "assets": {"video_source": "file", "video_file_path": video, "audio_file_path": audio},
        "start_seconds": start,
        "end_seconds": _end_s(video, end),
        "style": {"generation_mode": mode},
        "max_fps_limit": max_fps,
        "transcript": read_transcript(transcript),
        "name": name,
    }
    with (
        _output_path(output, [video, audio], may_replace=not no_overwrite) as path,
        open_client(server, key, wait_limit) as client,
    ):
        run_remote_job(client, client.v1.lip_sync.generate, body, path)


def _direction(path: Path) -> list[dict[str, Any]]:
    """The rows of a list of directions as the server takes them."""
    from lipwright.engine import read_direction_file

    return [
        {"start_seconds": cue.start_s, "end_seconds": cue.end_s, "prompt": cue.prompt}
        for cue in read_direction_file(path)
    ]


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
