"""How quickly the service answers: `uv run python -m bench.server [--queued 10000] [--against PROGRAM]`.

Starts servers of its own in temporary folders, with 50 clients on the same machine, and prints a table:
calls a second, their times (p50, p99), and what one costs in processor time, the server's and this
client's apart; the time from create to the start of rendering with an empty queue; get and memory with
many jobs queued.

--against names the `lipwright` of another checkout (`other/.venv/bin/lipwright`), which is measured in turn
with this one. --processes measures this one with so many processes as well. Other work on the machine
changes the times by the clock; processor time tells more, and the ratio of two that were measured in turn
most.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.raw_client import processor_s, request_bytes, run_load

CLIENTS = 50
CALLS = 2000
ROUNDS = 3
UPLOAD_BYTES = 100_000
STARTS = 10
SPEECH = {"style": {"prompt": "Hello.", "voice_name": "Narrator"}}
SPEECH_BYTES = b'{"style":{"prompt":"Hello.","voice_name":"Narrator"}}'
# Before anything is counted: what a server loads and compiles at its first calls.
WARM_UP_CALLS = 200
THIS_PROGRAM = str(Path(sys.executable).with_name("lipwright"))
Call = Callable[[httpx.AsyncClient], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A server that is measured."""

    name: str
    program: str = THIS_PROGRAM
    processes: int = 1


@dataclass(slots=True)
class Figures:
    """What was measured of one kind of call, over all rounds."""

    times_ms: list[float] = field(default_factory=list)
    per_s: list[float] = field(default_factory=list)
    server_ms: list[float] = field(default_factory=list)
    client_ms: list[float] = field(default_factory=list)


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--queued", type=int, default=10_000, help="jobs in the long queue; 0: not measured")
    parser.add_argument("--calls", type=int, default=CALLS, help="calls per row")
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help="how often each server is measured, in turn"
    )
    parser.add_argument("--against", help="the `lipwright` of another checkout")
    parser.add_argument("--processes", type=int, default=1, help="measure so many processes as well")
    parser.add_argument(
        "--starts", action=argparse.BooleanOptionalAction, default=True, help="starts of jobs"
    )
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, {CLIENTS} clients\n")
    candidates = [Candidate(name="this")]
    if arguments.against:
        candidates.insert(0, Candidate(name="other", program=arguments.against))
    if arguments.processes > 1:
        name = f"this, {arguments.processes} processes"
        candidates.append(Candidate(name=name, processes=arguments.processes))
    compare(candidates, arguments.calls, arguments.rounds)
    print(f"\n{'what':34} {'per s':>8} {'p50 ms':>8} {'p99 ms':>8}")
    if arguments.queued:
        with serving(workers=0) as server:
            asyncio.run(measure_long_queue(server, arguments.queued, arguments.calls))
    if arguments.starts:
        with serving(workers=1) as server:
            measure_start(server)


def compare(candidates: list[Candidate], calls: int, rounds: int) -> None:
    """Create, get and upload on each server in turn."""
    found: dict[tuple[str, str], Figures] = {}
    for _ in range(rounds):
        for one in candidates:
            with serving(workers=0, program=one.program, processes=one.processes) as server:
                for what, requests in kinds_of_calls(server):
                    figures = found.setdefault((what, one.name), Figures())
                    measure(server, requests, calls, figures)
    print(
        f"{'what':24} {'server':20} {'per s':>7} {'p50 ms':>7} {'p99 ms':>7} "
        f"{'processor ms a call':>20} {'of the client':>14}"
    )
    for (what, name), figures in sorted(found.items()):
        p99_ms = statistics.quantiles(figures.times_ms, n=100)[98]
        print(
            f"{what:24} {name:20} {statistics.median(figures.per_s):7.0f} "
            f"{statistics.median(figures.times_ms):7.1f} {p99_ms:7.1f} "
            f"{statistics.median(figures.server_ms):20.2f} {statistics.median(figures.client_ms):14.3f}",
            flush=True,
        )


