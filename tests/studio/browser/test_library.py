"""The library: what stands in it, how it is searched, how it is turned over."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.studio.browser.conftest import OnStage
from tests.studio.browser.stage import making, project, refused
from tests.studio.browser.until import until
from tests.studio.browser.views import NOTHING, library

LIST = "GET /v1/video-projects"


def asked(stage: Any) -> list[dict[str, list[str]]]:
    """The queries of the library, the queue's left out."""
    queries = [parse_qs(urlsplit(call).query) for call, _ in stage.calls if call.startswith(LIST)]
    return [query for query in queries if query["limit"] == ["24"]]


def test_every_video_leads_to_its_page_and_says_its_state(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    library(stage, visitor)
    videos = visitor.page.get_by_role("list", name="Videos, newest first").get_by_role("listitem")
    expect(videos).to_have_count(8)
    expect(videos.nth(0)).to_contain_text("Being made")
    expect(videos.nth(2)).to_contain_text("Failed")
    expect(videos.filter(has_text="Interview, dubbed")).to_contain_text("1:23")
    link = videos.filter(has_text="Guten Morgen").get_by_role("link")
    expect(link).to_have_attribute("href", "/jobs/cdone00000000000000000001")
    expect(videos.filter(has_text="Guten Morgen").locator("img")).to_have_js_property("complete", True)


def test_a_picture_moves_while_it_is_pointed_at_unless_motion_is_unwanted(on_stage: OnStage) -> None:
    for still in (False, True):
        visitor, stage = on_stage(still=still)
        library(stage, visitor)
        card = visitor.page.get_by_role("listitem").filter(has_text="Guten Morgen")
        card.hover()
        if still:
            visitor.page.wait_for_timeout(200)
            expect(card.locator("video")).to_have_count(0)
        else:
            expect(card.locator("video")).to_be_visible()
            until(visitor.page, "document.querySelector('.video video').currentTime > 0")
            visitor.page.mouse.move(0, 0)
            expect(card.locator("video")).to_have_count(0)


def test_search_and_filters_are_asked_of_the_server_and_stand_in_the_address(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    library(stage, visitor)
    page = visitor.page
    field = page.get_by_role("searchbox", name="Search by name")
    field.press_sequentially("mu&s", delay=10)
    page.get_by_label("Lip syncs").check()
    page.get_by_label("State").select_option("complete")
    until(page, "location.search === '?search=mu%26s&kind=lip-sync&state=complete'")
    expect(page.locator(".videos")).to_have_attribute("aria-busy", "false")
    page.wait_for_timeout(400)
    last = asked(stage)[-1]
    assert last == {"limit": ["24"], "search": ["mu&s"], "product": ["lip-sync"], "status": ["complete"]}
    assert len(asked(stage)) <= 5, "somebody who types is asked for once, not for each letter"
    page.reload()
    expect(field).to_have_value("mu&s")
    expect(page.get_by_label("Lip syncs")).to_be_checked()
    page.get_by_role("link", name="Library", exact=True).click()
    expect(field).to_have_value("")


def test_what_fits_nothing_offers_to_show_everything(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    stage.answers[LIST] = lambda call: NOTHING if "search" in call[0] else {"items": [project()]}
    visitor.open("/library?search=zebra")
    visitor.page.get_by_role("button", name="Show everything").click()
    expect(visitor.page.get_by_role("link", name="Welcome to the museum")).to_be_visible()


def test_pages_are_turned_and_turned_back(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    pages = {
        None: {"items": [project(name="Newest")], "next_cursor": "two"},
        "two": {"items": [project(name="Middle")], "next_cursor": "three"},
        "three": {"items": [project(name="Oldest")], "next_cursor": None},
    }
    stage.answers[LIST] = lambda call: pages[parse_qs(urlsplit(call[0]).query).get("cursor", [None])[0]]
    visitor.open("/library")
    page = visitor.page
    for name in ("Newest", "Middle"):
        expect(page.get_by_role("link", name=name)).to_be_visible()
        page.get_by_role("button", name="Older").click()
    expect(page.get_by_role("link", name="Oldest")).to_be_visible()
    expect(page.get_by_role("button", name="Older")).to_be_disabled()
    page.reload()
    expect(page.get_by_text("Page 3")).to_be_visible()
    page.get_by_role("button", name="Newer").click()
    expect(page.get_by_role("link", name="Middle")).to_be_visible()


def test_what_is_being_made_moves_by_itself(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    fractions = iter([0.2, 0.2, 0.2, 0.6])
    stage.answers[LIST] = lambda _call: {"items": [making(next(fractions, 0.6))]}
    visitor.open("/library")
    bar = visitor.page.locator(".video-bar span")
    until(visitor.page, "document.querySelector('.video-bar span')?.style.width === '60%'")
    expect(bar).to_be_visible()


def test_a_deleted_video_leaves_the_list_and_comes_back(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    kept = [project(name="Keep", id="ckeep"), project(name="Drop", id="cdrop")]
    stage.answers |= {
        LIST: lambda _call: {"items": kept},
        "DELETE /v1/video-projects/cdrop": None,
        "POST /v1/video-projects/cdrop/restore": project(name="Drop", id="cdrop"),
    }
    visitor.open("/library")
    page = visitor.page
    page.get_by_role("listitem").filter(has_text="Drop").hover()
    page.get_by_role("button", name="Delete Drop").click()
    expect(page.get_by_role("link", name="Drop")).to_have_count(0)
    expect(page.get_by_role("link", name="Keep")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Drop")).to_be_visible()


def test_a_delete_that_fails_says_why_and_the_video_stays(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    visitor.guard.allow("status of 503")
    stage.answers |= {
        LIST: lambda _call: {"items": [project(id="cdrop")]},
        "DELETE /v1/video-projects/cdrop": refused(503, "The database is away."),
    }
    visitor.open("/library")
    visitor.page.get_by_role("listitem").hover()
    visitor.page.get_by_role("button", name="Delete Welcome to the museum").click()
    expect(visitor.page.get_by_text("The database is away.")).to_be_visible()
    expect(visitor.page.get_by_role("link", name="Welcome to the museum")).to_be_visible()


def test_a_library_that_cannot_be_read_is_read_again(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    visitor.guard.allow("status of 500")
    stage.answers[LIST] = refused(500, "x")
    visitor.open("/library")
    expect(visitor.page.get_by_role("alert")).to_contain_text("The server failed at this.")
    stage.answers[LIST] = {"items": [project()], "next_cursor": None}
    visitor.page.get_by_role("button", name="Try again").click()
    expect(visitor.page.get_by_role("link", name="Welcome to the museum")).to_be_visible()


def test_an_empty_library_says_what_to_do(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    stage.answers[LIST] = NOTHING
    visitor.open("/library")
    visitor.page.get_by_role("link", name="Make a talking photo").click()
    expect(visitor.page).to_have_url(f"{visitor.base_url}/make/photo")
