"""Both products on a real server with real media, from the printed link to the video that plays."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.acceptance.playing import assert_plays
from tests.acceptance.samples import FILM_S, SPEECH_S, SampleFiles
from tests.studio.browser.conftest import Visit, Visitor
from tests.studio.browser.shots import keep_shot
from tests.studio.browser.until import until
from tests.support import sounds
from tests.support.service import Service

# A result of the tests' sizes takes seconds; others may use the same two cores.
RENDER_MS = 120_000
# Long enough that frames can be looked at while others are drawn.
LONG_SPEECH_S = 5.0


def photo(server: Service, samples: SampleFiles, *, sound: Path | None = None, **changes: Any) -> str:
    """Order a talking photo; its id."""
    body = {
        "name": "Seen in the studio",
        "start_seconds": 0,
        "end_seconds": SPEECH_S,
        "assets": {
            "image_file_path": server.upload(samples.picture, "image"),
            "audio_file_path": server.upload(sound or samples.sound, "audio"),
        },
        "style": {"generation_mode": "prompted", "prompt": "happy:0.4, it's nodding"},
    }
    answer = server.http.post("/v1/ai-talking-photo", json=body | changes)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


@pytest.fixture
def long_photo(server: Service, samples: SampleFiles, tmp_path: Path) -> str:
    """A talking photo that is being made."""
    sound = sounds.write_sound(tmp_path / "long.wav", sounds.voice(LONG_SPEECH_S))
    return photo(server, samples, sound=sound, end_seconds=LONG_SPEECH_S)


@pytest.fixture(scope="module")
def finished_photo(server: Service, samples: SampleFiles) -> str:
    """A talking photo that is done."""
    made = photo(server, samples)
    assert server.wait_for([made]) == ["complete"]
    return made


@pytest.fixture(scope="module")
def finished_sync(server: Service, samples: SampleFiles) -> str:
    """A lip sync that is done."""
    assets = {
        "video_source": "file",
        "video_file_path": server.upload(samples.film, "video"),
        "audio_file_path": server.upload(samples.sound, "audio"),
    }
    body = {"name": "Dubbed", "start_seconds": 0, "end_seconds": FILM_S, "assets": assets}
    answer = server.http.post("/v1/lip-sync", json=body)
    assert answer.status_code == 200, answer.text
    assert server.wait_for([answer.json()["id"]]) == ["complete"]
    return str(answer.json()["id"])


def plays(page: Page) -> None:
    """Fails unless the player's film moves on."""
    until(page, "document.querySelector('video.player-result').currentTime > 0.2")
    assert page.evaluate("document.querySelector('video.player-result').videoWidth") > 0


def test_three_clicks_lead_from_the_printed_link_to_a_video_that_plays(visit: Visit, server: Service) -> None:
    visitor = visit(signed_in=False)
    page = visitor.page
    link = server.command("studio", "link", "--address", server.base_url).splitlines()[-1]
    page.goto(link)
    page.get_by_role("button", name="Try with the sample").click()
    make = page.get_by_role("button", name="Make video")
    expect(make).to_be_enabled(timeout=RENDER_MS)
    make.click()
    expect(page).to_have_url(re.compile("/jobs/"))  # The form has a button of that name too.
    play = page.get_by_role("button", name="Play", exact=True)
    play.wait_for(timeout=RENDER_MS)
    play.click()
    plays(page)
    keep_shot(page, "real video of the sample")


def test_frames_are_shown_while_a_video_is_made_and_a_reload_loses_nothing(
    visitor: Visitor, server: Service, long_photo: str
) -> None:
    page = visitor.open(f"/jobs/{long_photo}")
    page.locator(".making-frame").wait_for(timeout=RENDER_MS)
    seen = page.locator(".making-frame").inner_text()
    expect(page.locator(".making-frame")).not_to_have_text(seen)
    assert page.locator(".making-stage img").evaluate("one => one.naturalWidth") > 0
    page.reload()
    page.get_by_role("progressbar", name="Progress of the video").wait_for()
    page.get_by_role("button", name="Play", exact=True).click(timeout=RENDER_MS)
    plays(page)
    assert server.status(long_photo) == "complete"


def test_a_video_is_stopped_while_it_is_made(visitor: Visitor, server: Service, long_photo: str) -> None:
    page = visitor.open(f"/jobs/{long_photo}")
    page.get_by_role("button", name="Cancel", exact=True).click(timeout=RENDER_MS)
    page.get_by_role("button", name="Stop it").click()
    expect(page.get_by_text("This video was canceled")).to_be_visible()
    assert server.wait_for([long_photo]) == ["canceled"]
    assert server.row(long_photo).credits_charged == 0


def test_a_connection_that_was_lost_is_caught_up_when_it_is_back(
    visitor: Visitor, server: Service, long_photo: str
) -> None:
    visitor.guard.allow(r"ERR_INTERNET_DISCONNECTED")
    page = visitor.open(f"/jobs/{long_photo}")
    page.locator(".making").wait_for()
    visitor.context.set_offline(True)
    expect(page.get_by_text("No connection. What runs on the server goes on")).to_be_visible()
    server.wait_for([long_photo])
    visitor.context.set_offline(False)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(page.get_by_text("No connection.")).to_be_hidden()


