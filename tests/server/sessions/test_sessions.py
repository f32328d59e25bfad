"""Signing in with a browser: by link and by key, what a cookie may do, and what other sites may not."""

from __future__ import annotations

import itertools
from http.cookies import SimpleCookie

import httpx
import pytest
import sqlalchemy as sa

from lipwright.server.accounts import repository, sessions
from lipwright.server.database import tables
from lipwright.server.services import Services
from tests.server.callers import Caller, new_caller

OWN = {"sec-fetch-site": "same-origin"}


class Browser:
    """A browser on our own page: keeps the cookie, and repeats the token of its session."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http
        self.cookie = ""
        self.token = ""

    @property
    def headers(self) -> dict[str, str]:
        return {"cookie": f"theme=dark; lipwright_session={self.cookie}", "x-csrf-token": self.token, **OWN}

    def sign_in(self, **secret: str) -> httpx.Response:
        answer = self.http.post("/v1/sessions", json=secret, headers=OWN)
        if answer.status_code == 204:
            self.cookie = SimpleCookie(answer.headers["set-cookie"])["lipwright_session"].value
            self.token = self.http.get("/v1/session", headers=self.headers).json()["csrf_token"]
        self.http.cookies.clear()
        return answer


@pytest.fixture
def browser(http: httpx.Client, caller: Caller) -> Browser:
    """A browser that signed in with the caller's key."""
    browser = Browser(http)
    assert browser.sign_in(key=caller.key).status_code == 204
    return browser


def new_code(services: Services, caller: Caller) -> str:
    with services.database.write() as connection:
        return sessions.add_code(connection, caller.account.id)


def test_a_link_signs_its_owner_in_once(services: Services, http: httpx.Client, caller: Caller) -> None:
    code = new_code(services, caller)
    browser = Browser(http)
    assert browser.sign_in(code=code).status_code == 204
    session = http.get("/v1/session", headers=browser.headers).json()
    assert session["account"] == {"id": caller.account.id, "name": caller.account.name, "plan": "unlimited"}
    again = Browser(http).sign_in(code=code)
    assert again.status_code == 401
    assert "studio link" in again.json()["message"]


def test_a_link_is_of_no_use_when_it_is_too_old(
    services: Services, http: httpx.Client, caller: Caller
) -> None:
    code = new_code(services, caller)
    with services.database.write() as connection:
        connection.execute(sa.update(tables.sign_in_codes).values(expires_at_ms=1))
    assert Browser(http).sign_in(code=code).status_code == 401


def test_neither_code_nor_token_is_stored(services: Services, browser: Browser, caller: Caller) -> None:
    code = new_code(services, caller)
    with services.database.read() as connection:
        rows = [
            *connection.execute(sa.select(tables.sessions)),
            *connection.execute(sa.select(tables.sign_in_codes)),
        ]
    stored = repr(rows)
    assert code not in stored
    assert browser.cookie not in stored
    assert repository.hash_key(code) in stored


def test_the_cookie_is_out_of_reach_for_scripts_and_for_other_sites(
    http: httpx.Client, caller: Caller
) -> None:
    answer = http.post("/v1/sessions", json={"key": caller.key}, headers=OWN)
    http.cookies.clear()
    cookie = SimpleCookie(answer.headers["set-cookie"])["lipwright_session"]
    assert cookie["httponly"]
    assert cookie["samesite"].lower() == "strict"
    assert cookie["path"] == "/"
    assert not cookie["secure"], "over plain http a browser would throw a secure one away"
    assert caller.key not in answer.headers["set-cookie"]
    encrypted = http.post(
        "/v1/sessions", json={"key": caller.key}, headers={**OWN, "x-forwarded-proto": "https"}
    )
    http.cookies.clear()
    assert SimpleCookie(encrypted.headers["set-cookie"])["lipwright_session"]["secure"]


def test_a_signed_in_browser_reads_and_writes(browser: Browser, caller: Caller) -> None:
    assert browser.http.get("/v1/video-projects", headers=browser.headers).status_code == 200
    hook = browser.http.post(
        "/v1/webhooks", json={"url": "https://example.org/hook"}, headers=browser.headers
    )
    assert hook.status_code == 200
    assert [one["id"] for one in caller.get("/v1/webhooks").json()["items"]] == [hook.json()["id"]]
    gone = browser.http.delete(f"/v1/webhooks/{hook.json()['id']}", headers=browser.headers)
    assert gone.status_code == 204


