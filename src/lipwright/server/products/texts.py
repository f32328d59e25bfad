"""How long a text of a request may be."""

from __future__ import annotations

# About eleven minutes of speech; longer texts are several videos.
MAX_TEXT_CHARACTERS = 10_000
