"""Files of the operator that are the same for the whole installation: plans with prices, and voice names.

Those in the database count. A migration takes over the files of the machine on which it runs, where the
database has none yet; later ones are loaded by command. A machine whose own files say something else is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
import structlog

from lipwright.engine import BadParameters, Label
from lipwright.server.credits import plans
from lipwright.server.database.connection import Database
from lipwright.server.database.installation_files import read_file, store_file
from lipwright.server.errors import BadSettings
from lipwright.server.rendering import voice_names
from lipwright.server.settings import Settings, load_settings

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationFile:
    """One of them.

    name: of the file, and of its row. setting: the setting that names a machine's own file. parse: raises
    BadSettings for a text that cannot be used; its second argument names the text in the error.
    """

    name: str
    setting: str
    parse: Callable[[str, str], object]
    built_in_text: Callable[[], str]

    def own_path(self, settings: Settings) -> Path | None:
        """This machine's own file; None where it has none."""
        named: Path | None = getattr(settings, self.setting)
        own = named or settings.home / self.name
        return own if named is not None or own.exists() else None


def _parse_plans(text: str, where: str) -> object:
    """The price list of a text whose labels can be drawn. Raises BadSettings."""
    price_list = plans.parse_price_list(text, where)
    for name, plan in price_list.plans.items():
        try:
            if plan.label is not None:
                Label(text=plan.label, font=load_settings().label_font)
        except BadParameters as error:
            raise BadSettings(f"{where}: plans.{name}.label: {error.message}") from None
    return price_list


# By the word of the command.
INSTALLATION_FILES = {
    "plans": InstallationFile(
        name=plans.FILE_NAME,
        setting="plans_file",
        parse=_parse_plans,
        built_in_text=plans.built_in_text,
    ),
    "voices": InstallationFile(
        name=voice_names.FILE_NAME,
        setting="voices_file",
        parse=voice_names.parse_voice_names,
        built_in_text=voice_names.built_in_text,
    ),
}


def show(connection: sa.Connection, file: InstallationFile) -> str:
    """The text that counts."""
    return read_file(connection, file.name) or file.built_in_text()


def load(connection: sa.Connection, file: InstallationFile, path: Path) -> None:
    """Let a file count for the installation from now on. Raises BadSettings for one that cannot be used."""
    text = _read(path)
    file.parse(text, str(path))
    store_file(connection, file.name, text)


def take_over_own_files(connection: sa.Connection, settings: Settings) -> None:
    """Put this machine's files into a database that has none. Raises BadSettings."""
    for file in INSTALLATION_FILES.values():
        path = file.own_path(settings)
        if path is not None and read_file(connection, file.name) is None:
            load(connection, file, path)


def differences(connection: sa.Connection, settings: Settings) -> Iterator[str]:
    """A sentence for each of this machine's files that says something else than what counts."""
    for word, file in INSTALLATION_FILES.items():
        path = file.own_path(settings)
        if path is not None and _read(path) != show(connection, file):
            yield (
                f"{path} is not what the installation uses, and does nothing. "
                f"`lipwright installation load {word} {path}` lets it count for all machines; "
                f"`lipwright installation show {word}` prints what counts."
            )


def warn_of_differences(connection: sa.Connection, settings: Settings) -> None:
    """The same, for the log of a process that starts."""
    for sentence in differences(connection, settings):
        _log.warning(sentence)


def compare_this_machine() -> list[str] | None:
    """The differences, for whoever has nothing open; None where no service was started here yet.

    Raises BadSettings, also for a database that does not answer or is older.
    """
    settings = load_settings()
    if settings.database_url is None and not Path(settings.sql_url.removeprefix("sqlite:///")).exists():
        return None
    database = Database(settings.sql_url)
    try:
        with database.read() as connection:
            return list(differences(connection, settings))
    except sa.exc.SQLAlchemyError:
        raise BadSettings("The database does not answer, or its tables are of an older version.") from None
    finally:
        database.close()


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise BadSettings(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadSettings(f"{path} cannot be read: it is not UTF-8.") from None
