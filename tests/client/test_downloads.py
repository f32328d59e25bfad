"""Results on their way home: whole files, under names that cannot lead astray."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from lipwright_client import AsyncClient, ConnectionFailed, Forbidden, Progress, UnexpectedAnswer
from lipwright_client.downloads import safe_name
from tests.client.clients import MakeClient
from tests.client.fake_service import BASE_URL, TOKEN, VIDEO_BYTES, FakeService, project


class BreakingStream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body whose connection breaks after some bytes."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        yield self._content
        raise httpx.ReadError("connection reset")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content
        raise httpx.ReadError("connection reset")


class Breaking:
    """Serves the video, but breaks off the first connections; knows ranges if told to.

    breaks: after how many bytes each of the first connections ends.
    """

    def __init__(self, breaks: list[int], *, etags: list[str], knows_ranges: bool = True) -> None:
        self.breaks = breaks
        self.etags = etags
        self.knows_ranges = knows_ranges
        self.ranges: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.ranges.append(request.headers.get("range"))
        etag = self.etags.pop(0) if len(self.etags) > 1 else self.etags[0]
        status, start, headers = 200, 0, {"etag": etag}
        if self.knows_ranges and self.ranges[-1] and request.headers["if-range"] == etag:
            start = int(self.ranges[-1].removeprefix("bytes=").removesuffix("-"))
            status = 206
            headers["content-range"] = f"bytes {start}-{len(VIDEO_BYTES) - 1}/{len(VIDEO_BYTES)}"
        content = VIDEO_BYTES[start:]
        headers["content-length"] = str(len(content))
        if self.breaks:
            return httpx.Response(
                status, headers=headers, stream=BreakingStream(content[: self.breaks.pop(0)])
            )
        return httpx.Response(status, headers=headers, content=content)


def save(client: Any, folder: Path) -> None:
    client.v1.video_projects.check_result("p1", download_directory=folder)


def test_a_broken_download_is_taken_up_where_it_ended(
    client: Any, service: FakeService, tmp_path: Path
) -> None:
    service.download = Breaking([100, 50], etags=['"v1"'])
    save(client, tmp_path)
    assert (tmp_path / "output.mp4").read_bytes() == VIDEO_BYTES
    assert service.download.ranges == [None, "bytes=100-", "bytes=150-"]


def test_a_download_starts_again_when_the_content_has_changed(
    client: Any, service: FakeService, tmp_path: Path
) -> None:
    service.download = Breaking([100], etags=['"v1"', '"v2"'])
    save(client, tmp_path)
    assert (tmp_path / "output.mp4").read_bytes() == VIDEO_BYTES


@pytest.mark.parametrize("etag", ["", 'W/"weak"', '"v1"'])
def test_a_download_starts_again_where_it_cannot_be_resumed(
    client: Any, service: FakeService, tmp_path: Path, etag: str
) -> None:
    service.download = Breaking([100], etags=[etag], knows_ranges=False)
    save(client, tmp_path)
    assert (tmp_path / "output.mp4").read_bytes() == VIDEO_BYTES


def test_a_download_that_fails_leaves_nothing_and_harms_nothing(
    make_client: MakeClient, service: FakeService, tmp_path: Path
) -> None:
    (tmp_path / "output.mp4").write_bytes(b"an earlier result")
    service.download = Breaking([10, 10, 10], etags=['"v1"'])
    with pytest.raises(ConnectionFailed):
        save(make_client(max_retries=1), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["output.mp4"]
    assert (tmp_path / "output.mp4").read_bytes() == b"an earlier result"


def test_a_result_replaces_an_earlier_one_of_its_name(client: Any, tmp_path: Path) -> None:
    (tmp_path / "output.mp4").write_bytes(b"an earlier result")
    save(client, tmp_path)
    assert (tmp_path / "output.mp4").read_bytes() == VIDEO_BYTES


def test_a_result_is_an_ordinary_file(client: Any, tmp_path: Path) -> None:
    (tmp_path / "ordinary").touch()
    save(client, tmp_path)
    assert stat.S_IMODE((tmp_path / "output.mp4").stat().st_mode) == stat.S_IMODE(
        (tmp_path / "ordinary").stat().st_mode
    )


def test_an_expired_address_is_an_error(client: Any, service: FakeService, tmp_path: Path) -> None:
    service.download = lambda _: httpx.Response(403, json={"message": "Expired."})
    with pytest.raises(Forbidden, match="Expired"):
        save(client, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(204),
        httpx.Response(206, content=b"a part", headers={"content-range": "bytes 5-10/100"}),
        httpx.Response(206, content=b"a part"),
        httpx.Response(202, json={"message": "Not yet."}),
    ],
    ids=lambda answer: f"{answer.status_code} {answer.headers.get('content-range')}",
)
def test_what_is_not_the_whole_file_is_not_taken_for_it(
    client: Any, service: FakeService, tmp_path: Path, answer: httpx.Response
) -> None:
    service.download = lambda _: httpx.Response(
        answer.status_code, content=answer.content, headers=answer.headers
    )
    with pytest.raises(UnexpectedAnswer, match="whole file"):
        save(client, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_continuation_is_not_added(client: Any, service: FakeService, tmp_path: Path) -> None:
    first = httpx.Response(
        200, headers={"etag": '"v1"', "content-length": "500"}, stream=BreakingStream(b"x" * 100)
    )
    second = httpx.Response(206, headers={"content-range": "bytes 0-399/500"}, content=b"y" * 400)
    answers = [first, second]
    service.download = lambda _: answers.pop(0)
    with pytest.raises(UnexpectedAnswer):
        save(client, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_redirect_is_not_followed_to_who_knows_where(
    client: Any, service: FakeService, tmp_path: Path
) -> None:
    service.download = lambda _: httpx.Response(302, headers={"location": "http://169.254.169.254/"})
    with pytest.raises(UnexpectedAnswer, match="302"):
        save(client, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("", "output.mp4"),  # nothing at all
        ("/", "output.mp4"),
        ("/a/output.mp4", "output.mp4"),
        ("/a/0-1.png", "0-1.png"),
        ("/a/..", "output.mp4"),
        ("/a/%2e%2e", "output.mp4"),
        ("/a/..%2f..%2fetc%2fpasswd", "_.._etc_passwd"),
        ("/a/..%5c..%5cwin.ini", "_.._win.ini"),
        ("/a/C:evil.mp4", "C_evil.mp4"),
        ("/a/.bashrc", "bashrc"),
        ("/a/con.mp4", "output.mp4"),  # a device on Windows
        ("/a/a%00b%1b%5d.mp4", "a_b_].mp4"),
        ("/a/" + "x" * 400 + ".mp4", "x" * 196 + ".mp4"),
        ("/a/" + "%C3%A9" * 400 + ".mp4", "é" * 98 + ".mp4"),
    ],
)
def test_a_name_from_the_server_stays_in_its_folder(path: str, name: str) -> None:
    assert safe_name(f"http://service.test{path}?sig=/../../x") == name
    assert os.path.basename(name) == name


def test_a_hostile_name_is_saved_inside_the_folder(client: Any, service: FakeService, tmp_path: Path) -> None:
    folder = tmp_path / "results"
    hostile = project()
    hostile["downloads"][0]["url"] = "http://service.test/media/%2e%2e%2f%2e%2e%2fescaped.mp4"
    service.states = [hostile]
    save(client, folder)
    assert [path.name for path in folder.iterdir()] == ["_.._escaped.mp4"]
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_a_download_that_the_caller_breaks_off_leaves_nothing(client: Any, tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        if progress.phase == "downloading":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        client.v1.video_projects.check_result("p1", download_directory=tmp_path, on_progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_download_whose_task_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                yield b"more"
                await asyncio.sleep(0.01)

    service = FakeService(download=lambda _: httpx.Response(200, stream=Endless()))

    async def start_and_cancel() -> None:
        http = httpx.AsyncClient(transport=httpx.MockTransport(service))
        async with AsyncClient(token=TOKEN, base_url=BASE_URL, httpx_client=http) as client:
            running = asyncio.Event()
            task = asyncio.create_task(
                client.v1.video_projects.check_result(
                    "p1", download_directory=tmp_path, on_progress=lambda _: running.set()
                )
            )
            await asyncio.wait_for(running.wait(), 10)
            assert [path.suffix for path in tmp_path.iterdir()] == [".part"]
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(start_and_cancel())
    assert list(tmp_path.iterdir()) == []
