"""Takes the pictures of the studio that the documentation shows, from a real server with the sample portrait.

    uv run python -m tools.studio_pictures

Needs chromium. Nobody but the portrait of the package is in the pictures. Takes about two minutes.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import httpx
from PIL import Image
from playwright.sync_api import Page, expect

from tests.studio.browser.chromium import PROGRAMS, chromium_program, started
from tests.support.portrait import PORTRAIT_PATH
from tests.support.service import Service, serving

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
# As wide as a laptop's window; its words are still read where the page is shown at 900 px.
WINDOW_WH = (1200, 840)
# Skin without blocks, and every picture below the 150 kB that a page should load.
JPEG_QUALITY = 82
LARGEST_BYTES = 150_000
RENDER_MS = 180_000
TEXTS = {
    "Welcome to the museum": "Good morning, and welcome to the museum.",
    "Guten Morgen": "Guten Morgen! Wie schön, dass Sie da sind.",
}


def main() -> None:
    """Write `docs/images/studio-*.jpg`."""
    program = chromium_program()
    if program is None:
        sys.exit(f"none of {', '.join(PROGRAMS)} is on the path: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        with serving(scratch / "home") as server, started(program, scratch) as browser:
            made = make_projects(server, scratch)
            context = browser.new_context(
                viewport={"width": WINDOW_WH[0], "height": WINDOW_WH[1]}, reduced_motion="reduce"
            )
            context.set_default_timeout(RENDER_MS)
            expect.set_options(timeout=RENDER_MS)
            take_all(context.new_page(), server, made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The ids of finished projects."""

    photo: str
    lip_sync: str


def make_projects(server: Service, scratch: Path) -> Made:
    """What the library shows, made first."""
    photos = [photo(server, name, text) for name, text in TEXTS.items()]
    server.wait_for(photos)
    dubbed = lip_sync(server, photos[0], scratch)
    server.wait_for([dubbed])
    return Made(photo=photos[0], lip_sync=dubbed)


def take_all(page: Page, server: Service, made: Made) -> None:
    """Go to every view, and keep what is seen."""
    page.goto(server.command("studio", "link", "--address", server.base_url).splitlines()[-1])
    page.get_by_role("button", name="Try with the sample").wait_for()
    page.goto(f"{server.base_url}/jobs/{made.photo}")
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_timeout(900)
    page.keyboard.press(".")  # Stops at a frame in the middle of a word.
    page.get_by_role("button", name="Measure it").click()
    page.locator(".report li").first.wait_for()
    keep(page, "video")

    page.goto(f"{server.base_url}/jobs/{made.lip_sync}")
    page.get_by_label("Divider", exact=True).check()
    for _ in range(12):
        page.get_by_role("button", name="One frame on").click()
    page.wait_for_timeout(1000)
    keep(page, "compare")
    page.goto(f"{server.base_url}/library")
    page.locator(".video img").nth(2).wait_for()
    page.wait_for_timeout(1000)
    keep(page, "library")

    page.goto(f"{server.base_url}/make/photo")
    page.get_by_role("button", name="Try with the sample").click()
    make = page.get_by_role("button", name="Make video")
    tries = page.get_by_role("button", name="Try again")
    while make.is_disabled():
        if tries.count():
            tries.first.click()  # A machine that is busy looks for faces later.
        page.wait_for_timeout(500)
    keep(page, "make")
    make.click()
    page.locator(".making-frame").wait_for()
    keep(page, "watch")


def photo(server: Service, name: str, text: str) -> str:
    """Order a talking photo of the sample portrait; its id."""
    assets = {"image_file_path": server.upload(PORTRAIT_PATH, "image"), "text": text, "voice": voice_of(text)}
    body = {"name": name, "assets": assets, "start_seconds": 0, "end_seconds": 10}
    return ordered(server, "/v1/ai-talking-photo", body)


def lip_sync(server: Service, source: str, scratch: Path) -> str:
    """Order other words for a video that was made here; its id."""
    film = scratch / "film.mp4"
    made = server.http.get(f"/v1/video-projects/{source}").json()
    film.write_bytes(httpx.get(made["downloads"][0]["url"], trust_env=False).content)
    text = "Bonjour et bienvenue au musée."
    assets = {
        "video_source": "file",
        "video_file_path": server.upload(film, "video"),
        "text": text,
        "voice": voice_of(text),
    }
    body = {"name": "Bienvenue", "start_seconds": 0, "end_seconds": 2, "assets": assets}
    return ordered(server, "/v1/lip-sync", body)


def voice_of(text: str) -> str:
    """A voice of the language of a text."""
    language = {"Bonjour": "fr", "Guten": "de"}.get(text.split()[0], "en-us")
    return f"{language}-female"


def ordered(server: Service, path: str, body: dict[str, object]) -> str:
    """The id of a new project."""
    answer = server.http.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def keep(page: Page, name: str) -> None:
    """Write one picture, and fail where it is too large for a page."""
    page.evaluate("scrollTo(0, 0)")
    path = IMAGES / f"studio-{name}.jpg"
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "shot.png"
        page.screenshot(path=str(whole))
        Image.open(whole).convert("RGB").save(path, quality=JPEG_QUALITY, optimize=True, progressive=True)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB", flush=True)
    assert path.stat().st_size < LARGEST_BYTES, path


if __name__ == "__main__":
    main()
