"""The parts that every service function works with, opened once per process."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from lipwright.server.credits.plans import PriceList, load_price_list
from lipwright.server.database.connection import Database
from lipwright.server.database.tables import server_secrets
from lipwright.server.database.waits import PATIENT, Waits
from lipwright.server.settings import Settings
from lipwright.server.storage.addresses import Addresses
from lipwright.server.storage.open_store import open_store
from lipwright.server.storage.store import Store

_SIGNING_KEY = "signing_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Settings, prices, tables and files of one server or worker."""

    settings: Settings
    price_list: PriceList
    database: Database
    store: Store
    addresses: Addresses


def open_services(settings: Settings, waits: Waits = PATIENT) -> Services:
    """Open everything. The tables must be there: see operation/migrate.py.

    waits: how long this process waits for the database.
    """
    price_list = load_price_list(settings)
    price_list.plan(settings.default_plan)
    database = Database(settings.sql_url, waits)
    store = open_store(settings)
    addresses = Addresses(
        store, bytes.fromhex(_signing_key(database)), download_lifetime_s=settings.download_lifetime_s
    )
    return Services(
        settings=settings, price_list=price_list, database=database, store=store, addresses=addresses
    )


def _signing_key(database: Database) -> str:
    """The key of all signed addresses, made at the first start and the same for every process."""
    query = sa.select(server_secrets.c.value).where(server_secrets.c.name == _SIGNING_KEY)
    with database.read() as connection:
        known: str | None = connection.execute(query).scalar()
    if known is not None:
        return known
    try:
        with database.write() as connection:
            connection.execute(
                sa.insert(server_secrets).values(name=_SIGNING_KEY, value=secrets.token_hex(32))
            )
    except sa.exc.IntegrityError:  # another process was first
        pass
    with database.read() as connection:
        return str(connection.execute(query).scalar_one())
