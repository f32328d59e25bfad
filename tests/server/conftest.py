"""A service without its processes: tables, files and the application, fresh for every test."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from lipwright.server.database.connection import Database
from lipwright.server.operation.migrate import upgrade
from lipwright.server.services import Services, open_services
from lipwright.server.settings import load_settings
from tests.server.callers import Caller, new_caller, serving_application
from tests.support.buckets import Bucket, make_bucket
from tests.support.databases import Cluster, cluster
from tests.support.service_logs import (
    logs_go_nowhere,
    no_error_is_logged_structurally,
    secret_watch,
    watched,
)

# Fixtures that this folder shares with others.
__all__ = ["cluster", "logs_go_nowhere", "no_error_is_logged_structurally", "secret_watch", "watched"]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with empty tables: copying is quicker than migrating."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    database = Database(f"sqlite:///{path}")
    with database.write() as connection:
        upgrade(connection)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_template(cluster: Cluster) -> str:
    """A PostgreSQL database with empty tables."""
    name = cluster.create()
    database = Database(cluster.url(name).replace("postgresql://", "postgresql+psycopg://"))
    with database.write() as connection:
        upgrade(connection)
    database.close()
    return name


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of the tests of one file."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LIPWRIGHT_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module")
def services(home: Path, sqlite_template: Path) -> Iterator[Services]:
    """An open service on SQLite, shared by the tests of one file: each has accounts of its own."""
    shutil.copy(sqlite_template, home / "lipwright.sqlite3")
    opened = open_services(load_settings())
    yield opened
    opened.database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def any_services(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_template: Path
) -> Iterator[Services]:
    """A fresh open service on each kind of database."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("LIPWRIGHT_HOME", str(home))
    if request.param == "sqlite":
        shutil.copy(sqlite_template, home / "lipwright.sqlite3")
        opened = open_services(load_settings())
        yield opened
        opened.database.close()
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = cluster.create(request.getfixturevalue("postgres_template"))
    opened = open_services(load_settings(database_url=cluster.url(name)))
    yield opened
    opened.database.close()
    cluster.drop(name)


@pytest.fixture(scope="module")
def http(services: Services) -> Iterator[httpx.Client]:
    """The application, called over the loopback network."""
    yield from serving_application(services)


@pytest.fixture
def any_http(any_services: Services) -> Iterator[httpx.Client]:
    """The application on each kind of database."""
    yield from serving_application(any_services)


@pytest.fixture
def caller(services: Services, http: httpx.Client) -> Caller:
    """Somebody with an account without limits."""
    return new_caller(services, http)


@pytest.fixture(scope="session")
def bucket() -> Bucket:
    """A bucket of the S3 server that is named; the test is skipped where none is."""
    endpoint = os.environ.get("LIPWRIGHT_TEST_S3_ENDPOINT")
    if endpoint is None:
        pytest.skip("no S3 server is named in LIPWRIGHT_TEST_S3_ENDPOINT (moto or Swift will do)")
    name = f"lipwright-{uuid.uuid4().hex}"
    make_bucket(endpoint, name)
    return Bucket(endpoint=endpoint, name=name)
