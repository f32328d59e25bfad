"""Text on its way to a voice: cleaned, measured, checked against the scripts that a voice can read."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from lipwright.engine.errors import BadParameters, TextTooLong

# About six minutes of speech: longer talks are better recorded, or cut into jobs that can fail alone.
LONGEST_TEXT_CHARS = 5000

# Up to this share of letters in a script that the voice cannot read is let through: a foreign name in a
# sentence is spelled out or passed over, and the sentence can still be followed.
_FOREIGN_SHARE = 0.5

# Voices speak a text sentence by sentence, and at most this much at once.
_LONGEST_SENTENCE_CHARS = 400

# How people call a script where Unicode has another word.
_SCRIPT_WORDS = {"CJK": "Chinese"}

# Control characters, surrogates, private and unassigned characters: none of them can be said.
_UNSAYABLE = ("Cc", "Cs", "Co", "Cn")
_SPACES = re.compile(r"\s+")


def prepare_text(text: str) -> str:
    """The text as a voice gets it: composed (NFC), one space for any white space, nothing unsayable.

    Markup is text like any other and is read out. Raises TextTooLong past LONGEST_TEXT_CHARS and
    BadParameters when no letter, digit or sign is left to say.
    """
    if len(text) > LONGEST_TEXT_CHARS:
        raise TextTooLong(
            f"The text has {len(text)} characters, {LONGEST_TEXT_CHARS} are the most. Cut it into parts."
        )
    clean = clean_text(text).strip()
    if not any(unicodedata.category(char)[0] in "LNS" for char in clean):
        raise BadParameters("There is nothing to say in the text. Write at least one word.")
    return clean[:LONGEST_TEXT_CHARS]


def clean_text(text: str) -> str:
    """A stretch of text composed (NFC), with one space for any white space and for what cannot be said."""
    kept = "".join(" " if unicodedata.category(char) in _UNSAYABLE else char for char in text)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", kept))


def sentences_of(transcript: str) -> Iterator[str]:
    """The sentences of a text, or runs of words where a sentence is too long."""
    for sentence in re.split(r"(?<=[.!?。！？।؟])\s*|\n+", transcript):  # noqa: RUF001
        rest = sentence.strip()
        while len(rest) > _LONGEST_SENTENCE_CHARS:
            space = rest.rfind(" ", 1, _LONGEST_SENTENCE_CHARS)
            cut = space if space > 0 else _LONGEST_SENTENCE_CHARS
            yield rest[:cut]
            rest = rest[cut:].strip()
        if rest:
            yield rest


def script_of(char: str) -> str:
    """The script of a letter as Unicode names it, `LATIN` or `CJK`; empty for what is not a letter."""
    if not char.isalpha():
        return ""
    return unicodedata.name(char, "").split(" ")[0].split("-")[0]


def check_script(text: str, scripts: frozenset[str], voice_name: str) -> None:
    """Raise BadParameters when most letters of a text are in scripts that a voice cannot read."""
    counts = Counter(filter(None, map(script_of, text)))
    foreign = {script: count for script, count in counts.items() if script not in scripts}
    if sum(foreign.values()) > _FOREIGN_SHARE * sum(counts.values()):
        script = max(foreign, key=lambda name: foreign[name])
        raise BadParameters(
            f"The voice {voice_name} cannot read {_SCRIPT_WORDS.get(script, script.capitalize())} letters. "
            "Choose a voice of the text's language; `lipwright voices` lists them."
        )
