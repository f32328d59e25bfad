"""Every error says what is wrong in data of its own, which `python -OO` keeps."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

from lipwright.cli.terminal.failures import Interrupted
from lipwright.engine.errors import EngineError
from lipwright.server.errors import ServiceError
from tests.project.error_classes import default_messages, engine_errors, service_errors

PROJECT = Path(__file__).resolve().parents[2]
# The Magic Hour API's own words, which its clients may compare.
WORDS_OF_THE_API = {"Missing request body", "Unauthorized", "Payment required", "Not Found"}


def all_errors() -> list[type[EngineError] | type[ServiceError]]:
    return [*engine_errors(), *service_errors()]


def test_every_error_has_a_message_of_its_own() -> None:
    assert len(all_errors()) > 40
    assert [kind for kind in all_errors() if not vars(kind).get("message")] == []


def test_every_message_is_one_line_of_whole_sentences() -> None:
    # A capital or a command first, a full stop last, nothing to steer a terminal or break a line.
    sentence = re.compile(r"[A-Z`][ -~]*[^ .]\.")
    unfinished = {kind.message for kind in all_errors() if not sentence.fullmatch(kind.message)}
    assert unfinished <= WORDS_OF_THE_API


def test_every_error_has_a_code_or_a_status() -> None:
    assert [kind for kind in engine_errors() if not re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code)] == []
    assert [kind for kind in service_errors() if not 400 <= kind.status < 600] == []


def test_an_error_says_what_it_is_given_or_else_its_own_message() -> None:
    for kind in all_errors():
        assert str(kind()) == kind().message == kind.message
        if kind is not Interrupted:  # made from the number of a signal
            assert str(kind("It rains.")) == kind("It rains.").message == "It rains."


def test_no_code_reads_a_docstring() -> None:
    readers = [
        str(file.relative_to(PROJECT))
        for file in sorted((PROJECT / "src").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr == "__doc__")
        or (isinstance(node, ast.Name) and node.id == "__doc__")
    ]
    assert readers == []


def test_errors_say_the_same_without_docstrings() -> None:
    done = subprocess.run(
        [sys.executable, "-OO", "-m", "tests.project.error_classes"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == default_messages()
