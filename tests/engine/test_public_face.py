"""The engine's public face is what its page says, and loads no more than it must."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from lipwright import engine
from lipwright.engine import errors
from tools.engine_page import ERRORS, GROUPS, PAGE, engine_page

PROJECT = Path(__file__).resolve().parents[2]
# What a command that fails at once, and a server that waits, would otherwise wait for.
HEAVY = ("numpy", "cv2", "av", "scipy", "onnxruntime", "PIL")
LIGHT_NAMES = (
    *(name for name in engine.__all__ if name in vars(errors)),
    *("JobContext", "ProgressEvent", "Stage", "STAGE_SHARES", "LIP_SYNC_SHARES"),
    *("PhotoMode", "EyesMode", "LipSyncMode", "DEFAULT_INTENSITY", "MIN_RESOLUTION_PX"),
)


def test_the_page_lists_every_name() -> None:
    assert PAGE.read_text(encoding="utf-8") == engine_page(), "run `uv run python tools/engine_page.py`"
    listed = [name for names in GROUPS.values() for name in names]
    kinds = [name for name in engine.__all__ if name in vars(errors)]
    assert ERRORS not in GROUPS
    assert sorted([*listed, *kinds]) == engine.__all__


def test_type_checkers_see_the_same_names_from_the_same_homes() -> None:
    """What a type checker reads is written once more, as Python cannot load it lazily."""
    source = Path(engine.__file__).read_text(encoding="utf-8")
    blocks = [node for node in ast.parse(source).body if isinstance(node, ast.If)]
    seen = {
        alias.asname: f"{node.module}.{alias.name}"
        for node in blocks[0].body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    homes = {name: f"lipwright.engine.{home}.{name}" for name, home in engine._HOMES.items()}
    assert seen == homes


@pytest.mark.parametrize("name", engine.__all__)
def test_a_name_is_that_of_its_home(name: str) -> None:
    home = importlib.import_module(f"lipwright.engine.{engine._HOMES[name]}")
    assert getattr(engine, name) is getattr(home, name)


def test_every_error_is_public() -> None:
    kinds = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.EngineError)
    }
    assert kinds <= set(engine.__all__)


def test_a_name_that_does_not_exist_is_said_so() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = engine.no_such_name


@pytest.mark.parametrize("names", [LIGHT_NAMES, ()])
def test_errors_words_and_numbers_load_nothing_heavy(names: tuple[str, ...]) -> None:
    script = (
        "import sys\n"
        "from lipwright import engine\n"
        f"[getattr(engine, name) for name in {names!r}]\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", ["lipwright.server.operation.serve", "lipwright.server.operation.work"])
def test_a_server_that_waits_has_loaded_nothing_heavy(module: str) -> None:
    script = f"import sys, {module}\nprint(sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("example", sorted((PROJECT / "examples").glob("*.py")), ids=lambda path: path.stem)
def test_examples_import_the_public_face_and_nothing_deeper(example: Path) -> None:
    modules = [
        node.module
        for node in ast.walk(ast.parse(example.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
    ]
    assert [name for name in modules if name and name.startswith("lipwright.engine.")] == []
