"""The order of the rooms, and who imports whom, read from the source without running it.

The tests of the architecture hold this order; tools/architecture_drawing.py draws it.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src"

# Ground first; a room may import only what stands before its own group. Rooms of one group do not import
# each other. A room is a folder, or a file beside the folders.
ENGINE_ROOMS = (
    ("errors", "arrays", "boxes", "cpu", "networks"),
    ("timeline", "curves", "progress"),
    ("watermark",),
    ("media",),
    ("face", "speech"),
    ("articulation",),
    ("gesture",),
    ("render",),
    ("quality",),
    ("pipelines",),
)
SERVER_ROOMS = (
    ("errors", "ids", "request_body"),
    ("settings",),
    ("database", "storage", "fetching"),
    ("credits",),
    ("accounts",),
    ("services",),
    ("runtime", "web"),
    ("uploads", "webhooks", "sessions", "own_account", "made_files"),
    ("jobs",),
    ("products", "rendering"),
    ("operation",),
)
CLI_ROOMS = (("terminal",), ("batches",), ("commands",), ("main",), ("row_process",))
PROVENANCE_ROOMS = (("errors",), ("settings",), ("credentials",), ("check",))
HOUSES = {
    "lipwright/engine": ENGINE_ROOMS,
    "lipwright/provenance": PROVENANCE_ROOMS,
    "lipwright/server": SERVER_ROOMS,
    "lipwright/cli": CLI_ROOMS,
}
# The packages of the house, in the same order: an arrow between them runs to an earlier group.
PACKAGES = (
    ("lipwright.engine", "lipwright_client", "lipwright.studio"),
    ("lipwright.provenance",),
    ("lipwright.server", "lipwright.diagnostics"),
    ("lipwright.cli",),
)


@dataclass(frozen=True, slots=True)
class Import:
    """`file` imports `module`; for `from a import b` the module is `a.b`, as b may be one."""

    file: Path
    module: str

    def __str__(self) -> str:
        return f"{self.file.relative_to(SOURCE)} imports {self.module}"

    def is_of(self, *packages: str) -> bool:
        """Whether the module is one of these packages or inside them."""
        return any(self.module == package or self.module.startswith(f"{package}.") for package in packages)


@cache
def imports_under(folder: str) -> tuple[Import, ...]:
    """Every import in a folder of Python files below src, or in one file; also those inside functions."""
    files = sorted((SOURCE / folder).rglob("*.py")) or [(SOURCE / folder).with_suffix(".py")]
    return tuple(found for file in files for found in imports_of(file))


def imports_of(file: Path) -> list[Import]:
    """Every import of one file, relative ones resolved."""
    package = [*file.relative_to(SOURCE).parent.parts]
    found: list[Import] = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(file))):
        if isinstance(node, ast.Import):
            found += [Import(file, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found += [Import(file, f"{base}.{alias.name}") for alias in node.names]
    return found


def module_of(file: Path) -> str:
    """`lipwright.engine.media.values` for its file; a package's own file counts as `package.__init__`."""
    return ".".join(file.relative_to(SOURCE).with_suffix("").parts)


def room_of(module: str, house: str) -> str | None:
    """The room of a module inside a house; None outside of it and for the house's own `__init__`."""
    parts, inside = module.split("."), house.split("/")
    if parts[: len(inside)] != inside or len(parts) == len(inside):
        return None
    room = parts[len(inside)]
    known = {name for group in HOUSES[house] for name in group}
    return room if room in known else None


def arrows_between_rooms(house: str) -> dict[tuple[str, str], int]:
    """Of a house, (importing room, imported room): the number of files of the first that do so."""
    pairs = {
        (room_of(module_of(one.file), house), room_of(one.module, house), one.file)
        for one in imports_under(house)
    }
    return _counted((mine, other) for mine, other, _ in pairs if mine and other)


def arrows_between_packages() -> dict[tuple[str, str], int]:
    """The same for the packages."""
    names = [name for group in PACKAGES for name in group]
    pairs = {
        (name, other, one.file)
        for name in names
        for one in imports_under(name.replace(".", "/"))
        for other in names
        if one.is_of(other)
    }
    return _counted((mine, other) for mine, other, _ in pairs)


def _counted(arrows: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    return dict(sorted(Counter(arrow for arrow in arrows if arrow[0] != arrow[1]).items()))
