"""The caller's own account. All of these calls are ours; the Magic Hour API has none."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from lipwright.server.own_account import service
from lipwright.server.own_account.schemas import (
    AccountAnswer,
    CreatedKey,
    KeyList,
    KeyRequest,
    LedgerPage,
    Usage,
)
from lipwright.server.web.context import DOCUMENTED_SECURITY, Caller, ServicesOf
from lipwright.server.web.documented import DELETE_ANSWERS, READ_ANSWERS, answers

router = APIRouter(tags=["account"], dependencies=DOCUMENTED_SECURITY)


@router.get("/v1/account", operation_id="account.get", responses=READ_ANSWERS)
def get_account(services: ServicesOf, caller: Caller) -> AccountAnswer:
    """The account, its balance, its plan and the prices. Ours."""
    return service.describe(services, caller)


@router.get("/v1/account/ledger", operation_id="account.ledger", responses=READ_ANSWERS)
def get_ledger(
    services: ServicesOf,
    caller: Caller,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(description="next_cursor of an earlier answer.")] = None,
) -> LedgerPage:
    """Credits that were given and taken, newest first. Ours."""
    return service.ledger_page(services, caller, limit=limit, cursor=cursor)


@router.get("/v1/account/usage", operation_id="account.usage", responses=READ_ANSWERS)
def get_usage(services: ServicesOf, caller: Caller, days: Annotated[int, Query(ge=1, le=366)] = 30) -> Usage:
    """What was made on each day. Ours."""
    return service.usage(services, caller, days)


@router.get("/v1/api-keys", operation_id="apiKeys.list", responses=READ_ANSWERS)
def list_api_keys(services: ServicesOf, caller: Caller) -> KeyList:
    """The keys of the account, without their secrets. Ours."""
    return service.list_keys(services, caller)


@router.post("/v1/api-keys", operation_id="apiKeys.create", responses=READ_ANSWERS | answers(422))
def create_api_key(body: KeyRequest, services: ServicesOf, caller: Caller) -> CreatedKey:
    """A new key. The answer holds it, once. Ours."""
    return service.add_key(services, caller, body.name)


@router.delete("/v1/api-keys/{id}", operation_id="apiKeys.revoke", status_code=204, responses=DELETE_ANSWERS)
def revoke_api_key(id: str, services: ServicesOf, caller: Caller) -> None:
    """Revoke a key: it stops working at once, and so do browsers that signed in with it. Ours."""
    service.revoke_key(services, caller, id)
