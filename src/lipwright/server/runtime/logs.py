"""Structured logs on standard error: what happened to which request or job, never what is in it."""

from __future__ import annotations

import logging
import sys

import structlog

from lipwright.server.settings import Settings

# Tracebacks name files and lines. The values of variables stay out: keys and addresses are among them, and
# drawing them takes seconds, which an outage multiplies.
_TRACEBACKS_AS_JSON = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def configure_logs(settings: Settings) -> None:
    """Set up the logs of this process."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    as_json = settings.log_format == "json"
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([_TRACEBACKS_AS_JSON] if as_json else []),
            structlog.processors.JSONRenderer()
            if as_json
            else structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
