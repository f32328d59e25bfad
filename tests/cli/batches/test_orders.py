"""Rows are read as the commands read their command lines, and told apart from those that are wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.main import get_command

from lipwright.cli.batches.columns import columns_of
from lipwright.cli.batches.orders import Order, OrderReader, Problem
from lipwright.cli.batches.product import multiply
from lipwright.cli.batches.sheet import SheetRow, read_sheet
from lipwright.cli.commands import sync, talk
from lipwright.engine import BadParameters

COMMANDS = {"talk": get_command(talk.app), "sync": get_command(sync.app)}


def read(tmp_path: Path, *rows: dict[str, object]) -> list[Order | Problem]:
    sheet = tmp_path / "rows.jsonl"
    sheet.write_text("\n".join(json.dumps(row) for row in rows))
    return OrderReader(COMMANDS, tmp_path, tmp_path / "out").read(read_sheet(sheet))


def order(tmp_path: Path, **cells: object) -> Order:
    (only,) = read(tmp_path, cells)
    assert isinstance(only, Order), only
    return only


def problem(tmp_path: Path, **cells: object) -> Problem:
    (only,) = read(tmp_path, cells)
    assert isinstance(only, Problem), only
    return only


def test_every_option_of_the_commands_is_a_column() -> None:
    for command in COMMANDS.values():
        names = {max(option.opts, key=len).lstrip("-") for option in command.params}
        assert names - set(columns_of(command)) == {"quiet", "json", "no-overwrite", "dry-run"}


def test_a_row_becomes_the_command_line_that_a_person_would_type(tmp_path: Path) -> None:
    made = order(tmp_path, image="me.jpg", audio="a.wav", still=True, seed=3, quiet_mouth=-45)
    assert made.command_line(Path("/out")) == [
        "talk",
        "--output=/out/me-a.mp4",
        "--quiet-mouth=-45",
        "--still",
        "--seed=3",
        "--",
        str(tmp_path / "me.jpg"),
        str(tmp_path / "a.wav"),
    ]
    assert made.inputs == (tmp_path / "me.jpg", tmp_path / "a.wav")
    assert made.params["seed"] == 3


def test_a_text_that_begins_like_an_option_stays_a_text(tmp_path: Path) -> None:
    assert order(tmp_path, image="me.jpg", text="--seed=4").params["text"] == "--seed=4"


def test_a_video_is_synced_and_every_person_may_have_a_voice(tmp_path: Path) -> None:
    made = order(tmp_path, video="two.mp4", face=["0=a.wav", "1=b.wav"])
    assert made.command == "sync"
    assert made.params["face"] == [f"0={tmp_path / 'a.wav'}", f"1={tmp_path / 'b.wav'}"]
    assert made.inputs[1:] == (tmp_path / "a.wav", tmp_path / "b.wav")
    assert order(tmp_path, video="two.mp4", face="0=a.wav; 1=b.wav").params == made.params


def test_a_report_goes_beside_the_video(tmp_path: Path) -> None:
    made = order(tmp_path, video="v.mp4", audio="a.wav", report="v.json", output="deep/v.mp4")
    assert made.command_line(Path("/out"))[1:3] == ["--output=/out/deep/v.mp4", "--report=/out/v.json"]


# Columns, and what their row is told.
WRONG: list[tuple[dict[str, object], str | None, str]] = [
    ({"text": "Hello"}, None, "There is nothing to make speak. Fill the column image or video."),
    ({"image": "a.jpg", "video": "b.mp4"}, "command", "an image and a video"),
    ({"image": "a.jpg", "command": "dance"}, "command", "'dance' is no command. Use talk or sync."),
    ({"audio": "a.wav", "command": "talk"}, "image", "There is no image."),
    ({"image": "a.jpg", "loop": True}, "loop", "`lipwright talk` has no option --loop."),
    ({"image": "a.jpg", "seed": "many"}, "seed", "valid integer"),
    ({"image": "a.jpg", "start": -1}, "start", "greater than or equal to 0"),
    ({"image": "a.jpg", "still": "maybe"}, "still", "'maybe' is neither yes nor no."),
    ({"image": ["a.jpg", "b.jpg"]}, "image", "There may be one value only."),
    ({"image": "a.jpg", "output": "../a.mp4"}, "output", "no file below the folder"),
    ({"image": "a.jpg", "output": "/tmp/a.mp4"}, "output", "no file below the folder"),
    ({"image": "a.jpg", "output": "-"}, "output", "no file below the folder"),
    ({"image": "a.jpg", "output": "Batch.jsonl"}, "output", "the log of the batch"),
    ({"image": "out/a.mp4", "output": "a.mp4"}, "output", "also an input"),
    ({"image": {"of": "a.jpg"}}, None, "image is no word or number."),
]


@pytest.mark.parametrize(("cells", "column", "sentence"), WRONG, ids=lambda one: str(one)[:40])
def test_a_wrong_row_is_told_with_its_column(
    tmp_path: Path, cells: dict[str, object], column: str | None, sentence: str
) -> None:
    told = problem(tmp_path, **cells)
    assert (told.line, told.column, told.code) == (1, column, "invalid_parameters")
    assert sentence in told.message


def test_outputs_get_names_of_their_own(tmp_path: Path) -> None:
    row: dict[str, object] = {"image": "photos/me.jpg", "text": "Good morning, everybody out there: hello!"}
    read_rows = read(
        tmp_path, row, {**row, "seed": 2}, {**row, "format": "webm"}, {"image": "x.jpg", "output": "y.gif"}
    )
    assert [one.output for one in read_rows if isinstance(one, Order)] == [
        "me-Good-morning-everybody-out-there-hello.mp4",
        "me-Good-morning-everybody-out-there-hello-2.mp4",
        "me-Good-morning-everybody-out-there-hello.webm",
        "y.gif",
    ]


def test_two_rows_cannot_write_one_file(tmp_path: Path) -> None:
    first, second = read(
        tmp_path, {"image": "a.jpg", "output": "a.mp4"}, {"image": "b.jpg", "output": "A.mp4"}
    )
    assert isinstance(first, Order)
    assert isinstance(second, Problem)
    assert second.message == "A.mp4 is already the name of line 1. Choose another."


def test_a_fingerprint_follows_options_and_files(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("one")
    before = order(tmp_path, image="a.jpg", audio="a.wav").fingerprint()
    assert order(tmp_path, image="a.jpg", audio="a.wav", command="talk").fingerprint() == before
    assert order(tmp_path, image="a.jpg", audio="a.wav", seed=1).fingerprint() != before
    (tmp_path / "a.jpg").write_text("three")
    assert order(tmp_path, image="a.jpg", audio="a.wav").fingerprint() != before


def test_every_picture_meets_every_voice() -> None:
    rows = [
        SheetRow(line=2, cells={"image": ("a.jpg",), "seed": ("2",)}),
        SheetRow(line=3, cells={"image": ("b.jpg",), "text": ("Hi",), "voice": ("x",)}),
        SheetRow(line=4, cells={"audio": ("c.wav",), "start": ("1",)}),
    ]
    columns = {name: columns_of(command) for name, command in COMMANDS.items()}
    assert [(row.line, dict(row.cells)) for row in multiply(rows, columns)] == [
        (2, {"image": ("a.jpg",), "seed": ("2",), "text": ("Hi",), "voice": ("x",)}),
        (2, {"image": ("a.jpg",), "seed": ("2",), "audio": ("c.wav",), "start": ("1",)}),
        (3, {"image": ("b.jpg",), "text": ("Hi",), "voice": ("x",)}),
        (3, {"image": ("b.jpg",), "audio": ("c.wav",), "start": ("1",)}),
    ]


def test_a_product_needs_both_sides_and_no_names() -> None:
    columns = {name: columns_of(command) for name, command in COMMANDS.items()}
    for cells, sentence in (
        ({"image": ("a.jpg",)}, "audio or text"),
        ({"image": ("a.jpg",), "voice": ("x",)}, "has voice, but no voice"),
        ({"image": ("a.jpg",), "text": ("Hi",), "output": ("a.mp4",)}, "leave out the column output"),
    ):
        with pytest.raises(BadParameters, match=sentence):
            multiply([SheetRow(line=2, cells=cells)], columns)


def test_csv_is_read_as_spreadsheets_write_it(tmp_path: Path) -> None:
    sheet = tmp_path / "rows.csv"
    sheet.write_bytes(
        '\ufeffImage;Text;Max Resolution\r\n"a.jpg";"two\nlines; and more";480\r\n;;\r\nb.jpg;;;\r\n'.encode()
    )
    assert read_sheet(sheet) == [
        SheetRow(
            line=2,
            cells={"image": ("a.jpg",), "text": ("two\nlines; and more",), "max-resolution": ("480",)},
        ),
        SheetRow(line=5, cells={"image": ("b.jpg",)}),
    ]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("rows.csv", b"", "holds no rows"),
        ("rows.csv", b"image,audio\n", "holds no rows"),
        ("rows.csv", b"image,image\na,b\n", "two columns named image"),
        ("rows.csv", b'image\n"a" b\n', "Line 2 of rows.csv is no CSV"),
        ("rows.csv", b"image\n\xff\n", "not text in UTF-8"),
        ("rows.xlsx", b"PK", "no list of orders"),
        ("absent.csv", None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    tmp_path: Path, name: str, content: bytes | None, sentence: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadParameters, match=sentence):
        read_sheet(tmp_path / name)


def test_a_line_that_is_no_json_is_a_problem_of_that_line(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"image": "a.jpg"}\n{"image": \n[1]\n')
    rows = read_sheet(tmp_path / "rows.jsonl")
    assert [(row.line, row.fault is None) for row in rows] == [(1, True), (2, False), (3, False)]
