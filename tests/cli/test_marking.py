"""Outputs of commands are signed and get a watermark, which one setting turns off."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from lipwright.cli.main import run
from lipwright.engine import (
    PUBLIC_WATERMARK_KEY,
    Container,
    LipSyncOptions,
    LipSyncReport,
    OutputFailed,
    RenderReport,
    TalkingPhotoOptions,
    Watermark,
)
from lipwright.provenance.credentials import (
    CredentialsFound,
    CredentialsState,
    open_identity,
    read_credentials,
    trusted_roots,
)
from lipwright.provenance.settings import load_marking_settings
from tests.cli.engine_stand_in import replace_engine
from tests.cli.finished import Command
from tests.support.signed_files import write_media

FIGURES: dict[str, Any] = {
    "width_px": 64,
    "height_px": 48,
    "frame_rate": Fraction(25),
    "frame_count": 4,
    "duration_s": 0.2,
    "elapsed_s": 1.0,
}


@dataclass
class CopyingEngine:
    """Stands in for the engine: its videos are copies of small real ones."""

    media: Path
    failure: Exception | None = None
    watermarks: list[Watermark | None] = field(default_factory=list)

    def talking_photo(
        self, _picture: Path, _voice: object, output: Path | BinaryIO, options: TalkingPhotoOptions, _: object
    ) -> RenderReport:
        self._write(output, options.container, options.watermark)
        return RenderReport(**FIGURES)

    def lip_sync(
        self, _video: Path, _voices: object, output: Path | BinaryIO, options: LipSyncOptions, _: object
    ) -> LipSyncReport:
        self._write(output, options.container, options.watermark)
        return LipSyncReport(
            **FIGURES, frames_rendered=4, frames_passed=0, frames_faded=0, borrowed_share=0.0, frames_failed=0
        )

    def _write(self, output: Path | BinaryIO, container: Container, watermark: Watermark | None) -> None:
        self.watermarks.append(watermark)
        content = (self.media / f"clip.{container.value}").read_bytes()
        if isinstance(output, Path):
            output.write_bytes(content)
        else:
            output.write(content)
        if self.failure is not None:
            raise self.failure


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    write_media(folder)
    return folder


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, command: Command, media: Path, tmp_path: Path) -> CopyingEngine:
    """The stand-in, with marks turned on and inputs in the folder where commands run."""
    assert command is not None
    monkeypatch.delenv("LIPWRIGHT_MARKING")
    for name in ("picture.png", "sound.wav", "clip.mp4"):
        shutil.copy(media / name, tmp_path)
    return installed(CopyingEngine(media), monkeypatch)


def installed(copying: CopyingEngine, monkeypatch: pytest.MonkeyPatch) -> CopyingEngine:
    """The stand-in in the place of the engine."""
    replace_engine(
        monkeypatch,
        talking_photo=copying.talking_photo,
        estimate_talking_photo=lambda *_: 1.0,
        lip_sync=copying.lip_sync,
        estimate_lip_sync=lambda *_: 1.0,
    )
    return copying


def found_in(path: str) -> CredentialsFound:
    found = read_credentials(Path(path), trusted_roots(load_marking_settings()))
    assert found is not None
    return found


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"home", "picture.png", "sound.wav", "clip.mp4"}


def test_a_talking_photo_is_signed_and_watermarked(
    command: Command, engine: CopyingEngine, tmp_path: Path
) -> None:
    done = command("talk", "picture.png", "sound.wav", "-o", "me.mp4", "--mode", "prompted")
    assert done.status == 0, done.err
    assert names(tmp_path) == {"me.mp4"}
    found = found_in("me.mp4")
    (watermark,) = engine.watermarks
    assert watermark is not None
    identity = open_identity(load_marking_settings())
    assert watermark == Watermark(
        installation=identity.installation, number=watermark.number, key=PUBLIC_WATERMARK_KEY
    )
    assert found.state is CredentialsState.TRUSTED
    assert (found.own.product, found.own.mode) == ("talking_photo", "prompted")
    assert found.own.watermark == (watermark.installation, watermark.number)
    assert sorted(each.role for each in found.own.inputs) == ["componentOf", "componentOf"]
    line = f"Signed with content credentials. The watermark's number is {watermark.number}."
    assert done.err.splitlines()[-1] == line


def test_every_output_has_a_number_of_its_own(command: Command, engine: CopyingEngine) -> None:
    for name in ("one.mp4", "two.mp4", "one.mp4"):
        assert command("talk", "picture.png", "sound.wav", "-o", name, "-q").err == ""
    numbers = {watermark.number for watermark in engine.watermarks if watermark is not None}
    assert len(numbers) == 3


def test_a_secret_watermark_key_is_used(command: Command, engine: CopyingEngine) -> None:
    assert command("credentials", "init", "--secret-watermark").status == 0
    command("talk", "picture.png", "sound.wav", "-o", "me.mp4")
    assert engine.watermarks[0] is not None
    assert engine.watermarks[0].key != PUBLIC_WATERMARK_KEY


def test_a_lip_sync_keeps_the_chain_of_its_video(command: Command, engine: CopyingEngine) -> None:
    assert engine.failure is None
    command("talk", "picture.png", "sound.wav", "-o", "me.mp4")
    done = command("sync", "me.mp4", "sound.wav", "-o", "new.mov", "--report", "report.json", "--json")
    assert done.status == 0, done.out
    found = found_in("new.mov")
    assert [each.product for each in found.manifests] == ["lip_sync", "talking_photo"]
    assert (found.state, found.own.actions[:2]) == (CredentialsState.TRUSTED, ("c2pa.opened", "c2pa.edited"))
    told = done.events[-1]
    assert told["credentials"] == "inside"
    assert (told["watermark_installation"], told["watermark_number"]) == found.own.watermark
    report = json.loads(Path("report.json").read_text())
    assert report["watermark_number"] == told["watermark_number"]


def test_a_still_that_is_synced_is_a_talking_photo(command: Command, engine: CopyingEngine) -> None:
    assert engine.failure is None
    assert command("sync", "picture.png", "sound.wav", "-o", "new.mp4").status == 0
    assert found_in("new.mp4").own.actions[0] == "c2pa.created"


def test_a_webm_gets_a_sidecar_which_is_not_replaced_unasked(
    command: Command, engine: CopyingEngine, tmp_path: Path
) -> None:
    assert engine.failure is None
    done = command("talk", "picture.png", "sound.wav", "-o", "me.webm", "--json")
    assert names(tmp_path) == {"me.webm", "me.c2pa"}
    assert done.events[-1]["credentials"] == "beside"
    assert Path(done.events[-1]["credentials_file"]).name == "me.c2pa"
    assert found_in("me.webm").state is CredentialsState.TRUSTED
    Path("me.webm").unlink()
    done = command("talk", "picture.png", "sound.wav", "-o", "me.webm", "--no-overwrite")
    assert (done.status, names(tmp_path)) == (2, {"me.c2pa"})
    assert "me.c2pa exists" in done.error_line


def test_a_stream_is_not_signed_and_says_so(
    media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("LIPWRIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    installed(CopyingEngine(media), monkeypatch)
    assert run(["talk", str(media / "picture.png"), str(media / "sound.wav"), "-o", "-"]) == 0
    printed = capfdbinary.readouterr()
    assert printed.out == (media / "clip.mp4").read_bytes()
    assert b"No content credentials: a stream cannot be signed." in printed.err
    assert names(tmp_path) == set()


def test_one_setting_turns_marks_off(
    command: Command, engine: CopyingEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LIPWRIGHT_MARKING", "off")
    done = command("talk", "picture.png", "sound.wav", "-o", "me.mp4", "--json")
    assert (engine.watermarks, done.events[-1]["credentials"]) == ([None], "none")
    assert Path("me.mp4").read_bytes() == (engine.media / "clip.mp4").read_bytes()
    assert not (tmp_path / "home").exists()


def test_a_key_that_cannot_be_used_is_said_before_the_work(
    command: Command, engine: CopyingEngine, tmp_path: Path
) -> None:
    command("credentials", "init")
    (tmp_path / "home" / "credentials" / "authority-1" / "signing.key").chmod(0o644)
    done = command("talk", "picture.png", "sound.wav", "-o", "me.mp4")
    assert (done.status, engine.watermarks, names(tmp_path)) == (2, [], set())
    assert done.error_line.startswith("error [credentials_too_open]: ")


def test_an_output_that_cannot_be_signed_leaves_the_older_one(
    command: Command, engine: CopyingEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command("credentials", "show", "--root")
    home = tmp_path / "home" / "credentials" / "authority-1"
    monkeypatch.setenv("LIPWRIGHT_CREDENTIALS_CERTIFICATES", str(home / "certificates.pem"))
    monkeypatch.setenv("LIPWRIGHT_CREDENTIALS_COMMAND", "false")
    Path("me.mp4").write_text("older")
    done = command("talk", "picture.png", "sound.wav", "-o", "me.mp4")
    assert len(engine.watermarks) == 1
    assert (done.status, names(tmp_path), Path("me.mp4").read_text()) == (2, {"me.mp4"}, "older")
    assert done.err.splitlines()[-1].startswith("error [signing_failed]: ")


def test_a_render_that_fails_leaves_nothing(command: Command, engine: CopyingEngine, tmp_path: Path) -> None:
    engine.failure = OutputFailed("The encoder broke.")
    done = command("talk", "picture.png", "sound.wav", "-o", "me.mp4")
    assert (done.status, names(tmp_path)) == (2, set())


def test_a_picture_of_faces_is_signed_but_says_nothing_was_generated(
    command: Command, portrait: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LIPWRIGHT_MARKING")
    done = command("faces", portrait, "--draw", "faces.png")
    assert done.status == 0, done.err
    found = found_in("faces.png")
    assert (found.state, found.own.product) == (CredentialsState.TRUSTED, "faces")
    assert (found.own.actions, found.own.source_types) == (("c2pa.opened", "c2pa.drawing"), ())
    assert done.err == "Signed with content credentials.\n"
