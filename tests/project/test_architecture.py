"""The import rules of the house, read from the source without running it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"

# In the order in which the work flows.
ROOMS = ("media", "face", "speech", "articulation", "gesture", "render", "quality")
# Modules that hold the value types of a room, and the geometry of those types: what later rooms may know.
VALUE_MODULES = ("values", "curves", "mesh", "pose", "phones")
# quality measures finished videos, so it opens, tracks and listens like the pipeline does.
ROOMS_THAT_CALL_OTHERS = ("quality",)
COMMANDS_OF_THE_SERVICE = ("serve", "worker", "keys", "credits", "webhooks", "settings")


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


def imports_under(folder: str) -> list[Import]:
    """Every import in the Python files of a folder below src, also those inside functions."""
    return [found for file in sorted((SOURCE / folder).rglob("*.py")) for found in imports_of(file)]


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


def broken(found: list[Import]) -> list[str]:
    return [str(one) for one in found]


def test_the_rules_look_at_real_files() -> None:
    assert len(imports_under("lipwright/engine")) > 20
    assert len(imports_under("lipwright/cli")) > 20


def test_the_engine_knows_neither_the_service_nor_the_commands() -> None:
    above = ("lipwright.server", "lipwright.cli", "lipwright.studio", "lipwright_client", "fastapi", "typer")
    assert broken([one for one in imports_under("lipwright/engine") if one.is_of(*above)]) == []


def test_the_client_imports_nothing_of_the_package() -> None:
    assert broken([one for one in imports_under("lipwright_client") if one.is_of("lipwright")]) == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_uses_no_later_room(room: str) -> None:
    later = [f"lipwright.engine.{other}" for other in ROOMS[ROOMS.index(room) + 1 :]]
    later += ["lipwright.engine.pipelines.talking_photo"]
    assert broken([one for one in imports_under(f"lipwright/engine/{room}") if one.is_of(*later)]) == []


@pytest.mark.parametrize("room", [room for room in ROOMS if room not in ROOMS_THAT_CALL_OTHERS])
def test_a_room_takes_only_value_types_from_earlier_rooms(room: str) -> None:
    earlier = ROOMS[: ROOMS.index(room)]
    allowed = [f"lipwright.engine.{other}.{module}" for other in earlier for module in VALUE_MODULES]
    taken = [
        one
        for one in imports_under(f"lipwright/engine/{room}")
        if one.is_of(*(f"lipwright.engine.{other}" for other in earlier)) and not one.is_of(*allowed)
    ]
    assert broken(taken) == []


def test_only_the_media_room_opens_pictures_and_sounds() -> None:
    libraries = ("av", "PIL", "pillow_heif")
    media = SOURCE / "lipwright" / "engine" / "media"
    strays = [
        one
        for one in imports_under("lipwright")
        if one.is_of(*libraries) and media not in one.file.parents and one.file.name != "doctor.py"
    ]
    assert broken(strays) == []


def test_only_the_voice_plug_in_touches_the_gpl_library() -> None:
    plug_in = SOURCE / "lipwright" / "engine" / "speech" / "espeak"
    strays = [
        one
        for one in imports_under("lipwright")
        if one.is_of("espeakng_loader") and plug_in not in one.file.parents
    ]
    assert broken(strays) == []


def test_only_the_job_handlers_of_the_service_call_the_engine() -> None:
    handlers = SOURCE / "lipwright" / "server" / "jobs" / "handlers.py"
    callers = [
        one
        for one in imports_under("lipwright/server")
        if one.is_of(
            "lipwright.engine.pipelines.talking_photo",
            "lipwright.engine.talking_photo",
            "lipwright.engine.lip_sync",
        )
        and one.file != handlers
    ]
    assert broken(callers) == []


def test_only_the_commands_of_the_service_know_the_service() -> None:
    strays = [
        one
        for one in imports_under("lipwright/cli")
        if one.is_of("lipwright.server") and one.file.stem not in COMMANDS_OF_THE_SERVICE
    ]
    assert broken(strays) == []


def test_every_file_is_named_for_its_one_idea() -> None:
    vague = {"utils.py", "util.py", "helpers.py", "common.py", "misc.py"}
    assert [str(file.relative_to(SOURCE)) for file in SOURCE.rglob("*.py") if file.name in vague] == []


def test_every_module_says_what_it_holds() -> None:
    silent = [
        str(file.relative_to(SOURCE))
        for file in sorted(SOURCE.rglob("*.py"))
        if file.stat().st_size and not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert silent == []
