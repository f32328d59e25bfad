"""The parts that every service function works with, opened once per process."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from lipwright.server.credits.current_price_list import CurrentPriceList
from lipwright.server.credits.plans import PriceList
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
    prices: CurrentPriceList
    database: Database
    store: Store
    addresses: Addresses

    @property
    def price_list(self) -> PriceList:
        """The price list of the installation. It may be another one at the next look."""
        return self.prices.value

    def refresh(self) -> None:
        """Learn what may change while a process runs: the database's time, and plans and prices."""
        with self.database.read() as connection:
            self.database.clock.ask(connection)
            self.prices.refresh(connection)


def open_services(settings: Settings, waits: Waits = PATIENT) -> Services:
    """Open everything. The tables must be there: see operation/migrate.py.

    waits: how long this process waits for the database.
    """
    database = Database(settings.sql_url, waits)
    with database.read() as connection:
        database.clock.ask(connection)
        prices = CurrentPriceList(connection)
    prices.value.plan(settings.default_plan)
    store = open_store(settings)
    addresses = Addresses(
        store,
        bytes.fromhex(_signing_key(database)),
        download_lifetime_s=settings.download_lifetime_s,
        now_ms=database.clock.now_ms,
    )
    return Services(settings=settings, prices=prices, database=database, store=store, addresses=addresses)


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
