"""The glossary holds the noun of every public class, once, in the order of the alphabet."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "src"
GLOSSARY = PROJECT / "docs" / "glossary.md"

WORD = re.compile(r"[A-Z]\d+|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
ROW = re.compile(r"^\| ([^|]+) \| (.+) \|$")
# Classes that inherit from one of these share an entry: an error, a resource of the client.
ENTRIES_OF_FAMILIES = {
    "Exception": "error",
    "ConnectError": "error",
    "Resource": "resource",
    "AsyncResource": "resource",
}
# Requests and answers of the HTTP API share one, too: the page of the API describes each.
SCHEMA_ENTRY = "schema"
SCHEMA_PARENTS = ("BaseModel", "TypedDict")
SCHEMA_FILES = ("schemas.py", "routes.py", "documented.py", "models.py", "params.py")
# Last words whose entry names the kinds: an energy driver needs no line beside the driver's.
HEAD_NOUNS = ("driver",)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicClass:
    """A class of the source that other files may use."""

    name: str
    file: Path
    parents: tuple[str, ...]

    @property
    def noun(self) -> str:
        """The words of its name; a class for `async` use is named for what it does."""
        return " ".join(WORD.findall(self.name.removeprefix("Async"))).lower()


@cache
def public_classes() -> tuple[PublicClass, ...]:
    """All at the top of a module whose name does not begin with `_`."""
    return tuple(
        PublicClass(name=node.name, file=file, parents=tuple(map(name_of, node.bases)))
        for file in sorted(SOURCE.rglob("*.py"))
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )


def name_of(base: ast.expr) -> str:
    """The last part of a base class's name: `Resource` of `module.Resource[Project]`."""
    if isinstance(base, ast.Subscript):
        return name_of(base.value)
    return base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")


def ancestors(one: PublicClass) -> Iterator[str]:
    """The names of everything that a class inherits from, as far as the source tells."""
    known = {
        other.name: other for other in public_classes() if other.file != one.file or other.name != one.name
    }
    waiting, seen = list(one.parents), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        yield name
        waiting += known[name].parents if name in known else ()


def wanted_entries(one: PublicClass) -> set[str]:
    """The entries of which one is enough for a class. A class of several things takes that of one."""
    above = set(ancestors(one))
    wanted = {one.noun, one.noun.removesuffix("s")}
    wanted |= {entry for family, entry in ENTRIES_OF_FAMILIES.items() if family in above}
    if one.file.name in SCHEMA_FILES and above & set(SCHEMA_PARENTS):
        wanted.add(SCHEMA_ENTRY)
    return wanted | {head for head in HEAD_NOUNS if one.noun.endswith(f" {head}")}


def entries() -> list[str]:
    """The words of the glossary, in its order."""
    rows = (ROW.match(line) for line in GLOSSARY.read_text(encoding="utf-8").splitlines())
    words = [row[1].strip() for row in rows if row]
    assert words[:2] == ["word", "---"]
    return words[2:]


def test_every_public_class_has_its_noun_in_the_glossary() -> None:
    known = {word.casefold() for word in entries()}
    missing = sorted(
        f"| {one.noun} | what it means, and how it differs from its neighbour |   <- {one.name} in "
        f"{one.file.relative_to(PROJECT)}"
        for one in public_classes()
        if not wanted_entries(one) & known
    )
    assert not missing, (
        "docs/glossary.md lacks the nouns of these classes. Add a line for each, in the order of the "
        "alphabet:\n" + "\n".join(missing)
    )


def test_the_words_are_in_the_order_of_the_alphabet_and_none_stands_twice() -> None:
    out_of_order = [
        f"'{after}' stands after '{before}'"
        for before, after in pairwise(entries())
        if after.casefold() <= before.casefold()
    ]
    assert out_of_order == []


def test_every_word_has_a_meaning() -> None:
    rows = [ROW.match(line) for line in GLOSSARY.read_text(encoding="utf-8").splitlines()]
    meanings = [row[2] for row in rows if row][2:]
    assert [meaning for meaning in meanings if len(meaning.split()) < 3] == []


def test_the_words_of_a_name_are_told_apart() -> None:
    names = {
        "FaceTrack": "face track",
        "TtsVoice": "tts voice",
        "I420Frame": "i420 frame",
        "AsyncClient": "client",
    }
    found = {name: PublicClass(name=name, file=SOURCE, parents=()).noun for name in names}
    assert found == names
