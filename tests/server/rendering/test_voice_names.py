"""Which voice speaks is the same on every machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest

from lipwright import engine
from lipwright.server.database.installation_files import store_file
from lipwright.server.jobs.lifecycle import start_next
from lipwright.server.jobs.model import Result
from lipwright.server.rendering import runner
from lipwright.server.rendering.jobs_in_hand import JobsInHand
from lipwright.server.rendering.messages import Succeeded, Task
from lipwright.server.rendering.voice_names import FILE_NAME, NamedVoice, VoiceNames, load_voice_names
from lipwright.server.services import Services
from lipwright.server.settings import Settings
from tests.server.callers import new_caller

TABLE = 'default = "en-us-female"\n[names]\n"Narrator" = "en-gb-male"\n'


class FakeChild:
    """A rendering process that notes its task."""

    tasks: ClassVar[list[Task]] = []

    def __init__(self, _settings: Settings, scratch: Path) -> None:
        self.is_alive = True
        self.inputs_folder, self.work_folder = scratch / "inputs", scratch / "work"
        for folder in (self.inputs_folder, self.work_folder):
            folder.mkdir(exist_ok=True)

    def has_loaded(self) -> bool:
        return True

    def run(self, task: Task, *_: Any) -> Succeeded:
        self.tasks.append(task)
        (Path(task.folder) / "output.wav").write_bytes(b"sound")
        return Succeeded(files=("output.wav",))

    def end(self) -> None:
        """There is none."""

    def kill(self) -> None:
        """There is none."""


def test_a_render_speaks_by_the_table_of_the_installation_and_not_of_its_machine(
    any_services: Services, any_http: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (any_services.settings.home / FILE_NAME).write_text('default = "en-us-male"\n')
    with any_services.database.write() as connection:
        store_file(connection, FILE_NAME, TABLE)
    monkeypatch.setattr(runner, "RenderChild", FakeChild)
    monkeypatch.setattr(runner, "can_fork", lambda: False)
    unmarked = replace(any_services, settings=any_services.settings.model_copy(update={"marking": False}))
    caller = new_caller(any_services, any_http)
    body = {"style": {"prompt": "Hello.", "voice_name": "Narrator"}}
    job_id = caller.post("/v1/ai-voice-generator", body).json()["id"]
    assert start_next(any_services, "w")
    assert isinstance(runner.Runner(unmarked, "w", tmp_path, JobsInHand()).render(job_id), Result)
    names = FakeChild.tasks.pop().voices
    assert names is not None
    assert names.voice_for("Narrator") == "en-gb-male"
    assert names.voice_for("somebody else") == "en-us-female"


def test_names_of_our_own_voices_need_no_entry(services: Services) -> None:
    with services.database.read() as connection:
        names = load_voice_names(connection)
    assert isinstance(names, VoiceNames)
    assert names.voice_for("en-gb-male") == "en-gb-male"
    assert names.voice_for(None) is names.voice_for("  ") is None


def test_the_names_of_the_hosted_service_go_to_women_and_to_men(
    services: Services, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(engine.VOICES_PATH_VARIABLE, str(tmp_path))
    with services.database.read() as connection:
        names = load_voice_names(connection)
    assert len(names.women) > 200
    assert len(names.men) > 900
    assert not set(names.women) & set(names.men)
    for known, gender in ((names.women, "female"), (names.men, "male")):
        voices = {names.voice_for(name) for name in known}
        assert {engine.find_voice(voice or "").gender for voice in voices} == {gender}
    assert names.find("taylor swift") == NamedVoice(voice="en-us-heart")
    assert names.find(" Elon Musk ").voice == "en-us-male"


def test_a_voice_that_is_not_installed_is_replaced_by_one_of_the_same_sex_with_a_word(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(engine.VOICES_PATH_VARIABLE, str(tmp_path))
    names = VoiceNames(default="en-us-fenrir", names={"Anna": "en-us-kore"})
    found = names.find("Anna")
    assert found.voice == "en-us-heart"
    assert "en-us-kore" in found.notes[0]
    assert "en-us-heart" in found.notes[0]
    male = names.find(None)
    assert engine.find_voice(male.voice or "").gender == "male"
    assert "en-us-fenrir" in male.notes[0]


def test_an_unknown_name_is_told_and_spoken_by_the_default() -> None:
    assert "Nobody" in VoiceNames(default="en-us-heart").find("Nobody").notes[0]
    assert VoiceNames(default="en-us-heart").find("Nobody").voice == "en-us-heart"
