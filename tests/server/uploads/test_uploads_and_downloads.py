"""Signed addresses: what they allow, for how long, and what they withstand."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest

from lipwright.server.services import Services
from tests.server.callers import Caller, new_caller

MEGABYTE = 1024 * 1024


def new_upload(caller: Caller) -> dict[str, str]:
    body = {"items": [{"type": "image", "extension": "png"}]}
    item: dict[str, str] = caller.post("/v1/files/upload-urls", body).json()["items"][0]
    return item


def stored(services: Services, key: str) -> bytes | None:
    path = services.settings.files_folder / key
    return path.read_bytes() if path.exists() else None


def download_url(services: Services, caller: Caller, key: str, lifetime_s: int = 60) -> str:
    base = str(caller.http.base_url).rstrip("/")
    return services.addresses.download(base, key, lifetime_s=lifetime_s).url


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "application/octet-stream"},
        # curl --data-binary says this, and means a file.
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
    ],
)
@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_put_is_stored_whatever_its_type_and_framing(
    services: Services, caller: Caller, headers: dict[str, str], is_chunked: bool
) -> None:
    item = new_upload(caller)
    content = b"a=1&b=2 \x00\xff" * 1000
    sent = iter([content[:5000], content[5000:]]) if is_chunked else content
    answer = httpx.put(item["upload_url"], content=sent, headers=headers)
    assert (answer.status_code, answer.content) == (200, b"")
    assert stored(services, item["file_path"]) == content


def test_a_second_put_replaces_the_first(services: Services, caller: Caller) -> None:
    item = new_upload(caller)
    for content in (b"first", b"second"):
        assert httpx.put(item["upload_url"], content=content).status_code == 200
    assert stored(services, item["file_path"]) == b"second"


def test_the_server_asks_for_the_body_only_of_a_put_that_it_will_take(caller: Caller) -> None:
    good = new_upload(caller)["upload_url"]
    altered = re.sub("sig=.", "sig=x", good)
    assert exchange_with_expect(good).startswith(b"HTTP/1.1 100 Continue")
    assert exchange_with_expect(altered).startswith(b"HTTP/1.1 403")


def exchange_with_expect(url: str) -> bytes:
    """The first answer to a PUT that waits for the server's consent before it sends its body."""
    address = urlsplit(url)
    assert address.hostname
    assert address.port
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        head = (
            f"PUT {address.path}?{address.query} HTTP/1.1\r\nHost: {address.netloc}\r\n"
            "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"
        )
        connection.sendall(head.encode())
        first = connection.recv(4096)
        if b" 100 " in first:
            connection.sendall(b"hello")
            assert b"200 OK" in connection.recv(4096)
        return first


def becomes_true(condition: Callable[[], bool]) -> bool:
    deadline_s = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline_s:
        time.sleep(0.02)
    return condition()


def test_a_broken_upload_leaves_nothing(services: Services, caller: Caller) -> None:
    item = new_upload(caller)
    address = urlsplit(item["upload_url"])
    assert address.hostname
    assert address.port
    with socket.create_connection((address.hostname, address.port)) as connection:
        head = f"PUT {address.path}?{address.query} HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n"
        connection.sendall(head.encode() + b"x" * 100_000)
        # Broken off only once the server has begun to write.
        assert becomes_true(lambda: any(services.settings.scratch_folder.rglob("*.part")))
    assert becomes_true(lambda: not any(services.settings.scratch_folder.rglob("*.part")))
    assert stored(services, item["file_path"]) is None
    assert caller.post("/v1/face-detection", face_body(item["file_path"])).status_code == 422


def face_body(path: str) -> dict[str, object]:
    return {"assets": {"target_file_path": path}}


def test_an_upload_beyond_the_plan_is_refused_before_it_is_read(services: Services, caller: Caller) -> None:
    url = services.addresses.upload(
        str(caller.http.base_url).rstrip("/"), "api-assets/big/image.png", lifetime_s=60, max_bytes=MEGABYTE
    ).url
    address = urlsplit(url)
    assert address.hostname
    assert address.port
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        head = f"PUT {address.path}?{address.query} HTTP/1.1\r\nHost: x\r\nContent-Length: {10**12}\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 413")


def test_an_upload_that_grows_beyond_the_plan_is_stopped_early(services: Services, caller: Caller) -> None:
    url = services.addresses.upload(
        str(caller.http.base_url).rstrip("/"), "api-assets/grow/image.png", lifetime_s=60, max_bytes=MEGABYTE
    ).url
    address = urlsplit(url)
    assert address.hostname
    assert address.port
    sent = 0
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        head = f"PUT {address.path}?{address.query} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head.encode())
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        answer = b""
        connection.settimeout(0.05)
        while not answer and sent < 200 * MEGABYTE:
            try:
                connection.sendall(chunk)
                sent += 0x10000
                answer = connection.recv(4096)
            except TimeoutError:
                continue
            except (BrokenPipeError, ConnectionResetError):
                break
    # The rest is what fits into the sockets' buffers on the way.
    assert sent < 30 * MEGABYTE
    assert stored(services, "api-assets/grow/image.png") is None


