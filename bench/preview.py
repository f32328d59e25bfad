"""What being watched costs: `uv run python bench/preview.py [--rounds 5] [--pages 50]`.

First the render: the same talking photo and the same lip sync with and without preview frames, alternately in
one process; processor time, which a busy machine changes less than the clock. Then the server: the times of
`get` alone, and while as many pages as said are open, each on a project of its own; a few of the projects are
rendered, with a frame and a new progress every 0.4 s, as a server of that many processors would.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import lipwright
from bench.server import Server, check, report, serving
from lipwright.engine import (
    FramePreviews,
    JobContext,
    LipSyncMode,
    LipSyncOptions,
    SoundClip,
    SpokenLine,
    TalkingPhotoOptions,
    lip_sync,
    spoken_text,
    talking_photo,
)
from lipwright.server.database.connection import Database
from lipwright.server.database.tables import projects
from lipwright.server.jobs.previews import put_preview

ROUNDS = 5
PAGES = 50
CALLS = 1000
# Of the frames that the pages see: as often and as large as those of a render.
FRAME_EVERY_S = 0.4
FRAME_BYTES = 12_000
# Of the projects that are open in pages: as many as a machine of eight processors renders at once.
RENDERED = 8
TEXT = "The harbour lay still in the first light, and nobody on the long pier had yet begun to speak."


def main() -> None:
    """Measure both and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="renders with and without")
    parser.add_argument("--pages", type=int, default=PAGES, help="pages that follow a project")
    parser.add_argument("--calls", type=int, default=CALLS, help="calls per row")
    parser.add_argument("--resolution", type=int, default=1280, help="longer side of the photo, pixels")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n")
    if arguments.rounds:
        measure_renders(arguments.rounds, arguments.resolution)
    if arguments.pages:
        print(f"\n{'what':34} {'per s':>8} {'p50 ms':>8} {'p99 ms':>8}")
        with serving(workers=0) as server:
            asyncio.run(measure_pages(server, arguments.pages, arguments.calls))


def measure_renders(rounds: int, resolution_px: int) -> None:
    """Processor time of renders with and without preview frames."""
    with tempfile.TemporaryDirectory() as folder:
        spoken_text(SpokenLine(text=TEXT), Path(folder) / "voice.wav")
        sound = SoundClip(path=Path(folder) / "voice.wav")
        picture = Path(lipwright.__file__).parent / "samples" / "portrait.png"
        film = Path(folder) / "film.mp4"
        options = TalkingPhotoOptions(max_resolution_px=resolution_px)
        talking_photo(larger(picture, resolution_px, Path(folder)), sound, film, options)

        def photo(context: JobContext) -> None:
            talking_photo(Path(folder) / "large.png", sound, Path(folder) / "photo.mp4", options, context)

        def sync(context: JobContext) -> None:
            chosen = LipSyncOptions(mode=LipSyncMode.LITE)
            lip_sync(film, sound, Path(folder) / "sync.mp4", chosen, context)

        for name, render in (("talking photo", photo), ("lip sync", sync)):
            compare(name, render, rounds)


def compare(name: str, render: Callable[[JobContext], None], rounds: int) -> None:
    """Print the median of the differences of pairs of renders, and what the frames alone took."""
    plain: list[float] = []
    watched: list[float] = []
    shares: list[float] = []
    frames = 0
    for number in range(rounds):
        for is_watched in (number % 2 == 0, number % 2 == 1):
            viewer = TimedViewer()
            begun_s = time.process_time()
            render(JobContext(viewer=viewer if is_watched else None))
            spent_s = time.process_time() - begun_s
            (watched if is_watched else plain).append(spent_s)
            if is_watched:
                shares.append(viewer.taken_s / spent_s)
                frames = viewer.frames
    difference = statistics.median(
        (with_it - without) / without for with_it, without in zip(watched, plain, strict=True)
    )
    print(
        f"{name:16} without {statistics.median(plain):6.2f} s, with {statistics.median(watched):6.2f} s "
        f"({difference:+.1%}); the {frames} frames themselves {statistics.median(shares):.2%}",
        flush=True,
    )


