"""How many calls this process answered, and how long they took.

The library looks at COUNTERS_FOLDER in the environment when it is loaded: where it is set, the numbers lie in
files of that folder, for the other processes to add up.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

COUNTERS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "lipwright_http_requests", "Answered calls.", ("method", "route", "status"), registry=REGISTRY
)
REQUEST_SECONDS = Histogram(
    "lipwright_http_request_seconds", "Time to answer.", ("method", "route"), registry=REGISTRY
)
