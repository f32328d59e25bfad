"""`lipwright serve`: the API and its workers, in one command."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType

import structlog
import uvicorn
from uvicorn.config import STARTUP_FAILURE

from lipwright.server.accounts import repository as accounts
from lipwright.server.accounts.service import DEFAULT_ACCOUNT, create_key, ensure_account
from lipwright.server.database.waits import BRIEF
from lipwright.server.operation.api_process import SharedFolder, open_sockets, starter
from lipwright.server.operation.app import create_app
from lipwright.server.operation.http_server import HTTP_GRACE_S, keep_up, server_config
from lipwright.server.operation.installation import warn_of_differences
from lipwright.server.operation.migrate import prepare_database
from lipwright.server.operation.upkeep import (
    UNREFERENCED_CHECK_S,
    UPKEEP_S,
    remove_unfinished,
    remove_unreferenced,
)
from lipwright.server.operation.worker_keeper import WorkerKeeper
from lipwright.server.rendering.bytecode import compile_engine
from lipwright.server.rendering.marking import check_marking
from lipwright.server.runtime.heartbeats import (
    HEARTBEAT_S,
    Process,
    ProcessKind,
    register,
    remove_abandoned_scratch,
    remove_dead_processes,
    scratch_folder,
    unregister,
)
from lipwright.server.runtime.logs import configure_logs
from lipwright.server.runtime.private_files import mend_modes
from lipwright.server.runtime.repeating_work import repeat
from lipwright.server.runtime.sandbox.check import check_sandbox
from lipwright.server.services import Services, open_services
from lipwright.server.sessions.service import reachable_address, sign_in_link
from lipwright.server.settings import Settings

_log = structlog.get_logger(__name__)


def serve(settings: Settings) -> None:
    """Serve until told to stop by a signal."""
    configure_logs(settings)
    if settings.sandbox == "require":  # or the workers would end one after another
        check_sandbox(settings)
    mend_modes(settings)
    prepare_database(settings)
    check_marking(settings)  # or the workers would end one after another
    compile_engine()  # the processes that look at uploads cannot keep what they compile
    services = open_services(settings, BRIEF)
    with services.database.read() as connection:
        warn_of_differences(connection, settings)
    _print_address_and_first_key(services, is_terminal=sys.stdout.isatty())
    if settings.studio_enabled:
        _print_studio_link(services, is_terminal=sys.stdout.isatty())
    process = register(services, ProcessKind.SERVER)
    stop = threading.Event()
    try:
        remove_dead_processes(services)
        keeper = WorkerKeeper(settings)
        answer = _answer if settings.processes == 1 else _have_answered
        repeat(lambda: keep_up(services, process), every_s=HEARTBEAT_S, until=stop)
        repeat(lambda: remove_abandoned_scratch(services), every_s=UPKEEP_S, until=stop)
        repeat(lambda: remove_unreferenced(services), every_s=UNREFERENCED_CHECK_S, until=stop)
        repeat(lambda: remove_unfinished(services), every_s=UNREFERENCED_CHECK_S, until=stop)
        with keeper.running(stop):
            answer(settings, services, process, keeper)
    finally:
        stop.set()
        unregister(services, process)


def _answer(settings: Settings, services: Services, process: Process, keeper: WorkerKeeper) -> None:
    """Answer calls in this process until told to stop by a signal."""
    app = create_app(services, scratch_folder(services, process), keeper.trouble)
    server = uvicorn.Server(server_config(app, settings))
    # After it has ended, uvicorn raises the signal that ended it once more; ours is what it meets then.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ignore)
    server.run()


def _have_answered(settings: Settings, services: Services, process: Process, keeper: WorkerKeeper) -> None:
    """Let other processes answer calls, all on one socket, until told to stop by a signal.

    Raises SystemExit where nobody can listen at the address of the settings.
    """
    try:
        sockets = open_sockets(settings)
    except OSError as error:
        _log.error(str(error))
        sys.exit(STARTUP_FAILURE)
    shared = SharedFolder(scratch_folder(services, process) / "shared")
    shared.make()
    told, stop = threading.Event(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: told.set())
    repeat(lambda: shared.tell_trouble(keeper.trouble()), every_s=HEARTBEAT_S, until=stop)
    processes = WorkerKeeper(
        settings,
        starter(sockets, shared),
        count=settings.processes,
        name="API process",
        grace_s=HTTP_GRACE_S,
    )
    with processes.running(stop):
        told.wait()
        for one in sockets:  # whoever comes now is refused rather than kept waiting
            one.close()


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """The end is already under way."""


def _print_address_and_first_key(services: Services, *, is_terminal: bool) -> None:
    """Say where the server is, and while nobody has a key how to get one.

    A first key is made and shown on a terminal only: what is printed elsewhere is kept, in a journal.
    """
    settings = services.settings
    address = reachable_address(settings)
    print(f"Lipwright serves at {address}; its documentation is at {address}/docs.", flush=True)
    with services.database.write() as connection:
        if accounts.list_accounts(connection):
            return
        if is_terminal:
            account = ensure_account(connection, DEFAULT_ACCOUNT, settings.default_plan)
            key = create_key(connection, account, "first")
    if not is_terminal:
        print(
            "Nobody has a key yet. `lipwright keys create`, with the same settings, prints one.", flush=True
        )
        return
    print(f"This is the key of the account '{DEFAULT_ACCOUNT}'. It is shown this once:\n\n    {key}\n")
    print(f"Try it:  curl -H 'Authorization: Bearer {key}' {address}/v1/video-projects", flush=True)


def _print_studio_link(services: Services, *, is_terminal: bool) -> None:
    """Say how to get into the studio: by a link that signs its owner in, shown on a terminal only."""
    if not is_terminal:
        print("`lipwright studio link`, with the same settings, prints a link to the studio.", flush=True)
        return
    with services.database.write() as connection:
        account = ensure_account(connection, DEFAULT_ACCOUNT, services.settings.default_plan)
        link = sign_in_link(connection, account, reachable_address(services.settings))
    print(f"Open the studio, once and within 15 minutes:\n\n    {link}\n", flush=True)
