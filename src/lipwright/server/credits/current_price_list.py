"""The price list of the installation, as a running process knows it."""

from __future__ import annotations

import sqlalchemy as sa
import structlog

from lipwright.server.credits.plans import FILE_NAME, PriceList, built_in_text, parse_price_list
from lipwright.server.database.installation_files import read_file
from lipwright.server.errors import BadSettings

_log = structlog.get_logger(__name__)


class CurrentPriceList:
    """Follows the price list in the database; each change reaches every process within a few seconds."""

    def __init__(self, connection: sa.Connection) -> None:
        """Raises BadSettings when the price list cannot be used."""
        self._text = _text(connection)
        self.value: PriceList = _parse(self._text)

    def refresh(self, connection: sa.Connection) -> None:
        """Look whether it was changed. One that this version cannot use is left alone, with a word."""
        text = _text(connection)
        if text == self._text:
            return
        self._text = text
        try:
            self.value = _parse(text)
        except BadSettings as error:
            _log.error("the new price list is of no use here; the old one stays", reason=str(error))
        else:
            _log.info("the price list was changed")


def _text(connection: sa.Connection) -> str:
    return read_file(connection, FILE_NAME) or built_in_text()


def _parse(text: str) -> PriceList:
    return parse_price_list(text, f"{FILE_NAME} of the installation")
