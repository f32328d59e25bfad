"""`lipwright studio`: a link that signs in to the studio of the service."""

from __future__ import annotations

from typing import Annotated

import typer

from lipwright.cli.terminal.console import console

app = typer.Typer(no_args_is_help=True, help="Sign in to the studio, the pages of the service.")


@app.callback()
def studio() -> None:
    """Sign in to the studio, the pages of the service."""


@app.command()
def link(
    account: Annotated[
        str | None, typer.Option(help="Account to sign in; created if it does not exist.")
    ] = None,
    address: Annotated[
        str | None, typer.Option(help="Address of the server, where it is not that of the settings.")
    ] = None,
) -> None:
    """Print a link, alone on the last line. It is good once, within 15 minutes."""
    from lipwright.server.accounts.service import DEFAULT_ACCOUNT, ensure_account
    from lipwright.server.errors import BadSettings
    from lipwright.server.operation.administration import opened_services
    from lipwright.server.sessions.service import reachable_address, sign_in_link

    with opened_services() as services, services.database.write() as connection:
        if not services.settings.studio_enabled:
            raise BadSettings("The studio is switched off. Set studio_enabled to true.")
        name = account or DEFAULT_ACCOUNT
        owner = ensure_account(connection, name, services.settings.default_plan)
        found = sign_in_link(connection, owner, address or reachable_address(services.settings))
    console.say(f"Signs in the account '{name}', once, within 15 minutes.")
    console.data(found)
