"""The dependency of the routes that create jobs: who calls, and what a repeat is compared by."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from anyio import from_thread
from fastapi import Depends, Header, Request
from pydantic import BaseModel

from lipwright.server.jobs.lifecycle import CreateCall
from lipwright.server.web.context import Caller, PublicUrl


async def _create_call(
    request: Request,
    account: Caller,
    public_url: PublicUrl,
    idempotency_key: Annotated[
        str | None, Header(description="Ours: a repeat with the same key gets the first answer again.")
    ] = None,
) -> CreateCall:
    return CreateCall(
        account=account,
        path=request.url.path,
        body="",
        public_url=public_url,
        idempotency_key=idempotency_key,
        has_left=lambda: from_thread.run(request.is_disconnected),
    )


# The call without its body, which the route adds.
Creating = Annotated[CreateCall, Depends(_create_call)]


def with_body(call: CreateCall, body: BaseModel) -> CreateCall:
    """The call with its body."""
    return replace(call, body=body.model_dump_json())
