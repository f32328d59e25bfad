"""A running service on each kind of database, and a small picture and sound to send to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.acceptance.running import Running, running
from tests.support.databases import Cluster


@pytest.fixture(params=["sqlite", "postgres"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    """A fresh service without processes yet."""
    if request.param == "sqlite":
        with running(tmp_path / "home", None) as found:
            yield found
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = cluster.create()
    with running(tmp_path / "home", cluster.url(name)) as found:
        yield found
    cluster.drop(name)


@pytest.fixture
def sqlite_service(tmp_path: Path) -> Iterator[Running]:
    """A fresh service on SQLite without processes yet."""
    with running(tmp_path / "home", None) as found:
        yield found
