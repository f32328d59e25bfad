"""The import rules of the house, read from the source without running it."""

from __future__ import annotations

import ast
from collections import defaultdict

import pytest

from tools.rooms import (
    ENGINE_ROOMS,
    HOUSES,
    SOURCE,
    Import,
    imports_under,
    module_of,
    room_of,
)

# Modules that hold the value types of a room, and the geometry of those types: what later rooms may know.
VALUE_MODULES = ("values", "curves", "limits", "mesh", "pose", "phones", "measures")
# These put rooms together: quality measures finished videos, so it opens, tracks and listens like a pipeline.
ROOMS_THAT_CALL_OTHERS = ("quality", "pipelines")
# `doctor` looks at the installation and at the layers of the sandbox where the service is installed.
COMMANDS_OF_THE_SERVICE = (
    "serve",
    "worker",
    "studio",
    "keys",
    "credits",
    "made",
    "webhooks",
    "installation",
    "settings",
    "doctor",
)


def broken(found: list[Import]) -> list[str]:
    return [str(one) for one in found]


def loops_in(arrows: dict[str, set[str]]) -> list[list[str]]:
    """Groups of nodes that reach each other."""

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            for node in arrows.get(waiting.pop(), set()) - seen:
                seen.add(node)
                waiting.append(node)
        return seen

    reach = {node: reached(node) for node in arrows}
    groups = {
        tuple(sorted(other for other in reach[node] if node in reach.get(other, set()))) for node in arrows
    }
    return [list(group) for group in sorted(groups) if group]


def test_the_rules_look_at_real_files() -> None:
    assert len(imports_under("lipwright/engine")) > 20
    assert len(imports_under("lipwright/cli")) > 20
    assert len(imports_under("lipwright/server")) > 20


@pytest.mark.parametrize("house", HOUSES)
def test_every_room_has_its_place_in_the_order(house: str) -> None:
    folder = SOURCE / house
    rooms = {path.stem for path in folder.iterdir() if path.suffix == ".py" or any(path.glob("*.py"))}
    assert rooms - {"__init__"} == {name for group in HOUSES[house] for name in group}


@pytest.mark.parametrize("house", HOUSES)
def test_no_import_runs_up(house: str) -> None:
    floor = {name: level for level, group in enumerate(HOUSES[house]) for name in group}
    upward = []
    for one in imports_under(house):
        mine, other = room_of(module_of(one.file), house), room_of(one.module, house)
        if mine is None or other is None or mine == other:
            continue
        if floor[other] >= floor[mine]:
            upward.append(one)
    assert broken(upward) == []


@pytest.mark.parametrize("house", [*HOUSES, "lipwright_client"])
def test_no_shelves_and_no_files_import_each_other_in_a_loop(house: str) -> None:
    modules = {module_of(file) for file in (SOURCE / house).rglob("*.py")}
    files: dict[str, set[str]] = defaultdict(set)
    shelves: dict[str, set[str]] = defaultdict(set)
    for one in imports_under(house):
        mine = module_of(one.file)
        other = next(
            (
                name
                for name in (one.module, one.module.rpartition(".")[0])
                if name in modules and name != mine
            ),
            None,
        )
        if other is None:
            continue
        files[mine].add(other)
        for above, below in ((mine, other),):
            here, there = above.rpartition(".")[0], below.rpartition(".")[0]
            # Shelves beside each other: a file in a room and a shelf of that room are no pair.
            if (
                here != there
                and not f"{here}.".startswith(f"{there}.")
                and not f"{there}.".startswith(f"{here}.")
            ):
                shelves[here].add(there)
    assert loops_in(files) == []
    assert loops_in(shelves) == []


def test_the_engine_knows_neither_the_service_nor_the_commands() -> None:
    above = (
        "lipwright.server",
        "lipwright.cli",
        "lipwright.studio",
        "lipwright.diagnostics",
        "lipwright_client",
        "fastapi",
        "typer",
    )
    assert broken([one for one in imports_under("lipwright/engine") if one.is_of(*above)]) == []


def test_the_client_imports_nothing_of_the_package() -> None:
    assert broken([one for one in imports_under("lipwright_client") if one.is_of("lipwright")]) == []


@pytest.mark.parametrize(
    "room", [name for group in ENGINE_ROOMS for name in group if name not in ROOMS_THAT_CALL_OTHERS]
)
def test_a_room_takes_only_value_types_from_earlier_rooms(room: str) -> None:
    rooms = [
        name for name in ("media", "face", "speech", "articulation", "gesture", "render") if name != room
    ]
    allowed = [f"lipwright.engine.{other}.{module}" for other in rooms for module in VALUE_MODULES]
    home = SOURCE / "lipwright" / "engine" / room
    taken = [
        one
        for one in imports_under("lipwright/engine")
        if home in one.file.parents
        and one.is_of(*(f"lipwright.engine.{other}" for other in rooms))
        and not one.is_of(*allowed)
    ]
    assert broken(taken) == []


@pytest.mark.parametrize("house", ["lipwright/cli", "lipwright/server"])
def test_commands_and_handlers_import_the_public_face_of_the_engine_and_nothing_deeper(house: str) -> None:
    from lipwright import engine

    face = {"lipwright.engine", *(f"lipwright.engine.{name}" for name in engine.__all__)}
    deeper = [one for one in imports_under(house) if one.is_of("lipwright.engine") and one.module not in face]
    assert broken(deeper) == []


def test_only_the_room_of_rendering_knows_the_workflow_library() -> None:
    home = SOURCE / "lipwright" / "server" / "rendering"
    strays = [one for one in imports_under("lipwright") if one.is_of("dbos") and home not in one.file.parents]
    assert broken(strays) == []


def test_only_the_media_room_opens_pictures_and_sounds() -> None:
    libraries = ("av", "PIL", "pillow_heif")
    media = SOURCE / "lipwright" / "engine" / "media"
    strays = [
        one for one in imports_under("lipwright") if one.is_of(*libraries) and media not in one.file.parents
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
