"""What stands in the logs, and what does not."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import structlog
from lipwright.server.runtime.logs import configure_logs
from lipwright.server.settings import load_settings

def divide(key):
    return 1 / len(key[3:3])

configure_logs(load_settings(log_format="FORMAT"))
try:
    divide("lwk_live_a_secret")
except ZeroDivisionError as error:
    structlog.get_logger().error("it broke", exc_info=error)
"""


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_an_error_is_logged_with_its_place_and_without_the_values_of_variables(log_format: str) -> None:
    program = PROGRAM.replace("FORMAT", log_format)
    logged = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stderr
    assert "it broke" in logged
    assert "ZeroDivisionError" in logged
    assert "divide" in logged
    assert "a_secret" not in logged
