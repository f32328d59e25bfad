"""Looking at a finished video: playing, stepping, comparing, copying, renaming, deleting."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.studio.browser.conftest import OnStage, Visitor
from tests.studio.browser.stage import Stage, order, project, show_project, sync_order
from tests.studio.browser.until import until
from tests.studio.browser.views import REPORT, WARNINGS, finished

FRAMES = 25


def video(page: Page) -> Any:
    """The result's element."""
    return page.locator("video.player-result")


def state(page: Page, what: str) -> Any:
    """A property of the result's element."""
    return video(page).evaluate(f"one => one.{what}")


def opened(on_stage: OnStage, *, sync: bool = False) -> tuple[Visitor, Stage]:
    """A page with a finished video that can be played."""
    visitor, stage = on_stage()
    shown = project(type="LIP_SYNC") if sync else project(report=REPORT, warnings=WARNINGS)
    visitor.open(show_project(stage, shown, sync_order() if sync else order()))
    video(visitor.page).wait_for()
    until(visitor.page, "document.querySelector('video.player-result').readyState >= 2")
    return visitor, stage


def test_a_video_plays_and_stops_by_button_and_by_key(on_stage: OnStage) -> None:
    visitor, _ = opened(on_stage)
    page = visitor.page
    page.get_by_role("button", name="Loop").click()
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, "document.querySelector('video.player-result').currentTime > 0.1")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.locator(".player-stage").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert state(page, "paused")


def test_frames_are_stepped_one_by_one(on_stage: OnStage) -> None:
    visitor, _ = opened(on_stage)
    page = visitor.page
    expect(page.get_by_text(f"frame 1 of {FRAMES}")).to_be_visible()
    for frame in (2, 3, 4):
        page.get_by_role("button", name="One frame on").click()
        expect(page.get_by_text(f"frame {frame} of {FRAMES}")).to_be_visible()
    page.get_by_role("button", name="One frame back").click()
    expect(page.get_by_text(f"frame 3 of {FRAMES}")).to_be_visible()
    page.locator(".player-stage").focus()
    page.keyboard.press(".")
    expect(page.get_by_text(f"frame 4 of {FRAMES}")).to_be_visible()
    page.keyboard.press(",")
    page.keyboard.press(",")
    expect(page.get_by_text(f"frame 2 of {FRAMES}")).to_be_visible()


def test_there_is_slow_motion_and_a_loop_and_silence(on_stage: OnStage) -> None:
    visitor, _ = opened(on_stage)
    page = visitor.page
    page.get_by_label("Speed").select_option("0.25")
    assert state(page, "playbackRate") == 0.25
    page.get_by_role("button", name="Loop").click()
    expect(page.get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "true")
    assert state(page, "loop")
    page.get_by_role("button", name="Sound off").click()
    expect(page.get_by_role("button", name="Sound on")).to_be_visible()
    assert state(page, "muted")


def test_a_lip_sync_is_compared_side_by_side_in_step(on_stage: OnStage) -> None:
    visitor, stage = opened(on_stage, sync=True)
    page = visitor.page
    page.get_by_label("Side by side", exact=True).check()
    source = page.locator(".player-source video")
    expect(source).to_be_visible()
    until(page, "document.querySelector('.player-source video').readyState >= 2")
    for _ in range(5):
        page.get_by_role("button", name="One frame on").click()
    expect(page.get_by_text(f"frame 6 of {FRAMES}")).to_be_visible()
    until(
        page,
        "Math.abs(document.querySelector('.player-source video').currentTime"
        " - document.querySelector('.player-result').currentTime) < 0.005",
    )
    left, right = source.bounding_box(), video(page).bounding_box()
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"] + 3
    assert left["height"] == pytest.approx(right["height"], abs=2)
    page.get_by_label("source", exact=True).check()
    assert state(page, "muted")
    assert not source.evaluate("one => one.muted")
    assert ("POST /v1/file-info", {"file_path": "api-assets/a/talk.mp4"}) in stage.calls


def test_the_divider_is_dragged_and_moved_by_keys(on_stage: OnStage) -> None:
    visitor, _ = opened(on_stage, sync=True)
    page = visitor.page
    page.get_by_label("Divider", exact=True).check()
    cut = page.locator(".player-source")
    expect(cut).to_have_css("clip-path", re.compile(r"inset\(0(px)? 50% 0(px)? 0(px)?\)"))
    page.evaluate("scrollTo(0, 0)")
    box = page.locator(".divider").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, middle, steps=4)
    page.mouse.up()
    scale = page.get_by_label("Place of the divider")
    dragged = int(scale.input_value())
    assert dragged == pytest.approx(80, abs=4)
    scale.press("ArrowLeft")
    expect(cut).to_have_css("clip-path", re.compile(rf"inset\(0(px)? {100 - dragged + 1}%"))


