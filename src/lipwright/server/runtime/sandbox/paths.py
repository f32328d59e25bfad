"""What every sandboxed process reads of the system: Python, packages, libraries, what the kernel says.

No folder of configuration and none of people is among them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import lipwright

_LIBRARIES = (
    "/lib",
    "/lib32",
    "/lib64",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/libexec",
    "/usr/local/lib",
    "/usr/local/lib64",
    "/usr/share",
    "/usr/local/share",
    "/nix/store",
    "/gnu/store",
    "/etc/ld.so.cache",
    "/etc/localtime",
)
_SYSTEM = (
    "/dev/null",
    "/dev/zero",
    "/dev/random",
    "/dev/urandom",
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/sys/vm/overcommit_memory",
    # The network runtime looks for processors of every kind.
    "/sys/devices",
    "/sys/bus/pci/devices",
    "/sys/fs/cgroup",
)
# Names, certificates.
_NETWORK = (
    "/etc/resolv.conf",
    "/run/systemd/resolve",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/nsswitch.conf",
    "/etc/gai.conf",
    "/etc/services",
    "/etc/protocols",
    "/etc/ssl",
    "/etc/pki",
    "/etc/ca-certificates",
)
WRITABLE_DEVICES = ("/dev/null",)


def system_paths(*, has_network: bool) -> list[str]:
    """What the process that calls this reads, whatever its work. It was started without its working folder
    among the places of modules (`python -P`).
    """
    places = [Path(entry) for entry in sys.path if entry]
    for prefix in {sys.prefix, sys.base_prefix}:
        places += [Path(prefix, "lib"), Path(prefix, "lib64")]
    places.append(Path(lipwright.__file__).parent)
    if sys.pycache_prefix is not None:
        places.append(Path(sys.pycache_prefix))
    named = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    found = [str(place.resolve()) for place in places] + [one for one in named if one]
    return [*found, *_LIBRARIES, *_SYSTEM, *(_NETWORK if has_network else ())]


def common_places() -> tuple[str, ...]:
    """Folders of the system that some sandboxed process reads, wherever Python and our data are."""
    return (*_LIBRARIES, *_NETWORK)


def outside_of(private: Path, paths: list[str]) -> list[str]:
    """The paths that do not lead to a private folder by lying above it, or being it."""
    private = private.resolve()
    return [path for path in paths if not private.is_relative_to(Path(path).resolve())]
