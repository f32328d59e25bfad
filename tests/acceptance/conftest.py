"""A started server, things to send to it, and a place on the web to fetch them from."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator

import pytest

from tests.acceptance.samples import SampleFiles, make_samples
from tests.acceptance.serving import RunningServer, serving


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> SampleFiles:
    """A picture, a sound and a film."""
    return make_samples(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A started server."""
    with serving(tmp_path_factory.mktemp("server") / "home") as running:
        yield running


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
