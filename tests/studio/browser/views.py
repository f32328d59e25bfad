"""Every view of a finished or unfinished video, the library and the account, in every state it can be in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.studio.browser.conftest import Visitor
from tests.studio.browser.stage import (
    Stage,
    account_answers,
    failed,
    library_answers,
    making,
    project,
    refused,
    send,
    show_project,
    sync_order,
)
from tests.studio.browser.until import until

REPORT = [
    {"name": "closure_share", "verdict": "good", "sentence": "They meet at every p, b and m that is heard."},
    {"name": "head_speed", "verdict": "fair", "sentence": "It moves less than that of most people who talk."},
    {"name": "blinks_per_minute", "verdict": "poor", "sentence": "They blink seldom: 3 times a minute."},
]
WARNINGS = ["The picture bears a turn of the head of 6 degrees to the left only."]
NOTHING: dict[str, Any] = {"items": [], "next_cursor": None}
PREVIEW = {"url": "/v1/video-projects/cbusy0000000000000000000a/preview.jpg", "frame": 41, "at": 1.64}


def finished(stage: Stage, visitor: Visitor) -> None:
    """A video with everything that can be known of it."""
    visitor.open(show_project(stage, project(report=REPORT, warnings=WARNINGS)))
    visitor.page.locator("pre").wait_for()


def _compared(word: str) -> Callable[[Stage, Visitor], None]:
    def show(stage: Stage, visitor: Visitor) -> None:
        visitor.open(show_project(stage, project(type="LIP_SYNC", report=REPORT), sync_order()))
        visitor.page.get_by_label(word, exact=True).check()
        visitor.page.locator(".player-source video").wait_for()

    return show


def being_made(stage: Stage, visitor: Visitor) -> None:
    """With the newest frame."""
    visitor.open(show_project(stage, making()))
    visitor.page.locator(".making").wait_for()
    until(visitor.page, "window.streams.some(one => one.readyState === 1)")
    send(visitor.page, "preview", PREVIEW)
    visitor.page.locator(".making-frame").wait_for()


def connection_lost(stage: Stage, visitor: Visitor) -> None:
    """While it is being made."""
    being_made(stage, visitor)
    visitor.page.evaluate("window.loseStreams()")
    expect(visitor.page.get_by_text("The connection is lost")).to_be_visible()


def asked_to_cancel(stage: Stage, visitor: Visitor) -> None:
    """The question."""
    being_made(stage, visitor)
    visitor.page.get_by_role("button", name="Cancel", exact=True).click()
    visitor.page.get_by_role("dialog").wait_for()


def waiting(stage: Stage, visitor: Visitor) -> None:
    """No worker is free, no picture known."""
    progress = {"fraction": 0.0, "stage": None, "seconds_left": None}
    visitor.open(show_project(stage, making(status="queued", poster_url=None, progress=progress)))
    visitor.page.locator(".making").wait_for()


def gone_wrong(stage: Stage, visitor: Visitor) -> None:
    """No face."""
    visitor.open(show_project(stage, failed()))
    visitor.page.locator(".ended").wait_for()


def canceled(stage: Stage, visitor: Visitor) -> None:
    """Stopped by somebody."""
    visitor.open(show_project(stage, failed(status="canceled", error=None)))
    visitor.page.locator(".ended").wait_for()


def not_there(stage: Stage, visitor: Visitor) -> None:
    """Deleted, or never there."""
    del stage
    visitor.guard.allow(r"status of 404 .*/cnothing")
    visitor.open("/jobs/cnothing")
    visitor.page.get_by_text("There is no such video").wait_for()


def library(stage: Stage, visitor: Visitor) -> None:
    """All kinds and states."""
    stage.answers |= library_answers()
    visitor.open("/library")
    visitor.page.locator(".video").first.wait_for()
    visitor.page.locator(".dock").wait_for()


def library_with_queue(stage: Stage, visitor: Visitor) -> None:
    """The queue is unfolded."""
    library(stage, visitor)
    visitor.page.locator(".dock-head").click()
    visitor.page.locator(".dock-row").first.wait_for()


def _library_state(address: str, words: str, answer: Any) -> Callable[[Stage, Visitor], None]:
    def show(stage: Stage, visitor: Visitor) -> None:
        stage.answers["GET /v1/video-projects"] = answer
        visitor.guard.allow(r"status of 500 .*/v1/video-projects")
        visitor.open(address)
        visitor.page.get_by_text(words).wait_for()

    return show


def account(stage: Stage, visitor: Visitor) -> None:
    """Used for a month."""
    stage.answers |= account_answers()
    visitor.open("/account")
    visitor.page.locator(".plot").wait_for()
    visitor.page.locator(".ledger table").wait_for()


def keys(stage: Stage, visitor: Visitor) -> None:
    """Two of them."""
    stage.answers |= account_answers()
    visitor.open("/account/keys")
    visitor.page.locator(".key-row").first.wait_for()


def new_key(stage: Stage, visitor: Visitor) -> None:
    """Shown once."""
    stage.answers["POST /v1/api-keys"] = {"id": "k3", "name": "robot", "key": "lwk_live_" + "8Fk2nQx7" * 4}
    keys(stage, visitor)
    visitor.page.get_by_label("Name of the key").fill("robot")
    visitor.page.get_by_role("button", name="Create key").click()
    visitor.page.locator(".secret").wait_for()


def no_keys(stage: Stage, visitor: Visitor) -> None:
    """None yet."""
    stage.answers |= account_answers() | {"GET /v1/api-keys": NOTHING}
    visitor.open("/account/keys")
    visitor.page.get_by_text("No keys yet").wait_for()


def webhooks(stage: Stage, visitor: Visitor) -> None:
    """One with its deliveries, one switched off."""
    stage.answers |= account_answers()
    visitor.open("/account/webhooks")
    visitor.page.get_by_role("button", name="Show deliveries").first.click()
    visitor.page.locator(".delivery").first.wait_for()


def no_webhooks(stage: Stage, visitor: Visitor) -> None:
    """None yet."""
    stage.answers |= account_answers() | {"GET /v1/webhooks": NOTHING}
    visitor.open("/account/webhooks")
    visitor.page.get_by_text("No webhooks yet").wait_for()


VIEWS: dict[str, Callable[[Stage, Visitor], None]] = {
    "video done": finished,
    "video beside its source": _compared("Side by side"),
    "video with divider": _compared("Divider"),
    "video being made": being_made,
    "video, connection lost": connection_lost,
    "video, asked to cancel": asked_to_cancel,
    "video waiting": waiting,
    "video failed": gone_wrong,
    "video canceled": canceled,
    "video not there": not_there,
    "library": library,
    "library with queue": library_with_queue,
    "library empty": _library_state("/library", "Nothing here yet", NOTHING),
    "library, nothing fits": _library_state("/library?search=zebra", "No video fits", NOTHING),
    "library failed": _library_state("/library", "This page could not be shown", refused(500, "x")),
    "account": account,
    "keys": keys,
    "new key": new_key,
    "no keys": no_keys,
    "webhooks": webhooks,
    "no webhooks": no_webhooks,
}
