"""Values check their arrays and let nobody write into them; runs of True have their ends."""

from __future__ import annotations

import ast
import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import lipwright.engine
from lipwright.engine.arrays import check_array, read_only, smoothstep, true_runs
from lipwright.engine.curves import SampledCurves
from lipwright.engine.media.values import Picture, SpeechSound

ENGINE = Path(lipwright.engine.__file__).parent
# What is handed out to be written into.
WRITTEN_IN_PLACE = {"ClipFrame", "FramePlanes"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weights:
    """A value with one array of any precision."""

    values: NDArray[np.floating]

    def __post_init__(self) -> None:
        check_array(self, "values", np.floating, ("row", 3))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_array_of_the_right_kind_is_taken(dtype: type[np.floating]) -> None:
    assert Weights(values=np.ones((2, 3), dtype)).values.dtype == dtype


@pytest.mark.parametrize("shape", [(3,), (2, 4), (2, 3, 1)])
def test_an_array_of_another_shape_is_refused_with_its_name(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="values has shape"):
        Weights(values=np.ones(shape))


@pytest.mark.parametrize("dtype", [np.int32, np.bool_, np.uint8])
def test_an_array_of_another_kind_is_refused_with_its_name(dtype: type[np.generic]) -> None:
    with pytest.raises(ValueError, match=f"values is {np.dtype(dtype).name}, expected floating"):
        Weights(values=np.ones((2, 3), dtype))


@pytest.mark.parametrize("precision", [np.float64, np.float16])
def test_a_precision_that_a_value_names_is_the_only_one(precision: type[np.floating]) -> None:
    with pytest.raises(ValueError, match="expected float32"):
        SpeechSound(samples=np.zeros(4, precision))


def test_a_value_does_not_let_its_array_be_written() -> None:
    picture = Picture(rgb=np.zeros((2, 2, 3), np.uint8))
    curves = SampledCurves(values=np.zeros((2, 1), np.float32))
    with pytest.raises(ValueError, match="read-only"):
        picture.rgb[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        curves.channel(0)[0] = 1


def test_a_value_holds_a_view_and_leaves_the_array_it_was_given_as_it_was() -> None:
    mine = np.zeros((2, 3))
    weights = Weights(values=mine)
    assert np.shares_memory(weights.values, mine)
    mine[0, 0] = 1


def test_a_copy_of_a_values_array_may_be_written() -> None:
    copy = Weights(values=np.zeros((1, 3))).values.copy()
    copy[0] = 1
    assert copy.sum() == 3


def test_what_is_read_only_already_is_not_viewed_once_more() -> None:
    array = read_only(np.zeros(3))
    assert read_only(array) is array


def test_every_public_value_of_the_engine_checks_each_of_its_arrays() -> None:
    unchecked = []
    for file in sorted(ENGINE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and is_public_value(node):
                checked = names_checked_in(node)
                unchecked += [
                    f"{node.name}.{field}" for field in array_fields_of(node) if field not in checked
                ]
    assert unchecked == []


def is_public_value(node: ast.ClassDef) -> bool:
    is_frozen = any("frozen=True" in ast.unparse(decorator) for decorator in node.decorator_list)
    return is_frozen and not node.name.startswith("_") and node.name not in WRITTEN_IN_PLACE


def array_fields_of(node: ast.ClassDef) -> list[str]:
    return [
        field.target.id
        for field in node.body
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and ast.unparse(field.annotation).split("[")[0] in ("NDArray", "Curve", "I420")
    ]


def names_checked_in(node: ast.ClassDef) -> set[str]:
    """The words in the value's __post_init__: fields are named there, also where a loop goes over them."""
    checks = next((part for part in node.body if getattr(part, "name", "") == "__post_init__"), None)
    if checks is None:
        return set()
    return {
        part.value
        for part in ast.walk(checks)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


@given(st.lists(st.booleans(), max_size=30))
def test_runs_cover_exactly_what_is_true(flags: list[bool]) -> None:
    runs = true_runs(np.array(flags, dtype=bool))
    covered = np.zeros(len(flags), dtype=bool)
    for first, after in runs:
        assert first < after
        covered[first:after] = True
    assert covered.tolist() == flags
    assert all(before[1] < after[0] for before, after in itertools.pairwise(runs))


def test_smoothstep_rises_from_0_to_1_and_holds_beyond() -> None:
    steps = smoothstep(np.array([-1.0, 0.0, 0.5, 1.0, 2.0]))
    assert steps.tolist() == [0.0, 0.0, 0.5, 1.0, 1.0]
