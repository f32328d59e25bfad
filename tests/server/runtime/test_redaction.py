"""What is taken out of log lines, and what stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipwright.server.runtime.redaction import HIDDEN, MAX_TEXT_LENGTH, Redaction, known_secrets
from lipwright.server.settings import load_settings

SECRET = "Zq8-secret_value-93kd"
HEX = "9f" * 32


@pytest.mark.parametrize(
    "text",
    [
        "lwk_live_Zq8-secret_value-93kd",  # our keys
        "the key mhk_live_Zq8-secret_value-93kd is unknown",  # the Magic Hour API's
        "whsec_Zq8-secret_value-93kd",
        "Authorization: Bearer Zq8-secret_value-93kd",
        "authorization: Basic Zq8-secret_value-93kd",
        "{'authorization': 'Bearer Zq8-secret_value-93kd'}",
        "[('authorization', 'Bearer Zq8-secret_value-93kd')]",
        "(b'authorization', b'Bearer Zq8-secret_value-93kd')",
        '{"api_key": "Zq8-secret_value-93kd", "other": 1}',
        "X-Api-Key: Zq8-secret_value-93kd",
        "magic-hour-event-signature: Zq8-secret_value-93kd",
        "aws_secret_access_key=Zq8-secret_value-93kd",
        "host=db user=me password='Zq8-secret_value-93kd'",
        "postgresql://me:Zq8-secret_value-93kd@db/lipwright",
        "postgresql+psycopg://Zq8-secret_value-93kd@db/lipwright",
        "/media/a/b.png?exp=1&sig=Zq8-secret_value-93kd",
        "https://store/bucket/a.png?X-Goog-Whatever=Zq8-secret_value-93kd&x=1 was refused",
        "[SQL: INSERT]\n[parameters: ('a', 'Zq8-secret_value-93kd')]\n(Background)",
        "DETAIL:  Failing row contains (1, Zq8-secret_value-93kd, null).",
        "DETAIL:  Key (hash)=(Zq8-secret_value-93kd) already exists.",
        "[type=int_type, input_value='Zq8-secret_value-93kd', input_type=str]",
        "Set-Cookie: session=Zq8-secret_value-93kd",
        "Zq8-secret_value-93kd is known to this process",
    ],
)
def test_a_secret_is_hidden(text: str) -> None:
    shown = Redaction(known=[SECRET] if text.startswith("Zq8") else []).text(text)
    assert "secret_value" not in shown
    assert HIDDEN in shown


@pytest.mark.parametrize(
    "text", [HEX, f"sig {HEX}.", "AKIAIOSFODNN7EXAMPLE", "eyJhbGciOi.eyJzdWIiOiIx.SflKxwRJ"]
)
def test_a_value_that_looks_like_a_secret_is_hidden(text: str) -> None:
    assert HIDDEN in Redaction().text(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "job ended",
        "cmwwvqow61kuvomhrsru4x5p9",  # the id of a job
        "api-assets/cmwwvqow61kuvomhrsru4x5p9/image.png",
        "/v1/video-projects/{project_id}",
        "https://store.example/bucket/a.png",
        'File "/srv/lipwright/server/accounts/repository.py", line 34, in hash_key',
        "psycopg.OperationalError: connection to server at 127.0.0.1, port 5432 failed: Connection refused",
        "2026-03-01T09:30:00.000Z",
    ],
)
def test_what_an_operator_needs_stays(text: str) -> None:
    assert Redaction(known=["", "short"]).text(text) == text


def test_fields_are_searched_at_every_depth() -> None:
    fields: dict[str, Any] = {
        "event": f"sent lwk_live_{SECRET}",
        "Signature": SECRET,
        "list": [{"password": SECRET, "path": "a"}, (f"Bearer {SECRET}", 3)],
        "object": ValueError(f"token={SECRET}"),
        "raw": f"whsec_{SECRET}".encode(),
        "count": 3,
        "none": None,
    }
    shown = Redaction().fields(fields)
    assert SECRET not in str(shown)
    assert (shown["count"], shown["none"], shown["list"][0]["path"]) == (3, None, "a")


def test_the_settings_own_secrets_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "from the environment")
    settings = load_settings(
        s3_secret_key="of the store", database_url="postgresql://me:of%20the%20tables@db/x"
    )
    expected = {"of the store", "of%20the%20tables", "of the tables", "from the environment"}
    assert expected <= known_secrets(settings)


def test_a_password_that_is_the_name_of_the_database_does_not_blacken_every_path() -> None:
    settings = load_settings(database_url="postgresql://me:lipwright@db/lipwright")
    assert "lipwright" not in known_secrets(settings)


@pytest.mark.parametrize("length", [MAX_TEXT_LENGTH + 1, 100_000, 3_000_000])
def test_a_long_text_is_cut_in_its_middle_and_no_half_of_a_secret_stays(length: int) -> None:
    key = f"lwk_live_{SECRET}"
    text = "begins " + f"{key} " * (length // len(key)) + "ends"
    shown = Redaction().text(text)
    assert len(shown) < MAX_TEXT_LENGTH + 100
    assert shown.startswith("begins")
    assert shown.endswith("ends")
    assert "value" not in shown


@pytest.mark.parametrize(
    "part",
    [
        "a",
        "a-",
        "a.",
        "http://a",
        "[parameters: ",
        "password ",
        "eyJ-",
        "Key (",
        "://",
        'token="',
        "lwk_live_",
    ],
)
def test_no_text_makes_the_search_endless(part: str) -> None:
    """The time limit of tests is the judge: each takes a fraction of a second."""
    Redaction().text(part * (1_000_000 // len(part)))


@given(st.text(st.characters(codec="utf-8"), max_size=200), st.text(max_size=200))
def test_a_key_is_hidden_whatever_stands_around_it(before: str, after: str) -> None:
    key = f"lwk_live_{SECRET}"
    assert key not in Redaction().text(f"{before} {key} {after}")
