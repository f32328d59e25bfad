"""The form of a lip sync."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.samples import SampleFiles
from tests.studio.browser import forms
from tests.studio.browser.axe import assert_usable_by_everybody
from tests.studio.browser.conftest import Visit, Visitor
from tests.studio.browser.shots import keep_shot
from tests.studio.browser.stage import FILM, POSTER, Stage, making, project
from tests.studio.browser.until import until
from tests.support.service import Service

PRODUCT = "lip-sync"


def _info(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "video",
        "width": 320,
        "height": 320,
        "duration_seconds": 1.0,
        "frame_rate": 25.0,
        "has_audio": True,
        "size_bytes": 50_000,
        "poster_url": POSTER,
        "strip": [],
        "url": FILM,
    } | changes


@pytest.fixture
def stage(samples: SampleFiles) -> Stage:
    stage = Stage(samples=samples, answers=forms.form_answers() | {"POST /v1/file-info": _info()})
    forms.made(stage, PRODUCT, lambda name: making(id=name, type="LIP_SYNC"))
    return stage


@pytest.fixture
def form(visit: Visit, stage: Stage) -> Page:
    """The empty form."""
    return _open(visit(), stage)


def _open(visitor: Visitor, stage: Stage, path: str = "/make/sync") -> Page:
    return forms.opened(visitor, stage, path)


def _give(page: Page, stage: Stage, *, sound: Path | None = None) -> None:
    """A film and a sound."""
    page.locator("input[name=film]").set_input_files(stage.samples.film)
    page.locator(".face-box").first.wait_for()
    page.locator("input[name=voice]").set_input_files(sound or stage.samples.sound)
    expect(page.locator(".figure").first).to_be_visible()


def _order(page: Page, stage: Stage) -> dict[str, Any]:
    """Press the button; what was ordered."""
    expect(page.get_by_role("button", name="Make video")).not_to_have_attribute("aria-disabled", "true")
    forms.make_button(page).click()
    page.wait_for_url("**/jobs/*")
    [body] = forms.ordered(stage, PRODUCT)
    assert isinstance(body, dict)
    return body


def test_a_film_gets_another_voice(visit: Visit, samples: SampleFiles) -> None:
    """With nothing in the place of the server: from the empty form to a film that plays."""
    visitor = visit()
    visitor.guard.allow(forms.BUSY)
    page = visitor.open("/make/sync")
    page.locator("input[name=film]").set_input_files(samples.film)
    page.locator("input[name=voice]").set_input_files(samples.sound)
    page.locator(".face-box").first.wait_for(timeout=forms.LOOKED_MS)
    expect(page.locator(".strip-frames img").first).to_be_visible()
    expect(page.locator(".figure").first).to_be_visible(timeout=forms.LOOKED_MS)
    page.get_by_role("radio", name="Lite").check()
    expect(page.get_by_role("button", name="Make video")).not_to_have_attribute(
        "aria-disabled", "true", timeout=forms.LOOKED_MS
    )
    page.get_by_role("button", name="Make video").click()
    page.wait_for_url("**/jobs/*", timeout=forms.LOOKED_MS)
    film = page.locator("video").first
    film.wait_for(timeout=forms.RENDERED_MS)
    film.evaluate("film => { film.muted = true; return film.play(); }")
    until(page, "document.querySelector('video').currentTime > 0.2")


def test_the_film_is_cut_on_its_strip_by_pointer_and_by_keyboard(form: Page, stage: Stage) -> None:
    _give(form, stage)
    expect(form.locator(".strip-frames img")).to_have_count(12)
    start = form.get_by_role("slider", name="Start of the film")
    start.focus()
    for _ in range(3):
        form.keyboard.press("ArrowRight")
    fields = form.locator(".make-stage input[type=number]")
    expect(fields.first).to_have_value("0.3")
    strip = form.locator(".strip").bounding_box()
    assert strip
    right_px, middle_px = strip["x"] + strip["width"] - 2, strip["y"] + strip["height"] / 2
    form.mouse.move(right_px, middle_px)
    form.mouse.down()
    form.mouse.move(right_px - strip["width"] * 0.2, middle_px, steps=5)
    form.mouse.up()
    assert 0.7 < float(fields.last.input_value()) < 0.9
    keep_shot(form, "sync cut")
    form.get_by_role("button", name="Play this part").click()
    expect(form.get_by_role("button", name="Play this part")).to_be_visible()
    order = _order(form, stage)
    assert order["start_seconds"] == 0.3
    assert 0.7 < order["end_seconds"] < 0.9


def test_who_speaks_is_clicked_or_named(form: Page, stage: Stage) -> None:
    stage.answers["POST /v1/face-boxes"] = forms.found(forms.TWO_FACES)
    _give(form, stage)
    form.get_by_role("button", name="Let face 2 speak").click()
    expect(form.get_by_role("radio", name="Face 2")).to_be_checked()
    form.get_by_role("radio", name="Everyone").check()
    expect(form.locator(".face-box[aria-pressed=true]")).to_have_count(2)
    form.get_by_role("radio", name="Who spoke").check()
    keep_shot(form, "sync who speaks")
    assert _order(form, stage)["style"]["face"] == "speaking"


def test_nobody_whose_sound_is_on_its_way_is_left_out_of_the_order(form: Page, stage: Stage) -> None:
    stage.answers["POST /v1/face-boxes"] = forms.found(forms.TWO_FACES)
    _give(form, stage)
    form.get_by_role("radio", name="Each a voice").check()
    form.get_by_role("radio", name="Text").check()
    form.get_by_label("Text", exact=True).last.fill("And I say this.")
    expect(form.locator(".figure").first).to_be_visible()
    form.route("**/media/**", lambda _route: None)
    form.get_by_role("button", name="Let face 2 speak").click()
    form.locator("input[name=voice]").set_input_files(stage.samples.sound)
    expect(form.locator(".make-bar")).to_contain_text("The sound is being uploaded")
    expect(form.get_by_role("button", name="Make video")).to_have_attribute("aria-disabled", "true")


def test_each_of_several_people_gets_a_voice(form: Page, stage: Stage) -> None:
    stage.answers["POST /v1/face-boxes"] = forms.found(forms.TWO_FACES)
    _give(form, stage)
    form.get_by_role("radio", name="Each a voice").check()
    expect(form.locator(".make-bar")).to_contain_text("Give at least one face a voice")
    form.locator("input[name=voice]").set_input_files(stage.samples.sound)
    form.get_by_role("button", name="Let face 2 speak").click()
    form.get_by_role("radio", name="Text").check()
    form.get_by_label("Text", exact=True).last.fill("And I say this.")
    keep_shot(form, "sync each a voice")
    expect(form.locator(".figure").first).to_be_visible()
    order = _order(form, stage)
    first, second = order["assets"]["voices"]
    assert first["face"] == 0
    assert first["audio_file_path"].endswith(".mp3")
    assert second == {"face": 1, "text": "And I say this.", "voice": "en-us-female"}
    assert "audio_file_path" not in order["assets"]
    assert "face" not in order["style"]


def test_every_choice_reaches_the_price_and_the_order(form: Page, stage: Stage) -> None:
    _give(form, stage)
    form.get_by_role("radio", name="Pro").check()
    form.get_by_label("Loop the film").check()
    form.get_by_label("Keep the old sound under it").check()
    form.get_by_label("Level of the old sound").fill("-18")
    form.get_by_label("Frame-rate limit").fill("15")
    form.get_by_label("Name", exact=True).fill("Dubbed")
    form.get_by_text("Fine tuning").click()
    form.get_by_label("Mouth", exact=True).fill("1.2")
    form.get_by_label("Seed").fill("4")
    keep_shot(form, "sync options")
    order = _order(form, stage)
    assert order["style"] == {
        "generation_mode": "pro",
        "loop": True,
        "keep_sound_db": -18,
        "mouth": 1.2,
        "seed": 4,
    }
    assert order["max_fps_limit"] == 15
    assert order["name"] == "Dubbed"
    assert forms.priced(stage) == order


def test_a_part_of_the_voice_is_sent_as_a_sound_of_its_own(
    form: Page, stage: Stage, server: Service, tmp_path: Path
) -> None:
    _give(form, stage, sound=forms.sound(tmp_path / "long.wav", 6.0))
    whole = forms.priced(stage)["assets"]["audio_file_path"]
    form.locator(".make-side").get_by_label("End (s)").fill("2")
    until(form, "document.querySelector('.make-bar').textContent.includes('credits')")
    order = _order(form, stage)
    part = order["assets"]["audio_file_path"]
    assert part != whole
    sent = server.stored(part)
    all_of_it = server.stored(whole)
    assert sent
    assert all_of_it
    assert 0.25 < len(sent) / len(all_of_it) < 0.45


def test_a_mode_that_the_plan_lacks_cannot_be_chosen(visit: Visit, stage: Stage) -> None:
    account = dict(stage.answers["GET /v1/account"])
    account["plan"] = account["plan"] | {"sync_modes": ["lite", "standard"]}
    stage.answers["GET /v1/account"] = account
    page = _open(visit(), stage)
    expect(page.get_by_role("radio", name="Pro")).to_be_disabled()
    expect(page.get_by_text("Not in your plan.")).to_be_visible()


def test_a_film_comes_from_the_library(form: Page, stage: Stage, server: Service) -> None:
    shown = project(id="cfilm000000000000000000a", name="Interview")
    stage.answers["GET /v1/video-projects"] = {"items": [shown], "next_cursor": None}
    form.get_by_role("button", name="From the library").click()
    keep_shot(form, "sync library", whole=False)
    assert_usable_by_everybody(form)
    form.get_by_role("button", name="Interview").click()
    form.locator(".face-box").first.wait_for()
    form.locator("input[name=voice]").set_input_files(stage.samples.sound)
    assets = _order(form, stage)["assets"]
    assert assets["video_file_path"] == f"{server.base_url}/my-library?videoId={shown['id']}"


def test_a_film_comes_by_address(form: Page, stage: Stage) -> None:
    form.get_by_role("button", name="By address").click()
    form.get_by_role("button", name="Use it").click()
    expect(form.get_by_role("alert")).to_contain_text("begins with https://")
    form.get_by_label("Address of the film").fill("https://www.youtube.com/watch?v=abc")
    form.get_by_role("button", name="Use it").click()
    form.locator(".make-stage").get_by_label("End (s)").fill("4")
    form.locator("input[name=voice]").set_input_files(stage.samples.sound)
    keep_shot(form, "sync by address")
    order = _order(form, stage)
    assert order["assets"]["video_source"] == "youtube"
    assert order["assets"]["youtube_url"] == "https://www.youtube.com/watch?v=abc"
    assert (order["start_seconds"], order["end_seconds"]) == (0, 4)


def test_a_film_without_a_face_at_its_beginning_is_only_remarked(form: Page, stage: Stage) -> None:
    stage.answers["POST /v1/face-boxes"] = forms.found([], forms.NO_FACE)
    form.locator("input[name=film]").set_input_files(stage.samples.film)
    expect(form.get_by_text("No face is seen at the beginning")).to_be_visible()
    form.locator("input[name=voice]").set_input_files(stage.samples.sound)
    _order(form, stage)


def test_again_with_changes_opens_the_form_as_it_was(visit: Visit, stage: Stage) -> None:
    order = {
        "name": "Dubbed",
        "start_seconds": 0.2,
        "end_seconds": 0.8,
        "max_fps_limit": 15,
        "assets": {
            "video_source": "file",
            "video_file_path": "api-assets/a/talk.mp4",
            "text": "Hello.",
            "voice": "en-us-male",
        },
        "style": {"generation_mode": "lite", "face": "all", "keep_sound_db": -18, "loop": True},
    }
    answer = {"product": PRODUCT, "order": order, "name": "Dubbed"}
    stage.answers["GET /v1/video-projects/cold/order"] = answer
    visitor = visit()
    stage.play(visitor.context)
    page = visitor.open("/make/sync?from=cold")
    expect(page.get_by_label("Text", exact=True).last).to_have_value("Hello.")
    expect(page.locator(".figure").first).to_be_visible()
    keep_shot(page, "sync again")
    assert _order(page, stage) == order


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_everybody_can_use_the_form(visit: Visit, stage: Stage, phone: bool, colours: str) -> None:
    stage.answers["POST /v1/face-boxes"] = forms.found(forms.TWO_FACES)
    page = _open(visit(phone=phone, colours=colours), stage)
    keep_shot(page, "sync empty")
    assert_usable_by_everybody(page)
    _give(page, stage)
    page.get_by_text("Fine tuning").click()
    expect(page.locator(".strip-frames img")).to_have_count(12)
    keep_shot(page, "sync filled")
    assert_usable_by_everybody(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
