"""A list of directions in a file: from second, to second, words. CSV, or JSON lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from lipwright.engine.errors import BadParameters
from lipwright.engine.gesture.cue import MAX_CUES, Cue

# A hundred rows of 500 characters are a twentieth of this; more is another file by mistake.
LARGEST_FILE_BYTES = 1_000_000
# How the columns are called in a first row of CSV, and the keys in JSON lines, from, to and words.
_FROM, _TO, _WORDS = (
    ("from", "start", "start_s", "start_seconds"),
    ("to", "end", "end_s", "end_seconds"),
    ("words", "prompt"),
)
_FORM = 'Write `from second, to second, words`, or a JSON object with "from", "to" and "words".'


def read_direction_file(path: Path) -> tuple[Cue, ...]:
    """The directions of a file, in its order.

    One a line, as CSV (`0, 2.5, happy, nodding`) or as JSON lines (`{"from": 0, "to": 2, "words": "happy"}`);
    an empty `to` is the end of the video. Empty lines, lines that begin with # and a first row of names are
    passed over. Raises BadParameters, with the line's number, for a row that cannot be used, and for a file
    that cannot be read.
    """
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise BadParameters(f"{path.name} is too large for a list of directions. {_FORM}")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadParameters(f"{path.name} is no text in UTF-8. Save the list as plain text.") from error
    except OSError as error:
        raise BadParameters(f"The list of directions cannot be read: {error}. Name a text file.") from error
    cues = tuple(_cues(text, path.name))
    if not cues:
        raise BadParameters(f"{path.name} holds no directions. {_FORM}")
    if len(cues) > MAX_CUES:
        raise BadParameters(f"{path.name} holds {len(cues)} directions, {MAX_CUES} are the most.")
    return cues


def _cues(text: str, name: str) -> Iterator[Cue]:
    is_first = True
    for number, line in enumerate(text.splitlines(), start=1):
        row = line.strip()
        if not row or row.startswith("#"):
            continue
        try:
            fields = _of_json(row) if row.startswith("{") else _of_csv(row)
            is_names = is_first and fields[0].strip().lower() in _FROM
            is_first = False
            if not is_names:
                yield _cue(*fields)
        except (BadParameters, ValueError) as error:
            raise BadParameters(f"{name}, line {number}: {error}") from error


def _of_csv(row: str) -> tuple[str, str, str]:
    fields = next(csv.reader([row], skipinitialspace=True))
    if len(fields) < 3:
        raise ValueError(f"there are {len(fields)} fields, 3 are needed. {_FORM}")
    return fields[0], fields[1], ", ".join(fields[2:])


def _of_json(row: str) -> tuple[str, str, str]:
    try:
        content = json.loads(row)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"this is no JSON ({error}). {_FORM}") from error
    known = {key for keys in (_FROM, _TO, _WORDS) for key in keys}
    for key in content:
        if key not in known:
            raise ValueError(f'there is no field "{key[:40]}". {_FORM}')
    start, end, words = (
        next((content[key] for key in keys if content.get(key) is not None), "")
        for keys in (_FROM, _TO, _WORDS)
    )
    if not isinstance(words, str):
        raise ValueError(f"the words are no text. {_FORM}")
    return str(start), str(end), words


def _cue(start: str, end: str, words: str) -> Cue:
    if not words.strip():
        raise ValueError(f"the words are missing. {_FORM}")
    start_s = _seconds(start, "from")
    return Cue(start_s=start_s, end_s=_seconds(end, "to") if end.strip() else None, prompt=words.strip())


def _seconds(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise ValueError(f"`{name}` is {text.strip()[:40]!r}, no number of seconds. {_FORM}") from error
