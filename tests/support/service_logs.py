"""Fixtures about the service's own logs, for the conftests of folders that run the service."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True, scope="session")
def logs_go_nowhere() -> None:
    """What is logged between two tests belongs to none of them."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())


@pytest.fixture(autouse=True)
def no_error_is_logged_structurally(request: pytest.FixtureRequest) -> Iterator[None]:
    """Like the rule for logs in tests/conftest.py, for the service's own logs."""
    with structlog.testing.capture_logs() as entries:
        yield
    errors = [entry for entry in entries if entry["log_level"] in ("error", "critical")]
    if errors and not request.node.get_closest_marker("logs_errors"):
        pytest.fail(f"the test logged errors: {errors}")
