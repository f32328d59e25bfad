"""Files of jobs bear the plan's label, are signed and entered in the log, by a worker with real renders."""

from __future__ import annotations

import hashlib
import json
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import av
import httpx
import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine import EngineError, Label, find_watermark
from lipwright.engine.media.pixels.label import draw_label
from lipwright.provenance.credentials import (
    ClaimInput,
    CredentialsState,
    Identity,
    InputRole,
    open_identity,
    prepare_claim,
    read_credentials,
)
from lipwright.provenance.errors import SigningFailed
from lipwright.server.errors import BadSettings
from lipwright.server.jobs import repository
from lipwright.server.jobs.lifecycle import start_next
from lipwright.server.jobs.model import Result, SpeechSpec
from lipwright.server.made_files.model import MadeFile
from lipwright.server.made_files.repository import find_by_project
from lipwright.server.made_files.service import find_made
from lipwright.server.rendering import child, marking
from lipwright.server.rendering.child import RenderChild, RenderCrashed
from lipwright.server.rendering.child_main import CLAIM_NAME
from lipwright.server.rendering.jobs_in_hand import JobsInHand
from lipwright.server.rendering.marking import check_marking, mark_files
from lipwright.server.rendering.messages import Succeeded, Task, TaskMarking
from lipwright.server.rendering.runner import Runner
from lipwright.server.runtime.sandbox.layers import Layer
from lipwright.server.runtime.sandbox.start import clean_environment, sandboxed_command, try_sandbox
from lipwright.server.services import Services
from lipwright.server.settings import load_settings
from tests.server.callers import Caller, new_caller
from tests.support.portrait import PORTRAIT_PATH
from tests.support.sounds import voice, write_sound

