"""Writes docs/reference/prompt-words.md out of the table of words. Run it after changing the table."""

from __future__ import annotations

from pathlib import Path

from lipwright.engine.gesture.prompt import STRONGEST_DEGREE
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

In the mode `realistic` the prompt is not read. The same words change over time
[in marks of a text and in lists of times](../how-to/direct-a-face.md), which count in every mode.

![The sample portrait at rest and under each word](../images/prompt-words.jpg)

The picture is made by `tools/prompt_words_picture.py`: the sample portrait with its lips shut, at rest and at
the moment at which each word changes most. What is about how much or how often (calm, energetic, blinking
rarely), about the mouth as it speaks (whispering, shouting) or about glances hardly shows in a still. A
portrait that smiles as broadly as this one keeps some of its smile in every mood.

## What can be said

| say | or | what it does |
|---|---|---|
{chr(10).join(rows)}

Left and right are those of the picture, as the viewer sees it.

## How strongly

A weight after a word says it in a figure: "happy:0.4, tired" is a little happy and tired. 1 is the word by
itself, {STRONGEST_DEGREE:g} the most, 0 leaves it out.

A word right before one of these makes it stronger: {stronger}.

A word right before one of these makes it weaker: {weaker}.

A word of denial switches the next one off: {negations}. "Not smiling" is a face without a smile, not a
sad one.

## Rules

* Letter case, punctuation, accents and the order of the wishes do not count.
* Wishes add up: "happy, looking left, blinking often". However many there are, the head stays within the
  angles that a prompt may hold (yaw 9°, pitch 5°, roll 5°) and that the photo bears.
* Moods mix: "happy:0.5, sad:0.5" lies between both.
* "normal" and "natural" alone ask for the face without a mood.
* A wish that is said twice counts once, as strongly as it was said.
* Articles, pronouns and words such as "person", "head" or "talking" may stand anywhere and change nothing.
* Every other word is unknown: it changes nothing and is named in a warning.
* `--intensity` scales how lively the mode `prompted` is as a whole; `--head`, `--blinks` and
  `--expression` scale its parts, `--still` keeps the head where it is whatever the prompt says.
"""


if __name__ == "__main__":
    PAGE.write_text(prompt_words_page(), encoding="utf-8")
