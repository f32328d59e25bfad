"""Calls of a key are limited by its plan, wrong keys by the address that they come from."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from lipwright.server.accounts import sessions
from lipwright.server.credits import plans
from lipwright.server.database.installation_files import store_file
from lipwright.server.errors import TooManyCalls
from lipwright.server.services import Services, open_services
from lipwright.server.settings import load_settings
from lipwright.server.web.rate_limits import WINDOW_S, FreeCalls, _network
from tests.server.callers import Caller, new_caller, serving_application

FEW = 3
WRONG_KEYS = 4


@pytest.fixture
def limited(tmp_path: Path, sqlite_template: Path) -> Iterator[Services]:
    """A service with a plan `few` of few calls."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(sqlite_template, home / "lipwright.sqlite3")
    plan = f"[plans.few]\nchecks_balance = false\ncalls_per_10_s = {FEW}\n"
    services = open_services(load_settings(home=home, wrong_keys_per_minute=WRONG_KEYS))
    with services.database.write() as connection:
        store_file(connection, plans.FILE_NAME, f"{plans.built_in_text()}\n{plan}")
    services.refresh()
    yield services
    services.database.close()


@pytest.fixture
def limited_http(limited: Services) -> Iterator[httpx.Client]:
    yield from serving_application(limited)


def speak(caller: Caller) -> httpx.Response:
    return caller.post("/v1/ai-voice-generator", {"style": {"prompt": "Hello.", "voice_name": "x"}})


def test_calls_beyond_the_plan_are_429_and_say_when_to_try_again(
    limited: Services, limited_http: httpx.Client
) -> None:
    caller = new_caller(limited, limited_http, "few")
    for left in reversed(range(FEW)):
        answer = speak(caller)
        assert answer.status_code == 200
        assert answer.headers["x-ratelimit-limit"] == str(FEW)
        assert answer.headers["x-ratelimit-remaining"] == str(left)
    refused = speak(caller)
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/json"
    assert 1 <= int(refused.headers["retry-after"]) <= WINDOW_S
    assert refused.json() == {"message": f"Too many calls. Try again in {refused.headers['retry-after']} s."}
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert abs(int(refused.headers["x-ratelimit-reset"]) - time.time()) <= WINDOW_S + 1


def test_each_key_has_its_own_calls_and_unlimited_plans_have_no_limit(
    limited: Services, limited_http: httpx.Client
) -> None:
    from lipwright.server.accounts.service import create_key

    caller = new_caller(limited, limited_http, "few")
    assert [speak(caller).status_code for _ in range(FEW + 1)][-1] == 429
    with limited.database.write() as connection:
        second = create_key(connection, caller.account, "second")
    assert speak(Caller(account=caller.account, key=second, http=limited_http)).status_code == 200
    assert speak(new_caller(limited, limited_http, "few")).status_code == 200
    unlimited = new_caller(limited, limited_http)
    answers = [speak(unlimited) for _ in range(3 * FEW)]
    assert {answer.status_code for answer in answers} == {200}
    assert "x-ratelimit-limit" not in answers[0].headers


def test_polling_deleting_and_transfers_are_not_limited(
    limited: Services, limited_http: httpx.Client
) -> None:
    caller = new_caller(limited, limited_http, "few")
    file_path = caller.upload("image", "png")
    job = speak(caller).json()["id"]
    assert [speak(caller).status_code for _ in range(FEW)][-1] == 429
    for _ in range(10 * FEW):
        assert caller.get(f"/v1/audio-projects/{job}").status_code == 200
    assert caller.delete(f"/v1/audio-projects/{job}").status_code == 204
    url = limited.addresses.download(str(limited_http.base_url).rstrip("/"), file_path).url
    assert httpx.get(url).status_code == 200


def test_a_client_that_tries_again_after_the_time_it_is_told_gets_through(
    limited: Services, limited_http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = new_caller(limited, limited_http, "few")
    assert [speak(caller).status_code for _ in range(FEW + 1)][-1] == 429
    wait_s = int(speak(caller).headers["retry-after"])
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + wait_s)
    assert speak(caller).status_code == 200


