"""That the harness notices what it is there to notice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.studio.browser.axe import assert_usable_by_everybody
from tests.studio.browser.guard import Guard
from tests.support.service import Service


def test_a_page_that_errs_or_calls_another_host_is_noticed(browser: Browser, server: Service) -> None:
    context = browser.new_context()
    guard = Guard(base_url=server.base_url)
    guard.watch(context)
    page = context.new_page()
    page.goto(f"{server.base_url}/healthz")
    guard.check()
    page.evaluate("setTimeout(() => { throw new Error('of the page') })")
    page.evaluate("console.error('of the console')")
    page.evaluate("fetch('http://127.0.0.1:9/').catch(() => null)")
    page.wait_for_timeout(200)
    context.close()
    for expected in ("of the page", "of the console", "another host was asked"):
        assert any(expected in fault for fault in guard.faults), guard.faults
    with pytest.raises(AssertionError, match="of the console"):
        guard.check()


def test_a_picture_without_words_is_noticed(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_content("<html lang=en><title>x</title><main><h1>x</h1><img src='data:,'></main>")
    with pytest.raises(AssertionError, match="image-alt"):
        assert_usable_by_everybody(page)
    context.close()
