"""The reference pages say what the code says."""

from __future__ import annotations

from tools.reference_pages import PAGES, commands_page, errors_page

REMAKE = "run `uv run python tools/reference_pages.py`"


def test_the_page_of_commands_is_up_to_date() -> None:
    assert (PAGES / "cli.md").read_text(encoding="utf-8") == commands_page(), REMAKE


def test_the_page_of_errors_is_up_to_date() -> None:
    assert (PAGES / "errors.md").read_text(encoding="utf-8") == errors_page(), REMAKE
