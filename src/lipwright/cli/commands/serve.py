"""`lipwright serve`: start the HTTP service and its workers."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; 0.0.0.0 for all.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    workers: Annotated[int | None, typer.Option(help="Workers to start; 0 for none.")] = None,
    processes: Annotated[int | None, typer.Option(help="Processes that answer calls, on one socket.")] = None,
) -> None:
    """Start the HTTP service and its workers."""
    from lipwright.server.operation import serve as service
    from lipwright.server.settings import load_settings

    service.serve(load_settings(host=host, port=port, workers=workers, processes=processes))
