"""Writes the exact version of everything the project runs on, direct or not, into pyproject.toml.

    python tools/pin.py             keeps what is pinned, pins what is new
    python tools/pin.py --upgrade   takes the newest versions that fit together

A lock file would name the registry it was made with; these pins name none, and `uv` obeys them
(`[tool.uv] constraint-dependencies`). The resolution covers every supported Python and platform,
so a package may stand there twice, with markers. Needs `uv` on the path and a registry.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
BEGIN = "# Pins, remade by tools/pin.py."
END = "# End of the pins."
PINNED_BLOCK = re.compile(re.escape(BEGIN) + r".*?" + re.escape(END), re.DOTALL)
# What uv asks of a project before it resolves it.
NEEDED_FILES = ("README.md", "LICENSE", "NOTICE", "src/lipwright/__init__.py")
# Everything that may be installed, as plain `name==version ; marker` lines.
EXPORT_OPTIONS = (
    "--quiet",
    "--frozen",
    "--all-extras",
    "--all-groups",
    "--no-emit-project",
    "--no-hashes",
    "--no-annotate",
    "--no-header",
)


def main() -> None:
    """Resolve in a folder of its own, then write the pins."""
    manifest = PROJECT / "pyproject.toml"
    before = manifest.read_text(encoding="utf-8")
    if not PINNED_BLOCK.search(before):
        raise SystemExit(f"pyproject.toml lacks the lines '{BEGIN}' and '{END}' below [tool.uv].")
    start = _without_pins(before) if "--upgrade" in sys.argv[1:] else before
    after = PINNED_BLOCK.sub(lambda _: _block(resolve(start), build_tools(start)), before)
    manifest.write_text(after, encoding="utf-8")
    print("pyproject.toml is unchanged." if after == before else "pyproject.toml has new pins.")


def resolve(manifest_text: str) -> list[str]:
    """Requirement lines of the whole resolved set, every extra and group included."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        (copy / "pyproject.toml").write_text(manifest_text, encoding="utf-8")
        for name in NEEDED_FILES:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, copy / name)
        _uv(["lock", "--quiet"], copy)
        exported = _uv(["export", *EXPORT_OPTIONS], copy)
    return sorted({line.strip() for line in exported.splitlines() if "==" in line})


def build_tools(manifest_text: str) -> list[str]:
    """Requirement lines of what builds the package."""
    requires = re.search(r"^requires = \[(.*?)\]", manifest_text, re.MULTILINE | re.DOTALL)
    wanted = re.findall(r'"([^"]+)"', requires.group(1)) if requires else []
    compiled = _uv(
        [
            "pip",
            "compile",
            "--quiet",
            "--universal",
            "--python-version=3.11",
            "--no-annotate",
            "--no-header",
            "-",
        ],
        PROJECT.parent,
        "\n".join(wanted),
    )
    return sorted(line.strip() for line in compiled.splitlines() if "==" in line)


def _block(pins: list[str], build_pins: list[str]) -> str:
    """The pins as they stand in pyproject.toml."""
    return "\n".join(
        [
            BEGIN,
            *_array("constraint-dependencies", pins),
            *_array("build-constraint-dependencies", build_pins),
            END,
        ]
    )


def _array(name: str, lines: list[str]) -> list[str]:
    return [f"{name} = [", *(f"    {_quoted(line)}," for line in lines), "]"]


def _quoted(line: str) -> str:
    """A TOML literal string: markers hold double or single quotes, never both."""
    requirement = line.replace("'", '"')
    return f"'{requirement}'" if '"' in requirement else f'"{requirement}"'


def _without_pins(manifest_text: str) -> str:
    return PINNED_BLOCK.sub("", manifest_text)


def _uv(arguments: list[str], folder: Path, standard_input: str | None = None) -> str:
    """What uv prints."""
    done = subprocess.run(
        ["uv", *arguments], cwd=folder, input=standard_input, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"uv {' '.join(arguments)} failed:\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
