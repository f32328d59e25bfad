"""The application: every route of the service."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI

from lipwright import __version__
from lipwright.server.jobs.routes import router as jobs_router
from lipwright.server.jobs.watch import JobWatch
from lipwright.server.operation.routes import router as operation_router
from lipwright.server.own_account.routes import router as own_account_router
from lipwright.server.products.batches.routes import router as batches_router
from lipwright.server.products.checks.routes import router as checks_router
from lipwright.server.products.estimates.routes import router as estimates_router
from lipwright.server.products.faces.routes import router as faces_router
from lipwright.server.products.inspection.routes import router as inspection_router
from lipwright.server.products.key_check import router as key_check_router
from lipwright.server.products.lip_sync.routes import router as lip_sync_router
from lipwright.server.products.speech.routes import router as speech_router
from lipwright.server.products.talking_photo.routes import router as talking_photo_router
from lipwright.server.services import Services
from lipwright.server.sessions.routes import router as sessions_router
from lipwright.server.uploads.media_routes import router as media_router
from lipwright.server.uploads.routes import router as uploads_router
from lipwright.server.web.authentication import Authentication
from lipwright.server.web.documentation import router as documentation_router
from lipwright.server.web.failures import install_handlers
from lipwright.server.web.json_bodies import JsonBodies
from lipwright.server.web.rate_limits import CallLimits, SignInAttempts
from lipwright.server.web.request_log import RequestLog
from lipwright.server.web.slow_bodies import SlowBodies
from lipwright.server.webhooks.routes import router as webhooks_router
from lipwright.studio.routes import studio_router

_ROUTERS = (
    uploads_router,
    talking_photo_router,
    lip_sync_router,
    jobs_router,
    batches_router,
    speech_router,
    faces_router,
    inspection_router,
    checks_router,
    estimates_router,
    key_check_router,
    webhooks_router,
    sessions_router,
    own_account_router,
    media_router,
    operation_router,
    documentation_router,
)


def _no_trouble() -> None:
    """What is wrong with the workers of a server that has none of its own."""


def create_app(
    services: Services, scratch: Path, worker_trouble: Callable[[], str | None] = _no_trouble
) -> FastAPI:
    """The application on open services.

    scratch: where unfinished uploads lie. worker_trouble: what is wrong with this server's workers.
    """
    app = FastAPI(
        title="Lipwright",
        version=__version__,
        summary="Makes faces speak: talking photos and lip sync.",
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = services
    app.state.scratch = scratch
    app.state.worker_trouble = worker_trouble
    app.state.watch = JobWatch(services)
    app.state.attempts = SignInAttempts(services.settings.wrong_keys_per_minute)
    add_routes(app)
    if services.settings.studio_enabled:
        app.include_router(studio_router(services.addresses.store_origin()))
    install_handlers(app)
    # The last one added is the first to see a request.
    app.add_middleware(JsonBodies)
    app.add_middleware(SlowBodies, patience_s=services.settings.client_timeout_s)
    app.add_middleware(CallLimits, services=services)
    app.add_middleware(Authentication, services=services, attempts=app.state.attempts)
    app.add_middleware(RequestLog)
    return app


def add_routes(app: FastAPI) -> None:
    """Every route of the service."""
    for router in _ROUTERS:
        app.include_router(router)
