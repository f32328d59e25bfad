"""The reference pages of the service say what its code says."""

from __future__ import annotations

from lipwright.server.settings import Settings
from tools.service_pages import PAGES, http_page, settings_page

REMAKE = "run `uv run python tools/service_pages.py`"


def test_the_page_of_settings_is_up_to_date() -> None:
    assert (PAGES / "settings.md").read_text(encoding="utf-8") == settings_page(), REMAKE


def test_the_page_of_calls_is_up_to_date() -> None:
    assert (PAGES / "http-api.md").read_text(encoding="utf-8") == http_page(), REMAKE


def test_every_setting_says_what_it_is_for_and_stands_in_the_reference() -> None:
    page = (PAGES / "settings.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"`LIPWRIGHT_{name.upper()}`" in page, name
        assert field.description in page, name
