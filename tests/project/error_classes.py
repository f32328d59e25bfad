"""Every error class of the packages, found by importing every module.

python -OO -m tests.project.error_classes      prints code or status, and message, of each as JSON
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator
from typing import TypeVar

import lipwright
import lipwright_client
from lipwright.engine.errors import EngineError
from lipwright.server.errors import ServiceError

# Only the migration tool may run these.
NOT_IMPORTED = "lipwright.server.database.migrations."


E = TypeVar("E", bound=Exception)


def engine_errors() -> list[type[EngineError]]:
    """The classes of the engine's tree in every room, by name."""
    return _tree(EngineError)


def service_errors() -> list[type[ServiceError]]:
    """The classes of the server's tree, by name."""
    return _tree(ServiceError)


def default_messages() -> dict[str, list[str | int]]:
    """Code or status, and the message of an instance without arguments, by the name of the class."""
    by_code: dict[str, list[str | int]] = {_name(kind): [kind.code, str(kind())] for kind in engine_errors()}
    by_status: dict[str, list[str | int]] = {
        _name(kind): [kind.status, str(kind())] for kind in service_errors()
    }
    return {**by_code, **by_status}


def _tree(root: type[E]) -> list[type[E]]:
    """The root and all below it in both packages, every module imported."""
    for package in (lipwright, lipwright_client):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith(NOT_IMPORTED):
                importlib.import_module(module.name)
    return sorted({root, *_below(root)}, key=_name)


def _below(kind: type[E]) -> Iterator[type[E]]:
    for child in kind.__subclasses__():
        if child.__module__.split(".")[0] in ("lipwright", "lipwright_client"):
            yield child
            yield from _below(child)


def _name(kind: type[Exception]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


if __name__ == "__main__":
    print(json.dumps(default_messages()))
