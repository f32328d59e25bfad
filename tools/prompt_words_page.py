"""Writes docs/reference/prompt-words.md out of the table of words. Run it after changing the table."""

from __future__ import annotations

from pathlib import Path

from lipwright.engine.gesture.prompt_words import DEGREES, NEGATIONS, PROMPT_WORDS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "prompt-words.md"


def prompt_words_page() -> str:
    """The whole page."""
    rows = [f"| **{word.name}** | {', '.join(word.also)} | {word.does} |" for word in PROMPT_WORDS]
    stronger = ", ".join(name for name, factor in DEGREES.items() if factor > 1)
    weaker = ", ".join(name for name, factor in DEGREES.items() if factor < 1)
    negations = ", ".join(sorted(NEGATIONS))
    return f"""# Words for a prompt

A prompt says how a photo is to feel and move: `--mode prompted --prompt "very happy, nodding"`. It is read
as a list of known words. It is not sent to a language model, so the same words always do the same.

In the mode `realistic` the prompt is not read.

## What can be said

| say | or | what it does |
|---|---|---|
{chr(10).join(rows)}

Left and right are those of the picture, as the viewer sees it.

## How strongly

A word right before one of these makes it stronger: {stronger}.

A word right before one of these makes it weaker: {weaker}.

A word of denial switches the next one off: {negations}. "Not smiling" is a face without a smile, not a
sad one.

## Rules

* Letter case, punctuation, accents and the order of the wishes do not count.
* Wishes add up: "happy, looking left, blinking often". However many there are, the head stays within the
  angles that a photo can bear (yaw 6°, pitch 5°, roll 4°).
* A wish that is said twice counts once, as strongly as it was said.
* Articles, pronouns and words such as "person", "head" or "talking" may stand anywhere and change nothing.
* Every other word is unknown: it changes nothing and is named in a warning.
* `--intensity` scales how lively the mode `prompted` is as a whole; `--head`, `--blinks` and
  `--expression` scale its parts, `--still` keeps the head where it is whatever the prompt says.
"""


if __name__ == "__main__":
    PAGE.write_text(prompt_words_page(), encoding="utf-8")
