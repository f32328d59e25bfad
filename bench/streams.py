"""What open pages cost the server: `uv run python -m bench.streams [--pages 1000]`.

Each page follows a project of its own by an event stream. Printed are memory and processor time of one
process, first while nothing changes, then while as many projects are rendered as a machine of eight
processors would.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sys
import threading
import time
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.preview import RENDERED, make_frames
from bench.raw_client import processor_s, request_bytes
from bench.server import Server, serving
from lipwright.server.accounts.service import create_key, ensure_account
from lipwright.server.jobs.events_stream import STREAMS_PER_ACCOUNT
from lipwright.server.services import open_services
from lipwright.server.settings import load_settings

PAGES = 1000
WATCHED_S = 15.0
ORDER = {
    "start_seconds": 0,
    "end_seconds": 2,
    "assets": {
        "image_file_path": "https://example.org/a.png",
        "audio_file_path": "https://example.org/a.mp3",
    },
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=PAGES, help="pages that are open")
    parser.add_argument("--seconds", type=float, default=WATCHED_S, help="how long each is measured")
    arguments = parser.parse_args()
    os.environ["LIPWRIGHT_MAX_CONNECTIONS"] = str(arguments.pages + 100)
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, {arguments.pages} pages")
    with serving(workers=0) as server:
        orders = ordered(server, arguments.pages)
        before_mb = server.memory_mb()
        begun_s = processor_s([server.process.pid])
        pages = [opened(server.port, job_id, key) for job_id, key in orders]
        opening_ms = (processor_s([server.process.pid]) - begun_s) * 1000 / len(pages)
        print(f"to open one                 {opening_ms:8.2f} ms of a processor")
        watched(server, "nothing changes", arguments.seconds)
        stop = asyncio.Event()
        ids = [job_id for job_id, _ in orders[:RENDERED]]
        maker = threading.Thread(target=lambda: asyncio.run(make_frames(server, ids, stop)), daemon=True)
        maker.start()
        watched(server, f"{RENDERED} are rendered", arguments.seconds)
        taken_mb = server.memory_mb() - before_mb
        print(f"memory                      {taken_mb:8.0f} MB, {taken_mb * 1000 / len(pages):.0f} kB a page")
        events = sum(page.recv(1_000_000).count(b"event: preview") for page in pages[:RENDERED])
        print(f"frames told of, of {RENDERED} pages   {events:8}")
        stop.set()
        maker.join()
        for page in pages:
            page.close()


def ordered(server: Server, pages: int) -> list[tuple[str, str]]:
    """Projects, each with a key of its account; as many accounts as the streams of one allow."""
    services = open_services(load_settings(home=server.home))
    keys = []
    for number in range(-(-pages // STREAMS_PER_ACCOUNT)):
        with services.database.write() as connection:
            account = ensure_account(connection, f"account {number}", "unlimited")
            keys.append(create_key(connection, account, "bench"))
    services.database.close()
    orders = []
    with httpx.Client(base_url=server.address, trust_env=False) as client:
        for number in range(pages):
            key = keys[number // STREAMS_PER_ACCOUNT]
            answer = client.post(
                "/v1/ai-talking-photo", json=ORDER, headers={"authorization": f"Bearer {key}"}
            )
            orders.append((answer.raise_for_status().json()["id"], key))
    return orders


def opened(port: int, job_id: str, key: str) -> socket.socket:
    """A page that follows a project, after its first event."""
    page = socket.create_connection(("127.0.0.1", port), timeout=120)
    headers = {"authorization": f"Bearer {key}"}
    page.sendall(request_bytes("GET", f"/v1/video-projects/{job_id}/events", headers))
    received = b""
    while b"event: project" not in received:
        received += page.recv(65536)
    return page


def watched(server: Server, what: str, seconds: float) -> None:
    """Print what the server takes for a while."""
    begun_s, before_s = time.monotonic(), processor_s([server.process.pid])
    time.sleep(seconds)
    spent_s = processor_s([server.process.pid]) - before_s
    print(f"{what:27} {spent_s / (time.monotonic() - begun_s) * 1000:8.0f} ms of a processor a second")


if __name__ == "__main__":
    main()
