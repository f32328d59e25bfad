"""Putting this process into its sandbox, layer by layer, and what came of it."""

from __future__ import annotations

import contextlib
import dataclasses
import resource
from collections.abc import Callable
from pathlib import Path

from lipwright.server.runtime.sandbox.landlock import restrict
from lipwright.server.runtime.sandbox.layers import (
    Layer,
    LayersFound,
    Sandbox,
    SandboxLacking,
    SandboxMode,
)
from lipwright.server.runtime.sandbox.namespaces import leave_network
from lipwright.server.runtime.sandbox.paths import WRITABLE_DEVICES, outside_of, system_paths
from lipwright.server.runtime.sandbox.system import PR_SET_NO_NEW_PRIVS, control_process
from lipwright.server.runtime.sandbox.system_calls import filter_system_calls

# A render opens its inputs, its output and its libraries.
MOST_OPEN_FILES = 256

_found = LayersFound(in_force=(), missing={})


def layers_found() -> LayersFound:
    """What came of the sandbox of this process."""
    return _found


def enter(sandbox: Sandbox, private: Path) -> LayersFound:
    """Put this process into a sandbox. It has one thread, and has opened nothing that it must not use.

    private: a folder that is not readable, wherever the interpreter and its packages lie. Raises
    SandboxLacking where the sandbox is required and the system does not offer it.
    """
    global _found
    in_force: list[Layer] = []
    missing: dict[Layer, str] = {}

    def lay(layer: Layer, work: Callable[[], list[Layer]]) -> None:
        if layer in sandbox.without:
            missing[layer] = "left out"
        elif sandbox.mode is SandboxMode.OFF and layer is not Layer.LIMITS:
            missing[layer] = "switched off by the setting sandbox"
        else:
            try:
                in_force.extend(work())
            except (OSError, AttributeError, KeyError) as error:
                missing[layer] = _reason(error)

    system = outside_of(private, system_paths(has_network=sandbox.has_network))
    files = dataclasses.replace(
        sandbox,
        readable=(*system, *sandbox.readable),
        writable=(*WRITABLE_DEVICES, *sandbox.writable),
    )
    if sandbox.has_network:
        missing[Layer.NAMESPACE] = "needs the network"
    else:
        lay(Layer.NAMESPACE, _in_namespaces)
    with contextlib.suppress(OSError, AttributeError):
        control_process(PR_SET_NO_NEW_PRIVS, 1)
    lay(Layer.LIMITS, lambda: _limit(sandbox, has_namespace=Layer.NAMESPACE in in_force))
    lay(Layer.FILES, lambda: restrict(files))
    lay(Layer.SYSTEM_CALLS, lambda: _filter(sandbox))
    for layer in (Layer.TCP, Layer.SCOPE):
        if layer not in in_force:
            missing.setdefault(layer, missing.get(Layer.FILES, "not in this kernel"))
    _found = LayersFound(in_force=tuple(in_force), missing=missing)
    lacking = _found.lacking() if not sandbox.has_network else _files_lacking(_found)
    if sandbox.mode is SandboxMode.REQUIRE and lacking is not None:
        raise SandboxLacking(f"nothing keeps the process from {lacking}: {missing}")
    return _found


def _files_lacking(found: LayersFound) -> str | None:
    return None if Layer.FILES in found.in_force else "files"


def _in_namespaces() -> list[Layer]:
    leave_network()
    return [Layer.NAMESPACE]


def _filter(sandbox: Sandbox) -> list[Layer]:
    filter_system_calls(has_network=sandbox.has_network)
    return [Layer.SYSTEM_CALLS]


def _limit(sandbox: Sandbox, *, has_namespace: bool) -> list[Layer]:
    """Hard limits, which also hold for what the process starts.

    Of memory the address space: it counts shared memory as well, which RLIMIT_DATA does not. Processes are
    counted for the user, with all others of the service; only in a namespace these are its own.
    """
    limits = {
        resource.RLIMIT_AS: sandbox.memory_bytes,
        resource.RLIMIT_FSIZE: sandbox.file_bytes,
        resource.RLIMIT_CPU: sandbox.processor_s,
        resource.RLIMIT_NOFILE: MOST_OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    if has_namespace:
        limits[resource.RLIMIT_NPROC] = sandbox.max_processes
    for limit, wanted in limits.items():
        _, allowed = resource.getrlimit(limit)
        value = wanted if allowed == resource.RLIM_INFINITY else min(wanted, allowed)
        resource.setrlimit(limit, (value, value))
    return [Layer.LIMITS]


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return f"{type(error).__name__}: {error}"
