"""A user namespace with a network of its own, in which there is nothing to reach.

The process keeps its user and loses every right over what lies outside.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from lipwright.server.runtime.sandbox.system import c_library, checked, give_up_capabilities

CLONE_NEWUSER = 0x10000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWNET = 0x40000000


def leave_network() -> None:
    """Move this process into namespaces of its own. It must have one thread. Raises OSError."""
    user, group = os.geteuid(), os.getegid()
    checked(c_library().unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC))
    me = Path("/proc/self")
    (me / "uid_map").write_text(f"{user} {user} 1\n")
    (me / "setgroups").write_text("deny")
    (me / "gid_map").write_text(f"{group} {group} 1\n")
    # Inside of a further one it would have rights again, and more of the kernel to attack.
    with contextlib.suppress(OSError):
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
    give_up_capabilities()
