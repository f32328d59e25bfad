"""Taking secrets out of what is logged: the values that this process knows, and whatever looks like one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from lipwright.server.settings import Settings

HIDDEN = "***"
# One value of a line. A longer one is cut in its middle: what failed stands at the ends, and an exception can
# quote a whole body.
MAX_TEXT_LENGTH = 8_000
# Of a value far longer only the ends are searched. Half of it is much more than what remains of each end, so
# that a secret that is cut here is cut away below.
_SEARCHED_LENGTH = 32_000
# A value with more levels than an exception of a group of exceptions is written as a text.
_MAX_DEPTH = 12
# A known value shorter than this is not looked for: it would be found inside of other words.
_LEAST_KNOWN_LENGTH = 8
# Where credentials of the store and the database come from besides our own settings.
_VARIABLES = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "PGPASSWORD")

# Fields and headers whose value is a secret, whatever it looks like. In all shapes a repetition that can
# begin at many places is bounded: a text from outside must not make the search slow.
_NAMES = (
    r"(?:[a-z0-9_-]{0,40}(?:authorization|api[-_]?key|access[-_]?key|signing[-_]?key|secret|password|passwd|pwd"
    r"|token|signature|credential|cookie)[a-z0-9_-]{0,40}|sig)"
)
_SECRET_NAME = re.compile(_NAMES, re.IGNORECASE)
_QUOTED = r"\"(?:[^\"\\]|\\.)*\"?|'(?:[^'\\]|\\.)*'?"
# (shape, what is written in its place), in this order.
_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    # What follows the name of a secret, as in JSON, in headers, in Python's values and in libpq's settings.
    # The scheme of a header belongs to its value.
    (
        re.compile(
            rf"(?P<name>\b{_NAMES}[\"']?\s*(?::|=>|=|,)\s*)(?:b?(?:{_QUOTED})|(?:(?:bearer|basic)\s+)?[^\s\"',;&)\]}}]+)",
            re.IGNORECASE,
        ),
        rf"\g<name>{HIDDEN}",
    ),
    (re.compile(r"\b(bearer)\s+[^\s\"',;)\]}]+", re.IGNORECASE), rf"\1 {HIDDEN}"),
    # Keys by their beginning: ours, the Magic Hour API's and others' of that kind, secrets of webhooks, keys
    # of S3, JSON web tokens.
    (re.compile(r"\b[a-z]{2,6}_(?:live|test)_[A-Za-z0-9_-]+"), HIDDEN),
    (re.compile(r"\bwhsec_[A-Za-z0-9_+/=-]+"), HIDDEN),
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}"), HIDDEN),
    (re.compile(r"\beyJ[\w-]{1,2000}\.[\w-]{1,2000}\.[\w-]*"), HIDDEN),
    # A user and a password, and everything behind the question mark, of an address: signatures of stores have
    # many names.
    (re.compile(r"(\b[a-z][a-z0-9+.-]{0,20}://)[^\s/@\"'<>]*@", re.IGNORECASE), rf"\1{HIDDEN}@"),
    (re.compile(r"(\bhttps?://[^\s?\"'<>]{1,2000}\?)[^\s\"'<>]+", re.IGNORECASE), rf"\1{HIDDEN}"),
    # What a database or a check says of the values that it refused.
    (re.compile(r"(\[parameters: ).*\]", re.DOTALL), rf"\1{HIDDEN}]"),
    (re.compile(r"(Failing row contains |Key \([^)]*\)=)\(.*\)"), rf"\1({HIDDEN})"),
    (re.compile(r"(\binput_value=).*?(?=, input_type=|\n|$)"), rf"\1{HIDDEN}"),
    # Signatures, and hashes of keys: 32 bytes in hex. No identifier of ours has this shape.
    (re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{64}(?![0-9A-Za-z])"), HIDDEN),
)


class Redaction:
    """Removes secrets from texts and from the fields of log lines, and bounds their length."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        """known: values that are hidden wherever they stand."""
        longest_first = sorted(
            {one for one in known if len(one) >= _LEAST_KNOWN_LENGTH}, key=len, reverse=True
        )
        self._known = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def text(self, text: str) -> str:
        """The text without secrets, at most about MAX_TEXT_LENGTH characters long."""
        if len(text) <= _SEARCHED_LENGTH:
            return _cut(self._hide(text))
        ends = (self._hide(text[: _SEARCHED_LENGTH // 2]), self._hide(text[-_SEARCHED_LENGTH // 2 :]))
        return _cut("\n".join(ends))

    def fields(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a line without secrets, also inside lists and mappings."""
        return {str(name): self._field(str(name), value, 0) for name, value in fields.items()}

    def _field(self, name: str, value: Any, depth: int) -> Any:
        if value is not None and _SECRET_NAME.fullmatch(name):
            return HIDDEN
        return self._value(value, depth)

    def _value(self, value: Any, depth: int) -> Any:
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, str):
            return self.text(value)
        if depth < _MAX_DEPTH:
            if isinstance(value, Mapping):
                return {
                    self.text(str(name)): self._field(str(name), one, depth + 1)
                    for name, one in value.items()
                }
            if isinstance(value, list | tuple | set | frozenset):
                return [self._value(one, depth + 1) for one in value]
        return self.text(repr(value))

    def _hide(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        for shape, replacement in _SHAPES:
            text = shape.sub(replacement, text)
        return text


def known_secrets(settings: Settings) -> set[str]:
    """The secrets that the settings and the environment of this process name."""
    known = {os.environ[name] for name in _VARIABLES if name in os.environ}
    if settings.s3_secret_key is not None:
        known.add(settings.s3_secret_key.get_secret_value())
    address = urlsplit(settings.database_url or "")
    # A password that is the name of the user or of the database is no secret, and stands in other words.
    if address.password and address.password not in (address.username, address.path.strip("/")):
        known |= {address.password, unquote(address.password)}
    return known


def _cut(text: str) -> str:
    if len(text) <= MAX_TEXT_LENGTH:
        return text
    half = MAX_TEXT_LENGTH // 2
    return f"{text[:half]} ... {len(text) - 2 * half} characters left out ... {text[-half:]}"
