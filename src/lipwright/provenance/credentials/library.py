"""The library that writes and reads content credentials, loaded when it is first needed.

It opens nothing on the network, except for a time stamp that the operator asked for.
"""

from __future__ import annotations

import logging
from typing import Any

from lipwright.engine import ToolMissing

LIBRARY_SETTINGS: dict[str, Any] = {
    "builder": {"thumbnail": {"enabled": False}},
    # A file is copied through memory up to this size, else through the folder for temporary files.
    "core": {"backing_store_memory_threshold_in_mb": 16},
    "verify": {
        "remote_manifest_fetch": False,
        "ocsp_fetch": False,
        # Signatures from outside are verified one by one; ours by its key's match with the certificate.
        "verify_after_sign": False,
        "verify_trust": True,
    },
}


def load_library() -> Any:
    """The module `c2pa`. Raises ToolMissing where it cannot run."""
    # It logs what a callback raised, which we raise ourselves.
    logging.getLogger("c2pa").propagate = False
    try:
        import c2pa
    except (ImportError, OSError, RuntimeError):
        raise ToolMissing(
            "Content credentials need the package c2pa-python, which does not work here. "
            "LIPWRIGHT_MARKING=off makes outputs without."
        ) from None
    return c2pa
