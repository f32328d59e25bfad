"""A service without its processes: tables, files and the application, fresh for every test."""

from __future__ import annotations

import os
import shutil
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from lipwright.server.accounts.repository import Account
from lipwright.server.accounts.service import create_key, ensure_account
from lipwright.server.database.connection import Database
from lipwright.server.operation.app import create_app
from lipwright.server.operation.migrate import upgrade
from lipwright.server.services import Services, open_services
from lipwright.server.settings import load_settings
from tests.support.buckets import Bucket, make_bucket
from tests.support.databases import Cluster, cluster
from tests.support.service_logs import logs_go_nowhere, no_error_is_logged_structurally

# Fixtures that this folder shares with others.
__all__ = ["cluster", "logs_go_nowhere", "no_error_is_logged_structurally"]

PICTURE = b"not looked at before the job"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody with a key, and how he calls."""

    account: Account
    key: str
    http: httpx.Client

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.key}"}

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.http.get(path, headers=self.headers, **options)

    def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return self.http.post(path, json=body, headers={**self.headers, **headers})

    def delete(self, path: str) -> httpx.Response:
        return self.http.delete(path, headers=self.headers)

    def upload(self, kind: str, extension: str, content: bytes = PICTURE) -> str:
        """The file path of a file that was uploaded."""
        answer = self.post("/v1/files/upload-urls", {"items": [{"type": kind, "extension": extension}]})
        assert answer.status_code == 200, answer.text
        item = answer.json()["items"][0]
        assert self.http.put(item["upload_url"], content=content).status_code == 200
        return str(item["file_path"])

    def photo_body(self, **changes: Any) -> dict[str, Any]:
        """A good body for a talking photo, with changes."""
        assets = {
            "image_file_path": self.upload("image", "png"),
            "audio_file_path": self.upload("audio", "mp3"),
        }
        return {"start_seconds": 0, "end_seconds": 2, "assets": assets, **changes}


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


def new_caller(services: Services, http: httpx.Client, plan: str = "unlimited") -> Caller:
    """Somebody with a new account on a plan."""
    account, key = _new_account(services, plan)
    return Caller(account=account, key=key, http=http)


def create_key_for(services: Services, plan: str = "unlimited") -> str:
    """A key of a new account on a plan."""
    return _new_account(services, plan)[1]


def _new_account(services: Services, plan: str) -> tuple[Account, str]:
    with services.database.write() as connection:
        account = ensure_account(connection, f"account {uuid.uuid4()}", plan)
        return account, create_key(connection, account, "test")


def serving_application(services: Services) -> Iterator[httpx.Client]:
    """The application on open services, in a thread; once through the loop, then it ends."""
    scratch = services.settings.scratch_folder / "test"
    scratch.mkdir(parents=True)
    config = uvicorn.Config(
        create_app(services, scratch), port=0, log_level="warning", access_log=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
        yield client
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def bucket() -> Bucket:
    """A bucket of the S3 server that is named; the test is skipped where none is."""
    endpoint = os.environ.get("LIPWRIGHT_TEST_S3_ENDPOINT")
    if endpoint is None:
        pytest.skip("no S3 server is named in LIPWRIGHT_TEST_S3_ENDPOINT (moto or Swift will do)")
    name = f"lipwright-{uuid.uuid4().hex}"
    make_bucket(endpoint, name)
    return Bucket(endpoint=endpoint, name=name)
