"""The pages for developers name files and folders that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PAGES = ("CONTRIBUTING.md", "SECURITY.md", "docs/explanation/architecture.md", "docs/how-to/release.md")
# A path in code marks: at least one slash, no address, no placeholder.
PATH = re.compile(r"`(\.?[\w][\w./-]*/[\w./-]*)`")
# Pages name what is in the package without its folders.
ROOTS = (PROJECT, PROJECT / "src", PROJECT / "src" / "lipwright", PROJECT / "src" / "lipwright" / "server")
# Made by commands that the page tells of.
MADE = ("dist/",)


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_exists(page: str) -> None:
    named = PATH.findall((PROJECT / page).read_text(encoding="utf-8"))
    absent = [
        path for path in named if path not in MADE and not any((root / path).exists() for root in ROOTS)
    ]
    assert absent == []


def test_every_name_in_the_table_of_places_is_in_the_source() -> None:
    page = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| a")]
    named = {name for row in rows for name in re.findall(r"`([A-Za-z_]\w+)`", row)}
    assert len(named) > 10
    source = "\n".join(path.read_text(encoding="utf-8") for path in (PROJECT / "src").rglob("*.py"))
    words = set(re.findall(r"\w+", source))
    assert named - words == set()
