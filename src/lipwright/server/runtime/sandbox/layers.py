"""The layers of a sandbox, what each keeps a process from, and the order that says how to build one.

Nothing here imports more than the standard library: the order is read by a process that has imported nothing
else yet.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum


class SandboxMode(StrEnum):
    """What is done where the system does not offer every layer."""

    # Use what is there.
    AUTO = "auto"
    # Use what is there, and do not work without a layer for files and one for the network.
    REQUIRE = "require"
    # Use the limits and the clean environment only.
    OFF = "off"


class Layer(StrEnum):
    """One way of keeping a process from something; the value is its name for people."""

    LIMITS = "resource limits"
    NAMESPACE = "user and network namespace"
    FILES = "Landlock for files"
    TCP = "Landlock for TCP"
    SCOPE = "Landlock for signals and abstract sockets"
    SYSTEM_CALLS = "system call filter"


# Of each group one is needed where the sandbox is required.
KEEP_FROM_FILES = frozenset({Layer.FILES})
KEEP_FROM_NETWORK = frozenset({Layer.NAMESPACE, Layer.TCP, Layer.SYSTEM_CALLS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """What one process may use.

    readable, writable: files, or folders with all below. Of a network it has all or nothing. max_processes:
    also threads. without: layers that are left out, for the tests of the others.
    """

    mode: SandboxMode
    readable: tuple[str, ...]
    writable: tuple[str, ...]
    has_network: bool
    memory_bytes: int
    file_bytes: int
    processor_s: int
    max_processes: int
    without: tuple[Layer, ...] = ()

    def to_json(self) -> str:
        """The order as one argument of a command."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Sandbox:
        """The order of such an argument."""
        found = json.loads(text)
        return cls(
            **{
                **found,
                "mode": SandboxMode(found["mode"]),
                "readable": tuple(found["readable"]),
                "writable": tuple(found["writable"]),
                "without": tuple(map(Layer, found["without"])),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LayersFound:
    """Which layers are in force in a process, and why the others are not."""

    in_force: tuple[Layer, ...]
    missing: dict[Layer, str]

    def lacking(self) -> str | None:
        """What nothing keeps the process from, in words; None where files and network are kept away."""
        found = set(self.in_force)
        lacking = [
            name
            for name, layers in (("files", KEEP_FROM_FILES), ("the network", KEEP_FROM_NETWORK))
            if not found & layers
        ]
        return " and ".join(lacking) or None


class SandboxLacking(Exception):
    """The system does not offer what a sandbox needs that is required."""
