"""How a process of the server answers calls, and what it does beside."""

from __future__ import annotations

import uvicorn
from fastapi import FastAPI

from lipwright.server.runtime.heartbeats import Process, send_heartbeat
from lipwright.server.services import Services
from lipwright.server.settings import Settings
from lipwright.server.web.connections import bounded_connections, connection_limits

# Open progress streams would keep a server from ending; they are cut after this time.
HTTP_GRACE_S = 5
# Longer than clients and proxies keep an idle connection (60 s is usual): whoever closes it first loses no
# request, and that must not be us.
KEEP_ALIVE_S = 75


def server_config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """How the application is served. This process's limit of open files is raised as far as it may be."""
    limits = connection_limits(settings)
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=bounded_connections(limits),
        ws="none",
        backlog=limits.backlog,
        log_config=None,  # its lines take the way of ours
        # It warns of every request that is no HTTP, so that strangers would fill the log.
        log_level="error",
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_graceful_shutdown=HTTP_GRACE_S,
        timeout_keep_alive=KEEP_ALIVE_S,
    )


def keep_up(services: Services, process: Process) -> None:
    """Tell others that this process is alive, and learn what changed meanwhile."""
    send_heartbeat(services, process)
    services.refresh()
