"""A small batch of real videos, through the commands themselves, killed on the way."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lipwright.engine import probe_media
from lipwright.provenance.credentials import read_credentials
from tests.support.portrait import PORTRAIT_PATH
from tests.support.sounds import voice, write_sound


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_real_rows_are_right_after_two_kills(tmp_path: Path) -> None:
    for number in range(3):
        write_sound(tmp_path / f"{number}.wav", voice(0.6))
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    rows = [
        {
            "image": str(PORTRAIT_PATH),
            "audio": f"{number}.wav",
            "output": f"{number}.mp4",
            "max-resolution": 480,
        }
        for number in range(3)
    ]
    rows.append({"image": "broken.jpg", "audio": "0.wav", "output": "3.mp4"})
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    environment = {**os.environ, "LIPWRIGHT_HOME": str(tmp_path / "home")}
    environment.pop("LIPWRIGHT_MARKING", None)
    command = [
        *(sys.executable, "-c", "from lipwright.cli.main import main; main()"),
        *("batch", "rows.jsonl", "-o", "out", "--jobs", "1"),
    ]
    folder = tmp_path / "out"
    for made in (1, 2):
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL)
        while len(list(folder.glob("*.mp4"))) < made and process.poll() is None:
            time.sleep(0.05)
        assert process.poll() is None
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for pid in (process.pid, *(map(int, children) if made == 2 else ())):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    states = {row[1]: row[2] for row in (line.split("\t") for line in done.stdout.splitlines()[1:])}
    assert states.pop("3.mp4") == "failed"
    assert set(states.values()) <= {"made", "up to date"}
    for name in states:
        info = probe_media(folder / name)
        assert info.video is not None
        assert read_credentials(folder / name) is not None
    assert sorted(path.name for path in folder.iterdir()) == ["0.mp4", "1.mp4", "2.mp4", "batch.jsonl"]
