"""A fuzzer that reads our OpenAPI and tries what it allows and what it does not: no answer is a 5xx."""

from __future__ import annotations

from typing import Any

import httpx
import hypothesis
import pytest
import schemathesis
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from lipwright.server.services import Services
from tests.server.callers import create_key_for

# Enough to meet every rule of every body a few times, and still a minute on two cores.
EXAMPLES = 25
# A stream, a text in which nothing varies, and a call that rightly says that no worker is there.
LEFT_OUT = ("/v1/video-projects/{id}/events", "/metrics", "/readyz")


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_call_is_answered_with_a_5xx_or_an_undocumented_status(
    services: Services, http: httpx.Client, mode: GenerationMode
) -> None:
    api = schemathesis.openapi.from_url(f"{http.base_url}/openapi.json")
    headers = {"authorization": f"Bearer {create_key_for(services)}"}
    seen = set()
    for result in api.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        if operation.path not in LEFT_OUT:
            seen.add((operation.method, operation.path))
            fuzz(operation, mode, headers)
    assert ("post", "/v1/ai-talking-photo") in seen
    assert len(seen) > 15


def fuzz(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> None:
    """Call one operation in many ways."""
    # Whatever is wrong with the method or the path itself is told by the last two.
    expected = {str(status) for status in operation.definition.raw["responses"]} | {"404", "405"}

    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def call(case: Any) -> None:
        answer = case.call(headers=headers, timeout=60)
        assert answer.status_code < 500, (case.method, case.path, case.body, answer.text)
        assert str(answer.status_code) in expected, (case.path, answer.status_code, answer.text)
        assert answer.status_code < 300 or answer.json()["message"]

    try:
        call()
    except hypothesis.errors.Unsatisfiable:  # nothing of this call can be wrong
        assert mode is GenerationMode.NEGATIVE
        assert "requestBody" not in operation.definition.raw
