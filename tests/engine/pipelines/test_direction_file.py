"""A list of directions is read, and a row that cannot be used is named by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from lipwright.engine.errors import BadParameters
from lipwright.engine.gesture.cue import Cue
from lipwright.engine.pipelines.direction_file import read_direction_file


def read(tmp_path: Path, text: str) -> tuple[Cue, ...]:
    path = tmp_path / "acts.txt"
    path.write_text(text, encoding="utf-8")
    return read_direction_file(path)


def test_rows_of_csv_are_read_with_or_without_a_row_of_names(tmp_path: Path) -> None:
    rows = '0, 2.5, happy:0.4, nodding\n# the bad news\n\n 2.5 , , "sad, looking down"\n'
    wanted = (
        Cue(start_s=0, end_s=2.5, prompt="happy:0.4, nodding"),
        Cue(start_s=2.5, prompt="sad, looking down"),
    )
    assert read(tmp_path, rows) == read(tmp_path, "from,to,words\n" + rows) == wanted
    assert read(tmp_path, "\ufeffstart,end,prompt\r\n" + rows.replace("\n", "\r\n")) == wanted


def test_json_lines_are_read_with_our_keys_and_those_of_the_api(tmp_path: Path) -> None:
    ours = '{"from": 0, "to": 2, "words": "happy"}'
    theirs = '{"start_seconds": 1.5, "end_seconds": null, "prompt": "sad"}'
    assert read(tmp_path, f"{ours}\n{theirs}\n") == (
        Cue(start_s=0, end_s=2, prompt="happy"),
        Cue(start_s=1.5, prompt="sad"),
    )


def test_rows_may_overlap_and_need_no_order(tmp_path: Path) -> None:
    assert len(read(tmp_path, "3,5,sad\n0,4,happy\n")) == 2


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1, 2", "3 are needed"),
        ("one, 2, happy", "`from` is 'one', no number of seconds"),
        ("0, two, happy", "`to` is 'two'"),
        ("0:01, 2, happy", "`from` is '0:01'"),
        ("3, 1, sad", "not after its beginning"),
        ("-1, 1, sad", "before second 0"),
        ("0, 1, ", "the words are missing"),
        ("nan, 1, sad", "Give seconds of the video"),
        ('{"from": 0', "this is no JSON"),
        ('{"form": 0, "words": "sad"}', 'there is no field "form"'),
        ('{"from": 0, "words": 3}', "the words are no text"),
        ('{"words": "sad"}', "`from` is ''"),
        (f"0, 1, {'x' * 501}", "500 are the most"),
    ],
)
def test_a_bad_row_is_named_by_its_line(tmp_path: Path, row: str, words: str) -> None:
    with pytest.raises(BadParameters) as refused:
        read(tmp_path, f"0, 1, happy\n# note\n{row}\n")
    assert refused.value.message.startswith("acts.txt, line 3: ")
    assert words in refused.value.message


def test_a_file_that_holds_no_list_is_refused(tmp_path: Path) -> None:
    for text, words in (("", "holds no directions"), ("from,to,words\n", "holds no directions")):
        with pytest.raises(BadParameters, match=words):
            read(tmp_path, text)
    with pytest.raises(BadParameters, match="101 directions, 100 are the most"):
        read(tmp_path, "0,1,sad\n" * 101)
    (tmp_path / "picture.csv").write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(BadParameters, match="no text in UTF-8"):
        read_direction_file(tmp_path / "picture.csv")
    with pytest.raises(BadParameters, match="cannot be read"):
        read_direction_file(tmp_path / "absent.csv")
