"""What `just` runs is there, and the generated pages are all remade by it."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
RECIPE = re.compile(r"^([a-z]+)( [a-z*+ ]+)?:(?!=)(.*)$")
GENERATORS = ("*_page.py", "*_pages.py", "*_drawing.py")


def recipes() -> dict[str, list[str]]:
    """The lines of each recipe of the justfile, those of the recipes that it calls after it included."""
    lines: dict[str, list[str]] = {}
    later: dict[str, list[str]] = {}
    name = ""
    for line in (PROJECT / "justfile").read_text(encoding="utf-8").splitlines():
        if match := RECIPE.match(line):
            name = match[1]
            lines[name] = []
            later[name] = match[3].replace("&&", "").split()
        elif name and line.startswith("    "):
            lines[name].append(line.strip())
    return {
        name: own + [line for other in later[name] for line in lines[other]] for name, own in lines.items()
    }


RECIPES = recipes()


def files_of(line: str) -> list[str]:
    """The files of the project that a line of a recipe names, modules after `python -m` included."""
    words = shlex.split(line)
    files = [word for word in words if "/" in word or word.endswith((".py", ".txt"))]
    if "python" in words and "-m" in words:
        files.append(words[words.index("-m", words.index("python")) + 1].replace(".", "/") + ".py")
    return files


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_files_of_a_recipe_exist(recipe: str) -> None:
    absent = [
        file
        for line in RECIPES[recipe]
        for file in files_of(line)
        if "{{" not in file and not (PROJECT / file).is_file()
    ]
    assert absent == []


def test_there_is_a_recipe_for_every_habit() -> None:
    wanted = {
        "dev",
        "check",
        "fix",
        "docs",
        "test",
        "slow",
        "ci",
        "golden",
        "bench",
        "train",
        "pin",
        "release",
    }
    assert wanted - set(RECIPES) == set()


@pytest.mark.parametrize("recipe", ["docs", "fix"])
def test_every_generated_page_is_remade(recipe: str) -> None:
    generators = {
        str(path.relative_to(PROJECT)) for pattern in GENERATORS for path in (PROJECT / "tools").glob(pattern)
    }
    assert len(generators) >= 4
    assert generators - {file for line in RECIPES[recipe] for file in files_of(line)} == set()


def test_the_script_of_the_hosts_can_be_run() -> None:
    assert os.access(PROJECT / ".ci" / "run", os.X_OK)


def test_every_hook_runs_a_tool_of_the_project() -> None:
    hooks = (PROJECT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"repo: (\S+)", hooks)) == {"local"}  # no second set of versions
    entries = re.findall(r"entry: (.+)", hooks)
    assert entries
    assert [entry for entry in entries if not entry.startswith("uv run ")] == []


def test_the_host_runs_the_same_script_on_every_supported_python() -> None:
    workflow = (PROJECT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    manifest = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    supported = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', manifest)
    assert f"python: {supported}".replace("'", '"') in workflow
    assert "- run: .ci/run" in workflow
    assert "permissions:\n  contents: read\n" in workflow