@pytest.mark.parametrize(
    "forged",
    [
        {"x-csrf-token": ""},
        {"x-csrf-token": "wrong"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": None, "origin": "https://evil.example"},
        {"sec-fetch-site": None, "origin": "null"},
        {"sec-fetch-site": None},
    ],
    ids=str,
)
def test_a_write_that_our_page_did_not_make_is_refused(
    browser: Browser, caller: Caller, forged: dict[str, str | None]
) -> None:
    headers = {name: value for name, value in {**browser.headers, **forged}.items() if value is not None}
    body = {"url": "https://example.org/forged"}
    for method, path in (("POST", "/v1/webhooks"), ("PATCH", "/v1/webhooks/c1"), ("DELETE", "/v1/session")):
        answer = browser.http.request(method, path, json=body, headers=headers)
        assert answer.status_code == 403, (method, path)
        assert "message" in answer.json()
    assert caller.get("/v1/webhooks").json()["items"] == []
    assert browser.http.get("/v1/session", headers=browser.headers).status_code == 200


def test_an_older_browser_says_by_its_origin_that_the_page_is_ours(browser: Browser) -> None:
    headers = {name: value for name, value in browser.headers.items() if name != "sec-fetch-site"}
    headers["origin"] = str(browser.http.base_url).rstrip("/")
    answer = browser.http.delete("/v1/session", headers=headers)
    assert answer.status_code == 204


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
def test_another_site_cannot_sign_a_browser_in(
    http: httpx.Client, caller: Caller, headers: dict[str, str]
) -> None:
    answer = http.post("/v1/sessions", json={"key": caller.key}, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_signing_out_ends_the_session_at_the_server(browser: Browser) -> None:
    answer = browser.http.delete("/v1/session", headers=browser.headers)
    browser.http.cookies.clear()
    assert answer.status_code == 204
    assert 'lipwright_session=""' in answer.headers["set-cookie"]
    assert browser.http.get("/v1/video-projects", headers=browser.headers).status_code == 401


def test_a_session_ends_with_its_time(services: Services, browser: Browser) -> None:
    with services.database.write() as connection:
        chosen = tables.sessions.c.token_hash == repository.hash_key(browser.cookie)
        connection.execute(sa.update(tables.sessions).where(chosen).values(expires_at_ms=1))
    assert browser.http.get("/v1/session", headers=browser.headers).status_code == 401
    with services.database.write() as connection:
        sessions.delete_old(connection)
        left = connection.execute(sa.select(tables.sessions.c.token_hash)).scalars().all()
    assert repository.hash_key(browser.cookie) not in left


def test_a_session_ends_with_the_key_that_began_it(
    services: Services, browser: Browser, caller: Caller
) -> None:
    with services.database.write() as connection:
        assert repository.revoke_key(connection, caller.key) == 1
    assert browser.http.get("/v1/session", headers=browser.headers).status_code == 401


def test_a_program_with_a_key_has_no_session_and_needs_no_token(caller: Caller) -> None:
    assert caller.get("/v1/session").status_code == 401
    assert caller.post("/v1/webhooks", {"url": "https://example.org/hook"}).status_code == 200


def test_a_session_sees_its_own_account_only(
    services: Services, http: httpx.Client, browser: Browser
) -> None:
    other = new_caller(services, http)
    project = other.post("/v1/ai-talking-photo", other.photo_body()).json()["id"]
    for path in (f"/v1/video-projects/{project}", f"/v1/video-projects/{project}/events"):
        assert http.get(path, headers=browser.headers).status_code == 404
    assert http.get("/v1/video-projects", headers=browser.headers).json()["items"] == []


def test_who_guesses_has_to_wait(services: Services, http: httpx.Client, caller: Caller) -> None:
    most = services.settings.wrong_keys_per_minute
    code = new_code(services, caller)
    statuses = [
        http.post("/v1/sessions", json={name: f"guess-{number}"}, headers=OWN).status_code
        for number, name in zip(range(most + 1), itertools.cycle(("key", "code")), strict=False)
    ]
    assert statuses[-1] == 429
    assert set(statuses) == {401, 429}
    refused = http.post("/v1/sessions", json={"code": code}, headers=OWN)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0


@pytest.mark.parametrize("body", [{}, {"key": "a", "code": "b"}, {"key": 1}, {"code": "x" * 600}, []])
def test_a_sign_in_without_a_secret_says_what_is_wrong(http: httpx.Client, body: object) -> None:
    answer = http.post("/v1/sessions", json=body, headers=OWN)
    assert answer.status_code == 400
    assert answer.json()["message"]
