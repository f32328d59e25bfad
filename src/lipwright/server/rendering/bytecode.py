"""Compiled modules of the engine on the disk, so that render processes start quickly.

A sandboxed process cannot write them, and some installers leave that to the first start.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import threading
from pathlib import Path

from lipwright.server.runtime.sandbox.start import clean_environment

# Loaded by every render, and by nothing that may write.
_SIGN = "lipwright.engine.pipelines.talking_photo"
_LOAD = "from lipwright.server.rendering.handlers import load_engine; load_engine()"


def compile_engine() -> None:
    """Have the engine's modules compiled in the background, where they are not and can be kept."""
    if not sys.dont_write_bytecode and _can_be_compiled():
        threading.Thread(target=_load_once, daemon=True).start()


def _can_be_compiled() -> bool:
    found = importlib.util.find_spec(_SIGN)
    if found is None or found.origin is None:
        return False
    compiled = Path(importlib.util.cache_from_source(found.origin))
    return not compiled.exists() and os.access(Path(found.origin).parent, os.W_OK)


def _load_once() -> None:
    environment = clean_environment(None)
    del environment["PYTHONDONTWRITEBYTECODE"]
    nowhere = subprocess.DEVNULL
    subprocess.run(
        [sys.executable, "-P", "-c", _LOAD], stdin=nowhere, stdout=nowhere, stderr=nowhere, env=environment
    )
