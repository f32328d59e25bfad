"""Fixtures about the service's own logs, for the conftests of folders that run the service.

Their tests are the server suite. At the end of it everything that was logged is searched for every secret
that was made; a conftest that names these fixtures brings its folder into that.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog

from tests.support.made_secrets import LoggedLines, SecretWatch, watching


@pytest.fixture(scope="session")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SecretWatch, LoggedLines]]:
    """Secrets and lines of this session; an error at its end when the two meet."""
    with watching(tmp_path_factory.mktemp("logged")) as (watch, lines):
        yield watch, lines
    found = watch.found()
    assert not found, f"{len(found)} lines of the log hold secrets, the first: {found[:10]}"


@pytest.fixture(autouse=True, scope="session")
def secret_watch(watched: tuple[SecretWatch, LoggedLines]) -> SecretWatch:
    """The watch over secrets, for tests that make some in other processes."""
    return watched[0]


@pytest.fixture(autouse=True, scope="session")
def logs_go_nowhere() -> None:
    """What is logged between two tests belongs to none of them."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())


@pytest.fixture(autouse=True)
def no_error_is_logged_structurally(
    request: pytest.FixtureRequest, watched: tuple[SecretWatch, LoggedLines]
) -> Iterator[None]:
    """Like the rule for logs in tests/conftest.py, for the service's own logs."""
    processors = (structlog.contextvars.merge_contextvars, watched[1])
    with structlog.testing.capture_logs(processors) as entries:
        yield
    errors = [entry for entry in entries if entry["log_level"] in ("error", "critical")]
    if errors and not request.node.get_closest_marker("logs_errors"):
        pytest.fail(f"the test logged errors: {errors}")
