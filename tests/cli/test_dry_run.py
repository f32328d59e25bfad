"""`--dry-run` of `talk` and `sync`: what would fail fails, and nothing is made."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lipwright.engine import BadVideoFile, FaceTooSmall
from tests.cli.engine_stand_in import replace_engine
from tests.cli.finished import Command


def faces(*obstacles: object) -> Any:
    """Stands in for the search for faces: one with each of these obstacles."""
    return lambda _picture: SimpleNamespace(faces=(object(),) * len(obstacles), obstacles=obstacles)


def test_a_photo_that_can_speak_is_said_to_be_good_and_nothing_is_written(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LIPWRIGHT_MARKING", "on")  # which makes no key here
    two = faces(FaceTooSmall(), None)
    replace_engine(monkeypatch, picture_faces=two, estimate_talking_photo=lambda *_: 8.0)
    done = command("talk", "me.jpg", "a.wav", "-o", "me.mp4", "--dry-run", "--json")
    assert (done.status, done.events) == (0, [{"event": "checked", "output": "me.mp4", "seconds": 8.0}])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("obstacles", "face", "code"),
    [
        ((), "largest", "no_source_face"),
        ((FaceTooSmall(),), "largest", "face_too_small"),
        ((None, FaceTooSmall()), 1, "face_too_small"),
        ((None,), 1, "no_such_face"),
    ],
)
def test_a_photo_that_cannot_speak_is_refused(
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    obstacles: tuple[object, ...],
    face: object,
    code: str,
) -> None:
    replace_engine(monkeypatch, picture_faces=faces(*obstacles), estimate_talking_photo=lambda *_: 8.0)
    done = command("talk", "me.jpg", "a.wav", "-o", "me.mp4", "--dry-run", "--face", face)
    assert done.status == 2
    assert done.error_line.startswith(f"error [{code}]: ")


def test_a_video_is_probed(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def estimate(video: Path, *_: object) -> float:
        if video.name == "bad.mp4":
            raise BadVideoFile("bad.mp4 holds no moving picture. Choose a video.")
        return 3.0

    replace_engine(monkeypatch, estimate_lip_sync=estimate)
    good = command("sync", "v.mp4", "a.wav", "-o", "out.mp4", "--report", "r.json", "--dry-run")
    assert (good.status, good.error_line) == (0, "out.mp4 can be made, in about 3 s. Nothing was written.")
    assert command("sync", "bad.mp4", "a.wav", "-o", "out.mp4", "--dry-run").status == 2
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_cannot_be_written_is_told(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_engine(monkeypatch, picture_faces=faces(None), estimate_talking_photo=lambda *_: 8.0)
    done = command("talk", "me.jpg", "a.wav", "-o", "absent/me.mp4", "--dry-run")
    assert done.error_line.startswith("error [output_not_writable]: ")
