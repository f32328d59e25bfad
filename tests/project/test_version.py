"""The version stands in one place; both distributions and both packages read it there."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import lipwright
import lipwright_client

PROJECT = Path(__file__).resolve().parents[2]
HOME = PROJECT / "src" / "lipwright" / "__init__.py"
MANIFESTS = [PROJECT / "pyproject.toml", PROJECT / "clients" / "python" / "pyproject.toml"]


def test_the_version_is_written_once() -> None:
    written = re.compile(r"""^\s*(__)?version(__)?\s*(:.*)?=\s*["'][0-9]""", re.MULTILINE)
    files = [*(PROJECT / "src").rglob("*.py"), *MANIFESTS]
    assert [file for file in files if written.search(file.read_text(encoding="utf-8"))] == [HOME]


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda file: file.parent.name)
def test_a_distribution_reads_the_version_there(manifest: Path) -> None:
    content: dict[str, Any] = tomllib.loads(manifest.read_text(encoding="utf-8"))
    assert content["project"]["dynamic"] == ["version"]
    assert (manifest.parent / content["tool"]["hatch"]["version"]["path"]).resolve() == HOME


def test_what_is_installed_has_the_version_of_the_source() -> None:
    assert importlib.metadata.version("lipwright") == lipwright.__version__ == lipwright_client.__version__
