"""A render that meets a limit of its process ends with a code that says so, and is not tried again."""

from __future__ import annotations

import errno
import shutil
import time
from pathlib import Path

import cv2
import pytest

from lipwright.engine import BadImageFile, OutputFailed
from lipwright.server.jobs.model import FaceDetectionSpec, Failure, Source
from lipwright.server.rendering.child import RenderChild
from lipwright.server.rendering.limits_hit import NEEDS_MEMORY, NEEDS_ROOM, died_of_memory, limit_hit
from lipwright.server.rendering.messages import Task
from lipwright.server.settings import load_settings
from tests.support.portrait import PORTRAIT_PATH
from tests.support.service import wait_until

MEGABYTE = 1024 * 1024
# Nothing that a picture needs fits into this beside the engine.
LITTLE_MB = 24


def led_to(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        RuntimeError("std::bad_alloc"),
        RuntimeError("[ONNXRuntimeError] Failed to allocate memory for requested buffer of size 12"),
        RuntimeError("can't start new thread"),
        cv2.error("OpenCV(4.14.0) alloc.cpp:73: error: (-4:Insufficient memory) Failed to allocate 36 bytes"),
        led_to(BadImageFile(), MemoryError()),
    ],
)
def test_memory_is_recognised_in_the_words_of_every_library(error: Exception) -> None:
    assert limit_hit(error) is NEEDS_MEMORY


def test_a_file_that_grows_too_large_is_recognised() -> None:
    assert limit_hit(led_to(OutputFailed(), OSError(errno.EFBIG, "File too large"))) is NEEDS_ROOM


@pytest.mark.parametrize(
    "error", [ValueError("bad_alloc"), OSError(errno.EIO, "x"), RuntimeError("x"), BadImageFile()]
)
def test_other_errors_are_about_no_limit(error: Exception) -> None:
    assert limit_hit(error) is None


def test_the_last_words_of_a_process_tell() -> None:
    assert died_of_memory("terminate called after throwing an instance of 'std::bad_alloc'")
    assert died_of_memory("OpenBLAS error: Memory allocation still failed after 10 retries, giving up.")
    assert not died_of_memory("Segmentation fault")


def face_task(child: RenderChild) -> Task:
    picture = child.inputs_folder / "target.png"
    shutil.copy(PORTRAIT_PATH, picture)
    source = Source(field="target", extension="png", key="x")
    spec = FaceDetectionSpec(target=source, min_confidence=0.5, max_fetch_bytes=10**9)
    return Task(spec=spec, folder=str(child.work_folder), inputs={"target": str(picture)})


@pytest.mark.slow
def test_a_render_without_enough_memory_is_a_failure_of_its_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIPWRIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    settings = load_settings()
    measured = loaded(RenderChild(settings, tmp_path))
    status = Path(f"/proc/{measured.pid}/status").read_text()
    measured.kill()
    size_kb = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmPeak"))
    limit_mb = size_kb // 1024 + LITTLE_MB
    child = loaded(RenderChild(settings.model_copy(update={"render_memory_mb": limit_mb}), tmp_path))
    try:
        failure = child.run(face_task(child), lambda _news: True)
    finally:
        child.kill()
    assert failure == Failure(code=NEEDS_MEMORY.code, message=NEEDS_MEMORY.message)
    assert failure.code == "file_too_large"


def loaded(child: RenderChild) -> RenderChild:
    deadline_s = time.monotonic() + 200
    while not child.has_loaded():
        assert child.is_alive, child.describe_end()
        assert time.monotonic() < deadline_s
        time.sleep(0.05)
    return child


def test_a_render_process_knows_no_secret_and_reads_no_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "lipwright.toml").write_text('database_url = "postgresql://u:a-secret@h/d"\n')
    monkeypatch.setenv("LIPWRIGHT_HOME", str(home))
    monkeypatch.setenv("LIPWRIGHT_S3_SECRET_KEY", "a-secret")
    monkeypatch.setenv("PGPASSWORD", "a-secret")
    monkeypatch.setenv("OF_A_RENDERER", "passed on")
    settings = load_settings(sandbox_variables=["OF_A_RENDERER"])
    child = RenderChild(settings, tmp_path)
    try:
        environ = Path(f"/proc/{child.pid}/environ")
        # The launcher takes the place of itself on its way; for that moment there is nothing to read.
        wait_until(lambda: bool(environ.read_text()), 30, "the process has an environment")
        environment = environ.read_text()
        command = Path(f"/proc/{child.pid}/cmdline").read_text()
    finally:
        child.kill()
    assert "a-secret" not in environment + command
    assert "OF_A_RENDERER=passed on" in environment
    assert list(tmp_path.glob("render-*")) == []
