"""What is installed when nobody asks for more holds no package under the GPL."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
_NAME = re.compile(r"^([A-Za-z0-9._-]+)\s*(?:\[([^\]]*)\])?")
_EXTRA = re.compile(r"extra\s*==\s*[\"']([^\"']+)[\"']")


def needed_by(requirements: Iterable[str]) -> set[str]:
    """The names of the packages that requirements lead to here, those of other systems left out."""
    found: set[str] = set()
    waiting = list(requirements)
    while waiting:
        match = _NAME.match(waiting.pop())
        assert match is not None
        name, extras = match[1].lower().replace("_", "-"), (match[2] or "").split(",")
        key = f"{name}[{','.join(extras)}]"
        if key in found:
            continue
        found.add(key)
        try:
            wanted = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue  # of another system or another Python
        for requirement in wanted:
            extra = _EXTRA.search(requirement)
            if extra is None or extra[1] in extras:
                waiting.append(requirement)
    return {key.split("[")[0] for key in found}


def licences_of(name: str) -> str:
    """What a package says of its licence."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    lines = [*(told.get_all("License-Expression") or []), *(told.get_all("License") or [])[:1]]
    classifiers = [line for line in told.get_all("Classifier") or [] if line.startswith("License")]
    return " ".join([*(line[:200] for line in lines), *classifiers])


def test_the_default_install_holds_no_gpl_package() -> None:
    manifest = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    for extras in ([], ["server"]):
        requirements = list(manifest["project"]["dependencies"])
        for extra in extras:
            requirements += manifest["project"]["optional-dependencies"][extra]
        names = needed_by(requirements)
        assert "hibari-tts" in names
        assert "espeakng-loader" not in names
        gpl = {name for name in names if re.search(r"(?<!L)GPL|General Public", licences_of(name))}
        # The Lesser GPL asks for nothing of who calls a library.
        assert {name for name in gpl if not re.search("LGPL|Lesser", licences_of(name))} == set()


def test_the_first_command_installs_no_more_than_that() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    first = next(line for line in readme.splitlines() if line.startswith("uv run"))
    assert first.startswith("uv run --no-dev lipwright talk")
    manifest = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    # What is not in the group of tools: Lipwright and its service.
    groups = set(manifest["tool"]["uv"]["default-groups"]) - {"dev"}
    assert {each: manifest["dependency-groups"][each] for each in groups} == {"full": ["lipwright[server]"]}
