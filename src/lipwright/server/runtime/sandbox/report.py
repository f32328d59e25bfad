"""A sandboxed process that only says which layers are in force around it."""

from __future__ import annotations

import json
import sys

from lipwright.server.runtime.sandbox.enter import layers_found


def main(_arguments: list[str]) -> None:
    """Print the layers as JSON."""
    found = layers_found()
    json.dump({"in_force": found.in_force, "missing": found.missing}, sys.stdout)
