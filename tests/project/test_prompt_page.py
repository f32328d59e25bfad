"""The reference page of prompt words says what the table says."""

from __future__ import annotations

from tools.prompt_words_page import PAGE, prompt_words_page


def test_the_page_of_prompt_words_is_up_to_date() -> None:
    remake = "run `uv run python tools/prompt_words_page.py`"
    assert PAGE.read_text(encoding="utf-8") == prompt_words_page(), remake
