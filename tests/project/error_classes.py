"""Every error class of the packages, found by importing every module.

python -OO -m tests.project.error_classes      prints code or status, and message, of each as JSON
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator

import lipwright
import lipwright_client
from lipwright.engine.errors import EngineError
from lipwright.server.errors import ServiceError

# Only the migration tool may run these.
NOT_IMPORTED = "lipwright.server.database.migrations."


def error_classes(*trees: type[Exception]) -> list[type[Exception]]:
    """The trees' own classes in every module of both packages, in the order of their names."""
    for package in (lipwright, lipwright_client):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith(NOT_IMPORTED):
                importlib.import_module(module.name)
    found = {kind for tree in trees for kind in (tree, *_below(tree))}
    return sorted(
        (kind for kind in found if kind.__module__.split(".")[0] in ("lipwright", "lipwright_client")),
        key=_name,
    )


def default_messages() -> dict[str, list[str | int]]:
    """Code or status, and the message of an instance without arguments, by the name of the class."""
    return {
        _name(kind): [getattr(kind, "code", None) or getattr(kind, "status", 0), str(kind())]
        for kind in error_classes(EngineError, ServiceError)
    }


def _below(kind: type[Exception]) -> Iterator[type[Exception]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def _name(kind: type[Exception]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


if __name__ == "__main__":
    print(json.dumps(default_messages()))
