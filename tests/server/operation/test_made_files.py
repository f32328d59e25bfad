"""The log of what was made: entered once, never changed, removed after its time, looked up and exported."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from fractions import Fraction
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest
import sqlalchemy as sa

from lipwright.cli.main import run
from lipwright.engine import Watermark, media_hashes, picture_hash
from lipwright.engine.media.pixels.planes import rgb_to_i420
from lipwright.engine.media.writing.video_writer import VideoWriter
from lipwright.provenance.credentials import open_identity
from lipwright.server.database.tables import made_files, projects
from lipwright.server.jobs import repository as jobs
from lipwright.server.jobs.lifecycle import cancel_job, finish, start_next
from lipwright.server.jobs.model import JobKind, Result
from lipwright.server.made_files import repository
from lipwright.server.made_files.model import MadeOutput
from lipwright.server.made_files.service import LARGEST_DISTANCE, find_made
from lipwright.server.operation.upkeep import remove_expired
from lipwright.server.services import Services
from tests.server.callers import Caller, new_caller
from tests.support.portrait import PORTRAIT_PATH, read_portrait

WORKER = "w"
DAY_MS = 24 * 3600 * 1000


def output(**changes: object) -> MadeOutput:
    usual = {"name": "output.mp4", "size_bytes": 9, "sha256": "ab" * 32, "is_signed": True}
    return MadeOutput.model_validate(usual | changes)


def start_one(services: Services, caller: Caller) -> str:
    job_id = str(caller.post("/v1/ai-talking-photo", caller.photo_body()).json()["id"])
    while (job := start_next(services, WORKER)) is not None and job.id != job_id:
        pass
    return job_id


def made_by(services: Services, caller: Caller, *made: MadeOutput) -> str:
    """The id of a project that gave out files."""
    job_id = start_one(services, caller)
    assert finish(services, job_id, WORKER, Result(output_keys=(), made=made))
    return job_id


def rows(services: Services, job_id: str) -> int:
    with services.database.read() as connection:
        return len(repository.find_by_project(connection, job_id))


def test_a_job_enters_its_files_once_when_it_is_complete(
    any_services: Services, any_http: httpx.Client
) -> None:
    caller, other = (new_caller(any_services, any_http) for _ in range(2))
    made = output(watermark_number=2**32 - 1, installation=2**24 - 1, perceptual_hash="0f" * 8)
    job_id = made_by(any_services, caller, made)
    assert not finish(any_services, job_id, WORKER, Result(output_keys=(), made=(made,)))
    (found,) = find_made(any_services, 2**32 - 1)
    assert found == find_made(any_services, 2**32 - 1, caller.account.id)[0]
    assert find_made(any_services, 2**32 - 1, other.account.id) == ()
    assert (found.project_id, found.account, found.product) == (job_id, caller.account.name, "TALKING_PHOTO")
    assert MadeOutput.model_validate({name: getattr(found, name) for name in MadeOutput.model_fields}) == made
    canceled = start_one(any_services, caller)
    cancel_job(any_services, caller.account, canceled, (JobKind.TALKING_PHOTO,))
    assert not finish(any_services, canceled, WORKER, Result(output_keys=(), made=(made,)))
    assert rows(any_services, canceled) == 0


def test_rows_are_never_changed_and_go_only_after_their_time(
    any_services: Services, any_http: httpx.Client
) -> None:
    caller = new_caller(any_services, any_http)
    job_id = made_by(any_services, caller, output())
    with (
        pytest.raises(sa.exc.DBAPIError, match="never changed"),
        any_services.database.write() as connection,
    ):
        connection.execute(sa.update(made_files).values(sha256="cd" * 32))
    assert caller.delete(f"/v1/video-projects/{job_id}").status_code == 204
    remove_expired(any_services)
    assert rows(any_services, job_id) == 1
    limited = any_services.settings.model_copy(update={"made_files_days": 1.0})
    object.__setattr__(any_services, "settings", limited)
    remove_expired(any_services)
    assert rows(any_services, job_id) == 1
    object.__setattr__(any_services, "settings", limited.model_copy(update={"made_files_days": 1e-9}))
    remove_expired(any_services)
    assert rows(any_services, job_id) == 0


def test_every_job_has_a_number_of_its_own_for_good(
    any_services: Services, any_http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = new_caller(any_services, any_http)
    first, second = (start_one(any_services, caller) for _ in range(2))
    drawn = iter([6, 6, 7])  # the second draw is taken
    monkeypatch.setattr("secrets.randbelow", lambda _below: next(drawn))
    numbers = []
    for job_id in (first, second, first):
        with any_services.database.write() as connection:
            numbers.append(jobs.watermark_number(connection, job_id))
    assert numbers == [7, 8, 7]
    with pytest.raises(sa.exc.IntegrityError), any_services.database.write() as connection:
        connection.execute(sa.update(projects).where(projects.c.id == second).values(watermark_number=7))


def test_a_copy_of_a_picture_is_known_by_what_it_looks_like(tmp_path: Path) -> None:
    picture = cv2.imread(str(PORTRAIT_PATH))
    assert picture is not None
    height, width = picture.shape[:2]
    own = int(picture_hash(PORTRAIT_PATH.read_bytes()), 16)
    copies = {
        "small": cv2.resize(picture, (200, 200)),
        "poor": cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 10])[1], 1),
        "dark": np.asarray(picture * 0.7, np.uint8),
        "cropped": picture[4 : height - 4, 4 : width - 4],
        "labelled": cv2.putText(picture.copy(), "AI generated", (380, 500), 0, 0.6, (255, 255, 255), 2),
    }
    for name, copy in copies.items():
        path = tmp_path / f"{name}.png"
        assert cv2.imwrite(str(path), np.asarray(copy))
        (found,) = media_hashes(path)
        assert (int(found, 16) ^ own).bit_count() <= LARGEST_DISTANCE, name
    for other in (picture[:, ::-1], picture[::-1], np.roll(picture, 200, axis=1)):
        encoded = cv2.imencode(".png", np.ascontiguousarray(other))[1].tobytes()
        assert (int(picture_hash(encoded), 16) ^ own).bit_count() > LARGEST_DISTANCE


def printed(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    assert run(list(arguments)) == status
    return capsys.readouterr().out


def test_the_operator_looks_things_up(
    services: Services, caller: Caller, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    looks = picture_hash(PORTRAIT_PATH.read_bytes())
    known = shutil.copy(PORTRAIT_PATH, tmp_path / "known.png")
    sha256 = hashlib.sha256(Path(known).read_bytes()).hexdigest()
    job_id = made_by(
        services, caller, output(watermark_number=77, installation=5, sha256=sha256, perceptual_hash=looks)
    )
    for what, how in (("77", "number"), (job_id, "project"), (sha256.upper(), "sha256"), (known, "bytes")):
        (found,) = json.loads(printed(capsys, "made", "find", str(what), "--json"))
        assert (found["project_id"], found["watermark_number"]) == (job_id, 77)
        assert how in found["found_by"]
    stray = tmp_path / "stray.jpg"
    picture = cv2.imread(str(PORTRAIT_PATH))
    assert picture is not None
    assert cv2.imwrite(str(stray), cv2.resize(picture, (300, 300)))
    assert job_id in printed(capsys, "made", "find", str(stray))
    for nothing in ("78", "cnobody", "00" * 32):
        assert printed(capsys, "made", "find", nothing, status=3) == ""
    (tmp_path / "text.txt").write_text("no picture")
    assert printed(capsys, "made", "find", str(tmp_path / "text.txt"), status=3) == ""
    assert job_id in printed(capsys, "made", "list", "--limit", "1")
    assert job_id in printed(capsys, "made", "list", "--account", caller.account.name)
    assert run(["made", "list", "--account", "nobody"]) == 2


def test_the_log_is_exported(
    services: Services, caller: Caller, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = ("--account", caller.account.name)
    assert json.loads(printed(capsys, "made", "export", "--format", "json", *name)) == []
    job_ids = [made_by(services, caller, output(), output(name="b.png")) for _ in range(2)]
    table = list(csv.DictReader(io.StringIO(printed(capsys, "made", "export", *name))))
    assert [row["project_id"] for row in table] == [one for one in job_ids for _ in range(2)]
    assert table[0]["made_at"].endswith("Z")
    assert run(["made", "export", "--format", "json", "-o", str(tmp_path / "log.json"), *name]) == 0
    listed = json.loads((tmp_path / "log.json").read_text())
    assert [row["name"] for row in listed] == ["output.mp4", "b.png"] * 2
    assert set(listed[0]) == set(table[0])


def test_a_stray_video_is_known_by_its_watermark(
    services: Services, caller: Caller, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    installation = open_identity(services.settings.marking_settings).installation
    mark = Watermark(installation=installation, number=990)
    foreign = Watermark(installation=(installation + 1) % 2**24, number=990)
    job_id = made_by(services, caller, output(watermark_number=990, installation=installation))
    frame = rgb_to_i420(read_portrait())
    for name, written in (("ours", mark), ("foreign", foreign)):
        path = tmp_path / f"{name}.mp4"
        with VideoWriter(path, size_wh=(512, 512), frame_rate=Fraction(25), watermark=written) as writer:
            for _ in range(25):
                writer.write(frame)
        run(["made", "find", str(path), "--json"])  # others of the log may look like it
        found = [(one["found_by"], one["project_id"]) for one in json.loads(capsys.readouterr().out)]
        assert (("watermark", job_id) in found) == (name == "ours")
