"""Run by a process of its own, whose memory is then that of one job and nothing else.

    python job_in_a_process.py talking_photo|lip_sync FACE SOUND OUTPUT

Prints JSON: how many frames were made, and the most memory that the process has held, MB.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from lipwright.engine import SoundClip, lip_sync, talking_photo


def peak_mb() -> float:
    """Linux's own figure: getrusage would count what the parent held before it became this program."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1000
    raise LookupError("this system does not say how much memory a process has held")


def main() -> None:
    job, *paths = sys.argv[1:]
    face, sound, output = map(Path, paths)
    if job == "lip_sync":
        frames = lip_sync(face, SoundClip(path=sound), output).frame_count
    else:
        frames = talking_photo(face, SoundClip(path=sound), output).frame_count
    print(json.dumps({"frames": frames, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
