"""The account on a real server: keys, webhooks with their deliveries, balance and usage."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from playwright.sync_api import expect

from tests.studio.browser.conftest import OnStage, Visitor
from tests.studio.browser.views import account
from tests.support.service import Service


@dataclass
class Receiver:
    """A program that is told what happens. refuses: answers 500 from now on."""

    url: str = ""
    got: list[tuple[dict[str, str], dict[str, object]]] = field(default_factory=list)
    refuses: bool = False


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver of webhooks on this machine."""
    program = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            program.got.append((dict(self.headers), json.loads(body)))
            self.send_response(500 if program.refuses else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as site:
        thread = threading.Thread(target=site.serve_forever)
        thread.start()
        program.url = f"http://127.0.0.1:{site.server_address[1]}/hooks"
        yield program
        site.shutdown()
        thread.join()


def test_a_key_is_shown_once_works_and_is_revoked(visitor: Visitor) -> None:
    page = visitor.open("/account/keys")
    page.get_by_label("Name of the key").fill("a <b>robot</b>")
    page.get_by_role("button", name="Create key").click()
    dialog = page.get_by_role("dialog", name="Your new key")
    key = dialog.locator("code").inner_text()
    dialog.get_by_role("button", name="Copy").click()
    assert page.evaluate("navigator.clipboard.readText()") == key
    works = httpx.get(
        f"{visitor.base_url}/v1/video-projects", headers={"Authorization": f"Bearer {key}"}, trust_env=False
    )
    assert works.status_code == 200
    dialog.get_by_role("button", name="I have kept it").click()
    row = page.get_by_role("listitem").filter(has_text="a <b>robot</b>")
    expect(row).to_be_visible()
    page.reload()
    expect(row).to_be_visible()
    assert key not in page.content()

    page.get_by_role("button", name="Revoke a <b>robot</b>").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(row).to_be_hidden()
    refused = httpx.get(
        f"{visitor.base_url}/v1/video-projects", headers={"Authorization": f"Bearer {key}"}, trust_env=False
    )
    assert refused.status_code == 401


def test_a_key_needs_a_name(visitor: Visitor) -> None:
    page = visitor.open("/account/keys")
    page.get_by_role("button", name="Create key").click()
    expect(page.get_by_role("alert")).to_contain_text("Give the key a name first.")
    expect(page.get_by_label("Name of the key")).to_have_attribute("aria-invalid", "true")


def test_a_webhook_is_added_tested_sent_again_switched_off_and_removed(
    visitor: Visitor, receiver: Receiver
) -> None:
    page = visitor.open("/account/webhooks")
    page.get_by_label("Address").fill(receiver.url)
    page.get_by_role("button", name="Add webhook").click()
    secret = page.get_by_role("dialog", name="Secret of the webhook")
    expect(secret.locator("code")).not_to_be_empty()
    secret.get_by_role("button", name="I have kept it").click()

    hook = page.get_by_role("listitem").filter(has_text=receiver.url)
    hook.get_by_role("button", name="Send a test").click()
    delivery = hook.locator(".delivery")
    expect(delivery.first).to_contain_text("delivered")
    expect(delivery.first).to_contain_text("answered 204")
    assert len(receiver.got) == 1
    headers, _ = receiver.got[0]
    assert any("signature" in name.lower() for name in headers)

    receiver.refuses = True
    hook.get_by_role("button", name="Send again").first.click()
    expect(delivery).to_have_count(2)
    expect(delivery.first).to_contain_text("answered 500")
    receiver.refuses = False

    switch = hook.get_by_role("switch")
    switch.uncheck()
    expect(hook.get_by_role("button", name="Send a test")).to_be_disabled()
    page.reload()
    expect(switch).not_to_be_checked()
    hook.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(hook).to_have_count(0)


def test_an_address_that_the_server_refuses_is_said_at_its_field(visitor: Visitor) -> None:
    page = visitor.open("/account/webhooks")
    page.get_by_label("Address").fill("example.org")
    page.get_by_role("button", name="Add webhook").click()
    expect(page.get_by_role("alert")).to_contain_text("begins with https://")
    visitor.guard.allow(r"status of 4\d\d .*/v1/webhooks$")
    page.get_by_label("Address").fill("https://exa mple.org/hooks")
    page.get_by_role("button", name="Add webhook").click()
    expect(page.get_by_role("alert")).not_to_contain_text("begins with https://")
    expect(page.get_by_label("Address")).to_have_attribute("aria-invalid", "true")


def test_what_was_spent_stands_in_balance_plot_table_and_ledger(visitor: Visitor, server: Service) -> None:
    job = server.speak("Good morning.")
    server.wait_for([job])
    page = visitor.open("/account")
    expect(page.get_by_role("heading", name=re.compile("Plan: "))).to_contain_text("unlimited")
    expect(page.get_by_role("heading", name="Balance")).to_be_visible()
    expect(
        page.get_by_role("img", name=re.compile("Credits used on each of the last 30 days"))
    ).to_be_visible()
    page.get_by_text("Show as a table").click()
    today = page.locator(".usage-table tbody tr").first
    expect(today.locator("td").first).not_to_have_text("0")
    expect(page.locator(".ledger tbody tr").first).to_be_visible()
    page.get_by_role("combobox", name="Usage").select_option("7")
    expect(page.locator(".usage-table tbody tr")).to_have_count(7)


def test_the_plot_says_in_words_what_it_shows(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    account(stage, visitor)
    expect(visitor.page.get_by_text("102 videos, 11 min made, 6,222 credits")).to_be_visible()
    plot = visitor.page.get_by_role("img", name=re.compile("last 30 days; 6,222 in all"))
    expect(plot).to_be_visible()
    expect(visitor.page.get_by_text("8,412").first).to_be_visible()
    expect(visitor.page.get_by_text("2 GB")).to_be_visible()
