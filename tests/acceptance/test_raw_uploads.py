"""Uploads in every manner in which clients send them: by file, by stream, as a form, in pieces."""

from __future__ import annotations

import shutil
import socket
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.service import Service

# From 1 MiB on curl asks for leave with `Expect: 100-continue` before it sends.
CONTENT = bytes(range(256)) * 5000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sound.mp3"
    path.write_bytes(CONTENT)
    return path


def new_upload(server: Service) -> tuple[str, str]:
    """An address to upload to, and the path by which the file is named afterwards."""
    answer = httpx.post(
        f"{server.base_url}/v1/files/upload-urls",
        json={"items": [{"type": "audio", "extension": "mp3"}]},
        headers=server.headers,
    )
    assert answer.status_code == 200, answer.text
    (item,) = answer.json()["items"]
    assert item["file_path"].startswith("api-assets/")
    assert item["file_path"].endswith(".mp3")
    return item["upload_url"], item["file_path"]


def curl(*arguments: str, feed: Path | None = None) -> str:
    """The status that curl saw; `feed` goes to its standard input."""
    program = shutil.which("curl")
    if program is None:
        pytest.skip("curl is absent; it sends the uploads here")
    command = [program, "--silent", "--show-error", "--max-time", "60", "--write-out", "%{http_code}"]
    with feed.open("rb") if feed else open("/dev/null", "rb") as stdin:
        result = subprocess.run(
            [*command, "--output", "/dev/null", *arguments], stdin=stdin, capture_output=True, text=True
        )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize(
    "framing",
    [
        ["-T", "{file}"],  # content-length, no type
        ["-T", "-"],  # chunked, no type
        ["-T", "-", "-H", "Expect:"],
        ["-X", "PUT", "--data-binary", "@{file}"],  # says that it is a form
        ["-X", "PUT", "--data-binary", "@{file}", "-H", "Content-Type: application/octet-stream"],
        ["-X", "PUT", "--data-binary", "@{file}", "-H", "Content-Type: audio/mpeg"],
        ["-X", "PUT", "--data-binary", "@{file}", "-H", "Content-Type: multipart/form-data"],
        ["-X", "PUT", "--data-binary", "@{file}", "-H", "Content-Type: application/json"],
        ["-X", "PUT", "--data-binary", "@{file}", "-H", "Content-Type:"],
        ["-X", "PUT", "--data-binary", "@{file}", "-H", "Transfer-Encoding: chunked"],
        ["--http1.0", "-T", "{file}"],
    ],
    ids=" ".join,
)
def test_an_upload_arrives_as_it_was_sent(server: Service, file: Path, framing: list[str]) -> None:
    upload_url, file_path = new_upload(server)
    arguments = [argument.replace("{file}", str(file)) for argument in framing]
    assert curl(*arguments, upload_url, feed=file) == "200"
    assert server.stored(file_path) == CONTENT


def test_a_second_upload_replaces_the_first(server: Service, file: Path) -> None:
    upload_url, file_path = new_upload(server)
    assert curl("-T", str(file), upload_url) == "200"
    file.write_bytes(b"better")
    assert curl("-T", str(file), upload_url) == "200"
    assert server.stored(file_path) == b"better"


def test_an_upload_has_an_empty_answer_and_needs_no_key(server: Service) -> None:
    upload_url, _ = new_upload(server)
    answer = httpx.put(upload_url, content=b"sound")
    assert (answer.status_code, answer.content) == (200, b"")


def test_an_upload_that_broke_off_does_not_count(server: Service) -> None:
    upload_url, file_path = new_upload(server)
    address = urlsplit(upload_url)
    assert address.hostname is not None
    with socket.create_connection((address.hostname, address.port or 80)) as connection:
        head = f"PUT {address.path}?{address.query} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
        connection.sendall(head.encode() + b"only this much")
    answer = httpx.post(
        f"{server.base_url}/v1/ai-talking-photo",
        json={
            "assets": {"image_file_path": "https://example.org/face.png", "audio_file_path": file_path},
            "start_seconds": 0,
            "end_seconds": 1,
        },
        headers=server.headers,
    )
    assert answer.status_code == 422
    assert file_path in answer.json()["message"]
    assert server.stored(file_path) is None


@pytest.mark.parametrize("change", ["sig", "path", "no query"])
def test_an_altered_address_is_refused(server: Service, change: str) -> None:
    upload_url, file_path = new_upload(server)
    altered = {
        "sig": upload_url[:-1] + ("0" if upload_url[-1] != "0" else "1"),
        "path": upload_url.replace("audio.mp3", "other.mp3"),
        "no query": upload_url.partition("?")[0],
    }[change]
    assert altered != upload_url
    assert httpx.put(altered, content=b"sound").status_code == 403
    assert server.stored(file_path) is None