class TimedViewer:
    """Preview frames as a render makes them, and the processor time that they take."""

    def __init__(self) -> None:
        self.taken_s, self.frames = 0.0, 0
        self._previews = FramePreviews(self._count)

    def __call__(self, number: int, total: int, i420: Any, colour: Any) -> None:
        """See a frame."""
        begun_s = time.thread_time()
        self._previews(number, total, i420, colour)
        self.taken_s += time.thread_time() - begun_s

    def _count(self, _number: int, _jpeg: bytes) -> None:
        self.frames += 1


def larger(picture: Path, side_px: int, folder: Path) -> Path:
    """The sample portrait at another size."""
    pixels = cv2.imread(str(picture))
    assert pixels is not None
    target = folder / "large.png"
    cv2.imwrite(str(target), cv2.resize(pixels, (side_px, side_px), interpolation=cv2.INTER_CUBIC))
    return target


async def measure_pages(server: Server, pages: int, calls: int) -> None:
    """`get` alone, and with pages open."""
    async with server.client() as client:
        ids = [await ordered(client) for _ in range(pages)]

        report("get, nobody watches", *await one_after_the_other(client, ids[0], calls))
    stop = asyncio.Event()
    seen = [0] * pages
    frames = asyncio.create_task(make_frames(server, ids[:RENDERED], stop))
    async with server.client() as streams, server.client() as client:
        watching = [
            asyncio.create_task(watch(streams, job_id, seen, page)) for page, job_id in enumerate(ids)
        ]
        await asyncio.sleep(3)
        begun_s, before = time.monotonic(), sum(seen)
        times_ms, total_s = await one_after_the_other(client, ids[0], calls)
        report(f"get, {pages} pages watch", times_ms, total_s)
        rate = (sum(seen) - before) / (time.monotonic() - begun_s) / min(pages, RENDERED)
        print(f"{'frames that a page saw, per s':34} {rate:8.2f}")
        for task in watching:
            task.cancel()
    stop.set()
    await frames


async def one_after_the_other(
    client: httpx.AsyncClient, job_id: str, calls: int
) -> tuple[list[float], float]:
    """Every call's time in ms, and the time of all in s: what one page waits for."""
    times_ms, begun_s = [], time.perf_counter()
    for _ in range(calls):
        started_s = time.perf_counter()
        check(await client.get(f"/v1/video-projects/{job_id}"))
        times_ms.append((time.perf_counter() - started_s) * 1000)
    return times_ms, time.perf_counter() - begun_s


async def ordered(client: httpx.AsyncClient) -> str:
    """A new talking photo, whose files are nowhere: nothing renders here."""
    assets = {
        "image_file_path": "https://example.org/a.png",
        "audio_file_path": "https://example.org/a.mp3",
    }
    order = {"start_seconds": 0, "end_seconds": 2, "assets": assets}
    answer = await client.post("/v1/ai-talking-photo", json=order)
    check(answer)
    return str(answer.json()["id"])


async def watch(client: httpx.AsyncClient, job_id: str, seen: list[int], page: int) -> None:
    """A page: it follows a project, and loads each frame that it is told of."""
    async with client.stream("GET", f"/v1/video-projects/{job_id}/events") as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data:") and "preview.jpg" in line:
                seen[page] += 1


async def make_frames(server: Server, ids: list[str], stop: asyncio.Event) -> None:
    """What workers do: a new frame and a new progress of each project every 0.4 s."""
    database = Database(f"sqlite:///{server.home / 'lipwright.sqlite3'}")
    jpeg = np.random.default_rng(0).bytes(FRAME_BYTES)

    def write(number: int, job_id: str) -> None:
        with database.write() as connection:
            connection.execute(
                projects.update()
                .where(projects.c.id == job_id)
                .values(status="rendering", worker_id="bench", progress=min(0.9, number / 1000))
            )
            put_preview(connection, job_id, number, jpeg)

    number = 0
    while not stop.is_set():
        number += 1
        begun_s = time.monotonic()
        for job_id in ids:
            await asyncio.to_thread(write, number, job_id)
        await asyncio.sleep(max(0.0, FRAME_EVERY_S - (time.monotonic() - begun_s)))


if __name__ == "__main__":
    main()
