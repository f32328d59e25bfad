"""`lipwright voices`: who can speak a text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.finished import Command

pytest.importorskip("espeakng_loader")


def test_every_voice_says_what_it_is_and_needs(command: Command) -> None:
    done = command("voices", "--json")
    listed = json.loads(done.out)
    assert done.status == 0
    assert len({voice["language"].split("-")[0] for voice in listed if voice["available"]}) >= 6
    assert all(voice.keys() == listed[0].keys() for voice in listed)
    assert "en-us-female" in [voice["name"] for voice in listed]


def test_voices_of_one_language_include_its_varieties(command: Command) -> None:
    listed = json.loads(command("voices", "--language", "EN", "--json").out)
    languages = {voice["language"] for voice in listed}
    assert {"en-us", "en-gb"} <= languages
    assert all(language.startswith("en") for language in languages)


def test_a_language_that_nobody_speaks_is_a_mistake(command: Command) -> None:
    done = command("voices", "--language", "tlh")
    assert done.status == 2
    assert done.error_line.startswith("error [invalid_voice]: ")


def test_a_voice_that_is_there_is_not_fetched(command: Command) -> None:
    done = command("voices", "install", "en-us-heart")
    assert done.status == 2
    assert "no file to fetch" in done.error_line


def test_a_voice_that_cannot_be_fetched_says_where_its_file_goes(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LIPWRIGHT_VOICES_DIR", str(tmp_path))
    done = command("voices", "install", "fenrir", "--from", "http://127.0.0.1:1/")
    assert done.status == 2
    assert done.error_line.startswith("error [voice_unavailable]: The voice en-us-fenrir cannot be fetched")
    assert str(tmp_path) in done.error_line


def test_into_a_pipe_the_table_is_a_line_a_voice(command: Command) -> None:
    lines = command("voices").out.splitlines()
    assert lines[0].split("\t") == ["voice", "language", "gender", "description", "licence", "needs"]
    assert len(lines) - 1 == len(json.loads(command("voices", "--json").out))
