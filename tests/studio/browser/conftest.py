"""A real server with workers, a real browser, and pages in it that are watched over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.acceptance.samples import SampleFiles, make_samples
from tests.studio.browser.chromium import PROGRAMS, chromium_program, started
from tests.studio.browser.guard import Guard
from tests.studio.browser.stage import ACCOUNT, Stage
from tests.support.service import Service, serving
from tests.support.service_logs import (
    logs_go_nowhere,
    no_error_is_logged_structurally,
    secret_watch,
    watched,
)

# Fixtures that this folder shares with others.
__all__ = ["logs_go_nowhere", "no_error_is_logged_structurally", "secret_watch", "watched"]

# A result of the tests' size takes seconds; others may use the same two cores.
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)
DESKTOP_WH = (1440, 900)
PHONE_WH = (390, 844)

Colours = Literal["light", "dark"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here takes a browser, and so long."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.browser)
            # A signal that arrives while the browser's loop runs is lost in it: a thread ends what hangs.
            item.add_marker(pytest.mark.timeout(180, method="thread"))


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    """A picture, a sound and a film."""
    return make_samples(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Service]:
    """A server as an operator starts it; its key is of the account `default`, without limits."""
    request.getfixturevalue("chromium")  # Without a browser it would start for nothing.
    with serving(tmp_path_factory.mktemp("studio") / "home") as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser; the tests are skipped where there is none."""
    program = chromium_program()
    if program is None:
        pytest.skip(f"no browser: none of {', '.join(PROGRAMS)} is on the path; apt-get install chromium")
    return program


# Of a module, not of the session: playwright keeps an event loop running in this thread, in which the
# tests of other folders could start none of their own.
@pytest.fixture(scope="module")
def browser(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A running browser."""
    with started(chromium, tmp_path_factory.mktemp("browser")) as running:
        yield running


@dataclass(kw_only=True)
class Visitor:
    """Somebody at a screen: the context of the browser, its one page, and who watches over it."""

    context: BrowserContext
    page: Page
    guard: Guard
    base_url: str

    def sign_in(self, key: str) -> None:
        """Open a session without the page of the sign-in; its cookie is in the context from then on."""
        answer = self.context.request.post(f"{self.base_url}/v1/sessions", data={"key": key})
        assert answer.status == 204, answer.text()

    def open(self, path: str) -> Page:
        """Go to a path of the studio, and wait until it shows something."""
        self.page.goto(self.base_url + path)
        self.page.locator("main").wait_for()
        return self.page


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, server: Service) -> Iterator[Visit]:
    """Makes visitors: `visit(phone=True, colours="dark")`, signed in unless `signed_in=False`.

    At the end each is asked whether the page did what no page may do.
    """
    visitors: list[Visitor] = []

    def arrive(
        *,
        phone: bool = False,
        colours: Colours = "light",
        signed_in: bool = True,
        still: bool = False,
        key: str | None = None,
        size_wh: tuple[int, int] | None = None,
    ) -> Visitor:
        width, height = size_wh or (PHONE_WH if phone else DESKTOP_WH)
        context = browser.new_context(
            viewport={"width": width, "height": height},
            has_touch=phone,
            is_mobile=phone,
            color_scheme=colours,
            reduced_motion="reduce" if still else "no-preference",
            accept_downloads=True,
            permissions=["camera", "microphone", "clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(PATIENCE_MS)
        guard = Guard(base_url=server.base_url)
        guard.watch(context)
        visitor = Visitor(context=context, page=context.new_page(), guard=guard, base_url=server.base_url)
        visitors.append(visitor)
        if signed_in:
            visitor.sign_in(key or server.key)
        return visitor

    yield arrive
    for visitor in visitors:
        visitor.context.close()
    for visitor in visitors:
        visitor.guard.check()


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    """Somebody signed in at a desk."""
    return visit()


OnStage = Callable[..., tuple[Visitor, Stage]]


@pytest.fixture
def on_stage(visit: Visit, samples: SampleFiles) -> OnStage:
    """Makes visitors as `visit` does, whose pages get the answers that the stage beside them holds."""

    def arrive(**wanted: Any) -> tuple[Visitor, Stage]:
        visitor = visit(**wanted)
        stage = Stage(samples=samples)
        stage.answers |= {
            "GET /v1/account": ACCOUNT,
            "GET /v1/video-projects": {"items": [], "next_cursor": None},
        }
        stage.play(visitor.context)
        return visitor, stage

    return arrive
