"""Lipwright makes faces speak: talking photos and lip sync on your own machine.

The engine is in :mod:`lipwright.engine`, the HTTP service in :mod:`lipwright.server`,
the commands in :mod:`lipwright.cli`. `Client` and `AsyncClient` talk to a service; they are loaded when
they are first asked for, so that a command does not wait for them.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lipwright_client import AsyncClient as AsyncClient
    from lipwright_client import Client as Client

__version__ = "0.1.0"

_OF_THE_CLIENT = ("AsyncClient", "Client")


def __getattr__(name: str) -> Any:
    if name in _OF_THE_CLIENT:
        import lipwright_client

        return getattr(lipwright_client, name)
    raise AttributeError(f"module 'lipwright' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_OF_THE_CLIENT])
