"""A fuzzer that reads our OpenAPI and tries what it allows and what it does not: no answer is a 5xx."""

from __future__ import annotations

from collections.abc import Iterator

import hypothesis
import pytest
import schemathesis
from schemathesis.specs.openapi.checks import status_code_conformance

from lipwright.server.services import Services
from lipwright.server.web.app import create_app
from tests.server.conftest import create_key_for

# Enough to meet every rule of every body a few times, and still a minute on two cores.
EXAMPLES = 30


@pytest.fixture(scope="module")
def key(services: Services) -> Iterator[str]:
    return create_key_for(services)


@pytest.fixture(scope="module")
def api(services: Services) -> schemathesis.schemas.BaseSchema:
    scratch = services.settings.scratch_folder / "fuzz"
    scratch.mkdir(parents=True)
    return schemathesis.openapi.from_asgi("/openapi.json", create_app(services, scratch))


schema = schemathesis.pytest.from_fixture("api")


@pytest.mark.slow
@schema.exclude(path_regex="/events$").parametrize()
@hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(hypothesis.HealthCheck),
)
def test_no_call_is_answered_with_a_5xx(case: schemathesis.Case, key: str) -> None:
    case.headers = {**(case.headers or {}), "authorization": f"Bearer {key}"}
    answer = case.call()
    assert answer.status_code < 500, answer.text
    if case.path.startswith("/v1/"):
        case.validate_response(answer, checks=[status_code_conformance])
