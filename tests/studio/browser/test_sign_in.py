"""Signing in by the printed link and by a key, and signing out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.studio.browser.axe import assert_usable_by_everybody
from tests.studio.browser.conftest import Visit
from tests.studio.browser.shots import keep_shot
from tests.support.service import Service

WRONG_KEY = r"status of 401 .*/v1/sessions$"


def _link(server: Service) -> str:
    return server.command("studio", "link", "--address", server.base_url).split()[-1]


def test_the_printed_link_signs_in_once_and_its_code_leaves_the_address(
    visit: Visit, server: Service
) -> None:
    link = _link(server)
    page = visit(signed_in=False).page
    page.goto(link)
    expect(page.get_by_role("heading", name="Make a talking photo")).to_be_visible()
    assert page.url == f"{server.base_url}/"
    page.go_back()
    assert "code=" not in page.url

    late = visit(signed_in=False)
    late.guard.allow(WRONG_KEY)
    late.page.goto(link)
    expect(late.page.get_by_role("alert")).to_contain_text("was used")
    assert "code=" not in late.page.url
    keep_shot(late.page, "sign in link used")


def test_a_key_signs_in_and_a_wrong_one_is_named_beside_its_field(visit: Visit, server: Service) -> None:
    visitor = visit(signed_in=False)
    visitor.guard.allow(WRONG_KEY)
    page = visitor.open("/library")
    button = page.get_by_role("button", name="Sign in", exact=True)
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a key first")
    field = page.get_by_label("API key")
    field.fill("lwk_live_0000")
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("not known")
    expect(field).to_have_attribute("aria-invalid", "true")
    keep_shot(page, "sign in wrong key")
    field.fill(f" {server.key} ")
    field.press("Enter")
    expect(page.get_by_role("navigation")).to_be_visible()
    # Where one wanted to go is where one arrives.
    assert page.url == f"{server.base_url}/library"


def test_a_script_cannot_read_the_session(visit: Visit) -> None:
    page = visit().open("/make/photo")
    assert "lipwright_session" not in page.evaluate("document.cookie")


def test_signing_out_ends_the_session_at_the_server(visit: Visit, server: Service) -> None:
    visitor = visit()
    page = visitor.open("/make/photo")
    page.wait_for_load_state("networkidle")  # A call that is still under way would be refused.
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("API key")).to_be_visible()
    assert visitor.context.request.get(f"{server.base_url}/v1/session").status == 401
    page.reload()
    expect(page.get_by_label("API key")).to_be_visible()


def test_a_session_that_ends_elsewhere_is_said(visit: Visit, server: Service) -> None:
    visitor = visit()
    page = visitor.open("/make/photo")
    page.wait_for_load_state("networkidle")  # A call that is still under way would say it before the click.
    visitor.guard.allow(r"status of 401 ")
    visitor.context.clear_cookies()
    page.get_by_role("navigation").get_by_role("link", name="Library").click()
    expect(page.get_by_text("Your session has ended")).to_be_visible()
    page.get_by_label("API key").fill(server.key)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("navigation")).to_be_visible()


def test_the_way_on_after_signing_in_stays_on_this_server(visit: Visit, server: Service) -> None:
    page = visit(signed_in=False).open("/sign-in?next=//example.org/")
    page.get_by_label("API key").fill(server.key)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile(rf"^{re.escape(server.base_url)}/$"))


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_everybody_can_sign_in(visit: Visit, phone: bool, colours: str) -> None:
    page = visit(signed_in=False, phone=phone, colours=colours).open("/sign-in")
    expect(page.get_by_label("API key")).to_be_visible()
    keep_shot(page, "sign in")
    assert_usable_by_everybody(page)


def test_an_address_that_is_no_page_says_so(visit: Visit) -> None:
    page = visit().open("/make/tea")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    keep_shot(page, "no such page")
    assert_usable_by_everybody(page)
