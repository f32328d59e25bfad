"""A worker: takes one job after another from the queue and renders it.

Run as `lipwright worker`, or by `lipwright serve` as a child that ends when its parent does.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import NoReturn

import structlog

from lipwright.server.fetching.address_guard import AddressGuard
from lipwright.server.jobs.lifecycle import start_next, take_over_next
from lipwright.server.operation.installation import warn_of_differences
from lipwright.server.operation.migrate import prepare_database
from lipwright.server.operation.upkeep import UPKEEP_S, remove_expired
from lipwright.server.rendering.bytecode import compile_engine
from lipwright.server.rendering.checkpoints import Checkpoint, OnCheckpoint, ignore_checkpoint
from lipwright.server.rendering.jobs_in_hand import JobsInHand
from lipwright.server.rendering.marking import check_marking
from lipwright.server.rendering.runner import Runner
from lipwright.server.rendering.workflow_engine import WorkflowEngine
from lipwright.server.runtime.heartbeats import (
    HEARTBEAT_S,
    HEARTBEAT_TIMEOUT_MS,
    ProcessKind,
    register,
    remove_dead_processes,
    scratch_folder,
    send_heartbeat,
    unregister,
)
from lipwright.server.runtime.logs import configure_logs
from lipwright.server.runtime.private_files import keep_files_private, mend_modes
from lipwright.server.runtime.repeating_work import repeat
from lipwright.server.runtime.sandbox.check import check_sandbox
from lipwright.server.services import Services, open_services
from lipwright.server.settings import Settings, load_settings
from lipwright.server.webhooks.delivery import DELIVERY_POLL_S, Deliveries

_log = structlog.get_logger(__name__)

# A pause like this between our own heartbeats means that the database was away: others could not renew their
# rows either, and get the time to do so. Longer would take a worker that is a little later for dead.
LONG_PAUSE_S = HEARTBEAT_TIMEOUT_MS / 2000
# A workflow begins within a second of its start, or of the next look at the queue. Shorter ends workers on a
# busy machine; longer keeps a job waiting that another worker could take over.
BEGIN_LIMIT_S = 60.0


class Worker:
    """One worker process."""

    def __init__(self, services: Services, on_checkpoint: OnCheckpoint = ignore_checkpoint) -> None:
        """on_checkpoint: called at every checkpoint of a job; tests end the process there."""
        self._services = services
        self._on_checkpoint = on_checkpoint
        guard = AddressGuard(services.settings.reachable_hosts)
        self._deliveries = Deliveries(services.database, guard)
        self._process = register(services, ProcessKind.STARTING_WORKER)
        self._id = self._process.id
        self._jobs = JobsInHand()
        scratch = scratch_folder(services, self._process)
        self._runner = Runner(services, self._id, scratch, self._jobs, on_checkpoint)
        self._stop = threading.Event()
        self._heartbeat_at_s = self._trusts_heartbeats_from_s = time.monotonic()
        self._workflows = WorkflowEngine(services.settings, self._id, self._runner, self._jobs.end)

    def run(self) -> None:
        """Work until told to stop; then let the present job finish, or hand it back.

        A worker that cannot launch its workflows ends at once; one that cannot load the engine takes no job
        and does not count as ready until it can.
        """
        try:
            self._workflows.launch()
        except Exception as error:
            self._die("worker could not launch its workflows", error)
        for period_s, work in (
            (HEARTBEAT_S, self._send_heartbeat),
            (DELIVERY_POLL_S, self._deliver_webhooks),
            (UPKEEP_S, self._remove_expired),
        ):
            repeat(work, every_s=period_s, until=self._stop)
        _log.info("worker started", worker_id=self._id)
        next_look_s = time.monotonic()
        while not self._stop.is_set():
            if not self._jobs.wait_for_room(self._services.settings.poll_interval_s * 10):
                self._check_begun()
                continue
            try:
                self._runner.keep_spare()
                self._tell_kind()
                if not self._runner.has_engine:
                    self._stop.wait(self._services.settings.poll_interval_s)
                    continue
                if time.monotonic() >= next_look_s:
                    next_look_s = time.monotonic() + HEARTBEAT_S
                    if self._take_over_one():
                        continue
                if self._start_one():
                    continue
            except Exception as error:
                _log.error("worker could not look for work", exc_info=error)
                self._stop.wait(HEARTBEAT_S)
            self._stop.wait(self._services.settings.poll_interval_s)
        self._end()

    def stop(self) -> None:
        """Take no more work and end."""
        self._stop.set()

    def _start_one(self) -> bool:
        job = start_next(self._services, self._id)
        if job is None:
            return False
        self._on_checkpoint(Checkpoint.AFTER_CLAIM)
        self._begin(self._workflows.start, job.id)
        return True

    def _take_over_one(self) -> bool:
        """Go on with a job whose worker died, or that an earlier try of ours left behind."""
        job = take_over_next(self._services, self._id, self._jobs.ids)
        if job is None:
            return False
        self._begin(self._workflows.resume, job.id)
        return True

    def _begin(self, workflow: Callable[[str], None], job_id: str) -> None:
        """Start or resume a workflow. Its end makes room for another job, and so does a failure here."""
        self._jobs.begin(job_id)
        try:
            workflow(job_id)
        except BaseException:
            self._jobs.end(job_id)
            raise

    def _check_begun(self) -> None:
        """End this process when a workflow was started and does nothing, though the database answers."""
        database_answers = time.monotonic() - self._heartbeat_at_s < LONG_PAUSE_S
        if database_answers and self._jobs.longest_not_begun_s > BEGIN_LIMIT_S:
            self._die("workflow did not begin")

    def _tell_kind(self) -> None:
        """Let others know at once whether jobs are taken here."""
        kind = ProcessKind.WORKER if self._runner.has_engine else ProcessKind.STARTING_WORKER
        if self._runner.is_failing:
            kind = ProcessKind.FAILING_WORKER
        if kind != self._process.kind:
            self._process = replace(self._process, kind=kind)
            send_heartbeat(self._services, self._process)

    def _die(self, reason: str, error: Exception | None = None) -> NoReturn:
        """End at once: what this worker held is taken over, and it is started anew."""
        _log.error(reason, worker_id=self._id, exc_info=error)
        with contextlib.suppress(Exception):  # the missed heartbeat tells as much, a little later
            self._runner.stop()
            unregister(self._services, self._process)
        sys.stderr.flush()
        os._exit(1)

    def _send_heartbeat(self) -> None:
        send_heartbeat(self._services, self._process)
        self._services.refresh()
        now_s, last_s = time.monotonic(), self._heartbeat_at_s
        self._heartbeat_at_s = now_s
        if now_s - last_s > LONG_PAUSE_S:
            self._trusts_heartbeats_from_s = now_s + HEARTBEAT_TIMEOUT_MS / 1000
        if now_s < self._trusts_heartbeats_from_s:
            return
        dead = remove_dead_processes(self._services)
        self._workflows.remove_queues(dead)

    def _deliver_webhooks(self) -> None:
        self._deliveries.start_due()

    def _remove_expired(self) -> None:
        remove_expired(self._services)
        self._workflows.remove_old(self._services.database.clock.now_ms())

    def _end(self) -> None:
        """A job that does not finish in time goes back to the others: unfinished, and kept as it is."""
        finished = self._jobs.wait_until_none(self._services.settings.shutdown_grace_s)
        _log.info("worker ends", worker_id=self._id, handed_back=not finished)
        try:
            self._runner.stop()
            unregister(self._services, self._process)
            if finished:
                self._workflows.close()
        except Exception as error:  # the database went first; the heartbeat will be missed in time
            _log.error("worker could not unregister", worker_id=self._id, exc_info=error)
        finally:
            sys.stderr.flush()
            os._exit(0)  # a workflow that was handed back must not go on in its thread


def run_worker(
    settings: Settings, *, ends_with_parent: bool = False, on_checkpoint: OnCheckpoint = ignore_checkpoint
) -> None:
    """Work in this process until it is told to stop by a signal, or by the end of its parent."""
    configure_logs(settings)
    if ends_with_parent:
        keep_files_private()
    else:
        mend_modes(settings)
    prepare_database(settings)
    check_sandbox(settings)
    check_marking(settings)
    compile_engine()
    services = open_services(settings)
    with services.database.read() as connection:
        warn_of_differences(connection, settings)
    worker = Worker(services, on_checkpoint)

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        worker.stop()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    if ends_with_parent:
        threading.Thread(target=_watch_parent, args=(worker,), daemon=True).start()
    worker.run()


def _watch_parent(worker: Worker) -> None:
    """The parent holds the other end of our standard input; it is closed when the parent is gone."""
    while sys.stdin.buffer.read(1):
        pass
    worker.stop()


if __name__ == "__main__":
    run_worker(load_settings(), ends_with_parent=True)