def test_a_source_that_is_not_kept_is_said(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    ordered = sync_order()
    ordered["order"]["assets"] = {"video_source": "youtube", "youtube_url": "https://youtu.be/x"}
    visitor.open(show_project(stage, project(type="LIP_SYNC"), ordered))
    expect(visitor.page.get_by_text("The source is not kept here any more")).to_be_visible()
    expect(visitor.page.get_by_label("Side by side", exact=True)).to_be_hidden()


def test_what_was_measured_and_what_to_know_stand_beside_the_video(on_stage: OnStage) -> None:
    visitor, _ = opened(on_stage)
    for name, row in zip(("Closed lips", "Head", "Blinks"), REPORT, strict=True):
        item = visitor.page.locator(".report").get_by_role("listitem").filter(has_text=name)
        expect(item).to_contain_text(row["sentence"])
        expect(item).to_contain_text(row["verdict"])
    expect(visitor.page.get_by_text(WARNINGS[0])).to_be_visible()
    facts = visitor.page.locator(".facts")
    for name, fact in (("Picture", "480"), ("File", "183 kB"), ("Credits", "48"), ("Seed", "7")):
        expect(facts.locator("div").filter(has_text=name)).to_contain_text(fact)


def test_the_video_is_downloaded_under_its_name(on_stage: OnStage) -> None:
    visitor, _ = opened(on_stage)
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "Welcome to the museum.mp4"


def test_the_link_is_copied_with_how_long_it_works(on_stage: OnStage) -> None:
    visitor, _ = opened(on_stage)
    visitor.page.get_by_role("button", name="Copy link").click()
    expect(visitor.page.get_by_text(re.compile("Link copied. It works until .* 20"))).to_be_visible()
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("/media/film.mp4")


def test_the_lines_of_a_program_are_copied_by_one_click(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    finished(stage, visitor)
    page = visitor.page
    page.get_by_role("tab", name="curl").focus()
    shown = []
    for name in ("curl", "Python", "Python, magic_hour", "Node, magic-hour", "Command line"):
        tab = page.get_by_role("tab", name=name, exact=True)
        expect(tab).to_have_attribute("aria-selected", "true")
        page.get_by_role("tabpanel").get_by_role("button", name="Copy").click()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == page.locator("pre").inner_text()
        assert "api-assets/a1/portrait.png" in copied
        assert visitor.base_url in copied
        shown.append(copied)
        tab.press("ArrowRight")
    assert len(set(shown)) == 5
    expect(page.get_by_role("tab", name="curl")).to_be_focused()


def test_what_a_client_cannot_say_is_named(on_stage: OnStage) -> None:
    visitor, stage = on_stage()
    ordered = order()
    ordered["order"]["assets"] = {"image_file_path": "api-assets/a/b.png", "text": "Hello", "voice": "en"}
    visitor.open(show_project(stage, project(), ordered))
    visitor.page.get_by_role("tab", name="Python, magic_hour").click()
    expect(visitor.page.get_by_text("This job uses assets.text, assets.voice")).to_be_visible()
    expect(visitor.page.locator("pre")).not_to_contain_text("Hello")
    visitor.page.get_by_role("tab", name="curl").click()
    expect(visitor.page.locator("pre")).to_contain_text("Hello")


def test_a_name_is_edited_in_its_place(on_stage: OnStage) -> None:
    visitor, stage = opened(on_stage)
    page = visitor.page
    path = f"/v1/video-projects/{project()['id']}"
    stage.answers[f"PATCH {path}"] = lambda call: project(name=call[1]["name"])
    page.get_by_role("button", name="Rename").click()
    field = page.get_by_label("Name of the video")
    expect(field).to_be_focused()
    field.fill("For the opening")
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("For the opening")
    expect(page.get_by_role("button", name="Rename")).to_be_focused()
    assert (f"PATCH {path}", {"name": "For the opening"}) in stage.calls
    page.get_by_role("button", name="Rename").click()
    field.fill("Something else")
    field.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("For the opening")


def test_a_deleted_video_comes_back_by_undo(on_stage: OnStage) -> None:
    visitor, stage = opened(on_stage)
    page = visitor.page
    path = f"/v1/video-projects/{project()['id']}"
    stage.answers |= {f"DELETE {path}": None, f"POST {path}/restore": project()}
    page.get_by_role("button", name="Delete").click()
    expect(page).to_have_url(f"{visitor.base_url}/library")
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(f"{visitor.base_url}/jobs/{project()['id']}")
    expect(page.get_by_text("Welcome to the museum is back.")).to_be_visible()
    calls = [call for call, _ in stage.calls]
    assert calls.index(f"DELETE {path}?undo=true") < calls.index(f"POST {path}/restore")
