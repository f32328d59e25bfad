"""How many calls this process answered, and how long they took."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "lipwright_http_requests", "Answered calls.", ("method", "route", "status"), registry=REGISTRY
)
REQUEST_SECONDS = Histogram(
    "lipwright_http_request_seconds", "Time to answer.", ("method", "route"), registry=REGISTRY
)
