"""Waiting for something in a page; its policy forbids the way in which playwright does it by itself."""

from __future__ import annotations

import time

from playwright.sync_api import Page

LIMIT_S = 20.0


def until(page: Page, expression: str) -> None:
    """Look again and again until an expression of JavaScript is true. Fails when it takes too long."""
    deadline_s = time.monotonic() + LIMIT_S
    while not page.evaluate(expression):
        assert time.monotonic() < deadline_s, f"waited {LIMIT_S:g} s in vain until {expression}"
        page.wait_for_timeout(50)
