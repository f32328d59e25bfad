"""No file, however damaged, ends the program, stops it, fills the memory or leaves anything behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.engine.media.fuzz import harness
from tests.engine.media.fuzz.corpus import corpus
from tests.engine.media.fuzz.harness import DamagedFile, findings
from tests.engine.media.fuzz.mutations import mutated

INPUTS = 2_000
# What was found and mended, by number: a picture in a codec without a name.
FOUND = (474, 601, 789, 841)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, bytes]]:
    return list(corpus(tmp_path_factory.mktemp("corpus")))


def damaged(seeds: list[tuple[str, bytes]], numbers: Iterable[int]) -> Iterator[DamagedFile]:
    """Every kind of file by turns, each number another damage."""
    for number in numbers:
        name, content = seeds[number % len(seeds)]
        yield DamagedFile(name=f"{number}-{name}", content=mutated(content, number))


def test_the_corpus_has_every_kind_and_all_of_it_is_read(
    seeds: list[tuple[str, bytes]], tmp_path: Path
) -> None:
    assert len(seeds) >= 40
    assert max(len(content) for _, content in seeds) < 200_000
    files = [DamagedFile(name=name, content=content) for name, content in seeds]
    assert findings(files, tmp_path) == []


def test_what_was_found_stays_mended(seeds: list[tuple[str, bytes]], tmp_path: Path) -> None:
    assert findings(damaged(seeds, FOUND), tmp_path) == []


def test_a_process_that_ends_and_a_file_that_is_left_are_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harness, "READING_PROCESS", "tests.engine.media.fuzz.nothing_there")
    found = findings([DamagedFile(name="a.mp4", content=b"x")], tmp_path, processes=1)
    assert ["ended the process" in each.what for each in found] == [True]


@pytest.mark.slow
def test_damaged_files_are_read_or_refused(seeds: list[tuple[str, bytes]], tmp_path: Path) -> None:
    assert findings(damaged(seeds, range(INPUTS)), tmp_path) == []
