"""One worker's way of rendering a project: at most one at a time, each in a process of its own."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import structlog

from lipwright.server.jobs import repository
from lipwright.server.jobs.kinds import output_key
from lipwright.server.jobs.lifecycle import finish
from lipwright.server.jobs.model import Failure, Job, Result
from lipwright.server.rendering.child import RenderChild, RenderCrashed, RenderStopped
from lipwright.server.rendering.messages import ProgressMessage, Succeeded, Task
from lipwright.server.services import Services

_log = structlog.get_logger(__name__)


class Runner:
    """Renders projects that this worker holds. Its methods are the steps of the durable workflow."""

    def __init__(self, services: Services, worker_id: str, scratch: Path) -> None:
        self._services = services
        self._worker_id = worker_id
        self._scratch = scratch
        self._lock = threading.Lock()
        self._spare: RenderChild | None = None
        self._running: RenderChild | None = None
        self._is_stopping = False

    def keep_spare(self) -> None:
        """Have a process waiting that has loaded the engine, so that the next job starts at once."""
        with self._lock:
            if self._is_stopping or (self._spare is not None and self._spare.is_alive):
                return
            if self._spare is not None:
                _log.error("render process ended before its task", output=self._spare.last_words())
                self._spare.kill()
            self._spare = RenderChild(self._services.settings, self._scratch)

    def render(self, job_id: str) -> Result | Failure | None:
        """Render a project and store its files.

        None when it is no longer this worker's. Raises RenderCrashed for what may succeed next time.
        """
        with self._services.database.read() as connection:
            job = repository.get_job(connection, job_id)
        if job is None or job.is_final or job.worker_id != self._worker_id:
            return None
        folder = self._scratch / job_id
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        process = self._take_process()
        self.keep_spare()  # the next one loads meanwhile
        try:
            produced = process.run(
                Task(spec=job.spec, folder=str(folder)), lambda news: self._tell(job_id, news)
            )
            return produced if isinstance(produced, Failure) else self._store(job, folder, produced)
        except RenderStopped:
            _log.info("job stopped", job_id=job_id)
            return None
        except Exception as failure:
            self._wait_if_stopping()
            _log.warning("render broke", job_id=job_id, reason=str(failure))
            raise
        finally:
            process.kill()
            with self._lock:
                self._running = None
            shutil.rmtree(folder, ignore_errors=True)

    def settle(self, job_id: str, outcome: Result | Failure) -> None:
        """End a project, once; files of one that ended otherwise meanwhile are removed."""
        if finish(self._services, job_id, self._worker_id, outcome):
            return
        with self._services.database.read() as connection:
            job = repository.get_job(connection, job_id)
        if isinstance(outcome, Result) and (job is None or (job.is_final and not job.output_keys)):
            for key in outcome.output_keys:
                self._services.store.remove(key)

    def stop(self) -> None:
        """Kill what renders and what waits. The projects stay as they are, for others to take over."""
        with self._lock:
            self._is_stopping = True
            if self._spare is not None:
                self._spare.kill()
            if self._running is not None:
                self._running.interrupt()  # the thread that watches it still reads from it

    def _wait_if_stopping(self) -> None:
        """A render that was killed to stop the worker is no failure: the process ends before this returns."""
        if self._is_stopping:
            threading.Event().wait()

    def _take_process(self) -> RenderChild:
        self.keep_spare()
        self._wait_if_stopping()
        with self._lock:
            process, self._spare = self._spare, None
            assert process is not None
            self._running = process
            return process

    def _tell(self, job_id: str, news: ProgressMessage | None) -> bool:
        with self._services.database.write() as connection:
            return repository.report_progress(
                connection,
                job_id,
                self._worker_id,
                fraction=news.fraction if news else 0.0,
                stage=news.stage if news else None,
                seconds_left=news.seconds_left if news else None,
            )

    def _store(self, job: Job, folder: Path, produced: Succeeded) -> Result:
        started_s = time.monotonic()
        keys = []
        for name in produced.files:
            key = output_key(job, name)
            try:
                self._services.store.adopt(key, folder / name)
            except Exception as error:  # whatever a store raises, another try may succeed
                raise RenderCrashed(f"the store failed: {error!r}") from error
            keys.append(key)
        _log.info("stored", job_id=job.id, files=len(keys), seconds=time.monotonic() - started_s)
        return Result(output_keys=tuple(keys), **produced.model_dump(exclude={"kind", "files"}))
