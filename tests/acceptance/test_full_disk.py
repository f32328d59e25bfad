"""A disk that fills while a job is rendered: the job says so, costs nothing, and the next one works again."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.service import prepared

# Enough for the folders of a process, too little for the sound of a long sentence.
TINY_DISK = "64k"
LONG_TEXT = "This sentence is much longer than a tiny disk can hold when it is spoken aloud. " * 4


@contextmanager
def tiny_disk(folder: Path) -> Iterator[None]:
    """A file system of its own with hardly any room. Needs root."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={TINY_DISK}", "tmpfs", str(folder)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a tiny disk needs the right to mount one")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="a tiny disk needs the right to mount one")
def test_a_full_disk_ends_the_job_with_a_word_and_without_a_charge(tmp_path: Path) -> None:
    with prepared(tmp_path / "home") as server, tiny_disk(server.services.settings.scratch_folder):
        server.serve(workers=1)
        job_id = server.speak(LONG_TEXT)
        assert server.wait_for([job_id]) == ["error"]
        job = server.http.get(f"/v1/audio-projects/{job_id}").json()
        assert "disk" in job["error"]["message"]
        assert (job["credits_charged"], job["downloads"]) == (0, [])
        server.check_books([job_id])
        server.stop()
