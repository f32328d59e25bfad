"""That `lipwright-client` can be built and works where nothing else of the project is installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import lipwright

PROJECT = Path(__file__).resolve().parents[2]
CLIENT_PROJECT = PROJECT / "clients" / "python"


def test_the_client_is_published_under_the_same_licence() -> None:
    assert (CLIENT_PROJECT / "LICENSE").read_bytes() == (PROJECT / "LICENSE").read_bytes()


@pytest.mark.slow
def test_the_client_alone_needs_httpx_and_pydantic_only(tmp_path: Path) -> None:
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("uv is absent; it builds and installs the client here")

    def run(*command: str) -> str:
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path).stdout

    run(uv, "build", str(CLIENT_PROJECT), "--out-dir", str(tmp_path / "dist"))
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    assert list((tmp_path / "dist").glob("*.tar.gz")) != []
    run(uv, "venv", "--python", sys.executable, str(tmp_path / "alone"))
    python = str(tmp_path / "alone" / "bin" / "python")
    run(uv, "pip", "install", "--python", python, str(wheel))
    installed = {
        one["name"] for one in json.loads(run(uv, "pip", "list", "--python", python, "--format", "json"))
    }
    assert {"lipwright-client", "httpx", "pydantic"} <= installed
    assert installed & {"lipwright", "numpy", "av", "typer", "fastapi"} == set()
    shown = "c.Client(token='t').settings.base_url, c.__version__, c.__file__"
    program = f"import lipwright_client as c; print({shown})"
    address, version, file = run(python, "-I", "-c", program).split()
    assert address == "http://127.0.0.1:8000"
    assert version == lipwright.__version__
    assert Path(file).is_relative_to(tmp_path)
