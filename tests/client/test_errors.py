"""Every error of the client says what is wrong, whatever it is made from."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from lipwright_client import Project, errors
from lipwright_client.errors import ApiError, ClientError, refusal

JOB = {"id": "p1", "status": "error", "error": {"code": "no_source_face", "message": "No face was found."}}


def kinds_of(kind: type[ClientError]) -> Iterator[type[ClientError]]:
    for child in kind.__subclasses__():
        yield child
        yield from kinds_of(child)


def refused(status: int) -> ClientError:
    request = httpx.Request("GET", "http://server.test/v1")
    return refusal(httpx.Response(status, json={"message": "No."}, request=request))


MADE = [
    *(refused(status) for status in (400, 401, 402, 403, 404, 409, 413, 418, 422, 429, 500, 302)),
    errors.ConnectionFailed("The server cannot be reached."),
    errors.TimedOut("The server did not answer."),
    errors.UnusableFile("The file cannot be uploaded."),
    errors.FileMissing("There is no file."),
]


def test_a_refusal_has_the_servers_status_and_message() -> None:
    refusals = [error for error in MADE if isinstance(error, ApiError)]
    assert len(refusals) == 11
    for error in refusals:
        assert error.message == "No."
        assert str(error) == f"{error.status_code}: No."


@pytest.mark.parametrize("error", MADE, ids=lambda error: type(error).__name__)
def test_an_error_ends_its_sentence(error: ClientError) -> None:
    assert str(error).endswith(".")


def test_the_errors_of_a_job_name_it() -> None:
    project = Project.model_validate(JOB)
    failed = errors.JobFailed(project)
    assert (failed.code, failed.message) == ("no_source_face", "No face was found.")
    assert str(failed) == "Job p1 failed (no_source_face): No face was found."
    assert str(errors.JobCanceled(project)) == "Job p1 was canceled."
    assert "Job p1 is still error after 2 s." in str(errors.WaitLimitReached(project, 2))


def test_no_error_of_the_client_is_left_out_here() -> None:
    of_jobs = {errors.JobEnded, errors.JobFailed, errors.JobCanceled, errors.WaitLimitReached}
    assert set(kinds_of(ClientError)) == {type(error) for error in MADE} | of_jobs
