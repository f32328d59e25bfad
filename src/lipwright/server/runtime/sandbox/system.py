"""Calls of the Linux kernel that Python does not offer, by number and through the C library."""

from __future__ import annotations

import ctypes
import os
from functools import cache

PR_SET_NO_NEW_PRIVS = 38
PR_CAPBSET_DROP = 24
PR_SET_SECCOMP = 22

# The numbers that are the same on every machine that has them.
LANDLOCK_CREATE_RULESET = 444
LANDLOCK_ADD_RULE = 445
LANDLOCK_RESTRICT_SELF = 446

_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITIES_V3 = 0x20080522
# Of a kernel to come there may be more; those that there are not are refused.
_LAST_CAPABILITY = 63


@cache
def c_library() -> ctypes.CDLL:
    """The C library of this process."""
    return ctypes.CDLL(None, use_errno=True)


def call(number: int, *arguments: object) -> int:
    """A system call by its number. Raises OSError."""
    return checked(c_library().syscall(ctypes.c_long(number), *arguments))


def control_process(option: int, *arguments: int) -> None:
    """prctl(2). Raises OSError."""
    padded = [*arguments, 0, 0, 0, 0][:4]
    checked(c_library().prctl(option, *(ctypes.c_ulong(one) for one in padded)))


def checked(result: int) -> int:
    """What a call returned. Raises OSError where that says that it failed."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def give_up_capabilities() -> None:
    """Let this process and all that it starts have no capability any more. Raises OSError."""
    for capability in range(_LAST_CAPABILITY + 1):
        try:
            control_process(PR_CAPBSET_DROP, capability)
        except OSError:  # not in this kernel, or not ours to drop
            continue
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_V3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    call(_CAPSET[os.uname().machine], ctypes.byref(header), ctypes.byref(nothing))
