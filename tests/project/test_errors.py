"""Every error says what is wrong in data of its own, which `python -OO` keeps."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

from lipwright.engine.errors import EngineError
from lipwright.server.errors import ServiceError
from tests.project.error_classes import default_messages, error_classes

PROJECT = Path(__file__).resolve().parents[2]
# The Magic Hour API's own words, which its clients may compare.
WORDS_OF_THE_API = {"Missing request body", "Unauthorized", "Payment required", "Not Found"}


def test_every_error_has_a_message_of_its_own() -> None:
    kinds = error_classes(EngineError, ServiceError)
    assert len(kinds) > 40
    assert [kind for kind in kinds if not vars(kind).get("message")] == []


def test_every_message_is_one_line_of_whole_sentences() -> None:
    messages = [kind.message for kind in error_classes(EngineError, ServiceError)]
    # A capital or a command first, a full stop last, nothing to steer a terminal or break a line.
    sentence = re.compile(r"[A-Z`][ -~]*[^ .]\.")
    assert {message for message in messages if not sentence.fullmatch(message)} <= WORDS_OF_THE_API


def test_every_error_has_a_code_or_a_status() -> None:
    for kind in error_classes(EngineError):
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code), kind
    for kind in error_classes(ServiceError):
        assert 400 <= kind.status < 600, kind


def test_an_error_says_what_it_is_given_or_else_its_own_message() -> None:
    for kind in error_classes(EngineError, ServiceError):
        assert str(kind()) == kind().message == kind.message
        if "__init__" not in vars(kind) or kind in (EngineError, ServiceError):
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
