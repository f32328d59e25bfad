"""The addresses of the studio: one page for all of its views, and the files that it loads."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from starlette.datastructures import Headers
from starlette.responses import Response

from lipwright.studio.page_headers import page_headers
from lipwright.studio.static_tree import FOLDER, StaticFile, StaticTree, read_tree, state_of

# The page itself finds out which view an address means.
VIEWS = (
    "/",
    "/sign-in",
    "/make/{product}",
    "/jobs/{job_id}",
    "/library",
    "/account",
    "/account/{part}",
)
# The address changes with the content, so what is kept is never old.
_FOR_EVER = "public, max-age=31536000, immutable"
# To be asked for again each time; the answer is mostly that nothing changed.
_LOOK_AGAIN = "no-cache"


class _Pages:
    """The tree, read again when a file of it was changed: who works on a page sees that at the next load."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._state = state_of(folder)
        self.tree: StaticTree = read_tree(folder)

    def refreshed(self) -> StaticTree:
        state = state_of(self._folder)
        if state != self._state:
            self._state, self.tree = state, read_tree(self._folder)
        return self.tree


def studio_router(store_origin: str | None = None, folder: Path = FOLDER) -> APIRouter:
    """The routes. store_origin: where files lie when another server hands them out, `https://host`."""
    router = APIRouter(include_in_schema=False)
    pages = _Pages(folder)
    guards = page_headers(store_origin)

    async def shell(request: Request) -> Response:
        found = pages.refreshed().shell
        return _answer(request, found, {"cache-control": _LOOK_AGAIN, **guards})

    async def static(request: Request, version: str, path: str) -> Response:
        # Not our version: a page that was open when the server was renewed loads the rest of itself.
        tree = pages.tree
        keeping = _FOR_EVER if version == tree.version else _LOOK_AGAIN
        return _answer(request, tree.files.get(path), {"cache-control": keeping, **guards})

    for view in VIEWS:
        router.add_api_route(view, shell, methods=["GET", "HEAD"], name="studio")
    router.add_api_route("/static/{version}/{path:path}", static, methods=["GET", "HEAD"], name="static")
    return router


def _answer(request: Request, file: StaticFile | None, headers: dict[str, str]) -> Response:
    if file is None:
        return Response("Not Found", status_code=404, media_type="text/plain", headers=headers)
    headers |= {"etag": file.etag, "vary": "accept-encoding"}
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    content = file.content
    if file.compressed is not None and _takes_gzip(request.headers):
        content = file.compressed
        headers["content-encoding"] = "gzip"
    headers["content-type"] = file.content_type
    return Response(content, headers=headers)


def _takes_gzip(headers: Headers) -> bool:
    for one in headers.get("accept-encoding", "").split(","):
        name, _, weight = one.strip().partition(";")
        if name.strip().lower() == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
