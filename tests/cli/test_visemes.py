"""`lipwright visemes`: the mouth of a sound in the forms of other programs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.finished import Command
from tests.support.sounds import silence, voice, write_sound


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write_sound(tmp_path / "voice.wav", voice(0.8))


def test_without_a_format_it_is_json_with_curves(command: Command, sound: Path) -> None:
    done = command("visemes", sound, "--fps", 25)
    document = json.loads(done.out)
    assert (done.status, done.err) == (0, "")
    assert document["duration_s"] == pytest.approx(0.8, abs=0.02)
    assert len(document["frames"]) == 20
    assert len(document["frames"][0]) == len(document["channels"])


def test_rhubarb_lines_are_a_time_and_a_shape(command: Command, sound: Path) -> None:
    lines = command("visemes", sound, "--format", "tsv").out.splitlines()
    times = [float(line.split("\t")[0]) for line in lines]
    assert times[0] == 0
    assert times == sorted(times)
    assert {line.split("\t")[1] for line in lines} <= set("ABCDEFGHX")


def test_rhubarb_xml_is_well_formed_and_names_the_sound(command: Command, sound: Path) -> None:
    document = ElementTree.fromstring(command("visemes", sound, "--format", "xml").out)
    assert document.findtext("metadata/soundFile") == "voice.wav"


@pytest.mark.parametrize(("word", "columns"), [("arkit", 2 + 61), ("oculus", 1 + 15)])
def test_tables_have_a_row_a_frame(command: Command, sound: Path, word: str, columns: int) -> None:
    rows = list(csv.reader(io.StringIO(command("visemes", sound, "--format", word, "--fps", 30).out)))
    assert {len(row) for row in rows} == {columns}
    assert len(rows) == 1 + 24


@pytest.mark.parametrize(
    ("name", "start"), [("a.json", "{"), ("a.tsv", "0.00\t"), ("a.xml", "<?xml"), ("a.csv", "Timecode,")]
)
def test_the_suffix_of_the_output_says_the_format(
    command: Command, sound: Path, tmp_path: Path, name: str, start: str
) -> None:
    done = command("visemes", sound, "-o", name)
    assert (done.status, done.out) == (0, "")
    assert (tmp_path / name).read_text().startswith(start)


def test_a_text_has_a_mouth_as_well(command: Command) -> None:
    pytest.importorskip("espeakng_loader")
    document = json.loads(command("visemes", "--text", "Mama.").out)
    assert [phone["symbol"] for phone in document["phones"]].count("M") == 2


def test_a_mouth_without_speech_rests_and_that_is_told(command: Command, tmp_path: Path) -> None:
    sound = write_sound(tmp_path / "silence.wav", silence(1.0))
    done = command("visemes", sound, "--format", "tsv")
    assert done.out == "0.00\tX\n1.00\tX\n"
    assert done.err == "warning: No speech was heard in the sound, so the mouth rests.\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], "invalid_parameters"),
        (["absent.wav"], "invalid_audio_path"),
        (["voice.wav", "--format", "flash"], "invalid_file_format"),
        (["voice.wav", "--fps", "0"], "invalid_parameters"),
        (["voice.wav", "-o", "absent/out.json"], "output_not_writable"),
    ],
)
def test_what_cannot_be_done_is_refused(
    command: Command, sound: Path, arguments: list[str], code: str
) -> None:
    assert sound.exists()
    done = command("visemes", *arguments)
    assert (done.status, done.out) == (2, "")
    assert done.error_line.startswith(f"error [{code}]: ")
