"""The form of a talking photo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.acceptance.samples import SampleFiles
from tests.studio.browser import forms
from tests.studio.browser.axe import assert_usable_by_everybody
from tests.studio.browser.conftest import Visit, Visitor
from tests.studio.browser.shots import keep_shot
from tests.studio.browser.stage import Stage, making, refused
from tests.studio.browser.until import until

PRODUCT = "ai-talking-photo"


@pytest.fixture
def stage(samples: SampleFiles) -> Stage:
    stage = Stage(samples=samples, answers=forms.form_answers())
    forms.made(stage, PRODUCT, lambda name: making(id=name))
    return stage


@pytest.fixture
def form(visit: Visit, stage: Stage) -> Page:
    """The empty form."""
    return _open(visit(), stage)


def _open(visitor: Visitor, stage: Stage, path: str = "/make/photo") -> Page:
    return forms.opened(visitor, stage, path)


def _give(page: Page, stage: Stage, *, sound: Path | None = None) -> None:
    """A picture and a sound."""
    page.locator("input[name=picture]").set_input_files(stage.samples.picture)
    page.locator(".face-box").first.wait_for()
    page.locator("input[name=voice]").set_input_files(sound or stage.samples.sound)
    expect(forms.make_button(page)).to_be_enabled()
    expect(page.locator(".figure").first).to_be_visible()


def _order(page: Page, stage: Stage) -> dict[str, Any]:
    """Press the button; what was ordered."""
    forms.make_button(page).click()
    page.wait_for_url("**/jobs/*")
    [body] = forms.ordered(stage, PRODUCT)
    assert isinstance(body, dict)
    return body


def test_three_clicks_make_a_video_of_the_sample(visit: Visit) -> None:
    """With nothing in the place of the server: from the first page to a film that plays."""
    visitor = visit()
    visitor.guard.allow(forms.BUSY)
    page = visitor.open("/")
    page.get_by_role("button", name="Try with the sample").click()
    page.locator(".face-box").wait_for(timeout=forms.LOOKED_MS)
    expect(page.locator(".figure").first).to_be_visible(timeout=forms.LOOKED_MS)
    page.get_by_role("button", name="Make video").click()
    page.wait_for_url("**/jobs/*", timeout=forms.LOOKED_MS)
    film = page.locator("video").first
    film.wait_for(timeout=forms.RENDERED_MS)
    film.evaluate("film => { film.muted = true; return film.play(); }")
    until(page, "document.querySelector('video').currentTime > 0.2")
    keep_shot(page, "sample made")


def test_the_face_that_is_clicked_speaks(form: Page, stage: Stage, tmp_path: Path) -> None:
    stage.answers["POST /v1/face-boxes"] = forms.found(forms.TWO_FACES)
    form.locator("input[name=picture]").set_input_files(
        forms.two_people(tmp_path / "two.png", stage.samples.picture)
    )
    expect(form.get_by_role("button", name="Face 1 speaks")).to_have_attribute("aria-pressed", "true")
    other = form.get_by_role("button", name="Let face 2 speak")
    other.focus()
    other.press("Enter")
    expect(form.get_by_role("button", name="Face 2 speaks")).to_have_attribute("aria-pressed", "true")
    keep_shot(form, "photo two faces")
    form.locator("input[name=voice]").set_input_files(stage.samples.sound)
    expect(form.locator(".figure").first).to_be_visible()
    assert _order(form, stage)["style"]["face"] == 1


@pytest.mark.parametrize(
    ("faces", "reason", "said"),
    [
        ([], forms.NO_FACE, "No face was found"),
        ([forms.face(0, (0.4, 0.4, 0.45, 0.46), "The face is 40 pixels wide.")], None, "40 pixels wide"),
        ([forms.face(0, (0.3, 0.2, 0.6, 0.6), "It is turned away by 60 degrees.")], None, "turned away"),
    ],
    ids=["no face", "too small", "turned away"],
)
def test_what_is_wrong_with_a_picture_is_said_before_anything_is_spent(
    form: Page, stage: Stage, faces: list[Any], reason: str | None, said: str
) -> None:
    stage.answers["POST /v1/face-boxes"] = forms.found(faces, reason)
    form.locator("input[name=picture]").set_input_files(stage.samples.picture)
    expect(form.get_by_role("alert")).to_contain_text(said)
    form.locator("input[name=voice]").set_input_files(stage.samples.sound)
    expect(form.get_by_role("button", name="Make video")).to_have_attribute("aria-disabled", "true")
    keep_shot(form, f"photo {said}")
    assert not [name for name, _ in stage.calls if name in ("POST /v1/estimates", f"POST /v1/{PRODUCT}")]


def test_several_pictures_become_several_videos(form: Page, stage: Stage, samples: SampleFiles) -> None:
    forms.let_fall(form, [samples.picture, samples.picture, samples.sound])
    expect(form.locator(".thumbnail")).to_have_count(2)
    button = form.get_by_role("button", name="Make 2 videos")
    expect(button).not_to_have_attribute("aria-disabled", "true")
    expect(form.locator(".figure").first).to_contain_text("624")
    keep_shot(form, "photo several")
    button.click()
    form.wait_for_url("**/library")
    pictures = [body["assets"]["image_file_path"] for body in forms.ordered(stage, PRODUCT)]
    assert len(set(pictures)) == 2


def test_a_picture_is_pasted(form: Page, samples: SampleFiles) -> None:
    forms.let_fall(form, [samples.picture], how="paste")
    expect(form.locator(".face-box")).to_be_visible()


def test_the_camera_takes_a_picture(form: Page) -> None:
    form.get_by_role("button", name="Camera").click()
    form.get_by_role("button", name="Take the picture").click()
    keep_shot(form, "photo camera", whole=False)
    form.get_by_role("button", name="Use it").click()
    expect(form.locator(".face-box")).to_be_visible()


def test_the_microphone_gives_a_voice_that_can_be_heard_and_made_again(form: Page, stage: Stage) -> None:
    form.locator("input[name=picture]").set_input_files(stage.samples.picture)
    form.get_by_role("radio", name="Record").check()
    form.get_by_role("button", name="Record").click()
    form.locator(".meter-level").wait_for()
    until(form, "new DOMMatrix(getComputedStyle(document.querySelector('.meter-level')).transform).a > 0.1")
    form.wait_for_timeout(2500)
    keep_shot(form, "photo recording")
    form.get_by_role("button", name="Stop").click()
    form.get_by_role("button", name="Play", exact=True).click()
    expect(form.get_by_role("button", name="Pause")).to_be_visible()
    expect(form.get_by_role("button", name="Record again")).to_be_visible()
    expect(form.locator(".figure").first).to_be_visible()
    order = _order(form, stage)
    assert order["assets"]["audio_file_path"].endswith(".wav")
    assert order["end_seconds"] > 1


def test_a_text_is_heard_before_it_is_used(form: Page, stage: Stage, tmp_path: Path) -> None:
    spoken = forms.sound(tmp_path / "spoken.wav", 8.0).read_bytes()
    form.context.route(
        "**/v1/voice-samples", lambda route: route.fulfill(body=spoken, content_type="audio/wav")
    )
    form.locator("input[name=picture]").set_input_files(stage.samples.picture)
    form.get_by_role("radio", name="Text").check()
    form.get_by_label("Text", exact=True).last.fill("Guten Morgen.")
    form.get_by_label("Language").select_option("de")
    with form.expect_request("**/v1/voice-samples") as asked:
        form.get_by_role("button", name="Hear it").click()
    assert asked.value.post_data_json == {"text": "Guten Morgen.", "voice": "de-female"}
    expect(form.get_by_role("button", name="Stop")).to_be_visible()
    form.get_by_text("Fine tuning").click()
    form.get_by_label("Pace of the voice").fill("0.8")
    expect(form.locator(".figure").first).to_be_visible()
    order = _order(form, stage)
    assert order["assets"]["rate"] == 0.8
    assert order["assets"]["text"] == "Guten Morgen."
    assert order["assets"]["voice"] == "de-female"
    assert "start_seconds" not in order


def test_the_stretch_of_the_sound_is_typed_and_dragged(form: Page, stage: Stage, tmp_path: Path) -> None:
    _give(form, stage, sound=forms.sound(tmp_path / "long.wav", 8.0))
    end = form.get_by_label("End (s)")
    end.fill("6")
    form.get_by_label("Start (s)").fill("1.5")
    expect(form.get_by_text("4.5 s of 8 s")).to_be_visible()
    # The right handle, a quarter of the sound to the left.
    frame = form.locator(".waveform-frame")
    box = frame.bounding_box()
    assert box
    right_px, middle_px = box["x"] + box["width"] * 6 / 8 - 4, box["y"] + box["height"] / 2
    form.mouse.move(right_px, middle_px)
    form.mouse.down()
    form.mouse.move(right_px - box["width"] / 8, middle_px, steps=4)
    form.mouse.move(right_px - box["width"] / 4, middle_px, steps=4)
    form.mouse.up()
    assert 3.5 < float(end.input_value()) < 4.5
    expect(form.get_by_role("button", name="Make video")).not_to_have_attribute("aria-disabled", "true")
    order = _order(form, stage)
    assert order["start_seconds"] == 1.5
    assert 3.5 < order["end_seconds"] < 4.5


def test_every_choice_of_motion_reaches_the_price_and_the_order(form: Page, stage: Stage) -> None:
    _give(form, stage)
    assert forms.priced(stage)["style"] == {"generation_mode": "realistic"}
    form.get_by_role("radio", name="Prompted").check()
    form.get_by_role("button", name="happy").click()
    form.get_by_role("button", name="nodding").click()
    form.get_by_role("button", name="sad").click()
    form.get_by_role("button", name="sad").click()
    expect(form.get_by_label("Mood and motion", exact=True)).to_have_value("happy, nodding")
    form.get_by_label("Intensity").fill("0.8")
    form.get_by_text("Fine tuning").click()
    for scale, value in (("Mouth", "1.2"), ("Head", "0.5"), ("Blinks", "2"), ("Expression", "0.7")):
        form.get_by_label(scale, exact=True).fill(value)
    form.get_by_label("Seed").fill("7")
    form.get_by_label("Resolution").select_option("480p")
    form.get_by_label("Name", exact=True).fill("Greeting")
    keep_shot(form, "photo options")
    expect(form.get_by_role("button", name="Make video")).not_to_have_attribute("aria-disabled", "true")
    order = _order(form, stage)
    assert order["style"] == {
        "generation_mode": "expressive",
        "prompt": "happy, nodding",
        "intensity": 0.8,
        "mouth": 1.2,
        "head": 0.5,
        "blinks": 2,
        "expression": 0.7,
        "seed": 7,
    }
    assert order["resolution"] == "480p"
    assert order["name"] == "Greeting"
    assert forms.priced(stage) == order


def test_a_film_lends_its_motion(form: Page, stage: Stage) -> None:
    _give(form, stage)
    form.get_by_text("Fine tuning").click()
    form.locator("input[name=motion]").set_input_files(stage.samples.film)
    expect(form.get_by_text("talk.mp4")).to_be_visible()
    expect(form.get_by_role("button", name="Make video")).not_to_have_attribute("aria-disabled", "true")
    until(form, "!document.querySelector('.progress')")
    assert _order(form, stage)["assets"]["motion_file_path"].endswith(".mp4")


def test_where_the_plan_binds_is_said_and_what_it_refuses_cannot_be_ordered(form: Page, stage: Stage) -> None:
    bound = {"code": "resolution", "message": "Your plan makes pictures of up to 576 pixels."}
    stage.answers["POST /v1/estimates"] = forms.estimate(limits=[bound])
    _give(form, stage)
    expect(form.get_by_role("status").filter(has_text="up to 576 pixels")).to_be_visible()
    keep_shot(form, "photo limit")
    refusal = {"code": "unprocessable", "message": "The clip is 400 s long; at most 300 s."}
    stage.answers["POST /v1/estimates"] = forms.estimate(error=refusal)
    form.get_by_label("Resolution").select_option("480p")
    expect(form.get_by_role("alert")).to_contain_text("at most 300 s")
    expect(form.get_by_role("button", name="Make video")).to_have_attribute("aria-disabled", "true")


def test_too_few_credits_are_said_and_what_was_filled_in_stays(visit: Visit, stage: Stage) -> None:
    visitor = visit()
    visitor.guard.allow(r"status of 402 .*/v1/ai-talking-photo")
    stage.answers[f"POST /v1/{PRODUCT}"] = refused(402, "212 credits are missing.")
    page = _open(visitor, stage)
    _give(page, stage)
    forms.make_button(page).click()
    expect(page.get_by_role("alert")).to_contain_text("212 credits are missing.")
    expect(page.get_by_role("alert").get_by_role("link", name="See the account")).to_be_visible()
    keep_shot(page, "photo too few credits")
    expect(page.locator(".face-box")).to_be_visible()


def test_an_order_that_is_tried_again_is_made_once(visit: Visit, stage: Stage) -> None:
    visitor = visit()
    visitor.guard.allow(r"status of 503 ", r"net::ERR_FAILED")
    page = _open(visitor, stage)
    keys: list[str] = []

    def lose_the_first(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.abort()
        else:
            route.fallback()

    visitor.context.route(f"**/v1/{PRODUCT}", lose_the_first)
    _give(page, stage)
    forms.make_button(page).click()
    page.wait_for_url("**/jobs/*")
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_a_file_that_is_too_large_or_of_no_use_is_refused_before_it_is_sent(
    form: Page, stage: Stage, tmp_path: Path
) -> None:
    account = dict(stage.answers["GET /v1/account"])
    account["plan"] = account["plan"] | {"upload_bytes": 1000}
    stage.answers["GET /v1/account"] = account
    form.reload()
    form.locator(".balance").wait_for()
    form.locator("input[name=picture]").set_input_files(stage.samples.picture)
    expect(form.get_by_role("alert")).to_contain_text("your plan takes files up to 1 kB")
    (tmp_path / "notes.txt").write_text("words")
    form.locator("input[name=picture]").set_input_files(tmp_path / "notes.txt")
    expect(form.get_by_role("alert")).to_contain_text("is not a picture")
    keep_shot(form, "photo refused files")
    assert not [name for name, _ in stage.calls if "upload" in name]


def test_an_upload_goes_on_after_the_connection_was_lost(visit: Visit, stage: Stage) -> None:
    visitor = visit()
    visitor.guard.allow(r"net::ERR_FAILED")
    page = _open(visitor, stage)
    tries: list[str] = []

    def lose_the_first(route: Route) -> None:
        if route.request.method != "PUT":
            return route.fallback()
        tries.append(route.request.url)
        return route.abort() if len(tries) == 1 else route.continue_()

    visitor.context.route("**/media/**", lose_the_first)
    page.locator("input[name=picture]").set_input_files(stage.samples.picture)
    expect(page.get_by_text("The connection was lost; uploading again")).to_be_visible()
    keep_shot(page, "photo uploading again")
    expect(page.locator(".face-box")).to_be_visible()
    assert len(tries) == 2


def test_again_with_changes_opens_the_form_as_it_was(visit: Visit, stage: Stage, server: Any) -> None:
    visitor = visit()
    picture = server.upload(stage.samples.picture, "image")
    voice = server.upload(stage.samples.sound, "audio")
    order = {
        "name": "Greeting",
        "start_seconds": 0.5,
        "end_seconds": 1.5,
        "assets": {"image_file_path": picture, "audio_file_path": voice},
        "style": {"generation_mode": "prompted", "prompt": "happy", "head": 0.5, "seed": 3, "face": 1},
        "resolution": "480p",
    }
    stage.answers |= {
        "GET /v1/video-projects/cold/order": {"product": PRODUCT, "order": order, "name": "Greeting"},
        "POST /v1/face-boxes": forms.found(forms.TWO_FACES),
        "POST /v1/file-info": lambda call: {
            "kind": "image" if call[1]["file_path"] == picture else "audio",
            "duration_seconds": 2.0,
            "poster_url": "/media/poster.jpg",
            "strip": [],
        },
    }
    stage.play(visitor.context)
    page = visitor.open("/make/photo?from=cold")
    expect(page.get_by_role("button", name="Face 2 speaks")).to_be_visible()
    expect(page.locator(".figure").first).to_be_visible()
    expect(page.get_by_label("Mood and motion", exact=True)).to_have_value("happy")
    keep_shot(page, "photo again")
    assert _order(page, stage) == order


def test_an_earlier_video_that_is_gone_says_so(visit: Visit, stage: Stage) -> None:
    visitor = visit()
    visitor.guard.allow(r"status of 404 .*/order")
    stage.answers["GET /v1/video-projects/cgone/order"] = refused(404, "Not Found")
    stage.play(visitor.context)
    page = visitor.open("/make/photo?from=cgone")
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    keep_shot(page, "photo again gone")


def test_names_with_markup_are_text(form: Page, stage: Stage, tmp_path: Path) -> None:
    trap = tmp_path / "<img src=x onerror=alert(1)>.mp3"
    trap.write_bytes(stage.samples.sound.read_bytes())
    form.locator("input[name=voice]").set_input_files(trap)
    expect(form.locator(".file-name")).to_have_text(trap.name)
    assert form.locator(".file-name img").count() == 0


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_everybody_can_use_the_form(visit: Visit, stage: Stage, phone: bool, colours: str) -> None:
    page = _open(visit(phone=phone, colours=colours), stage)
    keep_shot(page, "photo empty")
    assert_usable_by_everybody(page)
    _give(page, stage)
    page.get_by_role("radio", name="Prompted").check()
    page.get_by_text("Fine tuning").click()
    keep_shot(page, "photo filled")
    assert_usable_by_everybody(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Camera").click()
    page.get_by_role("button", name="Take the picture").wait_for()
    assert_usable_by_everybody(page)


def test_the_form_is_filled_and_sent_by_keyboard_alone(form: Page) -> None:
    def go_to(name: str) -> None:
        for _ in range(80):
            form.keyboard.press("Tab")
            if name in form.evaluate("document.activeElement.closest('button')?.textContent ?? ''"):
                return
        raise AssertionError(f"'{name}' is not reached by Tab")

    go_to("Try with the sample")
    form.keyboard.press("Enter")
    expect(form.locator(".figure").first).to_be_visible()
    go_to("Make video")
    form.keyboard.press("Enter")
    form.wait_for_url("**/jobs/*")


def test_the_narrowest_phone_shows_all(visit: Visit, stage: Stage) -> None:
    page = _open(visit(size_wh=(360, 740)), stage)
    _give(page, stage)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    keep_shot(page, "photo narrow")
