"""The way of yt-dlp to the network: every request of it, and every redirect, passes the address guard.

Imported only where yt-dlp is installed. It gets one extractor, no plug-ins, no configuration, no cookies of
people, and no other programs.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore
import yt_dlp
from yt_dlp.extractor.youtube import YoutubeIE
from yt_dlp.globals import plugin_dirs
from yt_dlp.networking.common import Request, RequestHandler, Response
from yt_dlp.networking.exceptions import HTTPError, TransportError

from lipwright.server.fetching.address_guard import AddressGuard, GuardedNetwork
from lipwright.server.fetching.deadline import Deadline
from lipwright.server.fetching.download import MAX_REDIRECTS, REDIRECTS, TIMEOUTS
from lipwright.server.fetching.web_addresses import BadAddress, encode_address

# Pages and scripts that lead to the video, beside the video itself.
PAGES_BYTES = 32 * 1024 * 1024


class OneExtractorDownloader(yt_dlp.YoutubeDL):
    """A downloader that knows YouTube's videos and nothing else, on a guarded network."""

    def __init__(
        self, options: dict[str, Any], guard: AddressGuard, *, max_bytes: int, timeout_s: float
    ) -> None:
        """timeout_s: for all of it. max_bytes: of the video."""
        plugin_dirs.value = []
        deadline = Deadline(timeout_s)
        self._handler = partial(
            GuardedRH,
            pool=httpcore.ConnectionPool(network_backend=GuardedNetwork(guard, deadline)),
            max_bytes=max_bytes + PAGES_BYTES,
        )
        # No proxies of the environment, no runtime for scripts, no program that mends files afterwards.
        closed = {"proxy": "", "js_runtimes": {}, "fixup": "never", "cachedir": False}
        super().__init__(options | closed, auto_init=False)
        self.add_info_extractor(YoutubeIE())

    def build_request_director(
        self, _handlers: Iterable[type[RequestHandler]], _preferences: object = None
    ) -> Any:
        """Ours in place of every other way to the network."""
        return super().build_request_director([self._handler])

    def get_info_extractor(self, ie_key: str) -> Any:
        """YouTube's; a page that refers to another site is not followed."""
        if ie_key != YoutubeIE.ie_key():
            raise yt_dlp.utils.UnsupportedError(ie_key)
        return super().get_info_extractor(ie_key)

    def fetch(self, video_id: str) -> None:
        """Download a video. Raises yt_dlp.utils.DownloadError."""
        url = f"https://www.youtube.com/watch?v={video_id}"
        self.extract_info(url, ie_key=YoutubeIE.ie_key(), download=True)


def video_id_of(url: str) -> str | None:
    """The id of the video that an address of YouTube names; None where it names none."""
    found: str | None = YoutubeIE.get_temp_id(url)
    return found


class GuardedRH(RequestHandler):
    """A handler of requests on our guarded network. What fails there is an error of transport to yt-dlp."""

    _SUPPORTED_URL_SCHEMES = ("http", "https")

    def __init__(self, *, pool: httpcore.ConnectionPool, max_bytes: int, **options: Any) -> None:
        """max_bytes: of all answers together."""
        super().__init__(**options)
        self._pool = pool
        self._left_bytes = max_bytes

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def _check_extensions(self, extensions: dict[str, Any]) -> None:
        super()._check_extensions(extensions)
        for known in ("cookiejar", "timeout", "legacy_ssl", "keep_header_casing"):
            extensions.pop(known, None)

    def _send(self, request: Request) -> Response:
        url, method, body = request.url, request.method, _body(request.data)
        headers = self._get_headers(request)
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._ask(method, url, headers, body, request)
            location = answer.get_header("location")
            if answer.status not in REDIRECTS or location is None:
                if answer.status >= 400:
                    raise HTTPError(answer)
                return answer
            answer.close()
            target = urljoin(url, location)
            if urlsplit(target).netloc != urlsplit(url).netloc:
                headers = {name: one for name, one in headers.items() if name.lower() != "authorization"}
            url, new_method = target, _method_after(method, answer.status)
            if new_method != method:
                method, body = new_method, None
                headers = {name: one for name, one in headers.items() if name.lower() != "content-type"}
        raise HTTPError(answer, redirect_loop=True)

    def _ask(
        self, method: str, url: str, headers: dict[str, str], body: bytes | None, request: Request
    ) -> Response:
        dropped = ("host", "content-length")
        sent = {name.lower(): str(one) for name, one in headers.items() if name.lower() not in dropped}
        sent["accept-encoding"] = "identity"
        cookies = self._get_cookiejar(request).get_cookie_header(url)
        if cookies:
            sent["cookie"] = cookies
        try:
            address = str(encode_address(url).copy_with(userinfo=b"", fragment=None))
            found = self._pool.handle_request(
                httpcore.Request(
                    method,
                    address,
                    headers=[*sent.items(), ("host", urlsplit(address).netloc), *_length(body)],
                    content=body,
                    extensions={"timeout": TIMEOUTS},
                )
            )
        except (
            BadAddress,
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.TimeoutException,
        ) as error:
            raise TransportError(cause=error) from error
        named = {name.decode("latin-1"): value.decode("latin-1") for name, value in found.headers}
        return Response(io.BufferedReader(_Body(found, self._spend)), url, named, found.status)

    def _spend(self, size: int) -> None:
        self._left_bytes -= size
        if self._left_bytes < 0:
            raise TransportError("more bytes than allowed")


class _Body(io.RawIOBase):
    """The body of an answer as a file."""

    def __init__(self, answer: httpcore.Response, spend: Callable[[int], None]) -> None:
        self._answer = answer
        self._chunks: Iterator[bytes] = iter(answer.iter_stream())
        self._waiting = b""
        self._spend = spend

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._waiting:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._spend(len(chunk))
            self._waiting = chunk
        size = min(len(buffer), len(self._waiting))
        buffer[:size], self._waiting = self._waiting[:size], self._waiting[size:]
        return size

    def close(self) -> None:
        if not self.closed:
            with contextlib.suppress(httpcore.NetworkError, httpcore.ProtocolError):
                self._answer.close()
        super().close()


def _method_after(method: str, status: int) -> str:
    """How browsers follow a redirect."""
    is_asked_anew = (status == 303 and method != "HEAD") or (status in (301, 302) and method == "POST")
    return "GET" if is_asked_anew else method


def _body(data: Any) -> bytes | None:
    if data is None or isinstance(data, bytes):
        return data
    return b"".join([data.read()] if hasattr(data, "read") else data)


def _length(body: bytes | None) -> list[tuple[str, str]]:
    return [] if body is None else [("content-length", str(len(body)))]
