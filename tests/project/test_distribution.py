"""What a person gets who installs the package: code, models, sample and licences."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("uv") is None, reason="uv, which builds the package, is absent"),
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in the wheel, built as an index would: from the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        ["uv", "build", "--quiet", "--out-dir", str(folder), str(PROJECT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    [built] = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_every_file_of_the_packages_is_in_the_wheel(wheel: set[str]) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "src/lipwright", "src/lipwright_client"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    wanted = {name.removeprefix("src/") for name in listed if (PROJECT / name).exists()}
    assert len(wanted) > 100
    assert wanted - wheel == set()


def test_the_licences_are_in_the_wheel(wheel: set[str]) -> None:
    licences = {name.rsplit("/", 1)[1] for name in wheel if ".dist-info/licenses/" in name}
    assert licences == {"LICENSE", "NOTICE"}


def test_nothing_but_the_packages_is_in_the_wheel(wheel: set[str]) -> None:
    assert {name.split("/")[0] for name in wheel if ".dist-info/" not in name} == {
        "lipwright",
        "lipwright_client",
    }
