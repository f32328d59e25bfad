"""`lipwright credits`: show and grant credits of the service."""

from __future__ import annotations

from typing import Annotated

import typer

from lipwright.cli.terminal.console import console
from lipwright.engine import BadParameters

app = typer.Typer(no_args_is_help=True, help="Show and grant credits of the service.")

Account = Annotated[str, typer.Argument(help="Name of the account.")]
SHOWN_ENTRIES = 50


@app.command()
def balance() -> None:
    """Show the balance of every account."""
    from lipwright.server.accounts import repository as accounts
    from lipwright.server.credits import repository as ledger
    from lipwright.server.operation.administration import opened_services

    with opened_services() as services, services.database.read() as connection:
        for account in accounts.list_accounts(connection):
            credits = ledger.balance(connection, account.id)
            console.data(f"{account.name}  {account.plan}  {credits}")


@app.command()
def grant(
    account: Account,
    credits: Annotated[int, typer.Argument(help="How many; a negative number takes credits away.")],
    note: Annotated[str, typer.Option(help="Reason, kept in the ledger.")] = "granted by the operator",
) -> None:
    """Add credits to an account."""
    from lipwright.server.credits import repository as ledger
    from lipwright.server.ids import new_id
    from lipwright.server.operation.administration import opened_services

    with opened_services() as services, services.database.write() as connection:
        account_id = _account_id(connection, account)
        ledger.add_entry(connection, account_id, f"grant:{new_id()}", credits, note)
        console.data(str(ledger.balance(connection, account_id)))


@app.command()
def history(account: Account) -> None:
    """Show the newest entries of the ledger of an account."""
    from lipwright.server.credits import repository as ledger
    from lipwright.server.ids import iso_time
    from lipwright.server.operation.administration import opened_services

    with opened_services() as services, services.database.read() as connection:
        for entry in ledger.entries(connection, _account_id(connection, account), SHOWN_ENTRIES):
            console.data(
                f"{iso_time(entry.created_at_ms)}  {entry.credits:+d}  {entry.reference}  {entry.note}"
            )


def _account_id(connection: object, name: str) -> str:
    import sqlalchemy as sa

    from lipwright.server.accounts import repository as accounts

    assert isinstance(connection, sa.Connection)
    found = accounts.find_account(connection, name)
    if found is None:
        raise BadParameters(f"There is no account '{name}'. `lipwright credits balance` lists them.")
    return found.id
