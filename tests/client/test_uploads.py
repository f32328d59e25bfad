"""Files on their way to the server."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from lipwright_client import ApiError, FileMissing, UnexpectedAnswer, UnusableFile
from lipwright_client.files import EXTENSIONS, READ_BYTES
from tests.client.clients import MakeClient
from tests.client.fake_service import FakeService

BIG_BYTES = 3 * READ_BYTES + 17


class Counting(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Passes calls on and looks at the pieces in which bodies come."""

    def __init__(self, service: FakeService) -> None:
        self.service = service
        self.pieces: list[int] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        return self._answer(request, list(request.stream))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)
        return self._answer(request, [piece async for piece in request.stream])

    def _answer(self, request: httpx.Request, pieces: list[bytes]) -> httpx.Response:
        if request.method == "PUT":
            self.pieces += [len(piece) for piece in pieces]
        copy = httpx.Request(request.method, request.url, headers=request.headers, content=b"".join(pieces))
        return self.service(copy)


class Pipe(io.BytesIO):
    """An open stream that cannot go back."""

    name = "live.mp3"

    def seekable(self) -> bool:
        return False


def test_a_file_is_sent_in_pieces_with_its_length_and_no_type(
    make_client: MakeClient, service: FakeService, tmp_path: Path
) -> None:
    path = tmp_path / "long.mp3"
    path.write_bytes(b"x" * BIG_BYTES)
    transport = Counting(service)
    assert make_client(transport=transport).v1.files.upload_file(path) == "api-assets/0/audio.mp3"
    assert transport.pieces == [READ_BYTES, READ_BYTES, READ_BYTES, 17]
    sent = service.named("PUT /uploads/0/audio.mp3")[0]
    assert sent.headers["content-length"] == str(BIG_BYTES)
    assert "transfer-encoding" not in sent.headers
    assert "content-type" not in sent.headers


def test_an_open_file_is_sent_from_its_start_and_left_open(client: Any, service: FakeService) -> None:
    file = io.BytesIO(b"a sound")
    file.name = "folder.v2/hello.WAV"
    file.seek(3)
    assert client.v1.files.upload_file(file) == "api-assets/0/audio.wav"
    assert service.uploads == {"0/audio.wav": b"a sound"}
    assert not file.closed


def test_a_stream_is_sent_without_a_length(client: Any, service: FakeService) -> None:
    client.v1.files.upload_file(Pipe(b"a sound"))
    sent = service.named("PUT /uploads/0/audio.mp3")[0]
    assert sent.headers["transfer-encoding"] == "chunked"
    assert service.uploads == {"0/audio.mp3": b"a sound"}


def test_a_broken_upload_is_sent_again_whole(client: Any, service: FakeService, tmp_path: Path) -> None:
    (tmp_path / "face.jpg").write_bytes(b"a picture")
    service.script["PUT /uploads/0/image.jpg"] = [httpx.WriteError("reset"), httpx.Response(503)]
    client.v1.files.upload_file(tmp_path / "face.jpg")
    assert service.uploads == {"0/image.jpg": b"a picture"}


def test_a_stream_that_is_used_up_is_not_sent_as_an_empty_file(client: Any, service: FakeService) -> None:
    service.script["PUT /uploads/0/audio.mp3"] = [httpx.Response(503)]
    with pytest.raises(UnusableFile, match="cannot be read twice"):
        client.v1.files.upload_file(Pipe(b"a sound"))
    assert service.uploads == {}


def test_a_refused_upload_is_an_error(client: Any, service: FakeService, tmp_path: Path) -> None:
    (tmp_path / "face.jpg").write_bytes(b"a picture")
    service.script["PUT /uploads/0/image.jpg"] = [httpx.Response(413, json={"message": "Too large."})]
    with pytest.raises(ApiError, match="Too large") as caught:
        client.v1.files.upload_file(tmp_path / "face.jpg")
    assert caught.value.status_code == 413


@pytest.mark.parametrize("name", ["", "noextension", "film.gif", "film.mpeg", ".mp3", "a.mp3/"])
def test_what_cannot_be_uploaded_is_refused_before_anything_is_sent(
    client: Any, service: FakeService, tmp_path: Path, name: str
) -> None:
    if name and not name.endswith("/"):
        (tmp_path / name).write_bytes(b"?")
    with pytest.raises(ValueError, match=r"extension|no file"):
        client.v1.files.upload_file(str(tmp_path / name) if name else "")
    assert service.calls == []


def test_a_missing_file_is_a_missing_file(client: Any) -> None:
    with pytest.raises(FileMissing):
        client.v1.files.upload_file("nowhere.mp3")
    with pytest.raises(FileNotFoundError):
        client.v1.files.upload_file("nowhere.mp3")


def test_an_open_file_needs_a_name(client: Any) -> None:
    with pytest.raises(UnusableFile, match="has no name"):
        client.v1.files.upload_file(io.BytesIO(b"?"))


@pytest.mark.parametrize(
    "known", ["https://cdn.example.org/a.mp3", "HTTP://cdn.example.org/a.mp3", "api-assets/1/audio.mp3"]
)
def test_what_is_on_the_server_already_is_returned(client: Any, service: FakeService, known: str) -> None:
    assert client.v1.files.upload_file(known) == known
    assert service.calls == []


def test_upload_addresses_come_in_the_order_of_the_items(client: Any, service: FakeService) -> None:
    items = [
        {"type": file_type, "extension": extension}
        for file_type, extensions in EXTENSIONS.items()
        for extension in extensions
    ]
    answer = client.v1.files.upload_urls.create(items=items)
    assert json.loads(service.calls[0].content) == {"items": items}
    assert [one.file_path.rpartition(".")[2] for one in answer.items] == [one["extension"] for one in items]


def test_too_few_upload_addresses_are_an_error(client: Any, service: FakeService, tmp_path: Path) -> None:
    (tmp_path / "face.jpg").write_bytes(b"a picture")
    service.script["POST /v1/files/upload-urls"] = [httpx.Response(200, json={"items": []})]
    with pytest.raises(UnexpectedAnswer, match="1 upload addresses were asked for and 0 came"):
        client.v1.files.upload_file(tmp_path / "face.jpg")


@pytest.mark.parametrize("address", ["", "/uploads/1", "file:///etc/passwd", "http://", "http://host:port/"])
def test_an_upload_address_that_is_none_is_an_error(
    client: Any, service: FakeService, tmp_path: Path, address: str
) -> None:
    (tmp_path / "face.jpg").write_bytes(b"a picture")
    item = {"upload_url": address, "expires_at": "", "file_path": "api-assets/x.jpg"}
    service.script["POST /v1/files/upload-urls"] = [httpx.Response(200, json={"items": [item]})]
    with pytest.raises(UnexpectedAnswer, match="unusable address"):
        client.v1.files.upload_file(tmp_path / "face.jpg")
