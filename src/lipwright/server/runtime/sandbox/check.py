"""Whether this machine offers the sandbox that the settings want, told at the start of a worker."""

from __future__ import annotations

import structlog

from lipwright.server.errors import BadSettings
from lipwright.server.runtime.sandbox.layers import SandboxMode
from lipwright.server.runtime.sandbox.start import try_sandbox
from lipwright.server.settings import Settings

_log = structlog.get_logger(__name__)


def check_sandbox(settings: Settings) -> None:
    """Log which layers are in force. Raises BadSettings where one is required that the system lacks."""
    mode = SandboxMode(settings.sandbox)
    found = try_sandbox(mode)
    lacking = found.lacking()
    if mode is SandboxMode.REQUIRE and lacking is not None:
        raise BadSettings(
            f"sandbox is 'require', and on this machine nothing keeps a render from {lacking}. "
            "`lipwright doctor` says which layers there are."
        )
    log = _log.info if lacking is None else _log.warning
    log(
        "sandbox of renders",
        in_force=[str(layer) for layer in found.in_force],
        missing={str(layer): reason for layer, reason in found.missing.items()},
    )
