"""`lipwright webhooks`: register addresses that receive events, and look at deliveries."""

from __future__ import annotations

from typing import Annotated

import typer

from lipwright.cli.terminal.console import console
from lipwright.engine import BadParameters

app = typer.Typer(no_args_is_help=True, help="Manage the webhooks of the service.")

WebhookId = Annotated[str, typer.Argument(metavar="ID", help="Id of a webhook, as `list` shows it.")]


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="http or https address that receives the events.")],
    account: Annotated[str, typer.Option(help="Account whose events are sent.")] = "default",
    event: Annotated[
        list[str] | None, typer.Option(help="An event to send; may be repeated. Default: all.")
    ] = None,
) -> None:
    """Register an address and print its secret, alone on the last line. It cannot be shown again."""
    from lipwright.server.accounts import repository as accounts
    from lipwright.server.errors import ServiceError
    from lipwright.server.operation.administration import opened_services
    from lipwright.server.webhooks.service import create_webhook

    with opened_services() as services, services.database.write() as connection:
        owner = accounts.find_account(connection, account)
        if owner is None:
            raise BadParameters(f"There is no account '{account}'. `lipwright credits balance` lists them.")
        try:
            webhook = create_webhook(
                connection,
                owner.id,
                url,
                tuple(event or ()),
                limit=services.settings.webhooks_per_account,
            )
        except ServiceError as error:
            raise BadParameters(f"{error.message.rstrip('.')}.") from None
    console.say(f"Webhook {webhook.id}. Its secret is shown only once.")
    console.data(webhook.secret)


@app.command("list")
def list_webhooks() -> None:
    """List all webhooks."""
    from lipwright.server.operation.administration import opened_services
    from lipwright.server.webhooks import repository

    with opened_services() as services, services.database.read() as connection:
        for webhook in repository.list_webhooks(connection, None):
            state = "enabled" if webhook.enabled else "disabled"
            console.data(f"{webhook.id}  {state}  {webhook.url}  {','.join(webhook.event_types)}")


@app.command()
def enable(webhook_id: WebhookId) -> None:
    """Switch a webhook on."""
    _switch(webhook_id, enabled=True)


@app.command()
def disable(webhook_id: WebhookId) -> None:
    """Switch a webhook off; its undelivered events fail after a day."""
    _switch(webhook_id, enabled=False)


@app.command()
def remove(webhook_id: WebhookId) -> None:
    """Remove a webhook with its deliveries."""
    from lipwright.server.operation.administration import opened_services
    from lipwright.server.webhooks import repository

    with opened_services() as services, services.database.write() as connection:
        if repository.find_webhook(connection, webhook_id, None) is None:
            raise _no_such_webhook(webhook_id)
        repository.remove_webhook(connection, webhook_id)


@app.command()
def deliveries(webhook_id: WebhookId) -> None:
    """Show the newest deliveries of a webhook with their attempts."""
    from lipwright.server.operation.administration import opened_services
    from lipwright.server.webhooks import repository, service

    with opened_services() as services, services.database.read() as connection:
        webhook = repository.find_webhook(connection, webhook_id, None)
        if webhook is None:
            raise _no_such_webhook(webhook_id)
        for delivery in service.list_deliveries(connection, webhook):
            console.data(f"{delivery.id}  {delivery.status}  {delivery.type}  {delivery.project_id}")
            for attempt in delivery.attempts:
                console.data(f"    {attempt.made_at}  {attempt.status_code or attempt.failure}")


@app.command()
def replay(delivery_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a delivery.")]) -> None:
    """Deliver an event again."""
    from lipwright.server.errors import NotFound
    from lipwright.server.operation.administration import opened_services
    from lipwright.server.webhooks import service

    with opened_services() as services, services.database.write() as connection:
        try:
            console.data(service.replay(connection, delivery_id, None))
        except NotFound:
            raise BadParameters(
                f"There is no delivery '{delivery_id}'. `lipwright webhooks deliveries` lists them."
            ) from None


def _switch(webhook_id: str, *, enabled: bool) -> None:
    from lipwright.server.operation.administration import opened_services
    from lipwright.server.webhooks import repository

    with opened_services() as services, services.database.write() as connection:
        if repository.find_webhook(connection, webhook_id, None) is None:
            raise _no_such_webhook(webhook_id)
        repository.set_enabled(connection, webhook_id, enabled)


def _no_such_webhook(webhook_id: str) -> BadParameters:
    return BadParameters(f"There is no webhook '{webhook_id}'. `lipwright webhooks list` shows them.")