def altered_addresses(url: str) -> list[str]:
    """An address in every way that somebody without the key may change it."""
    return [
        re.sub(r"sig=\w", "sig=0" if "sig=0" not in url else "sig=1", url),
        re.sub(r"sig=\w+", "sig=", url),
        re.sub(r"&sig=\w+", "", url),
        re.sub(r"exp=\d+", "exp=99999999999", url),
        re.sub(r"exp=\d+", "exp=later", url),
        url.replace("image.png", "other.png"),
        url.replace("image.png", "%2e%2e/%2e%2e/lipwright.sqlite3"),
        url.partition("?")[0],
    ]


def test_altered_addresses_are_403(services: Services, caller: Caller) -> None:
    item = new_upload(caller)
    put_addresses = [*altered_addresses(item["upload_url"]), re.sub(r"max=\d+", "max=9", item["upload_url"])]
    for url in put_addresses:
        assert httpx.put(url, content=b"x").status_code == 403, url
    assert httpx.put(item["upload_url"], content=b"x").status_code == 200
    for url in altered_addresses(download_url(services, caller, item["file_path"])):
        assert httpx.get(url).status_code == 403, url


def test_a_permission_to_put_is_none_to_get_and_the_other_way_round(
    services: Services, caller: Caller
) -> None:
    item = new_upload(caller)
    httpx.put(item["upload_url"], content=b"x")
    assert httpx.get(item["upload_url"]).status_code == 403
    assert httpx.put(download_url(services, caller, item["file_path"]), content=b"y").status_code == 403


def test_an_expired_address_is_403(services: Services, caller: Caller) -> None:
    key = caller.upload("image", "png")
    assert httpx.get(download_url(services, caller, key, lifetime_s=-1)).status_code == 403


def test_the_key_of_an_address_cannot_leave_the_folder_even_when_signed(
    services: Services, caller: Caller
) -> None:
    for key in ("../lipwright.sqlite3", "..%2flipwright.sqlite3", "/etc/passwd", "a/../../lipwright.toml"):
        answer = httpx.get(download_url(services, caller, key))
        assert answer.status_code in (403, 404), key


def test_a_download_has_its_type_its_length_and_ranges(services: Services, caller: Caller) -> None:
    content = bytes(range(256)) * 100
    key = caller.upload("video", "mp4", content)
    url = download_url(services, caller, key)
    whole = httpx.get(url)
    assert whole.status_code == 200
    assert whole.content == content
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["content-length"] == str(len(content))
    part = httpx.get(url, headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, content[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(content)}"
    assert httpx.get(url, headers={"range": f"bytes={len(content)}-"}).status_code == 416
    head = httpx.head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(content))


def test_a_file_that_is_gone_is_404(services: Services, caller: Caller) -> None:
    key = caller.upload("image", "png")
    url = download_url(services, caller, key)
    services.store.remove(key)
    assert (httpx.get(url).status_code, httpx.get(url).json()) == (404, {"message": "Not Found"})


def test_another_accounts_upload_cannot_be_used(
    services: Services, http: httpx.Client, caller: Caller
) -> None:
    theirs = new_caller(services, http).upload("image", "png")
    answer = caller.post("/v1/face-detection", face_body(theirs))
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("There is no uploaded file")


def test_another_accounts_jobs_are_404_everywhere(
    services: Services, http: httpx.Client, caller: Caller
) -> None:
    other = new_caller(services, http)
    job_id = other.post("/v1/ai-talking-photo", other.photo_body()).json()["id"]
    path = f"/v1/video-projects/{job_id}"
    answers = [
        caller.get(path),
        caller.delete(path),
        caller.post(f"{path}/cancel", None),
        caller.get(f"{path}/events"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert other.get(path).json()["status"] == "queued"
    assert caller.get("/v1/video-projects").json()["items"] == []


def test_names_stay_out_of_headers_and_download_names(services: Services, caller: Caller) -> None:
    name = 'evil"\r\nset-cookie: a=b\r\n\r\n<script>; filename="x.exe"'
    answer = caller.post("/v1/ai-talking-photo", caller.photo_body(name=name))
    assert answer.status_code == 200
    job = caller.get(f"/v1/video-projects/{answer.json()['id']}")
    assert job.json()["name"] == name
    assert "set-cookie" not in job.headers
    url = download_url(services, caller, f"{answer.json()['id']}/output.mp4")
    assert urlsplit(url).path.endswith("/output.mp4")


@pytest.mark.logs_errors
def test_a_full_disk_is_503_and_leaves_nothing(
    services: Services, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    item = new_upload(caller)
    monkeypatch.setattr(type(services.store), "adopt", full)
    answer = httpx.put(item["upload_url"], content=b"x")
    assert answer.status_code == 503
    assert "disk of the server is full" in answer.json()["message"]
    assert list(services.settings.scratch_folder.rglob("*.part")) == []


def test_a_request_body_without_end_is_413(caller: Caller) -> None:
    big = b'{"name": "' + b"x" * (2 * MEGABYTE) + b'"}'
    answer = caller.http.post("/v1/lip-sync", content=big, headers=caller.headers)
    assert answer.status_code == 413
    chunked = caller.http.post("/v1/lip-sync", content=iter([big]), headers=caller.headers)
    assert chunked.status_code == 413


def test_a_body_nested_without_end_is_400(caller: Caller) -> None:
    deep = b"[" * 100_000
    assert caller.http.post("/v1/lip-sync", content=deep, headers=caller.headers).status_code == 400
