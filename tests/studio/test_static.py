"""The files of the studio as a browser gets them."""

from __future__ import annotations

import gzip
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from lipwright.studio.page_headers import content_security_policy
from lipwright.studio.routes import VIEWS, studio_router
from lipwright.studio.static_tree import CONTENT_TYPES, FOLDER, read_tree

SCRIPT = "import './make/photo.js';\n" * 50


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small studio."""
    folder = tmp_path / "static"
    (folder / "make").mkdir(parents=True)
    (folder / "index.html").write_text('<script type="module" src="/static/app.js"></script>')
    (folder / "app.js").write_text(SCRIPT)
    (folder / "make" / "photo.js").write_text("export {};")
    (folder / "logo.png").write_bytes(b"\x89PNG" * 400)
    (folder / ".secret.js").write_text("no")
    (folder / "notes.py").write_text("no")
    (tmp_path / "outside.js").write_text("no")
    return folder


@pytest.fixture
def http(folder: Path) -> Iterator[httpx.Client]:
    app = FastAPI(redirect_slashes=False)
    app.include_router(studio_router(folder=folder))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        yield client
    server.should_exit = True
    thread.join()


def address_of(http: httpx.Client, name: str) -> str:
    """Where the page says that a file lies."""
    found = re.search(r'"(/static/[0-9a-f]{16}/)app\.js"', http.get("/").text)
    assert found
    return found.group(1) + name


@pytest.mark.parametrize("view", [re.sub(r"\{.*\}", "photo", view) for view in VIEWS])
def test_every_view_is_the_same_page_and_is_asked_for_again_each_time(http: httpx.Client, view: str) -> None:
    answer = http.get(view)
    assert answer.status_code == 200
    assert answer.text == http.get("/").text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    same = http.get(view, headers={"if-none-match": answer.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")


def test_a_file_is_kept_for_a_year_under_an_address_of_its_content(http: httpx.Client, folder: Path) -> None:
    before = address_of(http, "make/photo.js")
    answer = http.get(before)
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    (folder / "make" / "photo.js").write_text("export const changed = 1;")
    after = address_of(http, "make/photo.js")
    assert after != before
    assert http.get(after).text == "export const changed = 1;"
    late = http.get(before)  # a page that was open meanwhile
    assert late.status_code == 200
    assert late.headers["cache-control"] == "no-cache"


def test_texts_are_compressed_for_whoever_takes_it(http: httpx.Client) -> None:
    address = address_of(http, "app.js")
    packed = http.get(address, headers={"accept-encoding": "br, gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(SCRIPT) / 4
    assert packed.text == SCRIPT
    for header in ("identity", "gzip;q=0", "br"):
        plain = http.get(address, headers={"accept-encoding": header})
        assert "content-encoding" not in plain.headers
        assert plain.text == SCRIPT
    assert packed.headers["vary"] == "accept-encoding"


def test_what_is_small_already_is_not_compressed_again(folder: Path) -> None:
    tree = read_tree(folder)
    assert tree.files["logo.png"].compressed is None
    compressed = tree.files["app.js"].compressed
    assert compressed is not None
    assert gzip.decompress(compressed).decode() == SCRIPT


@pytest.mark.parametrize(
    "path",
    [
        "../outside.js",
        "..%2foutside.js",
        "%2e%2e/outside.js",
        "make/../../outside.js",
        "/etc/passwd",
        ".secret.js",
        "notes.py",
        "index.html",
        "make",
        "",
    ],
)
def test_nothing_but_files_of_the_studio_is_handed_out(http: httpx.Client, path: str) -> None:
    answer = http.get(address_of(http, "") + path)
    assert answer.status_code == 404
    assert "root" not in answer.text


def test_the_pages_may_use_this_server_alone(http: httpx.Client) -> None:
    for address in ("/", address_of(http, "app.js"), address_of(http, "none.js")):
        headers = http.get(address).headers
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy == {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self' 'sha256-7Wn/5ghbhb9U5yM332FZpa4jDUilNGJdZ87eJ6XZFBA='",
            "img-src": "'self' blob: data:",
            "media-src": "'self' blob:",
            "connect-src": "'self'",
            "frame-ancestors": "'none'",
            "base-uri": "'none'",
            "form-action": "'self'",
        }
        assert "camera=(self)" in headers["permissions-policy"]
        assert "microphone=(self)" in headers["permissions-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_a_store_that_hands_out_files_itself_is_allowed_besides() -> None:
    policy = content_security_policy("https://bucket.example")
    for source in ("connect-src", "media-src", "img-src"):
        assert re.search(rf"{source} [^;]*https://bucket\.example", policy)
    assert "https" not in content_security_policy()


def test_the_address_of_the_files_depends_on_nothing_but_them(folder: Path) -> None:
    assert read_tree(folder) == read_tree(folder)


def test_every_file_of_the_real_studio_has_a_known_type() -> None:
    for path in FOLDER.rglob("*"):
        if path.is_file():
            assert path.suffix in CONTENT_TYPES, path


def test_nothing_of_the_real_studio_runs_inside_the_page() -> None:
    """The policy would refuse it, silently for whoever looks at the page."""
    for path in FOLDER.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)", page), path
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page), path
        assert not re.search(r"""(src|href)=["'](https?:)?//""", page), path
