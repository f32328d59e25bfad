"""The process that looks into a file of a stranger for a create call: one task, one answer, then it ends.

It reads a ProbeTask as JSON from standard input and writes a ProbeAnswer to standard output. The launcher of
sandboxes runs it.
"""

from __future__ import annotations

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


def main(_arguments: list[str]) -> None:
    """Answer the task on standard input."""
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
