"""That the search for secrets in the log of the server suite would find one."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
import structlog

from lipwright.server.accounts.service import create_key, ensure_account
from lipwright.server.services import Services
from lipwright.server.webhooks import delivery
from lipwright.server.webhooks.service import create_webhook
from tests.support.made_secrets import SecretWatch, watching


def test_secrets_are_noted_where_they_are_made(services: Services, secret_watch: SecretWatch) -> None:
    with services.database.write() as connection:
        account = ensure_account(connection, "watched", "unlimited")
        key = create_key(connection, account, "test")
        webhook = create_webhook(connection, account.id, "https://example.org/hook", (), limit=1)
    address = services.addresses.download("http://localhost", "a/b.png").url
    signature = vars(delivery)["sign"](webhook.secret, 1, b"{}")
    for secret in (key, webhook.secret, address, signature):
        assert any(made in secret for made in secret_watch.made), secret


def test_a_line_that_holds_one_would_be_found(tmp_path: Path) -> None:
    with watching(tmp_path) as (watch, lines):
        watch.add("kept-as-nobody-would-guess")
        (tmp_path / "other.log").write_text("begins\nlogged kept-as-nobody-would-guess\n")
        watch.log_files.append(tmp_path / "other.log")
        lines(None, "error", {"event": "it broke: kept-as-nobody-would-guess"})
        assert [one.partition(": ")[0] for one in watch.found()] == [
            "console.log:1",
            "json.log:1",
            "other.log:2",
        ]


@pytest.mark.logs_errors
def test_what_the_suite_logs_is_written_in_both_forms(secret_watch: SecretWatch) -> None:
    structlog.get_logger().debug("a line of this test", password="lwk_live_whatever")
    logging.getLogger("some.library").error("a line of a library in this test")
    for name in ("console", "json"):
        written = (secret_watch.folder / f"{name}.log").read_text()
        assert "a line of this test" in written
        assert "a line of a library in this test" in written
        assert "whatever" not in written
