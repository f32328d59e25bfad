"""What every test can ask for, and what no test may do."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# No test asserts a time, hypothesis' own either: the machines are shared.
settings.register_profile("lipwright", deadline=None)
settings.load_profile("lipwright")

PROJECT = Path(__file__).resolve().parent.parent
STARTED_S = time.monotonic()


def pytest_runtest_setup() -> None:
    """Skip what has not begun when the time that CI has is over."""
    minutes = float(os.environ.get("LIPWRIGHT_TEST_MINUTES", "inf"))
    if time.monotonic() - STARTED_S > 60 * minutes:
        pytest.skip(f"the {minutes:g} minutes of this run are over; run this test by itself")


@pytest.fixture(scope="session")
def assets() -> Path:
    """The folder of real pictures, voices and videos; the test is skipped where there is none."""
    named = os.environ.get("LIPWRIGHT_ASSETS")
    folder = Path(named) if named else PROJECT.parent / "shared" / "assets"
    if not (folder / "images").is_dir():
        pytest.skip(f"real assets are absent: {folder} is no such folder; name one in LIPWRIGHT_ASSETS")
    return folder


@pytest.fixture(autouse=True)
def no_error_is_logged(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test that logs an error, unless it is marked `logs_errors`."""
    yield
    if request.node.get_closest_marker("logs_errors"):
        return
    logged = [
        record.getMessage()
        for phase in ("setup", "call")
        for record in caplog.get_records(phase)
        if record.levelno >= logging.ERROR
    ]
    if logged:
        pytest.fail(f"the test logged errors: {logged}")
