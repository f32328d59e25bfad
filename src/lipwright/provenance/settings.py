"""What an operator sets about credentials and watermarks, the same for the command line and the service.

A value is looked for in the environment (`LIPWRIGHT_` and the name in capitals), then in `lipwright.toml` in
the data folder, then here. Read by hand, because the library that reads the settings of the service takes
longer to load than a picture to be found in.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from lipwright.provenance.errors import BadMarkingSettings

PREFIX = "LIPWRIGHT_"
FILE_NAME = "lipwright.toml"
# The words that the settings of the service take for a truth value, too.
_TRUE_WORDS = frozenset({"1", "true", "t", "yes", "y", "on"})
_FALSE_WORDS = frozenset({"0", "false", "f", "no", "n", "off"})

# Said wherever marks are turned off. A fact with its date, no advice.
LAW_NOTE = (
    "Article 50 of the EU AI Act asks whoever offers software that makes such media for machine-readable "
    "marks, since 2 August 2026; other places have rules of their own."
)


def data_folder() -> Path:
    """The data folder: LIPWRIGHT_HOME, or the user's own place for data."""
    named = os.environ.get(f"{PREFIX}HOME")
    if named:
        return Path(named).expanduser().absolute()
    share = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(share).expanduser().absolute() / "lipwright"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkingSettings:
    """What an operator sets. `credentials_certificates` goes with one of the three ways to reach its key.

    marking: whether outputs get credentials and a watermark. credentials_folder: of the installation's own
    credentials. credentials_certificates: a chain in PEM, the signer's first. credentials_key: its key in
    PEM. credentials_pkcs11: an address of its key as RFC 7512 has it. credentials_command: a program that
    signs. credentials_timeout_s: how long a program or a module may take. credentials_time_stamp_url: of a
    server that RFC 3161 describes.
    """

    marking: bool = True
    credentials_folder: Path
    credentials_certificates: Path | None = None
    credentials_key: Path | None = None
    credentials_pkcs11: str | None = None
    credentials_command: str | None = None
    credentials_timeout_s: float = 30.0
    credentials_time_stamp_url: str | None = None


def load_marking_settings() -> MarkingSettings:
    """The settings of this machine and user. Raises BadMarkingSettings."""
    return marking_settings(_given_values(), data_folder())


def marking_settings(values: dict[str, Any], home: Path) -> MarkingSettings:
    """The settings from values by name, as text or of their own type; others are passed over.

    home: the data folder. Raises BadMarkingSettings.
    """
    known = {field.name: field.type for field in fields(MarkingSettings)}
    chosen: dict[str, Any] = {"credentials_folder": home / "credentials"}
    for name, value in values.items():
        if name in known and value is not None:
            chosen[name] = _parsed(name, value, str(known[name]))
    return MarkingSettings(**chosen)


def _given_values() -> dict[str, Any]:
    """What the file and the environment say."""
    names = [field.name for field in fields(MarkingSettings)]
    path = data_folder() / FILE_NAME
    try:
        in_file = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
    except (OSError, ValueError) as error:
        raise BadMarkingSettings(f"{path} cannot be read: {error}.") from None
    environment = {key.upper(): value for key, value in os.environ.items()}
    in_environment = {name: environment.get(f"{PREFIX}{name.upper()}") for name in names}
    return {**in_file, **{name: value for name, value in in_environment.items() if value is not None}}


def _parsed(name: str, value: object, kind: str) -> object:
    """A value of the type that the field has. Raises BadMarkingSettings."""
    if kind == "bool":
        return _truth(name, value)
    if kind == "float":
        try:
            seconds = float(str(value))
        except ValueError:
            seconds = 0.0
        if not 0 < seconds < float("inf"):
            raise BadMarkingSettings(f"{PREFIX}{name.upper()} is a number of seconds above 0.")
        return seconds
    if kind.startswith("Path"):
        return Path(str(value)).expanduser().absolute()
    return str(value) or None


def _truth(name: str, value: object) -> bool:
    word = str(value).strip().lower()
    if word not in _TRUE_WORDS | _FALSE_WORDS:
        raise BadMarkingSettings(f"{PREFIX}{name.upper()} is on or off, not '{value}'.")
    return word in _TRUE_WORDS
