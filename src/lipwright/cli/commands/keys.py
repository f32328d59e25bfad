"""`lipwright keys`: create, list and revoke keys of the service."""

from __future__ import annotations

from typing import Annotated

import typer

from lipwright.cli.terminal.console import console
from lipwright.engine import BadParameters

app = typer.Typer(no_args_is_help=True, help="Create, list and revoke keys of the service.")


@app.command()
def create(
    plan: Annotated[str | None, typer.Option(help="Plan of a new account.")] = None,
    account: Annotated[
        str | None,
        typer.Option(help="Account of the key; created if it does not exist. Default: one account per plan."),
    ] = None,
    name: Annotated[str, typer.Option(help="What the key is for.")] = "cli",
) -> None:
    """Create a key and print it, alone on the last line. It cannot be shown again."""
    from lipwright.server.accounts import repository
    from lipwright.server.accounts.service import DEFAULT_ACCOUNT, create_key, ensure_account
    from lipwright.server.operation.administration import opened_services

    with opened_services() as services, services.database.write() as connection:
        wanted_plan = plan or services.settings.default_plan
        services.price_list.plan(wanted_plan)
        account_name = account or (DEFAULT_ACCOUNT if plan is None else plan)
        owner = ensure_account(connection, account_name, wanted_plan)
        if plan is not None and owner.plan != plan:
            repository.set_plan(connection, owner.id, plan)
        key = create_key(connection, owner, name)
    console.say(f"A key of the account '{account_name}'. It is shown only once.")
    console.data(key)


@app.command("list")
def list_keys() -> None:
    """List all keys; only the first characters of each are stored."""
    from lipwright.server.accounts import repository
    from lipwright.server.ids import iso_time
    from lipwright.server.operation.administration import opened_services

    with opened_services() as services, services.database.read() as connection:
        for key in repository.list_keys(connection):
            state = f"revoked {iso_time(key.revoked_at_ms)}" if key.revoked_at_ms else "active"
            console.data(f"{key.hint}...  {key.account}  {key.plan}  {key.name}  {state}")


@app.command()
def revoke(
    key: Annotated[str, typer.Argument(help="The key, or its first characters as `list` shows them.")],
) -> None:
    """Revoke a key; it stops working at once."""
    from lipwright.server.accounts import repository
    from lipwright.server.operation.administration import opened_services

    with opened_services() as services, services.database.write() as connection:
        count = repository.revoke_key(connection, key)
    if not count:
        raise BadParameters("There is no active key like that. `lipwright keys list` shows them.")
    console.say("Revoked.")
