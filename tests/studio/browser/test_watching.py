"""A video while it is made, with answers that the test decides."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.studio.browser.conftest import OnStage
from tests.studio.browser.stage import failed, making, project, refused, send, show_project
from tests.studio.browser.until import until
from tests.studio.browser.views import PREVIEW, asked_to_cancel, being_made, connection_lost, waiting


def test_progress_and_the_newest_frame_are_shown_as_they_come(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    being_made(stage, visitor)
    page = visitor.page
    bar = page.get_by_role("progressbar", name="Progress of the video")
    expect(bar).to_have_attribute("aria-valuenow", "42")
    expect(page.get_by_text("About 9 s left")).to_be_visible()
    expect(page.get_by_text("Frame 42")).to_be_visible()
    expect(page).to_have_title("42 % Welcome to the museum · Lipwright")
    expect(page.get_by_role("listitem").filter(has_text="Drawing the frames")).to_have_attribute(
        "aria-current", "step"
    )

    progress = {"fraction": 0.73, "stage": "rendering", "seconds_left": 4.0}
    send(page, "project", making(progress=progress))
    send(page, "preview", PREVIEW | {"frame": 72})
    expect(bar).to_have_attribute("aria-valuenow", "73")
    expect(page.get_by_text("About 4 s left")).to_be_visible()
    expect(page.get_by_text("Frame 73")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="73 percent. Drawing the frames")).to_be_attached()


def test_each_percent_is_not_read_aloud(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    being_made(stage, visitor)
    spoken = visitor.page.locator(".making-side [role=status]")
    expect(spoken).to_have_text("42 percent. Drawing the frames")
    send(visitor.page, "project", making(0.44))
    expect(visitor.page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "44")
    expect(spoken).to_have_text("42 percent. Drawing the frames")


def test_the_player_stands_there_as_soon_as_the_video_is_done(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    being_made(stage, visitor)
    done = project(id=making()["id"])
    stage.answers[f"GET /v1/video-projects/{done['id']}"] = done
    send(visitor.page, "project", done)
    expect(visitor.page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(visitor.page).to_have_title("Welcome to the museum · Lipwright")
    assert visitor.page.evaluate("window.streams.every(one => one.readyState === 2)"), "the stream is closed"


def test_what_failed_meanwhile_is_said_with_a_way_on(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    being_made(stage, visitor)
    send(visitor.page, "project", failed(id=making()["id"]))
    expect(visitor.page.get_by_text("No face was found in the picture.")).to_be_visible()
    expect(visitor.page.get_by_text("Nothing was charged.")).to_be_visible()
    expect(visitor.page.get_by_text("choose another picture")).to_be_visible()
    again = visitor.page.get_by_role("link", name="Again with changes")
    expect(again).to_have_attribute("href", f"/make/photo?from={making()['id']}")


def test_a_lost_connection_is_said_and_what_happened_meanwhile_is_caught_up(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    connection_lost(stage, visitor)
    expect(visitor.page.get_by_text("Frame 42")).to_be_visible()
    visitor.page.evaluate("for (const one of window.streams) one.onopen?.()")
    expect(visitor.page.get_by_text("The connection is lost")).to_be_hidden()
    send(visitor.page, "project", making(0.9))
    expect(visitor.page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "90")


def test_a_page_that_is_not_seen_holds_no_connection(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    being_made(stage, visitor)
    page = visitor.page
    page.evaluate(
        "Object.defineProperty(document, 'hidden', { configurable: true, get: () => window.isHidden });"
        "window.isHidden = true; document.dispatchEvent(new Event('visibilitychange'))"
    )
    until(page, "window.streams.every(one => one.readyState === 2)")
    stage.answers[f"GET /v1/video-projects/{making()['id']}"] = making(0.8)
    page.evaluate("window.isHidden = false; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "80")
    until(page, "window.streams.some(one => one.readyState === 1)")


def test_canceling_asks_first_and_then_says_that_nothing_was_charged(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    asked_to_cancel(stage, visitor)
    page = visitor.page
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert not [call for call, _ in stage.calls if call.startswith("POST")], "nothing was stopped"
    cancel = f"POST /v1/video-projects/{making()['id']}/cancel"
    stage.answers[cancel] = failed(id=making()["id"], status="canceled", error=None)
    page.get_by_role("button", name="Cancel", exact=True).click()
    page.get_by_role("button", name="Stop it").click()
    expect(page.get_by_text("This video was canceled")).to_be_visible()
    assert cancel in [call for call, _ in stage.calls]


def test_a_cancel_that_came_too_late_says_why(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    visitor.guard.allow(r"status of 409 .*/cancel")
    asked_to_cancel(stage, visitor)
    stage.answers[f"POST /v1/video-projects/{making()['id']}/cancel"] = refused(409, "It is complete.")
    visitor.page.get_by_role("button", name="Stop it").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("It is complete.")


def test_one_that_waits_says_so(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    waiting(stage, visitor)
    expect(visitor.page.get_by_role("heading", name="Waiting for its turn")).to_be_visible()
    expect(visitor.page.get_by_text("You can leave this page: nothing is lost.")).to_be_visible()


def test_a_name_with_markup_is_a_text(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    name = "<img src=x onerror=alert(1)><b>bold</b>"
    visitor.open(show_project(stage, failed(name=name, error={"code": "x", "message": name})))
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(name)
    expect(visitor.page.locator(".ended-why")).to_have_text(name)
    assert visitor.page.locator("main b, main img").count() == 0


def test_the_queue_shows_every_open_video_and_says_when_one_is_done(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    open_ones = [making(), making(0.0, id="cnext0000000000000000000a", name="Next", status="queued")]
    path = show_project(stage, failed())
    stage.answers["GET /v1/video-projects"] = lambda _call: {"items": open_ones, "next_cursor": None}
    visitor.open(path)
    dock = visitor.page.get_by_role("complementary", name="Queue")
    expect(dock.get_by_text("2 videos in the queue")).to_be_visible()
    dock.get_by_role("button", name="2 videos in the queue").click()
    expect(dock.get_by_role("link")).to_have_count(2)
    expect(dock.get_by_text("42 %")).to_be_visible()
    done = open_ones.pop(0) | {"status": "complete"}
    stage.answers[f"GET /v1/video-projects/{done['id']}"] = done
    expect(visitor.page.get_by_text("Welcome to the museum is done")).to_be_visible()
    expect(dock.get_by_text("1 video in the queue")).to_be_visible()