def test_the_retries_of_the_vendors_client_outlast_the_limit(
    limited: Services, limited_http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its Node client waits 0.5 s, doubling to 10 s, five times, whatever it is told."""
    caller = new_caller(limited, limited_http, "few")
    assert [speak(caller).status_code for _ in range(FEW + 1)][-1] == 429
    now, slept_s = time.time, 0.0
    for attempt in range(5):
        slept_s += min(10.0, 0.5 * 2**attempt)
        monkeypatch.setattr(time, "time", lambda passed_s=slept_s: now() + passed_s)
        if speak(caller).status_code == 200:
            return
    pytest.fail("the client gave up")


def test_wrong_keys_are_limited_and_good_ones_still_get_in(
    limited: Services, limited_http: httpx.Client
) -> None:
    known = new_caller(limited, limited_http)
    assert known.get("/v1/video-projects").status_code == 200

    def attempt(key: str) -> httpx.Response:
        return limited_http.get("/v1/video-projects", headers={"authorization": f"Bearer {key}"})

    for number in range(WRONG_KEYS):
        assert attempt(f"wrong-{number}").status_code == 401
    refused = attempt("wrong-again")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert set(refused.json()) == {"message"}
    assert attempt(new_caller(limited, limited_http).key).status_code == 429, "not known to be good yet"
    assert known.get("/v1/video-projects").status_code == 200
    assert limited_http.get("/v1/video-projects").status_code == 401, "no key is no attempt"


def test_a_key_that_was_good_and_is_revoked_is_limited_like_any_other(
    limited: Services, limited_http: httpx.Client
) -> None:
    from lipwright.server.accounts.repository import revoke_key

    caller = new_caller(limited, limited_http)
    assert caller.get("/v1/video-projects").status_code == 200
    with limited.database.write() as connection:
        revoke_key(connection, caller.key)
    answers = [caller.get("/v1/video-projects").status_code for _ in range(WRONG_KEYS + 1)]
    assert answers == [401] * WRONG_KEYS + [429]


@pytest.mark.parametrize(
    ("address", "counted_for"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix:", "unix:"),
    ],
)
def test_an_address_counts_for_its_network(address: str, counted_for: str) -> None:
    assert _network({"client": (address, 1)}) == counted_for
    assert _network({"client": None}) == ""


@pytest.mark.parametrize("plan", ["free", "creator", "pro", "business"])
def test_wrong_keys_are_limited_more_tightly_than_the_calls_of_any_plan(
    services: Services, plan: str
) -> None:
    calls = services.price_list.plan(plan).calls_per_10_s
    assert calls is not None
    assert services.settings.wrong_keys_per_minute < calls * 60 / WINDOW_S


def test_what_a_page_asks_at_every_choice_leaves_the_calls_of_the_plan_alone(
    limited: Services, limited_http: httpx.Client
) -> None:
    caller = new_caller(limited, limited_http, "few")
    order = {"style": {"prompt": "Hello.", "voice_name": "x"}}
    for _ in range(FEW + 2):
        answer = caller.post("/v1/estimates", {"product": "ai-voice-generator", "order": order})
        assert answer.status_code == 200
        assert "x-ratelimit-limit" not in answer.headers
    assert speak(caller).status_code == 200


def test_free_calls_are_bounded_for_each_account() -> None:
    calls = FreeCalls("tries", per_minute=2)
    for _ in range(2):
        calls.count("one")
        calls.count("other")
    with pytest.raises(TooManyCalls) as refused:
        calls.count("one")
    assert 0 < refused.value.retry_after_s <= 60


def test_who_signs_in_again_has_no_more_calls(limited: Services, limited_http: httpx.Client) -> None:
    caller = new_caller(limited, limited_http, "few")
    statuses = []
    for _ in range(FEW + 1):
        with limited.database.write() as connection:
            token = sessions.add_session(connection, caller.account.id, None, 60_000)
        headers = {"cookie": f"lipwright_session={token}", "sec-fetch-site": "same-origin"}
        headers["x-csrf-token"] = limited_http.get("/v1/session", headers=headers).json()["csrf_token"]
        body = {"style": {"prompt": "Hello.", "voice_name": "x"}}
        statuses.append(limited_http.post("/v1/ai-voice-generator", json=body, headers=headers).status_code)
    assert statuses == [200] * FEW + [429]
