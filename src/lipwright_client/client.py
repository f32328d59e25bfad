"""The two clients. All they do is hold settings and a connection; the calls are under `v1`."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx

from lipwright_client.async_resources import AsyncSession, AsyncV1
from lipwright_client.flows import Flows
from lipwright_client.resources import V1, Session
from lipwright_client.settings import DEFAULT_MAX_RETRIES, DEFAULT_TIMEOUT_S, resolve_settings


class Client:
    """Talks to a server, blocking. Close it, or use it in a `with` block.

    token: the key; base_url: the server. Both may come from the environment (see `settings`).
    timeout: seconds for one call; None waits for ever. httpx_client: a connection of your own.
    max_retries: how often a call is repeated that can be repeated without harm; 0 repeats nothing.
    poll_interval_s: between two polls of a job. wait_limit_s: for one job; None waits for ever.
    raise_on_failure: False returns failed and canceled jobs like any other.
    """

    def __init__(
        self,
        *,
        token: str | None = None,
        base_url: str | None = None,
        timeout: float | None = DEFAULT_TIMEOUT_S,
        httpx_client: httpx.Client | None = None,
        max_retries: int = DEFAULT_MAX_RETRIES,
        poll_interval_s: float | None = None,
        wait_limit_s: float | None = None,
        raise_on_failure: bool = True,
    ) -> None:
        self.settings = resolve_settings(
            token=token,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            poll_interval_s=poll_interval_s,
            wait_limit_s=wait_limit_s,
            raise_on_failure=raise_on_failure,
        )
        self._http = httpx_client or httpx.Client()
        self.v1 = V1(Session(Flows(self.settings), self._http))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncClient:
    """Talks to a server without blocking the event loop. Close it, or use it in an `async with` block.

    The arguments are those of `Client`.
    """

    def __init__(
        self,
        *,
        token: str | None = None,
        base_url: str | None = None,
        timeout: float | None = DEFAULT_TIMEOUT_S,
        httpx_client: httpx.AsyncClient | None = None,
        max_retries: int = DEFAULT_MAX_RETRIES,
        poll_interval_s: float | None = None,
        wait_limit_s: float | None = None,
        raise_on_failure: bool = True,
    ) -> None:
        self.settings = resolve_settings(
            token=token,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            poll_interval_s=poll_interval_s,
            wait_limit_s=wait_limit_s,
            raise_on_failure=raise_on_failure,
        )
        self._http = httpx_client or httpx.AsyncClient()
        self.v1 = AsyncV1(AsyncSession(Flows(self.settings), self._http))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
