"""That the pages about the client say what the code does."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import lipwright_client
from lipwright_client import errors, params, resources, settings

PROJECT = Path(__file__).resolve().parents[2]
REFERENCE = (PROJECT / "docs" / "reference" / "python-client.md").read_text()
PAGES = sorted((PROJECT / "docs").rglob("*client*.md"))
EXAMPLE = re.compile(r"<!-- (examples/\S+) -->\n\n```python\n(.*?)```", re.DOTALL)


def in_code(name: str) -> bool:
    """Whether the reference has that word in code font."""
    return re.search(rf"`[^`\n]*\b{re.escape(name)}\b[^`\n]*`", REFERENCE) is not None


def test_the_code_on_the_pages_is_that_of_the_examples() -> None:
    shown = [found for page in PAGES for found in EXAMPLE.findall(page.read_text())]
    assert {file for file, _ in shown} == {
        str(path.relative_to(PROJECT)) for path in (PROJECT / "examples" / "client").glob("*.py")
    }
    for file, code in shown:
        assert code == (PROJECT / file).read_text(), file


def test_the_reference_names_everything_that_is_offered() -> None:
    assert [name for name in lipwright_client.__all__ if not in_code(name)] == []


def test_the_reference_names_every_call() -> None:
    calls = {
        name
        for _, group in inspect.getmembers(resources, inspect.isclass)
        if issubclass(group, resources.Resource)
        for name, _ in inspect.getmembers(group, inspect.isfunction)
        if not name.startswith("_")
    }
    assert len(calls) > 7
    assert [name for name in calls if not in_code(name)] == []


def test_the_reference_names_every_keyword() -> None:
    names = {
        name
        for _, keywords in inspect.getmembers(params, inspect.isclass)
        if keywords.__module__ == params.__name__
        for name in keywords.__annotations__
    } - {"type", "extension"}  # of an upload item
    assert len(names) > 25
    assert [name for name in names if not in_code(name)] == []


def test_the_reference_names_every_variable() -> None:
    variables = set(re.findall(r"(?:LIPWRIGHT|MAGIC_HOUR)_[A-Z_]+", inspect.getsource(settings)))
    assert len(variables) == 5
    assert [name for name in variables if not in_code(name)] == []


@pytest.mark.parametrize("kind", [kind for _, kind in inspect.getmembers(errors, inspect.isclass)])
def test_the_tree_of_errors_is_drawn_in_full(kind: type) -> None:
    if kind.__module__ == errors.__name__:
        assert re.search(rf"\b{kind.__name__}\b", errors.__doc__ or "")


def test_links_of_the_pages_lead_somewhere() -> None:
    dead = [
        f"{page.name}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert dead == []
