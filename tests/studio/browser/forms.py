"""What the two forms are told in the place of a server, and how they are filled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page

from tests.studio.browser.conftest import Visitor
from tests.studio.browser.stage import Stage, account_answers
from tests.support import sounds

# A real search for faces starts a process; where others work on the same cores that takes half a minute.
LOOKED_MS = 120_000
# A render of the sample takes half a minute on a quiet machine.
RENDERED_MS = 300_000


# Where others work on the same cores a search may take too long; the page asks again.
BUSY = r"status of 503 .*/v1/(face-boxes|file-info)"


def face(number: int, box: tuple[float, float, float, float], reason: str | None = None) -> dict[str, Any]:
    """A face that was found; it can speak unless a reason is given."""
    return {
        "face": number,
        "box": list(box),
        "score": 0.9,
        "face_height_px": 120.0,
        "yaw_degrees": 0.0,
        "usable": reason is None,
        "code": None if reason is None else "face_turned_away",
        "reason": reason,
    }


ONE_FACE = [face(0, (0.33, 0.13, 0.56, 0.42))]
TWO_FACES = [face(0, (0.1, 0.1, 0.32, 0.5)), face(1, (0.7, 0.1, 0.9, 0.5))]
NO_FACE = "No face was found. Use a picture that shows one face clearly, from the front."


def found(faces: list[dict[str, Any]], reason: str | None = None) -> dict[str, Any]:
    """An answer of the search for faces."""
    return {"width": 512, "height": 512, "faces": faces, "reason": reason}


def estimate(**changes: Any) -> dict[str, Any]:
    """A price."""
    return {
        "credits": 312,
        "seconds_estimate": 24.0,
        "width": 512,
        "height": 512,
        "frame_rate": 30.0,
        "limits": [],
        "error": None,
    } | changes


WORDS = [
    ("happy", "mood", "Smiles with lifted cheeks."),
    ("sad", "mood", "Corners of the mouth down."),
    ("nodding", "head", "Nods twice every few seconds."),
    ("looking left", "eyes", "Eyes and head to the left."),
]
VOICES = [
    ("en-us-female", "American English, female, embedded", "en-us", "female"),
    ("en-us-male", "American English, male, embedded", "en-us", "male"),
    ("de-female", "German, female, embedded", "de", "female"),
]


def form_answers() -> dict[str, Any]:
    """What a form asks, answered at once. Uploads go to the server."""
    voices = [
        {"id": name, "name": about, "language": language, "sex": sex, "kind": "embedded", "available": True}
        for name, about, language, sex in VOICES
    ]
    words = [{"word": word, "group": group, "also": [], "sentence": text} for word, group, text in WORDS]
    return {
        "GET /v1/account": account_answers()["GET /v1/account"],
        "GET /v1/voices": {"items": voices},
        "GET /v1/prompt-words": {"items": words},
        "GET /v1/video-projects": {"items": [], "next_cursor": None},
        "POST /v1/face-boxes": found(ONE_FACE),
        "POST /v1/estimates": estimate(),
    }


def ordered(stage: Stage, product: str) -> list[Any]:
    """The bodies of the create calls of a product."""
    return [body for name, body in stage.calls if name == f"POST /v1/{product}"]


def priced(stage: Stage) -> Any:
    """The order of the last estimate."""
    return [body for name, body in stage.calls if name == "POST /v1/estimates"][-1]["order"]


def made(stage: Stage, product: str, shown: Callable[[str], dict[str, Any]]) -> None:
    """Let create calls of a product succeed; `shown` is what the page of a new video is told."""
    number = 0

    def create(_call: Any) -> dict[str, Any]:
        nonlocal number
        number += 1
        name = f"cnew000000000000000000000{number}"
        stage.answers[f"GET /v1/video-projects/{name}"] = shown(name)
        return {"id": name, "credits_charged": 312, "estimated_frame_cost": 312}

    stage.answers[f"POST /v1/{product}"] = create


def opened(visitor: Visitor, stage: Stage, path: str) -> Page:
    """A form, before anything is given."""
    stage.play(visitor.context)
    page = visitor.open(path)
    page.locator(".drop").wait_for()
    return page


def make_button(page: Page) -> Locator:
    """The button at the foot of a form, once it can be pressed."""
    return page.locator(".make-bar button:not([aria-disabled='true'])")


def two_people(path: Path, portrait: Path) -> Path:
    """A picture of two people."""
    one = np.asarray(Image.open(portrait).convert("RGB"))
    Image.fromarray(np.hstack((one, cv2.flip(one, 1)))).save(path)
    return path


def sound(path: Path, seconds: float) -> Path:
    """Something like a voice."""
    return sounds.write_sound(path, sounds.voice(seconds))


def let_fall(page: Page, files: list[Path], how: str = "drop") -> None:
    """Drop files on the page, or paste them."""
    contents = [(one.name, list(one.read_bytes())) for one in files]
    page.evaluate(
        """([contents, how]) => {
          const types = { png: 'image/png', mp4: 'video/mp4', mp3: 'audio/mpeg' };
          const held = new DataTransfer();
          for (const [name, bytes] of contents) {
            const type = types[name.split('.').pop()];
            held.items.add(new File([new Uint8Array(bytes)], name, { type }));
          }
          const told = { bubbles: true, cancelable: true };
          const events = how === 'paste'
            ? [new ClipboardEvent('paste', { ...told, clipboardData: held })]
            : ['dragenter', 'dragover', 'drop'].map(
              (kind) => new DragEvent(kind, { ...told, dataTransfer: held }));
          for (const event of events) document.body.dispatchEvent(event);
        }""",
        [contents, how],
    )
