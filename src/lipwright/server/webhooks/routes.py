"""Webhooks of the caller's account. All of these calls are ours; the Magic Hour API has none."""

from __future__ import annotations

from fastapi import APIRouter

from lipwright.server.web.context import DOCUMENTED_SECURITY, Caller, ServicesOf
from lipwright.server.web.documented import CREATE_ANSWERS, READ_ANSWERS, answers
from lipwright.server.webhooks import repository, service
from lipwright.server.webhooks.schemas import (
    CreatedWebhook,
    DeliveryList,
    ReplayAnswer,
    WebhookAnswer,
    WebhookChange,
    WebhookList,
    WebhookRequest,
)

router = APIRouter(tags=["webhooks"], dependencies=DOCUMENTED_SECURITY)


@router.post("/v1/webhooks", operation_id="webhooks.create", responses=CREATE_ANSWERS)
def create_webhook(body: WebhookRequest, services: ServicesOf, caller: Caller) -> CreatedWebhook:
    """Register an address. The answer holds its secret, once."""
    with services.database.write() as connection:
        webhook = service.create_webhook(
            connection,
            caller.id,
            body.url,
            tuple(body.events or ()),
            limit=services.settings.webhooks_per_account,
        )
    return CreatedWebhook(**service.present_webhook(webhook).model_dump(), secret=webhook.secret)


@router.get("/v1/webhooks", operation_id="webhooks.list", responses=READ_ANSWERS)
def list_webhooks(services: ServicesOf, caller: Caller) -> WebhookList:
    """All webhooks of the account."""
    with services.database.read() as connection:
        found = repository.list_webhooks(connection, caller.id)
    return WebhookList(items=[service.present_webhook(webhook) for webhook in found])


@router.patch("/v1/webhooks/{id}", operation_id="webhooks.change", responses=READ_ANSWERS)
def change_webhook(id: str, body: WebhookChange, services: ServicesOf, caller: Caller) -> WebhookAnswer:
    """Switch a webhook on or off."""
    with services.database.write() as connection:
        webhook = service.get_webhook(connection, id, caller.id)
        repository.set_enabled(connection, webhook.id, body.enabled)
        return service.present_webhook(service.get_webhook(connection, id, caller.id))


@router.delete("/v1/webhooks/{id}", operation_id="webhooks.delete", status_code=204, responses=READ_ANSWERS)
def delete_webhook(id: str, services: ServicesOf, caller: Caller) -> None:
    """Remove a webhook with its deliveries."""
    with services.database.write() as connection:
        repository.remove_webhook(connection, service.get_webhook(connection, id, caller.id).id)


@router.get("/v1/webhooks/{id}/deliveries", operation_id="webhooks.deliveries", responses=READ_ANSWERS)
def list_deliveries(id: str, services: ServicesOf, caller: Caller) -> DeliveryList:
    """What was delivered, what was tried, and what came back."""
    with services.database.read() as connection:
        webhook = service.get_webhook(connection, id, caller.id)
        return DeliveryList(items=service.list_deliveries(connection, webhook))


@router.post("/v1/webhook-deliveries/{id}/replay", operation_id="webhooks.replay", responses=READ_ANSWERS)
def replay(id: str, services: ServicesOf, caller: Caller) -> ReplayAnswer:
    """Deliver the event of a delivery once more, with a new signature."""
    with services.database.write() as connection:
        return ReplayAnswer(id=service.replay(connection, id, caller.id))


@router.post("/v1/webhooks/{id}/test", operation_id="webhooks.test", responses=READ_ANSWERS | answers(422))
def test_webhook(id: str, services: ServicesOf, caller: Caller) -> ReplayAnswer:
    """Send an event of the type `webhook.test` to a webhook; the answer names its delivery."""
    with services.database.write() as connection:
        return ReplayAnswer(id=service.send_test(connection, service.get_webhook(connection, id, caller.id)))