def kinds_of_calls(server: Server) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The name of each kind of call, and what makes the next one."""
    create = request_bytes("POST", "/v1/ai-voice-generator", server.headers, SPEECH_BYTES)
    with httpx.Client(base_url=server.address, headers=server.headers, trust_env=False) as client:
        project_id = client.post("/v1/ai-voice-generator", json=SPEECH).json()["id"]
        items = {"items": [{"type": "image", "extension": "png"}] * CLIENTS}
        urls = [
            item["upload_url"] for item in client.post("/v1/files/upload-urls", json=items).json()["items"]
        ]
    content = os.urandom(UPLOAD_BYTES)
    uploads = itertools.cycle(
        [request_bytes("PUT", url.removeprefix(server.address), {}, content) for url in urls]
    )
    get = request_bytes("GET", f"/v1/audio-projects/{project_id}", server.headers)
    yield "create", lambda: create
    yield "get", lambda: get
    yield f"upload of {UPLOAD_BYTES} bytes", lambda: next(uploads)


def measure(server: Server, next_request: Callable[[], bytes], calls: int, figures: Figures) -> None:
    """Add what so many calls took."""
    run_load(server.port, next_request, WARM_UP_CALLS, CLIENTS)
    before_s = processor_s(server.processes())
    load = run_load(server.port, next_request, calls, CLIENTS)
    figures.server_ms.append((processor_s(server.processes()) - before_s) * 1000 / calls)
    figures.client_ms.append(load.client_s * 1000 / calls)
    figures.per_s.append(calls / load.wall_s)
    figures.times_ms += load.times_ms


class Server:
    """A started server."""

    def __init__(self, process: subprocess.Popen[bytes], address: str, key: str, home: Path) -> None:
        self.process, self.address, self.headers = process, address, {"authorization": f"Bearer {key}"}
        self.home = home

    def client(self) -> httpx.AsyncClient:
        """A client with as many connections as there are clients."""
        limits = httpx.Limits(max_connections=CLIENTS, max_keepalive_connections=CLIENTS)
        return httpx.AsyncClient(
            base_url=self.address, headers=self.headers, limits=limits, timeout=120, trust_env=False
        )

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rpartition(":")[2])

    def processes(self) -> list[int]:
        """The server, and the processes that answer for it."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [self.process.pid, *map(int, children.read_text().split())]

    def memory_mb(self) -> float:
        """Resident memory of the server process."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def serving(workers: int, program: str = THIS_PROGRAM, processes: int = 1) -> Iterator[Server]:
    """A server on a free port in a folder of its own."""
    with tempfile.TemporaryDirectory() as home, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environment = os.environ | {"LIPWRIGHT_HOME": home, "LIPWRIGHT_LOG_LEVEL": "warning"}
        more = ["--processes", str(processes)] if processes > 1 else []
        process = subprocess.Popen(
            [program, "serve", "--port", str(port), "--workers", str(workers), *more],
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            wait_until_ready(address, "/readyz" if workers else "/healthz")
            printed = subprocess.run(
                [program, "keys", "create"], env=environment, capture_output=True, text=True, check=True
            )
            yield Server(process, address, printed.stdout.splitlines()[-1], Path(home))
        finally:
            process.terminate()
            process.wait()


def wait_until_ready(address: str, path: str) -> None:
    """Wait until a server answers."""
    deadline_s = time.monotonic() + 120
    while time.monotonic() < deadline_s:
        try:
            if httpx.get(address + path).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise SystemExit("the server did not start")


async def measure_long_queue(server: Server, queued: int, calls: int) -> None:
    """The same get, and the memory, with many jobs waiting."""
    before_mb = server.memory_mb()
    async with server.client() as client:

        async def create(http: httpx.AsyncClient) -> None:
            check(await http.post("/v1/ai-voice-generator", json=SPEECH))

        report(f"create {queued} jobs", *await timed(client, create, queued))
        project_id = (await client.post("/v1/ai-voice-generator", json=SPEECH)).json()["id"]

        async def get(http: httpx.AsyncClient) -> None:
            check(await http.get(f"/v1/audio-projects/{project_id}"))

        report(f"get with {queued} jobs queued", *await timed(client, get, calls))
    print(f"{'memory of the server before, after':34} {before_mb:.0f} MB, {server.memory_mb():.0f} MB")


def measure_start(server: Server) -> None:
    """From the answer of create to the state `rendering`, one job at a time."""
    waits_ms = []
    with httpx.Client(base_url=server.address, headers=server.headers, trust_env=False) as client:
        for _ in range(STARTS):
            project_id = client.post("/v1/ai-voice-generator", json=SPEECH).json()["id"]
            created_s = time.perf_counter()
            path = f"/v1/audio-projects/{project_id}"
            while client.get(path).json()["status"] == "queued":
                time.sleep(0.002)
            waits_ms.append((time.perf_counter() - created_s) * 1000)
            while client.get(path).json()["status"] not in ("complete", "error"):
                time.sleep(0.05)
    print(
        f"{'create to start of rendering':34} {'':8} {statistics.median(waits_ms):8.0f} {max(waits_ms):8.0f}"
    )


async def timed(client: httpx.AsyncClient, call: Call, calls: int) -> tuple[list[float], float]:
    """Every call's time in ms, and the time of all in s, with CLIENTS at once."""
    left = calls
    times_ms: list[float] = []

    async def one_client() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            started_s = time.perf_counter()
            await call(client)
            times_ms.append((time.perf_counter() - started_s) * 1000)

    started_s = time.perf_counter()
    await asyncio.gather(*(one_client() for _ in range(CLIENTS)))
    return times_ms, time.perf_counter() - started_s


def report(name: str, times_ms: list[float], total_s: float) -> None:
    """One row of the table."""
    p99_ms = statistics.quantiles(times_ms, n=100)[98]
    print(
        f"{name:34} {len(times_ms) / total_s:8.0f} {statistics.median(times_ms):8.1f} {p99_ms:8.1f}",
        flush=True,
    )


def check(answer: httpx.Response) -> None:
    """Refuse to measure failures."""
    if answer.status_code != 200:
        raise SystemExit(f"{answer.status_code}: {answer.text}")


if __name__ == "__main__":
    main()
