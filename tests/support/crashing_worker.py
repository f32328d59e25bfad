"""A worker that a power cut hits at a chosen point.

`python -m tests.support.crashing_worker POINT`

The points lie between any two steps of a job; the worker itself knows nothing of them.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from lipwright.server.operation import work as worker
from lipwright.server.rendering import runner
from lipwright.server.settings import load_settings


def _cut(*_arguments: Any, **_named: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _cut_after(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        result = function(*arguments, **named)
        if result:
            _cut()
        return result

    return call


def _cut_before(_function: Callable[..., Any]) -> Callable[..., Any]:
    return _cut


# Where each point lies: (module or class, name, how it is cut).
POINTS: dict[str, tuple[Any, str, Callable[[Callable[..., Any]], Callable[..., Any]]]] = {
    "after-claim": (worker, "start_next", _cut_after),
    "before-render": (runner.Runner, "render", _cut_before),
    "while-rendering": (runner.Runner, "_tell", _cut_after),
    "before-store": (runner.Runner, "_store", _cut_before),
    "after-store": (runner.Runner, "_store", _cut_after),
    "before-settle": (runner, "finish", _cut_before),
    "after-settle": (runner, "finish", _cut_after),
}


def main(point: str) -> None:
    """Work until the point is reached."""
    owner, name, cut = POINTS[point]
    setattr(owner, name, cut(getattr(owner, name)))
    worker.run_worker(load_settings())


if __name__ == "__main__":
    main(sys.argv[1])
