"""The pages lead somewhere, and the code in them runs."""

from __future__ import annotations

import re
import runpy
import shutil
from pathlib import Path

import pytest

from lipwright.engine.face.choose import MOST_PITCH_DEG, MOST_YAW_DEG, SMALLEST_WIDTH_PX
from lipwright.engine.media.reading.images import MAX_PICTURE_PIXELS
from lipwright.engine.media.reading.sound import MIN_SOUND_S
from lipwright.engine.media.reading.sound_reader import MAX_SOUND_S
from lipwright.engine.media.writing.gif_muxer import MAX_GIF_SIDE_PX
from lipwright.engine.pipelines.limits import (
    DEFAULT_INTENSITY,
    MAX_FRAME_RATE,
    MAX_INTENSITY,
    MAX_RESOLUTION_PX,
    MAX_SCALE,
    MIN_FRAME_RATE,
    MIN_INTENSITY,
)
from lipwright.engine.speech.align.transcript import LONGEST_TRANSCRIPT_CHARS
from lipwright.engine.speech.voices.speak import list_voices
from lipwright.engine.speech.words.text import LONGEST_TEXT_CHARS
from tests.support.portrait import PORTRAIT_PATH, read_portrait
from tests.support.sounds import voice, write_sound
from tests.support.videos import write_clip

PROJECT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((PROJECT / "examples").rglob("*.py"))
PAGES = [*sorted(PROJECT.glob("*.md")), *sorted((PROJECT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
PYTHON_BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
# Examples that talk to a server are run by tests/acceptance.
CLIENT_EXAMPLES = PROJECT / "examples" / "client"


def anchors_of(page: Path) -> set[str]:
    """The places of a page that a link can name."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    broken = []
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        if not place.exists() or (anchor and anchor not in anchors_of(place)):
            broken.append(target)
    assert broken == []


# Pages whose examples are marked one by one are read by test_client_pages.py.
@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if "<!-- examples/" not in page.read_text(encoding="utf-8")],
    ids=lambda page: str(page.relative_to(PROJECT)),
)
def test_code_in_the_pages_is_that_of_the_examples(page: Path) -> None:
    examples = [example.read_text(encoding="utf-8") for example in EXAMPLES]
    strays = [
        block
        for block in PYTHON_BLOCK.findall(page.read_text(encoding="utf-8"))
        if not any(block.strip() in example for example in examples)
    ]
    assert strays == []


@pytest.mark.parametrize(
    "example",
    [example for example in EXAMPLES if CLIENT_EXAMPLES not in example.parents],
    ids=lambda example: example.stem,
)
def test_an_example_runs(
    example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(PORTRAIT_PATH, "me.jpg")
    write_sound(tmp_path / "speech.mp3", voice(0.6))
    portrait = read_portrait()[30:230, 124:324]
    write_clip(tmp_path / "clip.mp4", count=30, size_wh=(200, 200), frame=lambda *_: portrait)
    before = {path.name for path in tmp_path.iterdir()}
    runpy.run_path(str(example), run_name="__main__")
    printed = capfdbinary.readouterr().out
    made = {path.name for path in tmp_path.iterdir()} - before
    assert made == {"me.mp4"} or printed


def test_the_page_of_limits_states_the_limits_of_the_code() -> None:
    page = (PROJECT / "docs" / "reference" / "formats-and-limits.md").read_text(encoding="utf-8")
    stated = [
        f"{MAX_PICTURE_PIXELS / 1e6:g} million pixels",
        f"from {MIN_SOUND_S:g} seconds to {MAX_SOUND_S / 3600:g} hours",
        f"{LONGEST_TEXT_CHARS} characters spoken, {LONGEST_TRANSCRIPT_CHARS} characters of a transcript",
        f"at least {SMALLEST_WIDTH_PX} pixels",
        f"at most {MOST_YAW_DEG:g} degrees",
        f"at most {MOST_PITCH_DEG:g} degrees",
        f"at most {MAX_GIF_SIDE_PX} pixels",
        f"at most {MAX_RESOLUTION_PX} pixels",
        f"from {MIN_FRAME_RATE} to {MAX_FRAME_RATE} frames",
        f"| {MIN_INTENSITY:g} | {MAX_INTENSITY:g} | {DEFAULT_INTENSITY:g} |",
        f"| 0 | {MAX_SCALE:g} | 1 |",
        *(f"`{extension}`" for extension in ("jfif", "jp2")),
    ]
    assert [limit for limit in stated if limit not in page] == []


def test_the_page_of_voices_names_every_language_and_timbre() -> None:
    page = (PROJECT / "docs" / "reference" / "voices.md").read_text(encoding="utf-8")
    for one in list_voices():
        if not one.name.startswith(("piper:", "kokoro:")):
            assert f"`{one.language}`" in page
            assert f"`{one.name.removeprefix(one.language + '-')}`" in page
    assert str(LONGEST_TEXT_CHARS) in page
