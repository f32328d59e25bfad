"""A job on a server, run from this terminal: its errors, its progress, and Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.interrupts import stoppable_remotely
from lipwright.cli.terminal.progress import ProgressUpdate, UpdateListener, shown_progress
from lipwright.engine import BadInput, BadParameters, EngineError

if TYPE_CHECKING:
    from lipwright_client import Client, Progress, VideoProject

PHASE_TITLES = {
    "uploading": "Uploading",
    "queued": "Waiting for a worker",
    "rendering": "Rendering",
    "downloading": "Downloading",
}


class ServerUnreachable(EngineError):
    """No connection to the server, or it broke."""

    code = "server_unreachable"
    message = "The server cannot be reached."


class ServerRefused(BadInput):
    """The server answered with a refusal."""

    code = "server_refused"
    message = "The server refused."


class RemoteJobFailed(EngineError):
    """The job ended on the server without a result, or its answers made no sense."""

    code = "remote_job_failed"
    message = "The job failed on the server."


class RemoteJobUnfinished(EngineError):
    """The job took longer than `--wait-limit`; it goes on."""

    code = "remote_job_unfinished"
    message = "The job is not finished yet."


@contextmanager
def open_client(server: str | None, key: str | None, wait_limit_s: float | None) -> Iterator[Client]:
    """A client whose errors become those of this program."""
    import lipwright_client as remote

    try:
        client = remote.Client(base_url=server, token=key, wait_limit_s=wait_limit_s)
    except ValueError as error:
        raise BadParameters(str(error)) from error
    with client:
        try:
            yield client
        except remote.UnusableFile as error:
            raise BadParameters(str(error)) from error
        except remote.ConnectionFailed as error:
            raise ServerUnreachable(str(error)) from error
        except remote.WaitLimitReached as error:
            raise RemoteJobUnfinished(str(error)) from error
        except remote.Unauthorized as error:
            raise ServerRefused(
                "The server does not know this key. Set LIPWRIGHT_API_KEY, or use --key."
            ) from error
        except remote.ApiError as error:
            raise ServerRefused(f"The server refused ({error.status_code}): {error.message}") from error
        except remote.ClientError as error:
            raise RemoteJobFailed(str(error)) from error


def run_remote_job(
    client: Client, generate: Callable[..., VideoProject], body: dict[str, Any], path: Path
) -> None:
    """Run a job with progress, save its video and report it; cancel it on the server at a signal."""
    with shown_progress(console) as show:
        listener = _Listener(show)
        with stoppable_remotely(lambda: _cancel(client, listener.project_id)):
            video = generate(**body, output_path=path, on_progress=listener)
    for warning in video.warnings:
        console.warn(warning)
    console.event(
        "done",
        output=str(path),
        id=video.id,
        width_px=video.width,
        height_px=video.height,
        frame_rate=video.fps,
        credits_charged=video.credits_charged,
    )
    console.say(f"{path}: {video.width}x{video.height}, {video.credits_charged} credits.")


def update_of(progress: Progress) -> ProgressUpdate:
    """The client's progress as the terminal shows it."""
    return ProgressUpdate(
        stage=progress.phase,
        title=PHASE_TITLES[progress.phase],
        share=progress.fraction,
        seconds_left=progress.seconds_left,
        fields={"fraction": progress.fraction, "seconds_left": progress.seconds_left},
    )


def _cancel(client: Client, project_id: str | None) -> None:
    """Stop the job where the server can; say so where it goes on."""
    from lipwright_client import ClientError

    if project_id is None:
        return
    try:
        client.v1.video_projects.cancel(project_id)
    except ClientError as error:
        console.warn(f"The job {project_id} could not be stopped and goes on: {error}")


class _Listener:
    """Remembers which job it is about and passes every update on."""

    def __init__(self, show: UpdateListener | None) -> None:
        self.project_id: str | None = None
        self._show = show

    def __call__(self, progress: Progress) -> None:
        self.project_id = progress.project_id
        if self._show is not None:
            self._show(update_of(progress))
