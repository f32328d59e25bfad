"""The process that looks into a file of a stranger for a create call: one task, one answer, then it ends.

It reads a ProbeTask as JSON from standard input and writes a ProbeAnswer to standard output. Run as a module:
`python -m lipwright.server.products.probing.child_main MEMORY_MB`.
"""

from __future__ import annotations

import resource
import sys
from fractions import Fraction
from pathlib import Path

from lipwright.engine import (
    BadParameters,
    EngineError,
    LipSyncOptions,
    SoundClip,
    planned_frames,
    sound_length_s,
)
from lipwright.server.products.probing.messages import ProbeAnswer, ProbeTask

MEGABYTE = 1024 * 1024
# Of processor time: whoever waited for the answer has long gone on without it.
CPU_LIMIT_S = 30


def main(arguments: list[str]) -> None:
    """Answer the task on standard input."""
    limit = int(arguments[0]) * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_S, CPU_LIMIT_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.stdout.write(_answer(ProbeTask.model_validate_json(sys.stdin.buffer.read())).model_dump_json())


def _answer(task: ProbeTask) -> ProbeAnswer:
    path = Path(task.path)
    try:
        if task.media == "audio":
            sound_length_s(SoundClip(path=path, start_s=task.start_s, end_s=task.end_s))
            return ProbeAnswer()
        options = LipSyncOptions(
            start_s=task.start_s,
            end_s=task.end_s,
            max_frame_rate=None
            if task.max_frame_rate is None
            else Fraction(task.max_frame_rate).limit_denominator(1001),
        )
        return ProbeAnswer(frames=planned_frames(path, options))
    except BadParameters as failure:
        return ProbeAnswer(refusal=failure.message)
    except EngineError:
        return ProbeAnswer()


if __name__ == "__main__":
    main(sys.argv[1:])