def test_a_picture_without_a_face_fails_with_what_to_do(
    visitor: Visitor, server: Service, samples: SampleFiles, tmp_path: Path
) -> None:
    Image.effect_noise((320, 320), 60).convert("RGB").save(tmp_path / "noise.png")
    assets = {
        "image_file_path": server.upload(tmp_path / "noise.png", "image"),
        "audio_file_path": server.upload(samples.sound, "audio"),
    }
    made = photo(server, samples, assets=assets)
    page = visitor.open(f"/jobs/{made}")
    expect(page.get_by_text("This video could not be made")).to_be_visible(timeout=RENDER_MS)
    expect(page.get_by_text("choose another picture")).to_be_visible()
    expect(page.get_by_text("Code for support: no_source_face")).to_be_visible()
    page.goto(f"{visitor.base_url}/library?state=error")
    expect(page.get_by_role("listitem").filter(has_text="Failed").first).to_be_visible()


def test_a_lip_sync_is_compared_with_its_own_source(visitor: Visitor, finished_sync: str) -> None:
    visitor.guard.allow(r"status of 503 .*/v1/file-info")  # While others use all processors.
    page = visitor.open(f"/jobs/{finished_sync}")
    page.get_by_label("Side by side", exact=True).check(timeout=RENDER_MS)
    until(page, "document.querySelector('.player-source video').readyState >= 2")
    page.get_by_role("button", name="Play", exact=True).click()
    plays(page)
    until(page, "document.querySelector('.player-source video').currentTime > 0.1")
    page.get_by_label("Divider", exact=True).check()
    keep_shot(page, "real lip sync with divider")


def test_what_measure_finds_is_said_in_words(visitor: Visitor, finished_photo: str) -> None:
    page = visitor.open(f"/jobs/{finished_photo}")
    page.get_by_role("button", name="Measure it").click()
    expect(page.locator(".report li").first).to_be_visible(timeout=RENDER_MS)
    page.reload()
    expect(page.locator(".report li").first).to_be_visible()


def test_a_name_is_changed_and_found_in_the_library(visitor: Visitor, finished_photo: str) -> None:
    page = visitor.open(f"/jobs/{finished_photo}")
    page.get_by_role("button", name="Rename").click()
    name = "<i>Grüße</i> & more"
    page.get_by_label("Name of the video").fill(name)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.goto(f"{visitor.base_url}/library")
    page.get_by_role("searchbox").fill("grüße")
    found = page.get_by_role("list", name="Videos, newest first").get_by_role("listitem")
    expect(found).to_have_count(1)
    expect(found).to_contain_text(name)
    expect(found.locator("img")).to_have_js_property("complete", True)
    page.get_by_label("Lip syncs").check()
    expect(page.get_by_text("No video fits")).to_be_visible()


def test_a_deleted_video_is_restored(visitor: Visitor, server: Service, samples: SampleFiles) -> None:
    made = photo(server, samples, name="Short-lived")
    server.wait_for([made])
    page = visitor.open(f"/jobs/{made}")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").wait_for()
    assert not server.http.get(f"/v1/video-projects/{made}").json()["enabled"]
    other = visitor.context.new_page()
    other.goto(f"{visitor.base_url}/jobs/{made}")
    expect(other.get_by_text("There is no such video")).to_be_visible()
    other.close()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Play", exact=True).click()
    plays(page)


def test_an_order_is_opened_again_as_it_was(visitor: Visitor, finished_photo: str) -> None:
    page = visitor.open(f"/jobs/{finished_photo}")
    page.get_by_role("link", name="Again with changes").click()
    expect(page).to_have_url(f"{visitor.base_url}/make/photo?from={finished_photo}")
    expect(page.get_by_role("button", name="Make video")).to_be_enabled(timeout=RENDER_MS)
    expect(page.get_by_role("textbox", name="Mood and motion")).to_have_value("happy:0.4, it's nodding")


@pytest.mark.parametrize("tab", ["curl", "Python", "Command line"])
def test_the_lines_of_a_program_make_the_same_video(
    tab: str, visitor: Visitor, server: Service, finished_photo: str, tmp_path: Path
) -> None:
    page = visitor.open(f"/jobs/{finished_photo}")
    page.get_by_role("tab", name=tab, exact=True).click()
    text = page.locator("pre").inner_text()
    if tab == "curl":
        text = text.split("\n\n")[0]  # What follows asks for the id that this answers.
    command = [sys.executable, "-c", text] if tab == "Python" else ["bash", "-c", text]
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=os.environ | {"LIPWRIGHT_API_KEY": server.key, "PATH": programs, "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=RENDER_MS / 1000,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    if tab == "curl":
        assert '"id"' in done.stdout, done.stdout
    else:
        assert_plays(tmp_path / "video.mp4", duration_s=SPEECH_S)


def test_signing_out_ends_the_session(visit: Visit) -> None:
    visitor = visit()
    page = visitor.open("/library")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("API key")).to_be_visible()
    visitor.guard.allow(r"status of 401")
    page.goto(f"{visitor.base_url}/account")
    expect(page.get_by_label("API key")).to_be_visible()
    assert visitor.context.cookies() == [] or all(
        visitor.context.request.get(f"{visitor.base_url}{path}").status == 401
        for path in ("/v1/session", "/v1/video-projects")
    )
