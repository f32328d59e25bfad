"""Landlock: which files and addresses a process may open, decided by itself and kept by the kernel.

Source: https://docs.kernel.org/userspace-api/landlock.html. Each version of its interface can do more; what a
kernel does not know yet is left out. Rules hold for the thread that calls and for what it starts, so there
must be no other one.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
from collections.abc import Iterable, Iterator

from lipwright.server.runtime.sandbox.layers import Layer, Sandbox
from lipwright.server.runtime.sandbox.system import (
    LANDLOCK_ADD_RULE,
    LANDLOCK_CREATE_RULESET,
    LANDLOCK_RESTRICT_SELF,
    call,
)

_VERSION_QUESTION = 1
_PATH_RULE = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = (1 << bit for bit in range(4))
_REFER, _TRUNCATE, _IOCTL_DEV = (1 << bit for bit in (13, 14, 15))
# All that can be done to files in the first version: the three above, removing and making.
_FIRST_VERSION = (1 << 13) - 1
_MAKE_AND_REMOVE = 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8  # folders and plain files; no devices, pipes or sockets
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_READ = _READ_FILE | _READ_DIR
_WRITE = _READ | _WRITE_FILE | _TRUNCATE | _MAKE_AND_REMOVE | _REFER

_BIND_TCP, _CONNECT_TCP = 1, 2
_ABSTRACT_SOCKETS, _SIGNALS = 1, 2

# The versions from which on there is more to keep from.
_WITH_REFER, _WITH_TRUNCATE, _WITH_TCP, _WITH_IOCTL, _WITH_SCOPE = 2, 3, 4, 5, 6


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("tcp", ctypes.c_uint64), ("scope", ctypes.c_uint64))


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def landlock_version() -> int:
    """The version of the interface in this kernel. Raises OSError where there is none."""
    return call(LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_QUESTION))


def restrict(sandbox: Sandbox) -> list[Layer]:
    """Keep this process to its files, and from TCP and other processes; the layers that this gives.

    The process has to have given up new privileges before. Raises OSError.
    """
    version = landlock_version()
    layers = [Layer.FILES]
    files = _known_rights(version)
    ruleset = _Ruleset(files, 0, 0)
    if version >= _WITH_TCP and Layer.TCP not in sandbox.without:
        ruleset.tcp = _BIND_TCP if sandbox.has_network else _BIND_TCP | _CONNECT_TCP
        layers.append(Layer.TCP)
    if version >= _WITH_SCOPE and Layer.SCOPE not in sandbox.without:
        ruleset.scope = _ABSTRACT_SOCKETS | _SIGNALS
        layers.append(Layer.SCOPE)
    size = 8 if version < _WITH_TCP else 16 if version < _WITH_SCOPE else 24
    rules = call(LANDLOCK_CREATE_RULESET, ctypes.byref(ruleset), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        _allow(rules, sandbox.readable, _READ & files)
        _allow(rules, sandbox.writable, _WRITE & files)
        call(LANDLOCK_RESTRICT_SELF, ctypes.c_int(rules), ctypes.c_uint32(0))
    finally:
        os.close(rules)
    return layers


def _known_rights(version: int) -> int:
    known = _FIRST_VERSION
    for since, right in ((_WITH_REFER, _REFER), (_WITH_TRUNCATE, _TRUNCATE), (_WITH_IOCTL, _IOCTL_DEV)):
        if version >= since:
            known |= right
    return known


def _allow(rules: int, paths: Iterable[str], rights: int) -> None:
    """Paths that are not there are left out."""
    for path in paths:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError), _opened(path) as place:
            is_folder = stat.S_ISDIR(os.fstat(place).st_mode)
            rule = _PathRule(rights if is_folder else rights & _OF_FILES, place)
            call(
                LANDLOCK_ADD_RULE,
                ctypes.c_int(rules),
                ctypes.c_int(_PATH_RULE),
                ctypes.byref(rule),
                ctypes.c_uint32(0),
            )


@contextlib.contextmanager
def _opened(path: str) -> Iterator[int]:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        yield place
    finally:
        os.close(place)
