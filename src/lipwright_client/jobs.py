"""What happens to a job: created, polled, its results saved. Flows (see `effects`), written once for both
kinds of client; which fields a call has is in `products`.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lipwright_client import errors
from lipwright_client.calls import Call, Calls
from lipwright_client.downloads import safe_name
from lipwright_client.effects import Flow, Sleep
from lipwright_client.files import describe_file, is_remote
from lipwright_client.models import Check, CreatedProject, Project, VideoProjectPage
from lipwright_client.params import CreateOptions, GenerateOptions, LocalFile, RequestOptions
from lipwright_client.products import P, Product, fields_with_files, project_path, with_plain_paths
from lipwright_client.progress import Phase, Progress, ProgressListener
from lipwright_client.retries import Repeatable
from lipwright_client.transfers import Transfers

# The server fetches the file and looks for its watermark before it answers.
CHECK_TIMEOUT_S = 180.0


@dataclass(frozen=True, slots=True)
class Reporter:
    """Reports to the caller how far a job is, if the caller wants to know."""

    listener: ProgressListener | None
    project_id: str | None = None

    def report(self, phase: Phase, fraction: float | None = None, **more: Any) -> None:
        """Report a phase."""
        if self.listener:
            self.listener(Progress(phase=phase, fraction=fraction, project_id=self.project_id, **more))

    def report_project(self, project: Project) -> None:
        """Report the state of a job that is not finished."""
        phase: Phase = "rendering" if project.status == "rendering" else "queued"
        known = project.progress
        if known is None or phase == "queued":
            self.report(phase)
        else:
            self.report(phase, known.fraction, stage=known.stage, seconds_left=known.seconds_left)


class Jobs:
    """The jobs of one client."""

    def __init__(self, calls: Calls, transfers: Transfers) -> None:
        self._calls = calls
        self._transfers = transfers
        self._settings = calls.settings

    def create(
        self, product: Product[P], body: dict[str, Any], options: CreateOptions
    ) -> Flow[CreatedProject]:
        """Create a job, once: every repeat carries the same key."""
        keeps_keys = self._settings.keeps_idempotency_keys
        call = Call(
            method="POST",
            path=product.path,
            json=with_plain_paths(body),
            headers={"Idempotency-Key": options.get("idempotency_key") or str(uuid.uuid4())},
            options=options.get("request_options"),
            repeatable=Repeatable.FREELY if keeps_keys else Repeatable.ONLY_IF_UNSEEN,
        )
        return self._calls.ask(call, CreatedProject)

    def get(
        self,
        product: Product[P],
        project_id: str,
        options: RequestOptions | None = None,
        *,
        patient: bool = False,
    ) -> Flow[P]:
        """A job's state. patient: keep polling through an outage of the server."""
        call = Call(method="GET", path=project_path(product, project_id), options=options, patient=patient)
        return self._calls.ask(call, product.project)

    def delete(
        self, product: Product[P], project_id: str, options: RequestOptions | None = None
    ) -> Flow[None]:
        """Remove a job and its results for good."""
        yield from self._calls.send(
            Call(method="DELETE", path=project_path(product, project_id), options=options)
        )

    def cancel(self, product: Product[P], project_id: str, options: RequestOptions | None = None) -> Flow[P]:
        """Stop a job; its credits come back. Only on Lipwright's own server."""
        call = Call(
            method="POST", path=f"{project_path(product, project_id)}/cancel", json={}, options=options
        )
        return self._calls.ask(call, product.project)

    def list_videos(
        self,
        limit: int | None,
        cursor: str | None,
        status: str | None,
        options: RequestOptions | None = None,
    ) -> Flow[VideoProjectPage]:
        """Some jobs, newest first. Only on Lipwright's own server."""
        asked = {"limit": limit, "cursor": cursor, "status": status}
        params = {name: str(value) for name, value in asked.items() if value is not None}
        call = Call(method="GET", path="/v1/video-projects", params=params, options=options)
        return self._calls.ask(call, VideoProjectPage)

    def upload_file(self, file: LocalFile, listener: ProgressListener | None) -> Flow[str]:
        """The path by which the server knows a file; what it can reach already is returned as it is."""
        if is_remote(file):
            return str(file)
        reporter = Reporter(listener)
        paths = yield from self._transfers.upload(
            [describe_file(file)], lambda fraction: reporter.report("uploading", fraction)
        )
        return paths[0]

    def check_file(
        self, file: LocalFile, listener: ProgressListener | None, options: RequestOptions | None
    ) -> Flow[Check]:
        """What says where a file is from; a local one is uploaded first. Only on Lipwright's own server."""
        path = yield from self.upload_file(file, listener)
        patient: RequestOptions = {"timeout": CHECK_TIMEOUT_S}
        call = Call(
            method="POST", path="/v1/checks", json={"file_path": path}, options={**patient, **(options or {})}
        )
        return (yield from self._calls.ask(call, Check))

    def generate(self, product: Product[P], body: dict[str, Any], options: GenerateOptions) -> Flow[P]:
        """Upload what is local, create the job, wait for it and save its results."""
        body = yield from self._upload_assets(product, body, Reporter(options.get("on_progress")))
        created = yield from self.create(product, body, options)
        try:
            return (yield from self.check_result(product, created.id, options))
        except errors.ClientError as failure:
            failure.add_note(f"The job is {created.id}; check_result asks for it again.")
            raise

    def check_result(self, product: Product[P], project_id: str, options: GenerateOptions) -> Flow[P]:
        """A job's state, after waiting for it and with its results saved, where that is asked for.

        Raises JobFailed and JobCanceled, unless the client returns those; WaitLimitReached.
        """
        reporter = Reporter(options.get("on_progress"), project_id)
        if options.get("wait_for_completion", True):
            limit_s = options.get("wait_limit_s")
            project = yield from self._wait(
                product, project_id, self._settings.wait_limit_s if limit_s is None else limit_s, reporter
            )
        else:
            project = yield from self.get(product, project_id)
        if project.status == "error" and self._settings.raise_on_failure:
            raise errors.JobFailed(project)
        if project.status == "canceled" and self._settings.raise_on_failure:
            raise errors.JobCanceled(project)
        if project.status != "complete" or not options.get("download_outputs", True):
            return project
        paths = yield from self.save_outputs(project.output_urls, options, reporter)
        return project.model_copy(update={"downloaded_paths": [str(path) for path in paths]})

    def save_outputs(
        self, urls: Sequence[str], options: GenerateOptions, reporter: Reporter
    ) -> Flow[list[Path]]:
        """Where the results were saved. Raises ValueError for several results under one name."""
        output_path = options.get("output_path")
        if output_path is not None and len(urls) > 1:
            raise ValueError(f"There are {len(urls)} results: give a download_directory, not an output_path.")
        folder = Path(options.get("download_directory") or ".")
        paths = []
        for url in urls:
            target = Path(output_path) if output_path is not None else folder / safe_name(url)
            path = yield from self._transfers.download(
                url, target, lambda fraction: reporter.report("downloading", fraction)
            )
            paths.append(path)
        return paths

    def _upload_assets(
        self, product: Product[P], body: dict[str, Any], reporter: Reporter
    ) -> Flow[dict[str, Any]]:
        """The body with its local files uploaded and named by the paths they got."""
        assets = body.get("assets", {})
        local = {
            name: describe_file(assets[name], wanted)
            for name, wanted in fields_with_files(product, assets).items()
            if not is_remote(assets[name])
        }
        if not local:
            return body
        paths = yield from self._transfers.upload(
            list(local.values()), lambda fraction: reporter.report("uploading", fraction)
        )
        return body | {"assets": assets | dict(zip(local, paths, strict=True))}

    def _wait(
        self, product: Product[P], project_id: str, limit_s: float | None, reporter: Reporter
    ) -> Flow[P]:
        """The finished job. Raises WaitLimitReached."""
        started_s = time.monotonic()
        last_reported: object = None
        while True:
            project = yield from self.get(product, project_id, patient=True)
            if project.is_finished:
                return project
            if last_reported != (project.status, project.progress):
                last_reported = (project.status, project.progress)
                reporter.report_project(project)
            waited_s = time.monotonic() - started_s
            if limit_s is not None and waited_s + self._settings.poll_interval_s > limit_s:
                raise errors.WaitLimitReached(project, limit_s)
            yield Sleep(seconds=self._settings.poll_interval_s)
