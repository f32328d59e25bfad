"""The table of commands: quick, complete and truthful."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

from lipwright import __version__
from lipwright.cli.main import COMMANDS, CommandEntry, load_command
from tests.cli.finished import Command

# Everything slow or optional; `lipwright --help` needs none of it.
HEAVY = (
    "av",
    "cv2",
    "numpy",
    "onnxruntime",
    "scipy",
    "PIL",
    "fastapi",
    "sqlalchemy",
    "dbos",
    "httpx",
    "rich",
    "c2pa",
    "cryptography",
)
# Processor time of `lipwright --help`. It takes about 0.1 s here; a single careless import of NumPy
# costs twice that, one of the server ten times.
HELP_BUDGET_S = 0.5


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from lipwright.cli.main import run\n"
        "assert run(['--help']) == 0\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_help_answers_at_once() -> None:
    script = (
        "from lipwright.cli.main import run\n"
        "import sys, time\n"
        "run(['--help'])\n"
        "print(time.process_time(), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert float(done.stderr) < HELP_BUDGET_S


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_every_listed_command_loads_and_says_what_the_list_says(entry: CommandEntry) -> None:
    summary = inspect.cleandoc(load_command(entry.name).help).splitlines()[0]
    assert summary == entry.summary


def test_help_lists_every_command(command: Command) -> None:
    listed = command("--help").out
    assert [entry.name for entry in COMMANDS if f"  {entry.name} " not in listed] == []


def test_the_version_is_printed(command: Command) -> None:
    done = command("--version")
    assert (done.status, done.out, done.err) == (0, f"lipwright {__version__}\n", "")


def test_no_command_prints_help_and_is_a_mistake(command: Command) -> None:
    done = command()
    assert done.status == 2
    assert "Usage: lipwright" in done.out + done.err


def test_a_mistyped_command_is_answered_with_the_near_one(command: Command) -> None:
    done = command("tlak")
    assert done.status == 2
    assert done.error_line.startswith(
        "error [invalid_parameters]: No such command 'tlak'. Did you mean 'talk'?"
    )


def test_a_mistake_with_json_is_an_event(command: Command) -> None:
    done = command("talk", "--json", "--nonsense")
    assert done.status == 2
    assert done.err == ""
    assert [event["code"] for event in done.events] == ["invalid_parameters"]


def test_a_command_whose_extra_is_absent_says_how_to_get_it(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    # None in sys.modules is how Python says that a module is not there.
    for name in [name for name in sys.modules if name.split(".")[0] == "fastapi"]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name.startswith("lipwright.server")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fastapi", None)
    done = command("serve")
    assert done.status == 2
    assert done.error_line == (
        "error [tool_missing]: `lipwright serve` needs fastapi, which is not installed here. "
        "Install it with `pip install 'lipwright[server]'`."
    )


def test_a_missing_module_of_our_own_is_our_fault(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lipwright.cli.commands.serve", None)
    assert command("serve").status == 1
