"""Services in real processes, things to send to them, and a place on the web to fetch them from."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.samples import SampleFiles, make_samples
from tests.support.databases import Cluster, cluster
from tests.support.service import Service, prepared, serving
from tests.support.service_logs import (
    logs_go_nowhere,
    no_error_is_logged_structurally,
    secret_watch,
    watched,
)

# Fixtures that this folder shares with others.
__all__ = ["cluster", "logs_go_nowhere", "no_error_is_logged_structurally", "secret_watch", "watched"]


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    """A picture, a sound and a film."""
    return make_samples(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A started server."""
    with serving(tmp_path_factory.mktemp("server") / "home") as running:
        yield running


@pytest.fixture(params=["sqlite", "postgres"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    """A fresh service on each kind of database, without processes yet."""
    if request.param == "sqlite":
        with prepared(tmp_path / "home") as found:
            yield found
        return
    running: Cluster = request.getfixturevalue("cluster")
    name = running.create()
    with prepared(tmp_path / "home", running.url(name)) as found:
        yield found
    running.drop(name)


@pytest.fixture
def sqlite_service(tmp_path: Path) -> Iterator[Service]:
    """A fresh service on SQLite without processes yet."""
    with prepared(tmp_path / "home") as found:
        yield found


@pytest.fixture(scope="session")
def samples_url(samples: SampleFiles) -> Iterator[str]:
    """The address under which the samples' folder is served."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    handler = functools.partial(Quiet, directory=str(samples.folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        thread = threading.Thread(target=site.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{site.server_address[1]}"
        site.shutdown()
        thread.join()
