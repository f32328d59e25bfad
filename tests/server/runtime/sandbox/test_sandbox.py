"""What a process in a sandbox can still do, tried in real processes; each layer also by itself.

Layers that this system does not offer are skipped.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lipwright.server.runtime.sandbox.fork_client import ForkServer
from lipwright.server.runtime.sandbox.layers import Layer, Sandbox, SandboxMode
from lipwright.server.runtime.sandbox.start import (
    MEGABYTE,
    clean_environment,
    most_processes,
    sandboxed_command,
    try_sandbox,
)
from tests.support.service import wait_until

DEEDS = "tests.support.sandboxed_deeds"
FORKED_DEEDS = "tests.support.forked_deeds"
ROOT = Path(__file__).parents[4]
REFUSED = ("PermissionError", "OSError", "BlockingIOError")


@dataclass(frozen=True, kw_only=True)
class Place:
    """A data folder with a secret, and what the process in the sandbox may use of it."""

    home: Path
    input_file: Path
    work: Path
    forks: ForkServer | None

    @property
    def secret(self) -> Path:
        return self.home / "lipwright.sqlite3"


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYTHONPATH", str(ROOT))
        server = ForkServer(
            FORKED_DEEDS,
            clean_environment(None),
            tmp_path_factory.mktemp("forks") / "printed.log",
            memory_bytes=4000 * MEGABYTE,
        )
    wait_until(lambda: server.is_ready() or not server.is_alive, 60, "the libraries are loaded")
    yield server
    server.kill()


@pytest.fixture(params=["started", "forked"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    home = tmp_path / "home"
    work = home / "scratch" / "work"
    work.mkdir(parents=True)
    forks = request.getfixturevalue("forks") if request.param == "forked" else None
    made = Place(home=home, input_file=home / "scratch" / "input.txt", work=work, forks=forks)
    made.secret.write_text("every account")
    made.input_file.write_text("of a stranger")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return made


@pytest.fixture
def listener() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def sandbox(place: Place, **changes: Any) -> Sandbox:
    usual: dict[str, Any] = {
        "mode": SandboxMode.AUTO,
        "readable": (str(place.input_file), str(ROOT / "tests")),
        "writable": (str(place.work),),
        "has_network": False,
        "memory_bytes": 1000 * MEGABYTE,
        "file_bytes": MEGABYTE,
        "processor_s": 40,
        "max_processes": most_processes(),
    }
    return Sandbox(**(usual | changes))


def try_deeds(place: Place, *deeds: str, **changes: Any) -> dict[str, str]:
    if place.forks is not None:
        return try_forked_deeds(place, place.forks, *deeds, **changes)
    ended = subprocess.run(
        sandboxed_command(sandbox(place, **changes), place.home, DEEDS, *deeds),
        env=clean_environment(place.work),
        cwd=place.work,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr
    outcomes: dict[str, str] = json.loads(ended.stdout)
    return outcomes


def try_forked_deeds(place: Place, forks: ForkServer, *deeds: str, **changes: Any) -> dict[str, str]:
    printed = place.work.parent / "printed.json"
    with printed.open("wb") as output:
        process = forks.fork(
            sandbox(place, **changes),
            place.home,
            FORKED_DEEDS,
            *deeds,
            folder=place.work,
            environment=clean_environment(place.work),
            printed=output.fileno(),
            answers=output.fileno(),
        )
    status = process.wait(timeout=120)
    process.forget()
    process.orders.close()
    assert status == 0, printed.read_text()
    outcomes: dict[str, str] = json.loads(printed.read_text())
    return outcomes


def needs(*layers: Layer) -> None:
    missing = [layer for layer in layers if layer not in try_sandbox().in_force]
    if missing:
        pytest.skip(f"this system lacks {missing}")


def all_but(*layers: Layer) -> tuple[Layer, ...]:
    return tuple(layer for layer in Layer if layer not in layers)


def test_only_its_own_files_are_open(place: Place) -> None:
    needs(Layer.FILES)
    outcome = try_deeds(
        place,
        f"read:{place.input_file}",
        f"write:{place.work / 'made.txt'}",
        f"list:{place.home}",
        f"remove:{place.secret}",
        "read_bytes:/etc/passwd",
        f"started_with:{os.getpid()}",
    )
    assert outcome["read"] == "of a stranger"
    assert outcome["write"] == "done"
    for deed in ("list", "remove", "read_bytes", "started_with"):
        assert outcome[deed] == "PermissionError", deed
    assert try_deeds(place, f"read:{place.secret}")["read"] == "PermissionError"
    assert try_deeds(place, f"write:{place.home / 'new.txt'}")["write"] == "PermissionError"
    assert try_deeds(place, f"write:{place.input_file}")["write"] == "PermissionError"
    assert place.secret.read_text() == "every account"


def test_an_input_gets_no_second_name_under_which_it_could_be_changed(place: Place) -> None:
    needs(Layer.FILES)
    linked = try_deeds(place, f"link:{place.input_file}>{place.work / 'mine.txt'}")["link"]
    assert linked in REFUSED
    assert place.input_file.read_text() == "of a stranger"


def test_the_data_folder_stays_closed_where_packages_lie_above_it(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs(Layer.FILES)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(ROOT), str(place.home.parent))))
    assert try_deeds(place, f"read:{place.secret}")["read"] == "PermissionError"


@pytest.mark.parametrize("layer", [None, Layer.NAMESPACE, Layer.TCP, Layer.SYSTEM_CALLS])
def test_nothing_of_the_network_is_reached_with_all_layers_or_one(
    place: Place, listener: int, layer: Layer | None
) -> None:
    kept = (Layer.LIMITS, Layer.FILES)
    without = () if layer is None else all_but(*kept, layer)
    needs(*([layer, Layer.FILES] if layer else [Layer.SYSTEM_CALLS]))
    outcome = try_deeds(place, f"connect:{listener}", without=without)
    assert outcome["connect"] in (*REFUSED, "ConnectionRefusedError")
    if layer is not Layer.TCP:  # which is of TCP alone
        assert try_deeds(place, f"send:{listener}", without=without)["send"] in REFUSED


def test_a_process_that_fetches_reaches_the_network_and_nothing_else(place: Place, listener: int) -> None:
    needs(Layer.FILES, Layer.TCP)
    outcome = try_deeds(
        place, f"connect:{listener}", "listen:", f"read:{place.secret}", "run:/bin/true", has_network=True
    )
    assert outcome == {
        "connect": "done",
        "listen": "PermissionError",
        "read": "PermissionError",
        "run": "PermissionError",
    }


@pytest.mark.parametrize("layer", [Layer.FILES, Layer.SYSTEM_CALLS])
def test_no_other_program_is_run(place: Place, layer: Layer) -> None:
    needs(layer)
    outcome = try_deeds(place, "run:/bin/true", without=all_but(layer, Layer.LIMITS))
    assert outcome["run"] == "PermissionError"
    assert try_deeds(place, "run:/bin/true", without=all_but(Layer.LIMITS))["run"] == "0"


def test_other_processes_get_no_signal(place: Place) -> None:
    needs(Layer.FILES, Layer.SCOPE)
    assert try_deeds(place, f"signal:{os.getpid()}")["signal"] == "PermissionError"


def test_no_secret_is_in_its_environment(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LIPWRIGHT_DATABASE_URL", "LIPWRIGHT_S3_SECRET_KEY", "AWS_SECRET_ACCESS_KEY", "PGPASSWORD"):
        monkeypatch.setenv(name, "a-secret")
    outcome = try_deeds(place, "environment:", "started_with:")
    assert "a-secret" not in outcome["started_with"]
    for name in ("DATABASE", "S3", "AWS", "PGPASSWORD"):
        assert name not in outcome["environment"]


def test_memory_files_and_time_are_bounded_without_any_other_layer(place: Place) -> None:
    outcome = try_deeds(
        place,
        "memory:2000",
        f"write_much:{place.work / 'much.bin'}",
        "processor_s:",
        "core_bytes:",
        mode=SandboxMode.OFF,
    )
    assert outcome == {
        "memory": "MemoryError",
        "write_much": "OSError",
        "processor_s": "40",
        "core_bytes": "0",
    }
    assert (place.work / "much.bin").stat().st_size <= MEGABYTE


def test_switched_off_only_the_limits_are_left(place: Place) -> None:
    assert try_deeds(place, f"read:{place.secret}", mode=SandboxMode.OFF)["read"] == "every account"
    assert try_sandbox(SandboxMode.OFF).in_force == (Layer.LIMITS,)


@pytest.mark.parametrize(
    ("without", "lacking"),
    [
        ((Layer.FILES,), "files"),
        ((Layer.NAMESPACE, Layer.TCP, Layer.SYSTEM_CALLS), "the network"),
    ],
)
def test_where_it_is_required_nothing_runs_without(
    place: Place, without: tuple[Layer, ...], lacking: str
) -> None:
    order = sandbox(place, mode=SandboxMode.REQUIRE, without=without)
    ended = subprocess.run(
        sandboxed_command(order, place.home, DEEDS, "environment:"),
        env=clean_environment(place.work),
        cwd=place.work,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 1
    assert f"nothing keeps the process from {lacking}" in ended.stderr
    assert ended.stdout == ""


def test_an_order_survives_the_way_to_the_process(place: Place) -> None:
    order = sandbox(place, without=(Layer.SCOPE,), mode=SandboxMode.REQUIRE)
    assert Sandbox.from_json(order.to_json()) == order
