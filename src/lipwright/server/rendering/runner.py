"""One worker's way of rendering a job: at most one at a time, each in a process of its own.

Files that a job names by an address are fetched before, in another process, while others are rendered.
"""

from __future__ import annotations

import errno
import os
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from lipwright.engine import DiskFull, EngineError
from lipwright.provenance.credentials import Identity
from lipwright.server.database.connection import is_away
from lipwright.server.errors import api_code
from lipwright.server.jobs import repository
from lipwright.server.jobs.kinds import output_key
from lipwright.server.jobs.lifecycle import finish, hold_for
from lipwright.server.jobs.model import (
    Failure,
    Job,
    JobSpec,
    LipSyncSpec,
    Result,
    SpeechSpec,
    TalkingPhotoSpec,
)
from lipwright.server.jobs.previews import put_preview
from lipwright.server.made_files.model import MadeOutput
from lipwright.server.rendering.checkpoints import Checkpoint, OnCheckpoint, ignore_checkpoint
from lipwright.server.rendering.child import (
    TICK_S,
    Fetch,
    RenderChild,
    RenderCrashed,
    RenderStopped,
    start_fork_server,
)
from lipwright.server.rendering.inputs import copy_stored, find_inputs, has_addresses, is_stored_far_away
from lipwright.server.rendering.jobs_in_hand import JobsInHand
from lipwright.server.rendering.marking import has_watermark, mark_files, open_marking, task_marking
from lipwright.server.rendering.messages import (
    DISK_FULL,
    FetchRules,
    PreviewMessage,
    ProgressMessage,
    Succeeded,
    Task,
)
from lipwright.server.rendering.voice_names import VoiceNames, load_voice_names
from lipwright.server.runtime.sandbox.fork_client import ForkServer, ForkServerGone, can_fork
from lipwright.server.services import Services

_log = structlog.get_logger(__name__)
# How often a step tries again to reach a database that is away.
AWAY_RETRY_S = 1.0
# Between two starts of a child when the engine cannot be loaded: more often fills the log, less often keeps a
# machine idle that somebody has repaired.
FIRST_LOAD_WAIT_S = 1.0
LONGEST_LOAD_WAIT_S = 60.0
# How often a job that waits for the engine to be loaded again looks whether it is.
_LOADING_TICK_S = 0.05

Answer = TypeVar("Answer")


class _Admission(Protocol):
    """A lock or a semaphore."""

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool: ...

    def release(self) -> None: ...


