"""Prepares a release: checks what must be true of it, builds both distributions, prints what is left to do.

    uv run python tools/release.py

Changes no file that is committed, and sends nothing anywhere. docs/how-to/release.md is the whole walk.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import lipwright
import lipwright_client

PROJECT = Path(__file__).resolve().parent.parent
VERSION = re.compile(r"\d+\.\d+\.\d+")
HEADING = re.compile(r"^## (\S+)(.*)$", re.MULTILINE)


def main() -> None:
    """Check, build and say what comes next."""
    version = lipwright.__version__
    changelog = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    problems = problems_of(version, lipwright_client.__version__, changelog)
    if _git("status", "--porcelain"):
        problems.append("The working tree has changes that are not committed.")
    if _git("tag", "--list", f"v{version}"):
        problems.append(f"There is a tag v{version} already: raise the version.")
    if problems:
        raise SystemExit("\n".join(problems))
    for folder in (".", "clients/python"):
        subprocess.run(["uv", "build", "--out-dir", "dist", folder], cwd=PROJECT, check=True)
    print(
        f"dist/ holds lipwright and lipwright-client {version}. What is left:\n"
        f"  git tag -a v{version} -m 'Lipwright {version}'\n"
        f"  git push origin v{version}\n"
        f"  uv publish dist/*-{version}*"
    )


def problems_of(version: str, client_version: str, changelog: str) -> list[str]:
    """What keeps this version from being released, a sentence each."""
    problems = []
    if not VERSION.fullmatch(version):
        problems.append(f"The version is {version}; a release has three numbers.")
    if client_version != version:
        problems.append(
            f"The client says {client_version}, the package {version}: they are released together."
        )
    headings = HEADING.findall(changelog)
    if not headings or headings[0][0] != version:
        problems.append(f"The first heading of CHANGELOG.md is not '## {version} - DATE'.")
    elif not re.fullmatch(r" - \d{4}-\d{2}-\d{2}", headings[0][1]):
        problems.append(f"The heading '## {version}' in CHANGELOG.md lacks its date.")
    return problems


def _git(*arguments: str) -> str:
    """What git prints."""
    done = subprocess.run(
        ["git", *arguments], cwd=PROJECT, capture_output=True, text=True, encoding="utf-8", check=True
    )
    return done.stdout.strip()


if __name__ == "__main__":
    main()
