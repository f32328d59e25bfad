"""A filter of system calls: no sockets, no other programs, no looks into other processes.

Source: https://docs.kernel.org/userspace-api/seccomp_filter.html. A call that is filtered fails with EPERM.
"""

from __future__ import annotations

import ctypes
import errno
import os

from lipwright.server.runtime.sandbox.system import PR_SET_SECCOMP, control_process

_MODE_FILTER = 2
_ALLOW = 0x7FFF0000
_FAIL = 0x00050000 | errno.EPERM
# Of the classic BPF: load a word, jump if equal or if greater or equal, return.
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _MACHINE_AT = 0, 4
# From here on lie the calls of a second interface of x86, which would pass by the table.
_SECOND_INTERFACE = 0x40000000

_MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# Numbers by machine: (x86_64, aarch64).
_SOCKETS = {"socket": (41, 198)}
_DENIED = {
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    # It would open sockets past this filter.
    "io_uring_setup": (425, 425),
}


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


def filter_system_calls(*, has_network: bool) -> None:
    """Let this thread, and what it starts, use no call of the table any more.

    The process has to have given up new privileges before. Raises OSError where it cannot be done.
    """
    machine = os.uname().machine
    if machine not in _MACHINES:
        raise OSError(errno.ENOSYS, f"no table of system calls for {machine}")
    column = list(_MACHINES).index(machine)
    denied = _DENIED if has_network else _DENIED | _SOCKETS
    numbers = [row[column] for row in denied.values()]
    instructions = [
        _Instruction(_LOAD, 0, 0, _MACHINE_AT),
        _Instruction(_EQUAL, 0, len(numbers) + 3, _MACHINES[machine]),
        _Instruction(_LOAD, 0, 0, _NUMBER_AT),
        _Instruction(_AT_LEAST, len(numbers) + 1, 0, _SECOND_INTERFACE),
        *(_Instruction(_EQUAL, len(numbers) - place, 0, one) for place, one in enumerate(numbers)),
        _Instruction(_RETURN, 0, 0, _ALLOW),
        _Instruction(_RETURN, 0, 0, _FAIL),
    ]
    kept = (_Instruction * len(instructions))(*instructions)
    program = _Program(len(instructions), kept)
    control_process(PR_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(program))
