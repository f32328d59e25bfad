"""Several processes on one socket: one that dies is replaced; limits and counters hold over all of them."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from lipwright.server.database.tables import processes
from tests.support.service import STOP_LIMIT_S, Service, free_port, prepared, wait_until

PROCESSES = 2
CONNECTIONS = 24
WRONG_KEYS = 6
# A process that died is looked for every second, started after two, and loads the application.
REPLACE_LIMIT_S = 120.0


@pytest.fixture
def several(tmp_path: Path) -> Iterator[Service]:
    """A server whose calls are answered by two processes."""
    settings = {"processes": str(PROCESSES), "wrong_keys_per_minute": str(WRONG_KEYS)}
    with prepared(tmp_path / "home", **settings) as found:
        found.serve(workers=0)
        wait_until(lambda: both_answer(found), REPLACE_LIMIT_S, "both answer")
        yield found


def api_processes(service: Service) -> dict[int, str]:
    """The processes that answer, by their number, with their id in the table."""
    parent = service.processes[0].pid
    with service.services.database.read() as connection:
        rows = connection.execute(sa.select(processes.c.pid, processes.c.id)).all()
    return {row.pid: row.id for row in rows if row.pid != parent and Path(f"/proc/{row.pid}").exists()}


def both_answer(service: Service) -> bool:
    """Whether both processes take connections."""
    with contextlib.ExitStack() as kept:
        connections = connected(service, kept)
        assert all(b" 200 " in get(one, service, "/healthz") for one in connections)
        return len(api_processes(service)) == PROCESSES and owners(service) == set(api_processes(service))


def is_dead(process_id: int) -> bool:
    """Whether a process is gone, or only waits for its parent to look."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(") ")[2].startswith("Z")
    except FileNotFoundError:
        return True


def owners(service: Service) -> set[int]:
    """Which processes have connections of clients."""
    port = httpx.URL(service.base_url).port
    table = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inodes = {line[9] for line in table if line[1].endswith(f":{port:04X}") and line[3] == "01"}
    found = set()
    for process_id in api_processes(service):
        for file in Path(f"/proc/{process_id}/fd").iterdir():
            with contextlib.suppress(OSError):
                inode = re.fullmatch(r"socket:\[(\d+)\]", os.readlink(file))
                if inode and inode[1] in inodes:
                    found.add(process_id)
    return found


def get(connection: socket.socket, service: Service, path: str) -> bytes:
    """A whole answer in JSON; nothing where the connection is gone."""
    key = f"Authorization: Bearer {service.key}\r\n"
    received = b""
    try:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n{key}\r\n".encode())
        while not received.endswith(b"}"):
            chunk = connection.recv(65536)
            if not chunk:
                return b""
            received += chunk
    except ConnectionError:
        return b""
    return received


def connected(service: Service, kept: contextlib.ExitStack) -> list[socket.socket]:
    url = httpx.URL(service.base_url)
    return [
        kept.enter_context(socket.create_connection((url.host, url.port), timeout=60))
        for _ in range(CONNECTIONS)
    ]


def answered(service: Service) -> float:
    """How many calls of one route were answered, after /metrics."""
    lines = service.http.get("/metrics").text.splitlines()
    ours = [line for line in lines if line.startswith("lipwright_http_requests_total")]
    return sum(float(line.rpartition(" ")[2]) for line in ours if 'route="/v1/audio-projects/{id}"' in line)


@pytest.mark.logs_errors
def test_one_that_is_killed_takes_only_its_own_connections_and_is_replaced(several: Service) -> None:
    path = f"/v1/audio-projects/{several.speak()}"
    with contextlib.ExitStack() as kept:
        connections = connected(several, kept)
        assert all(b" 200 " in get(one, several, path) for one in connections)
        assert owners(several) == set(api_processes(several)), "both have some of them"
        assert answered(several) == CONNECTIONS
        victim = next(iter(api_processes(several)))
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: is_dead(victim), STOP_LIMIT_S, "it is dead")
        survived = sum(b" 200 " in get(one, several, path) for one in connections)
        assert CONNECTIONS / 4 <= survived <= CONNECTIONS * 3 / 4, "both have about as many"
        # Whoever comes now is answered, though nobody has been put in its place yet.
        fresh = connected(several, kept)
        assert all(b" 200 " in get(one, several, path) for one in fresh)
    several.http.close()
    several.http = httpx.Client(base_url=several.base_url, headers=several.headers, trust_env=False)
    wait_until(
        lambda: len(set(api_processes(several)) - {victim}) == PROCESSES, REPLACE_LIMIT_S, "it is replaced"
    )
    assert answered(several) == CONNECTIONS + survived + CONNECTIONS, "those of the dead one are counted too"


def test_wrong_keys_are_counted_over_all_processes(several: Service) -> None:
    answers = []
    for number in range(3 * WRONG_KEYS):
        with httpx.Client(base_url=several.base_url, trust_env=False) as fresh:
            headers = {"authorization": f"Bearer wrong-{number}"}
            answers.append(fresh.get("/v1/video-projects", headers=headers).status_code)
    assert answers == [401] * WRONG_KEYS + [429] * (2 * WRONG_KEYS)


def test_a_signal_ends_all_and_nothing_is_left(several: Service) -> None:
    children = api_processes(several)
    several.http.close()
    several.processes[0].send_signal(signal.SIGTERM)
    assert several.processes[0].wait(STOP_LIMIT_S) == 0
    assert not any(Path(f"/proc/{one}").exists() for one in children)
    with several.services.database.read() as connection:
        assert connection.execute(sa.select(processes.c.id)).all() == []
    assert list(several.services.settings.scratch_folder.iterdir()) == []


def test_they_end_when_the_server_is_killed(several: Service) -> None:
    children = api_processes(several)
    several.http.close()
    several.processes[0].kill()
    several.processes[0].wait()
    wait_until(
        lambda: not any(Path(f"/proc/{one}").exists() for one in children), STOP_LIMIT_S, "they end as well"
    )


def test_a_port_that_is_taken_is_said_and_ends_the_server(tmp_path: Path) -> None:
    port = free_port()
    with prepared(tmp_path / "home", processes="2") as found, socket.create_server(("127.0.0.1", port)):
        command = ["--port", str(port), "--workers", "0"]
        process = found._start([*_serve(), *command])
        assert process.wait(120) not in (0, None)
        assert "Address already in use" in found.logs()


def _serve() -> list[str]:
    from tests.support.service import lipwright_command

    return lipwright_command("serve")


def test_uploads_go_through_whichever_process(several: Service) -> None:
    """Ten connections, so that each of the steps meets another process at times."""
    for _ in range(10):
        with httpx.Client(base_url=several.base_url, headers=several.headers, trust_env=False) as fresh:
            items = {"items": [{"type": "image", "extension": "png"}]}
            item = fresh.post("/v1/files/upload-urls", json=items).json()["items"][0]
        assert httpx.put(item["upload_url"], content=b"picture").status_code == 200
        assert several.stored(item["file_path"]) == b"picture"
