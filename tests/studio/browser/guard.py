"""What no page of the studio may do: fail in the console, throw, break its policy, call another host."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

# Chromium writes a line for every answer of 400 and more. Whoever is not signed in is told so by one.
NOT_SIGNED_IN = r"status of 401 .*/v1/session$"
# A frame is gone as soon as its video is there; a page may just have asked for it.
PREVIEW_GONE = r"status of 404 .*/preview\.jpg"


@dataclass(kw_only=True)
class Guard:
    """Collects what went wrong in the pages of a context.

    base_url: the one host that may be called. allowed: patterns of console lines that a test expects, each
    searched in `text address`.
    """

    base_url: str
    allowed: list[str] = field(default_factory=lambda: [NOT_SIGNED_IN, PREVIEW_GONE])
    faults: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Look at every page of the context from now on."""
        context.on("request", self._look_at_request)
        context.on("page", self._watch_page)

    def allow(self, *patterns: str) -> None:
        """Expect console lines that match, such as `status of 402 .*/v1/lip-sync`."""
        self.allowed += patterns

    def check(self) -> None:
        """Fails when something went wrong that nobody expected."""
        unexpected = [
            fault for fault in self.faults if not any(re.search(one, fault) for one in self.allowed)
        ]
        assert not unexpected, "the page did what no page may do:\n" + "\n".join(unexpected)

    def _watch_page(self, page: Page) -> None:
        page.on("console", self._look_at_console)
        page.on("pageerror", lambda error: self.faults.append(f"thrown: {error.stack or error.message}"))

    def _look_at_console(self, line: ConsoleMessage) -> None:
        # A broken Content-Security-Policy is an error of the console too.
        if line.type == "error":
            self.faults.append(f"{line.text} {line.location.get('url', '')}")

    def _look_at_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("data", "blob", "about"):
            return
        if f"{parts.scheme}://{parts.netloc}" != self.base_url:
            self.faults.append(f"another host was asked: {request.method} {request.url}")
