"""A server that cannot be reached counts as a lost connection, however it is addressed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from lipwright.server.rendering import lost_connections


@pytest.fixture
def marked() -> Iterator[None]:
    """This process as a worker's."""
    was_marked = sa.event.contains(sa.Engine, "handle_error", lost_connections.mark_failure_to_connect)
    lost_connections.count_failures_to_connect_as_lost()
    yield
    if not was_marked:
        sa.event.remove(sa.Engine, "handle_error", lost_connections.mark_failure_to_connect)


@pytest.mark.usefixtures("marked")
@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://a@127.0.0.1:9/b", "postgresql+psycopg://a@/b?host=/no"]
)
def test_a_failure_to_connect_is_a_lost_connection(url: str) -> None:
    with pytest.raises(sa.exc.OperationalError) as caught:
        sa.create_engine(url).connect()
    assert caught.value.connection_invalidated
