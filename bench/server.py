"""How quickly the service answers: `uv run python bench/server.py [--queued 10000]`.

Starts servers of its own in a temporary folder, with 50 clients on the same machine, and prints a table:
requests a second and the times (p50, p99) of create, get and upload; the time from create to the start of
rendering with an empty queue; get and memory with many jobs queued. Figures of a busy machine mean little.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

CLIENTS = 50
CALLS = 2000
UPLOAD_BYTES = 100_000
STARTS = 10
SPEECH = {"style": {"prompt": "Hello.", "voice_name": "Narrator"}}
Call = Callable[[httpx.AsyncClient], Awaitable[None]]


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queued", type=int, default=10_000, help="jobs in the long queue")
    parser.add_argument("--calls", type=int, default=CALLS, help="calls per row")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, {CLIENTS} clients\n")
    print(f"{'what':34} {'per s':>8} {'p50 ms':>8} {'p99 ms':>8}")
    with serving(workers=0) as server:
        asyncio.run(measure_calls(server, arguments.calls))
        asyncio.run(measure_long_queue(server, arguments.queued, arguments.calls))
    with serving(workers=1) as server:
        measure_start(server)


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

    def memory_mb(self) -> float:
        """Resident memory of the server process."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def serving(workers: int) -> Iterator[Server]:
    """A server on a free port in a folder of its own."""
    with tempfile.TemporaryDirectory() as home, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environment = os.environ | {"LIPWRIGHT_HOME": home, "LIPWRIGHT_LOG_LEVEL": "warning"}
        program = str(Path(sys.executable).with_name("lipwright"))
        process = subprocess.Popen(
            [program, "serve", "--port", str(port), "--workers", str(workers)],
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


async def measure_calls(server: Server, calls: int) -> None:
    """Create, get and upload."""
    content = os.urandom(UPLOAD_BYTES)
    async with server.client() as client:
        project_id = (await client.post("/v1/ai-voice-generator", json=SPEECH)).json()["id"]
        items = {"items": [{"type": "image", "extension": "png"}] * CLIENTS}
        answer = (await client.post("/v1/files/upload-urls", json=items)).json()
        urls = iter([item["upload_url"] for item in answer["items"]] * (calls // CLIENTS + 1))

        async def create(http: httpx.AsyncClient) -> None:
            check(await http.post("/v1/ai-voice-generator", json=SPEECH))

        async def get(http: httpx.AsyncClient) -> None:
            check(await http.get(f"/v1/audio-projects/{project_id}"))

        async def upload(http: httpx.AsyncClient) -> None:
            check(await http.put(next(urls), content=content))

        for name, call in (("create", create), ("get", get), (f"upload of {UPLOAD_BYTES} bytes", upload)):
            report(name, *await timed(client, call, calls))


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
