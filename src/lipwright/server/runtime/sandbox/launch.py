"""The start of every sandboxed process: it enters its sandbox, then becomes the module that is named.

Run as `python -P -m lipwright.server.runtime.sandbox.launch SANDBOX PRIVATE MODULE [ARGUMENT...]`. Until the
sandbox stands nothing is imported that may start threads.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from lipwright.server.runtime.sandbox.enter import enter
from lipwright.server.runtime.sandbox.layers import Sandbox, SandboxLacking


def main(arguments: list[str]) -> None:
    """Enter the sandbox, and call `main` of the module with the rest of the arguments."""
    try:
        enter(Sandbox.from_json(arguments[0]), Path(arguments[1]))
    except SandboxLacking as lacking:
        sys.exit(f"The setting sandbox is 'require', and {lacking}")
    importlib.import_module(arguments[2]).main(arguments[3:])


if __name__ == "__main__":
    main(sys.argv[1:])
