"""Opening the services, or the tables alone, for one command of an operator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lipwright.server.database.connection import Database
from lipwright.server.operation.migrate import prepare_database
from lipwright.server.runtime.private_files import keep_files_private
from lipwright.server.services import Services, open_services
from lipwright.server.settings import load_settings


@contextmanager
def opened_database() -> Iterator[Database]:
    """The tables alone: also where plans or settings keep the services from being opened."""
    settings = load_settings()
    prepare_database(settings)
    database = Database(settings.sql_url)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def opened_services() -> Iterator[Services]:
    """The services that the settings name; the embedded database is made when it is missing."""
    settings = load_settings()
    keep_files_private()
    prepare_database(settings)
    services = open_services(settings)
    try:
        yield services
    finally:
        services.database.close()
