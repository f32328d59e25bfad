"""No exchange with a stranger outlasts its deadline, whatever part of an answer is drawn out."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import Any

import httpcore
import pytest

from lipwright.server.fetching.address_guard import AddressGuard, GuardedNetwork
from lipwright.server.fetching.deadline import Deadline
from lipwright.server.fetching.download import CannotFetch, download
from tests.support.dripping import DRIPS, dripping

HERE = AddressGuard(["127.0.0.1"])


@pytest.mark.timeout(30)  # each would go on for ever
@pytest.mark.parametrize("part", [*DRIPS])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_answer_that_drips_ends_with_the_deadline_of_the_whole_fetch(
    tmp_path: Path, part: str, scheme: str
) -> None:
    with dripping(*DRIPS[part]) as port, pytest.raises(CannotFetch):
        download(f"{scheme}://127.0.0.1:{port}/a.png", tmp_path / "a", HERE, max_bytes=10**6, timeout_s=0.3)


@pytest.mark.timeout(30)
def test_a_name_that_is_not_found_in_time_is_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = threading.Event()

    def slow(*_arguments: Any, **_options: Any) -> list[Any]:
        found.wait(20)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with pytest.raises(CannotFetch, match="in time"):
        download("http://slow.example/a.png", tmp_path / "a", HERE, max_bytes=10, timeout_s=0.2)
    found.set()


@pytest.mark.timeout(30)
def test_redirects_share_one_deadline(tmp_path: Path) -> None:
    """Each answer alone is quick enough; there are more of them than there is time."""
    first = b"HTTP/1.1 302 Found\r\nconnection: close\r\nlocation: /again.png\r\n"
    with dripping(first, b"x: y\r\n") as port, pytest.raises(CannotFetch, match="in time"):
        download(f"http://127.0.0.1:{port}/a.png", tmp_path / "a", HERE, max_bytes=10, timeout_s=0.3)


def test_nothing_is_begun_after_the_deadline() -> None:
    with pytest.raises(httpcore.ConnectTimeout):
        GuardedNetwork(HERE, Deadline(0)).connect_tcp("127.0.0.1", 9)
