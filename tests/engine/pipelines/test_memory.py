"""The memory of a whole job does not grow with the length of its clip or sound."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from tests.engine.pipelines.lip_sync.talking_clips import FRAME_RATE, head_rgb, syllables, write_talking
from tests.support.sounds import voice, write_sound

PROGRAM = Path(__file__).with_name("job_in_a_process.py")
SHORT_S, LONG_S = 3, 30
# Measured: 2 to 4 MB more in a talking photo and 17 to 21 MB in a lip sync, whose chunks of frames 3 s do not
# fill; from 30 s to 60 s it was 1 MB. The frames that the long job has more would take 179 MB at least: a job
# that keeps a third of them is over the bound.
MOST_GROWTH_MB = 48
# On a machine with much other work; a quiet one needs a quarter of it.
LONGEST_JOB_S = 250


def run(job: str, face: Path, duration_s: int, folder: Path) -> tuple[int, float]:
    """Carry out a job in a fresh process: how many frames it made, and its most memory, MB."""
    sound = write_sound(folder / f"{duration_s}.wav", voice(duration_s))
    command = [
        sys.executable,
        str(PROGRAM),
        job,
        str(face),
        str(sound),
        str(folder / f"{duration_s}.out.mp4"),
    ]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=LONGEST_JOB_S)
    answer = json.loads(done.stdout)
    return int(answer["frames"]), float(answer["peak_mb"])


def face_of(job: str, duration_s: int, folder: Path) -> Path:
    """The sample's head: a picture, or a clip in which she talks for this long."""
    if job == "lip_sync":
        frames = round(duration_s * FRAME_RATE)
        return write_talking(folder / f"{duration_s}.mp4", syllables(frames, 3.0))
    path = folder / "head.png"
    assert cv2.imwrite(str(path), head_rgb()[..., ::-1])
    return path


@pytest.mark.slow
@pytest.mark.timeout(2 * LONGEST_JOB_S + 60)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
@pytest.mark.parametrize("job", ["talking_photo", "lip_sync"])
def test_ten_times_the_length_takes_hardly_more_memory(job: str, tmp_path: Path) -> None:
    short, long = (
        run(job, face_of(job, length_s, tmp_path), length_s, tmp_path) for length_s in (SHORT_S, LONG_S)
    )
    assert long[0] == 10 * short[0]
    assert long[1] <= short[1] + MOST_GROWTH_MB
