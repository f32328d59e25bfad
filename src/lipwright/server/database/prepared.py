"""Questions that are asked at every call: built and compiled once.

To build a select of thirty columns, and to find it among the compiled ones, takes SQLAlchemy fifty times what
a SQLite file takes to answer it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

Row = tuple[Any, ...]
_DIALECT = sqlite.dialect()


class PreparedQuery:
    """A select whose every value is a named `bindparam`."""

    def __init__(self, query: sa.Select[Any]) -> None:
        self._query = query

    def first(self, connection: sa.Connection, values: Mapping[str, Any]) -> Row | None:
        """The first row, on whatever database."""
        row = connection.execute(self._query, values).first()
        return None if row is None else tuple(row)

    def first_of_file(self, connection: sqlite3.Connection, values: Mapping[str, Any]) -> Row | None:
        """The first row, over a connection of the SQLite driver itself."""
        text, names, converters = self._for_sqlite
        row = connection.execute(text, [values[name] for name in names]).fetchone()
        if row is None:
            return None
        return tuple(
            value if convert is None else convert(value)
            for convert, value in zip(converters, row, strict=True)
        )

    @cached_property
    def _for_sqlite(self) -> tuple[str, list[str], Sequence[Callable[[Any], Any] | None]]:
        """The statement, the names of its values in their order, and what makes Python of each column."""
        compiled = self._query.compile(dialect=_DIALECT)
        converters = [
            column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None)
            for column in self._query.selected_columns
        ]
        return str(compiled), list(compiled.positiontup or ()), converters
