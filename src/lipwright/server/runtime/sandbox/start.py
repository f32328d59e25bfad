"""What a parent needs to start a sandboxed process: the command, its environment, and a try-out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from lipwright import engine
from lipwright.server.runtime.sandbox.layers import Layer, LayersFound, Sandbox, SandboxMode

LAUNCHER = "lipwright.server.runtime.sandbox.launch"
REPORT = "lipwright.server.runtime.sandbox.report"
MEGABYTE = 1024 * 1024
# Threads of a render on a machine of few processors; the libraries start some for each processor.
LEAST_PROCESSES = 512
PROCESSES_PER_PROCESSOR = 32
# What the libraries need of the environment. All else stays with the parent: addresses of databases, keys,
# passwords.
_PASSED_ON = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "LD_LIBRARY_PATH",
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONPYCACHEPREFIX",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
)
# Starting Python takes a tenth of a second, ten on a machine with too much to do.
_TRY_OUT_LIMIT_S = 60.0


def sandboxed_command(sandbox: Sandbox, private: Path, module: str, *arguments: str) -> list[str]:
    """The command that runs `main` of a module in a sandbox.

    private: the data folder, which is not readable even where packages lie above it.
    """
    return [sys.executable, "-P", "-m", LAUNCHER, sandbox.to_json(), str(private), module, *arguments]


def clean_environment(folder: Path | None, passed_on: Iterable[str] = ()) -> dict[str, str]:
    """The environment of a sandboxed process.

    folder: its home and the place of its temporary files. passed_on: further variables by name.
    """
    names = (*_PASSED_ON, *passed_on)
    kept = {name: os.environ[name] for name in names if name in os.environ}
    kept["PYTHONDONTWRITEBYTECODE"] = "1"
    # The home of the process is another one, so it would look for the voices elsewhere.
    kept[engine.VOICES_PATH_VARIABLE] = str(engine.voices_path())
    if folder is not None:
        kept |= {"HOME": str(folder), "TMPDIR": str(folder)}
    return kept


def most_processes() -> int:
    """How many processes and threads one sandbox may hold: enough for the libraries, no flood."""
    return max(LEAST_PROCESSES, PROCESSES_PER_PROCESSOR * (os.cpu_count() or 1))


@cache
def try_sandbox(mode: SandboxMode = SandboxMode.AUTO) -> LayersFound:
    """Which layers a process of this one has in force on this machine. Found by starting one."""
    sandbox = Sandbox(
        mode=SandboxMode.AUTO if mode is SandboxMode.REQUIRE else mode,
        readable=(),
        writable=(),
        has_network=False,
        memory_bytes=1024 * MEGABYTE,
        file_bytes=MEGABYTE,
        processor_s=30,
        max_processes=most_processes(),
    )
    try:
        ended = subprocess.run(
            sandboxed_command(sandbox, Path("/nonexistent"), REPORT),
            env=clean_environment(None),
            cwd="/",
            capture_output=True,
            timeout=_TRY_OUT_LIMIT_S,
            check=True,
        )
        told = json.loads(ended.stdout)
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        return LayersFound(in_force=(), missing=dict.fromkeys(Layer, reason))
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        return LayersFound(in_force=(), missing=dict.fromkeys(Layer, type(error).__name__))
    return LayersFound(
        in_force=tuple(map(Layer, told["in_force"])),
        missing={Layer(layer): reason for layer, reason in told["missing"].items()},
    )