DEEDS = "tests.support.sandboxed_deeds"
ROOT = Path(__file__).parents[3]
WORKER = "w"
SPEECH = SpeechSpec(text="Hello.", voice=None, max_fetch_bytes=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A worker's runner, and what it needs to render."""

    services: Services
    runner: Runner
    sound: bytes

    def order(self, caller: Caller) -> str:
        """The id of a talking photo of a third of a second that is about to be rendered."""
        assets = {
            "image_file_path": caller.upload("image", "png", PORTRAIT_PATH.read_bytes()),
            "audio_file_path": caller.upload("audio", "wav", self.sound),
        }
        body = {"start_seconds": 0, "end_seconds": 0.34, "max_resolution": 384, "assets": assets}
        answer = caller.post("/v1/ai-talking-photo", body)
        assert answer.status_code == 200, answer.text
        while (job := start_next(self.services, WORKER)) is not None and job.id != answer.json()["id"]:
            pass
        return str(answer.json()["id"])

    def render(self, job_id: str) -> Result:
        """Render and settle a job."""
        outcome = self.runner.render(job_id)
        assert isinstance(outcome, Result), outcome
        self.runner.settle(job_id, outcome)
        return outcome

    def made(self, job_id: str) -> tuple[MadeFile, ...]:
        with self.services.database.read() as connection:
            return find_by_project(connection, job_id)


@pytest.fixture
def bench(services: Services, tmp_path: Path) -> Iterator[Bench]:
    runner = Runner(services, WORKER, tmp_path, JobsInHand())
    sound = write_sound(tmp_path / "voice.wav", voice(0.5)).read_bytes()
    yield Bench(services=services, runner=runner, sound=sound)
    runner.stop()


def stored(services: Services, key: str) -> Path:
    path = services.store.local_path(key)
    assert path is not None
    return path


@pytest.fixture
def free(services: Services, http: httpx.Client) -> Caller:
    return new_caller(services, http, "free")


def first_frame(services: Services, result: Result) -> NDArray[np.float64]:
    with av.open(stored(services, result.output_keys[0])) as file:
        return next(file.decode(video=0)).to_ndarray(format="gray").astype(np.float64)


@pytest.mark.slow
def test_a_video_is_signed_numbered_and_in_the_log(bench: Bench, caller: Caller, free: Caller) -> None:
    job_id = bench.order(caller)
    result = bench.render(job_id)
    path = stored(bench.services, result.output_keys[0])
    identity = open_identity(bench.services.settings.marking_settings)
    found = read_credentials(path, identity.roots)
    assert found is not None
    assert found.state is CredentialsState.TRUSTED
    (made,) = bench.made(job_id)
    assert found.own.product == "talking_photo"
    assert found.own.watermark == (identity.installation, made.watermark_number)
    assert {one.role for one in found.own.inputs} == {"componentOf"}
    mark = find_watermark(path)
    assert mark is not None
    assert (mark.installation, mark.number) == found.own.watermark
    assert hashlib.sha256(path.read_bytes()).hexdigest() == made.sha256
    assert made.size_bytes == path.stat().st_size == result.size_bytes
    assert (made.account_id, made.product, made.name) == (caller.account.id, "TALKING_PHOTO", "output.mp4")
    assert made.perceptual_hash
    assert made.is_signed
    assert made.installation == identity.installation
    assert made.watermark_number
    assert find_made(bench.services, made.watermark_number) == (made,)
    assert find_made(bench.services, made.watermark_number, caller.account.id) == (made,)
    assert find_made(bench.services, made.watermark_number, free.account.id) == ()


@pytest.mark.slow
def test_the_free_plan_labels_its_videos_and_other_plans_do_not(
    bench: Bench, caller: Caller, free: Caller
) -> None:
    plain_id, labelled_id = bench.order(caller), bench.order(free)
    plain, labelled = (first_frame(bench.services, bench.render(one)) for one in (plain_id, labelled_id))
    box = draw_label(Label(), (plain.shape[1], plain.shape[0])).box
    differs = np.abs(plain - labelled)
    assert differs[box.slices].mean() > 20
    differs[box.slices] = 0
    assert differs.mean() < 4  # Two watermarks at 42 dB, and what the encoder makes of them.
    with bench.services.database.read() as connection:
        orders = [repository.get_job(connection, one) for one in (plain_id, labelled_id)]
    specs = [json.loads(job.spec.model_dump_json()) for job in orders if job is not None]
    assert "label" not in specs[0]
    assert specs[1]["label"] == "AI generated"
    (first,), (second,) = bench.made(plain_id), bench.made(labelled_id)
    assert first.watermark_number != second.watermark_number


@pytest.mark.slow
def test_what_fails_to_be_signed_is_tried_again_under_the_same_number(
    bench: Bench, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = bench.order(caller)

    def fail(*_: object) -> None:
        raise SigningFailed("The module does not answer.")

    with monkeypatch.context() as broken:
        broken.setattr(marking, "sign_prepared", fail)
        with pytest.raises(RenderCrashed, match="The module does not answer") as raised:
            bench.runner.render(job_id)
    assert raised.value.message is None  # the caller is told that it is our fault
    assert bench.made(job_id) == ()
    with bench.services.database.write() as connection:
        number = repository.watermark_number(connection, job_id)
    bench.render(job_id)
    assert [made.watermark_number for made in bench.made(job_id)] == [number]


@pytest.mark.slow
def test_without_marking_a_video_is_in_the_log_all_the_same(bench: Bench, caller: Caller) -> None:
    off = bench.services.settings.model_copy(update={"marking": False})
    bench.runner._services = replace(bench.services, settings=off)
    job_id = bench.order(caller)
    result = bench.render(job_id)
    (made,) = bench.made(job_id)
    assert (made.is_signed, made.watermark_number, made.installation) == (False, None, None)
    assert read_credentials(stored(bench.services, result.output_keys[0])) is None


@pytest.fixture
def identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Identity:
    monkeypatch.setenv("LIPWRIGHT_HOME", str(tmp_path / "home"))
    return open_identity(load_settings().marking_settings)


def test_what_a_render_leaves_is_signed_only_where_it_is_a_plain_file(
    tmp_path: Path, identity: Identity
) -> None:
    work, secret = tmp_path / "work", tmp_path / "secret.wav"
    work.mkdir()
    secret.write_bytes(b"RIFF")
    answer = Succeeded(files=("output.wav",), claim=CLAIM_NAME)
    prepare_claim([], work / CLAIM_NAME)
    (work / "output.wav").symlink_to(secret)
    for names in (("output.wav",), ("../secret.wav",), (str(secret),)):
        with pytest.raises(OSError, match="no plain file"):
            mark_files(SPEECH, work, answer.model_copy(update={"files": names}), identity, None)
    assert secret.read_bytes() == b"RIFF"
    (work / "output.wav").unlink()
    write_sound(work / "output.wav", voice(0.2))
    with pytest.raises(OSError, match="prepared no credentials"):
        mark_files(SPEECH, work, answer.model_copy(update={"claim": None}), identity, None)
    (work / CLAIM_NAME).write_bytes(b"no archive")
    with pytest.raises(EngineError):
        mark_files(SPEECH, work, answer, identity, None)
    prepare_claim([], work / CLAIM_NAME)
    (made,) = mark_files(SPEECH, work, answer, identity, None)
    assert made.is_signed
    assert made.watermark_number is None


def test_a_video_whose_own_sound_is_used_is_one_input(tmp_path: Path, identity: Identity) -> None:
    source, output = tmp_path / "source.wav", tmp_path / "output.wav"
    for path in (source, output):
        write_sound(path, voice(0.2 if path is source else 0.3))
    twice = [ClaimInput(path=source, role=role) for role in (InputRole.PARENT, InputRole.COMPONENT)]
    prepare_claim(twice, tmp_path / CLAIM_NAME)
    mark_files(SPEECH, tmp_path, Succeeded(files=(output.name,), claim=CLAIM_NAME), identity, None)
    found = read_credentials(output, identity.roots)
    assert found is not None
    assert found.failures == ()
    assert [one.role for one in found.own.inputs] == ["parentOf"]


def test_a_render_cannot_read_the_key(
    tmp_path: Path, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    if Layer.FILES not in try_sandbox().in_force:
        pytest.skip("this system cannot close files to a process")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("LIPWRIGHT_CREDENTIALS_KEY", "a place")
    settings = load_settings(sandbox_files=[ROOT / "tests"])
    folder = settings.marking_settings.credentials_folder
    keys = [
        path for path in folder.rglob("*") if path.is_file() and stat.S_IMODE(path.stat().st_mode) == 0o600
    ]
    assert keys
    process = RenderChild(settings, tmp_path)
    try:
        sandbox = child._sandbox(settings, process, None)
        variables = clean_environment(process.work_folder)
        assert not any("CREDENTIALS" in name for name in variables)
        for deed in (f"list:{folder}", *(f"read:{key}" for key in keys)):
            ended = subprocess.run(
                sandboxed_command(sandbox, settings.home, DEEDS, deed),
                env=variables,
                cwd=process.work_folder,
                capture_output=True,
                text=True,
                timeout=120,
            )
            assert list(json.loads(ended.stdout).values()) == ["PermissionError"], deed
    finally:
        process.kill()
    assert identity.signer


def test_a_secret_key_of_the_watermark_is_not_printed() -> None:
    told = TaskMarking(installation=1, number=2, watermark_key="ab" * 32)
    assert "abab" not in repr(told)
    assert "abab" not in repr(Task(spec=SPEECH, folder="f", marking=told))


def test_a_worker_does_not_start_with_credentials_that_it_cannot_use(
    tmp_path: Path, identity: Identity
) -> None:
    settings = load_settings()
    check_marking(settings)
    for key in settings.marking_settings.credentials_folder.rglob("signing.key"):
        key.write_text("broken")
    with pytest.raises(BadSettings) as raised:
        check_marking(settings)
    assert "broken" not in str(raised.value) or "signing.key" in str(raised.value)
    check_marking(settings.model_copy(update={"marking": False}))
    assert identity.installation >= 0
    assert tmp_path


def test_a_key_may_not_lie_where_renders_read(tmp_path: Path, identity: Identity) -> None:
    settings = load_settings(sandbox_files=[tmp_path / "home"])
    with pytest.raises(BadSettings, match="Keep the key in another folder"):
        check_marking(settings)
    assert identity
