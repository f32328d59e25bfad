"""`lipwright worker`: start a worker that shares the queue of a service."""

from __future__ import annotations

import typer

app = typer.Typer()


@app.command()
def worker() -> None:
    """Render jobs of the service whose database and storage the settings name."""
    from lipwright.server.operation.work import run_worker
    from lipwright.server.settings import load_settings

    run_worker(load_settings())