class Runner:
    """Renders jobs that this worker holds. `render` and `settle` are the steps of the durable workflow."""

    def __init__(
        self,
        services: Services,
        worker_id: str,
        scratch: Path,
        jobs: JobsInHand,
        on_checkpoint: OnCheckpoint = ignore_checkpoint,
    ) -> None:
        self._services = services
        self._worker_id = worker_id
        self._scratch = scratch
        self._jobs = jobs
        self._on_checkpoint = on_checkpoint
        self._lock = threading.Lock()
        self._forks: ForkServer | None = None
        self._spare: RenderChild | None = None
        self._slot = threading.Lock()  # held while a job is rendered
        self._running: set[RenderChild] = set()
        self._is_stopping = False
        self._has_engine = False
        self._failed_loads = 0
        self._next_load_s = 0.0

    def keep_spare(self) -> None:
        """Have a child waiting that has loaded the engine, so that the next job starts at once."""
        with self._lock:
            if self._is_stopping:
                return
            if self._spare is not None and self._spare.is_alive:
                if self._spare.has_loaded():
                    self._has_engine, self._failed_loads = True, 0
                return
            if self._spare is not None:
                self._note_failed_load(self._spare)
                self._spare = None
            if time.monotonic() >= self._next_load_s:
                self._spare = self._new_child()

    def _new_child(self) -> RenderChild | None:
        """A child; None while that from which it would be forked still loads, or where that has failed."""
        settings = self._services.settings
        if not can_fork():
            return RenderChild(settings, self._scratch)
        if self._forks is None:
            self._forks = start_fork_server(settings, self._scratch)
        try:
            return RenderChild(settings, self._scratch, forks=self._forks) if self._forks.is_ready() else None
        except ForkServerGone:
            return None
        finally:
            if not self._forks.is_alive:
                self._note_failed_load(self._forks)
                self._forks = None

    @property
    def has_engine(self) -> bool:
        """Whether the engine could be loaded when it was tried last. Without it no job is to be taken."""
        return self._has_engine

    @property
    def is_failing(self) -> bool:
        """Whether the engine could not be loaded."""
        return self._failed_loads > 0

    def render(self, job_id: str) -> Result | Failure | None:
        """Render a job and store its files.

        None when it is no longer this worker's. Raises RenderCrashed for what may succeed next time.
        """
        self._jobs.note_step(job_id)
        self._on_checkpoint(Checkpoint.BEFORE_RENDER)
        job = self._when_database_answers(lambda: self._read(job_id))
        if job is None or job.is_final or job.worker_id != self._worker_id:
            return None
        folder = self._scratch / job_id
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            failure = self._bring_inputs(job, folder)
            if failure is not None:
                return failure
            with self._when_free(job_id, self._slot):
                child = self._take_child()
                self.keep_spare()  # the next one loads meanwhile
                return self._render_with(child, job, folder)
        except EngineError as failed:
            return Failure(code=api_code(failed.code), message=failed.message)
        except RenderStopped:
            _log.info("job stopped", job_id=job_id)
            return None
        except Exception as failure:
            self._wait_if_stopping()
            _log.warning("render crashed", job_id=job_id, reason=str(failure))
            raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def settle(self, job_id: str, outcome: Result | Failure) -> None:
        """End a job, once; files of one that ended otherwise meanwhile are removed."""
        self._jobs.note_step(job_id)
        self._on_checkpoint(Checkpoint.BEFORE_SETTLE)
        if self._when_database_answers(lambda: finish(self._services, job_id, self._worker_id, outcome)):
            self._on_checkpoint(Checkpoint.AFTER_SETTLE)
            return
        job = self._when_database_answers(lambda: self._read(job_id))
        if isinstance(outcome, Result) and (job is None or (job.is_final and not job.output_keys)):
            poster = () if outcome.poster_key is None else (outcome.poster_key,)
            for key in (*outcome.output_keys, *poster):
                self._services.store.remove(key)

    def stop(self) -> None:
        """Kill what renders and what waits. The jobs stay as they are, for others to take over."""
        with self._lock:
            self._is_stopping = True
            if self._spare is not None:
                self._spare.kill()
            if self._forks is not None:
                self._forks.kill()
            for child in self._running:
                child.interrupt()  # its own thread still reads from it

    def _wait_if_stopping(self) -> None:
        """A render that was killed to stop the worker is no failure: the process ends before this returns."""
        if self._is_stopping:
            threading.Event().wait()

    def _take_child(self) -> RenderChild:
        while True:
            self.keep_spare()
            self._wait_if_stopping()
            with self._lock:
                child, self._spare = self._spare, None
                if child is not None:
                    return child
                if self._forks is None:  # the engine cannot be loaded for now: this try counts as a crash
                    raise RenderCrashed("the engine cannot be loaded")
            time.sleep(_LOADING_TICK_S)

    def _note_failed_load(self, child: RenderChild | ForkServer) -> None:
        """What loads the engine ended before any task. The next ones are started more and more slowly."""
        wait_s = min(LONGEST_LOAD_WAIT_S, FIRST_LOAD_WAIT_S * 2**self._failed_loads)
        self._has_engine, self._failed_loads = False, self._failed_loads + 1
        self._next_load_s = time.monotonic() + wait_s
        _log.error("render process ended before its task", output=child.describe_end(), next_start_s=wait_s)
        child.kill()

    def _bring_inputs(self, job: Job, folder: Path) -> Failure | None:
        """Bring the files of a job into its folder, what takes time beside whatever is rendered."""
        is_far = is_stored_far_away(job.spec, self._services.store)
        if not is_far:
            self._copy_stored(job, folder)
        if not is_far and not has_addresses(job.spec):
            return None
        with self._jobs.fetching(job.id) as admission, self._when_free(job.id, admission):
            if is_far:
                self._copy_from_afar(job, folder)
            if not has_addresses(job.spec):
                return None
            self._wait_if_stopping()
            settings = self._services.settings
            rules = FetchRules(
                reachable_hosts=tuple(settings.reachable_hosts),
                timeout_s=settings.fetch_timeout_s,
                youtube=settings.youtube,
            )
            child = RenderChild(
                settings, self._scratch, Fetch(folder=folder, max_bytes=job.spec.max_fetch_bytes)
            )
            with self._running_child(child):
                answer = self._run(child, job, Task(spec=job.spec, folder=str(folder), rules=rules))
            return answer if isinstance(answer, Failure) else None

    def _copy_stored(self, job: Job, folder: Path) -> None:
        """Copy what lies in the store. Raises what the engine says of bad inputs, or RenderCrashed."""
        try:
            copy_stored(job.spec, self._services.store, folder)
        except EngineError:
            raise
        except Exception as error:  # whatever a store raises, another try may succeed
            is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
            raise RenderCrashed(f"the store failed: {error!r}", DISK_FULL if is_full else None) from error

    def _copy_from_afar(self, job: Job, folder: Path) -> None:
        """Copy from a store on other machines, in a thread: a job may be canceled meanwhile."""
        outcome: Future[None] = Future()

        def copy() -> None:
            try:
                self._copy_stored(job, folder)
                outcome.set_result(None)
            except BaseException as error:
                outcome.set_exception(error)

        threading.Thread(target=copy, daemon=True).start()
        while not wait([outcome], timeout=TICK_S).done:
            if not self._report_progress(job.id, None):
                raise RenderStopped
        outcome.result()

    def _render_with(self, child: RenderChild, job: Job, folder: Path) -> Result | Failure:
        """Have a job rendered whose files lie in a folder, and store what is made."""
        with self._running_child(child):
            inputs: dict[str, str] = {}
            for field, path in find_inputs(job.spec, folder).items():
                inputs[field] = str(child.inputs_folder / path.name)
                os.replace(path, inputs[field])
            identity = self._open_marking()
            number = None
            if identity is not None and has_watermark(job.spec):
                number = self._when_database_answers(lambda: self._watermark_number(job.id))
            font = self._services.settings.label_font
            task = Task(
                spec=job.spec,
                folder=str(child.work_folder),
                inputs=inputs,
                voices=self._when_database_answers(self._read_voice_names)
                if _speaks_text(job.spec)
                else None,
                marking=None if identity is None else task_marking(identity, number),
                label_font=None if font is None else str(font),
            )
            answer = self._run(child, job, task)
            if isinstance(answer, Failure):
                return answer
            child.end()  # from here on the files are ours alone
            made = self._mark(job, child.work_folder, answer, identity, number)
            return self._store(job, child.work_folder, answer, made)

    @contextmanager
    def _running_child(self, child: RenderChild) -> Iterator[None]:
        """A process that is interrupted with the worker, and gone afterwards."""
        with self._lock:
            self._running.add(child)
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(child)
            child.kill()

    def _run(self, child: RenderChild, job: Job, task: Task) -> Succeeded | Failure:
        """What a process answers to a task of a job."""
        previews: deque[PreviewMessage] = deque(maxlen=1)  # stored with the progress: one statement more

        def report(progress: ProgressMessage | None) -> bool:
            return self._report_progress(job.id, progress, previews.pop() if previews else None)

        return child.run(
            task,
            report,
            lambda frames: self._when_database_answers(
                lambda: hold_for(self._services, job.id, self._worker_id, frames)
            ),
            previews.append,
        )

    @contextmanager
    def _when_free(self, job_id: str, admission: _Admission) -> Iterator[None]:
        """Wait for admission and hold it. Raises RenderStopped when the job is no longer this worker's."""
        while not admission.acquire(timeout=TICK_S):
            if not self._report_progress(job_id, None):
                raise RenderStopped
        try:
            yield
        finally:
            admission.release()

    def _open_marking(self) -> Identity | None:
        """Who signs. A key that cannot be used is no fault of the job's: another try may succeed."""
        try:
            return open_marking(self._services.settings)
        except EngineError as failure:
            raise RenderCrashed(f"the credentials cannot be used: {failure.message}") from None

    def _watermark_number(self, job_id: str) -> int:
        with self._services.database.write() as connection:
            return repository.watermark_number(connection, job_id)

    def _mark(
        self, job: Job, folder: Path, answer: Succeeded, identity: Identity | None, number: int | None
    ) -> tuple[MadeOutput, ...]:
        """Sign the files of a job, and say what the log will keep of them. Raises RenderCrashed."""
        try:
            return mark_files(job.spec, folder, answer, identity, number)
        except (EngineError, OSError) as failure:
            message = DISK_FULL if isinstance(failure, DiskFull) else None
            raise RenderCrashed(f"signing failed: {failure}", message) from None

    def _read(self, job_id: str) -> Job | None:
        with self._services.database.read() as connection:
            return repository.get_job(connection, job_id)

    def _read_voice_names(self) -> VoiceNames:
        with self._services.database.read() as connection:
            return load_voice_names(connection)

    def _when_database_answers(self, call: Callable[[], Answer]) -> Answer:
        """What the call returns, tried again for as long as the database is away."""
        while True:
            try:
                return call()
            except SQLAlchemyError as error:
                if not is_away(error):
                    raise
                _log.warning("waiting for the database", error=type(error).__name__)
            self._wait_if_stopping()
            time.sleep(AWAY_RETRY_S)

    def _report_progress(
        self, job_id: str, progress: ProgressMessage | None, preview: PreviewMessage | None = None
    ) -> bool:
        """False when the job is no longer this worker's. While the database is away nobody can take it."""
        try:
            with self._services.database.write() as connection:
                is_ours = repository.report_progress(
                    connection,
                    job_id,
                    self._worker_id,
                    fraction=progress.fraction if progress else 0.0,
                    stage=progress.stage if progress else None,
                    seconds_left=progress.seconds_left if progress else None,
                )
                if is_ours and preview is not None:
                    put_preview(connection, job_id, preview.frame, preview.jpeg)
        except SQLAlchemyError as error:
            if not is_away(error):
                raise
            _log.warning("progress not reported, the database is away", job_id=job_id)
            return True
        if is_ours:
            self._on_checkpoint(Checkpoint.WHILE_RENDERING)
        return is_ours

    def _store(self, job: Job, folder: Path, succeeded: Succeeded, made: tuple[MadeOutput, ...]) -> Result:
        self._on_checkpoint(Checkpoint.BEFORE_STORE)
        started_s = time.monotonic()
        keys = []
        size_bytes = (folder / succeeded.files[0]).stat().st_size if succeeded.files else None
        for name in (*succeeded.files, *([succeeded.poster] if succeeded.poster else [])):
            key = output_key(job, name)
            try:
                self._services.store.adopt(key, folder / name)
            except Exception as error:  # whatever a store raises, another try may succeed
                raise RenderCrashed(f"the store failed: {error!r}") from error
            keys.append(key)
        _log.info("stored", job_id=job.id, files=len(keys), seconds=time.monotonic() - started_s)
        self._on_checkpoint(Checkpoint.AFTER_STORE)
        return Result(
            output_keys=tuple(keys[: len(succeeded.files)]),
            poster_key=keys[-1] if succeeded.poster else None,
            size_bytes=size_bytes,
            made=made,
            **succeeded.model_dump(exclude={"kind", "files", "poster", "perceptual_hashes", "claim"}),
        )


def _speaks_text(spec: JobSpec) -> bool:
    match spec:
        case SpeechSpec():
            return True
        case TalkingPhotoSpec():
            return spec.text is not None
        case LipSyncSpec():
            return spec.text is not None or any(person.text is not None for person in spec.voices)
        case _:
            return False
