"""The pictures of the architecture show the imports of the code."""

from __future__ import annotations

import pytest

from tools.architecture_drawing import IMAGES, Drawing, draw, pictures

REMAKE = "run `just docs` (or `uv run python -m tools.architecture_drawing`)"
UPWARD = "#d00000"


@pytest.mark.parametrize("name", pictures())
def test_a_picture_is_up_to_date(name: str) -> None:
    assert (IMAGES / name).read_text(encoding="utf-8") == pictures()[name], REMAKE


def test_an_import_that_runs_up_is_red() -> None:
    groups = (("ground",), ("roof",))
    downward = draw(Drawing(title="", groups=groups, arrows={("roof", "ground"): 2}))
    upward = draw(Drawing(title="", groups=groups, arrows={("ground", "roof"): 2}))
    assert UPWARD not in downward
    assert UPWARD in upward


def test_a_room_without_imports_is_a_box_alone() -> None:
    svg = draw(Drawing(title="", groups=(("alone",),), arrows={}))
    assert ">alone</text>" in svg
    assert "<path" not in svg
