"""Counters of this server, and numbers of the whole service that are looked up when they are asked for.

Several processes of a server keep their counters in files of one folder; whichever is asked adds them up,
those of processes that ended included.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from lipwright.server.jobs import repository as jobs
from lipwright.server.operation.readiness import count_alive
from lipwright.server.services import Services
from lipwright.server.web.request_counters import COUNTERS_FOLDER, REGISTRY


class _Service(Collector):
    """Numbers from the tables."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with self._services.database.read() as connection:
            by_status = jobs.count_by_status(connection)
        by_state = GaugeMetricFamily("lipwright_jobs", "Jobs that are not final.", labels=["status"])
        for status, count in by_status.items():
            by_state.add_metric([status], count)
        yield by_state
        alive = GaugeMetricFamily("lipwright_processes", "Processes that are alive.", labels=["kind"])
        for kind, count in count_alive(self._services).items():
            alive.add_metric([kind], count)
        yield alive


def render_metrics(services: Services) -> tuple[bytes, str]:
    """All metrics as text, and its media type."""
    service = CollectorRegistry()
    service.register(_Service(services))
    return generate_latest(_counters()) + generate_latest(service), CONTENT_TYPE_PLAIN_0_0_4


def _counters() -> CollectorRegistry:
    """The counters of this server, of all its processes."""
    if COUNTERS_FOLDER not in os.environ:
        return REGISTRY
    of_all = CollectorRegistry()
    MultiProcessCollector(of_all)  # type: ignore[no-untyped-call]
    return of_all
