"""Single calls: sent with the key, repeated where that is safe, checked and turned into values.

Everything here is a flow (see `effects`); when to repeat is decided in `retries`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import pydantic

from lipwright_client import errors
from lipwright_client.effects import Effect, Flow, Send, Sleep
from lipwright_client.models import Answer
from lipwright_client.params import RequestOptions
from lipwright_client.retries import Repeatable, RetryPolicy
from lipwright_client.settings import ClientSettings

A = TypeVar("A", bound=Answer)

# While a job runs, a poll may fail this often in a row: about two minutes, a restart with an upgrade.
# Other calls fail sooner, so that a wrong address does not hang; a job in work is worth the wait.
PATIENT_RETRIES = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the Magic Hour API.

    options: the caller's additions. repeatable: whether it may be sent again. patient: survive an outage.
    """

    method: str
    path: str
    json: dict[str, Any] | None = None
    params: Mapping[str, str] | None = None
    headers: Mapping[str, str] | None = None
    options: RequestOptions | None = None
    repeatable: Repeatable = Repeatable.FREELY
    patient: bool = False


class Calls:
    """Sends the calls of one client."""

    def __init__(self, settings: ClientSettings) -> None:
        self.settings = settings
        self._policy = RetryPolicy(max_retries=settings.max_retries)
        patience = max(PATIENT_RETRIES, settings.max_retries) if settings.max_retries else 0
        self._patient_policy = RetryPolicy(max_retries=patience)

    def ask(self, call: Call, answer: type[A]) -> Flow[A]:
        """The answer to a call. Raises ApiError, ConnectionFailed, UnexpectedAnswer."""
        response = yield from self.send(call)
        try:
            return answer.model_validate_json(response.content)
        except pydantic.ValidationError as mismatch:
            raise errors.UnexpectedAnswer(
                f"The answer to {call.method} {call.path} is not what the Magic Hour API promises: {mismatch}"
            ) from mismatch

    def send(self, call: Call) -> Flow[httpx.Response]:
        """Send a call whose answer does not matter beyond its success. Raises ApiError, ConnectionFailed."""
        options = call.options or {}
        headers = {"Accept": "application/json", **(call.headers or {})}
        if self.settings.token:
            headers["Authorization"] = f"Bearer {self.settings.token}"
        effect = Send(
            method=call.method,
            url=self.settings.base_url + call.path,
            headers=headers | options.get("additional_headers", {}),
            params={**(call.params or {}), **options.get("additional_params", {})},
            json=call.json,
            timeout_s=options.get("timeout", self.settings.timeout_s),
        )
        policy = self._patient_policy if call.patient else self._policy
        return (yield from self.until_answered(lambda: effect, call.repeatable, policy))

    def until_answered(
        self,
        next_effect: Callable[[], Effect],
        repeatable: Repeatable = Repeatable.FREELY,
        policy: RetryPolicy | None = None,
    ) -> Flow[httpx.Response]:
        """A 2xx answer, after as many tries as allowed. next_effect: what to do in each of them."""
        policy = policy or self._policy
        tries = 0
        while True:
            tries += 1
            try:
                response: httpx.Response = yield next_effect()
            except httpx.RequestError as failure:
                wait_s = policy.wait_after_failure_s(failure, tries, repeatable)
                if wait_s is None:
                    raise _unreachable(failure) from failure
            else:
                if response.is_success:
                    return response
                wait_s = policy.wait_after_answer_s(response, tries, repeatable)
                if wait_s is None:
                    raise errors.refusal(response)
            yield Sleep(seconds=wait_s)


def _unreachable(failure: httpx.RequestError) -> errors.ConnectionFailed:
    """The error for a connection that was not made, broke, or stayed silent."""
    url = failure.request.url
    server = f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}"
    reason = str(failure) or type(failure).__name__
    if isinstance(failure, httpx.TimeoutException):
        return errors.TimedOut(f"{server} did not answer in time ({reason}).")
    return errors.ConnectionFailed(
        f"{server} cannot be reached ({reason}). Check that the server runs and that the address is right."
    )
