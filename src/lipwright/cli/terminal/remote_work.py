"""A job on a server as this program tells it: its errors, its progress, and Ctrl-C.

Knows nothing of what is asked for.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.failures import Interrupted
from lipwright.cli.terminal.progress import readable_duration
from lipwright.engine import BadInput, BadParameters, EngineError

if TYPE_CHECKING:
    from lipwright_client import Client, Progress, VideoProject

PHASE_WORDS = {
    "uploading": "Uploading",
    "queued": "Waiting for a worker",
    "rendering": "Rendering",
    "downloading": "Downloading",
}
# A line for every quarter: enough to see that it goes on, few enough for a log.
LINE_SHARE = 0.25


class ServerUnreachable(EngineError):
    """The server cannot be reached."""

    code = "server_unreachable"


class ServerRefused(BadInput):
    """The server refused."""

    code = "server_refused"


class RemoteJobFailed(EngineError):
    """The job failed on the server."""

    code = "remote_job_failed"


class RemoteJobUnfinished(EngineError):
    """The job is not finished yet."""

    code = "remote_job_unfinished"


@contextmanager
def open_client(server: str | None, key: str | None, wait_limit_s: float | None) -> Iterator[Client]:
    """A client whose errors are told as this program tells its own."""
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


def generate_shown(
    client: Client, generate: Callable[..., VideoProject], body: dict[str, Any], path: Path
) -> None:
    """Carry out a job while the person sees how far it is; stop it on the server when the person stops us."""
    with _shown_progress() as shown, _stop_signals() as received:
        listener = _Listener(shown)
        try:
            video = generate(**body, output_path=path, on_progress=listener)
        except KeyboardInterrupt:
            _cancel(client, listener.project_id)
            raise Interrupted(received[0] if received else signal.SIGINT) from None
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
    """Remembers which job it is about and hands every step on."""

    def __init__(self, show: Callable[[Progress], None]) -> None:
        self.project_id: str | None = None
        self._show = show

    def __call__(self, progress: Progress) -> None:
        self.project_id = progress.project_id
        self._show(progress)


@contextmanager
def _stop_signals() -> Iterator[list[int]]:
    """Both ways of asking us to stop raise KeyboardInterrupt; the list says which came."""
    received: list[int] = []

    def receive(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, receive) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _shown_progress() -> Iterator[Callable[[Progress], None]]:
    """What shows progress in the console's manner while the block runs."""
    if not console.draws_bars:
        yield _LineWriter()
        return
    from rich.console import Console as RichConsole
    from rich.progress import Progress as Bars

    with Bars(console=RichConsole(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(progress: Progress) -> None:
            word = PHASE_WORDS[progress.phase]
            if word not in tasks:
                tasks[word] = bars.add_task(word, total=None)
            if progress.fraction is not None:
                bars.update(tasks[word], total=1.0, completed=progress.fraction)

        yield show


class _LineWriter:
    """An event or a line when a phase begins and at every quarter of it."""

    def __init__(self) -> None:
        self._phase: str | None = None
        self._next_share = LINE_SHARE

    def __call__(self, progress: Progress) -> None:
        is_new = progress.phase != self._phase
        share = progress.fraction or 0.0
        if is_new:
            self._phase, self._next_share = progress.phase, LINE_SHARE
        elif share < self._next_share:
            return
        self._next_share = (share // LINE_SHARE + 1) * LINE_SHARE
        console.event(
            "progress", stage=progress.phase, fraction=progress.fraction, seconds_left=progress.seconds_left
        )
        left = "" if progress.seconds_left is None else f", {readable_duration(progress.seconds_left)} left"
        word = PHASE_WORDS[progress.phase]
        console.say(f"{word} ..." if is_new else f"{word}: {share:.0%}{left}")
