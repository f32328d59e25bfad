"""What a check finds in files: each mark by itself, several together, none."""

from __future__ import annotations

from pathlib import Path

import pytest

from lipwright.engine import BadVideoPath, FoundWatermark
from lipwright.provenance.check import check_file as checking
from lipwright.provenance.check.check_file import check_file
from lipwright.provenance.check.known_marks import KnownMarks, known_marks
from lipwright.provenance.check.report import CheckReport, CredentialsStanding, Verdict
from lipwright.provenance.check.report_json import as_json
from lipwright.provenance.check.wording import NOTHING_FOUND, sentences, summary
from lipwright.provenance.credentials import (
    Claim,
    ClaimInput,
    Identity,
    InputRole,
    Product,
    open_identity,
    sign_output,
)
from lipwright.provenance.settings import MarkingSettings, marking_settings
from tests.support.portrait import PORTRAIT_PATH
from tests.support.sounds import voice, write_sound
from tests.support.videos import write_clip

NUMBER = 1234


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> MarkingSettings:
    """Of an installation with credentials."""
    return marking_settings({}, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def identity(settings: MarkingSettings) -> Identity:
    return open_identity(settings)


@pytest.fixture(scope="module")
def known(settings: MarkingSettings, identity: Identity) -> KnownMarks:  # noqa: ARG001  is made first
    return known_marks(settings)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "clip.mp4", count=10)


def sign(path: Path, identity: Identity, *inputs: ClaimInput) -> Path:
    claim = Claim(product=Product.TALKING_PHOTO, mode="realistic", watermark=(identity.installation, NUMBER))
    sign_output(path, claim, inputs, identity)
    return path


def change_a_byte_of_the_picture(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[content.find(b"mdat") + 60] ^= 1
    path.write_bytes(content)


def words(report: CheckReport) -> str:
    return "\n".join([summary(report), *sentences(report)])


def test_a_sidecar_is_not_taken_for_that_of_another_file_of_its_name(
    tmp_path: Path, identity: Identity, known: KnownMarks
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", count=10)
    other = write_clip(tmp_path / "clip.webm", codec="libvpx-vp9", count=4)
    sign(other, identity)
    assert check_file(clip, known).credentials.standing is CredentialsStanding.ABSENT
    assert check_file(other, known).credentials.standing is CredentialsStanding.TRUSTED
    other.unlink()
    assert check_file(clip, known).credentials.standing is CredentialsStanding.BROKEN


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch, identity: Identity) -> None:
    """Every picture holds the watermark of this installation."""
    found = FoundWatermark(
        installation=identity.installation,
        number=NUMBER,
        false_alarm_probability=1e-14,
        key_is_public=True,
    )
    monkeypatch.setattr(checking, "find_watermark", lambda *_: found)


def test_that_nothing_was_found_proves_nothing(clip: Path, known: KnownMarks) -> None:
    report = check_file(clip, known)
    assert report.verdict is Verdict.NOTHING_FOUND
    assert words(report) == NOTHING_FOUND
    assert not report.is_synthetic
    assert as_json(report)["is_synthetic"] is None


def test_what_we_signed_is_recognised(clip: Path, identity: Identity, known: KnownMarks) -> None:
    picture = ClaimInput(path=PORTRAIT_PATH, role=InputRole.COMPONENT)
    report = check_file(sign(clip, identity, picture), known)
    assert report.verdict is Verdict.RECOGNISED
    assert report.credentials.standing is CredentialsStanding.TRUSTED
    assert report.is_ours
    assert report.is_synthetic
    told = words(report)
    assert "Made or changed by AI. Its content credentials were signed by this installation" in told
    assert "a talking photo, mode realistic" in told
    assert "Made from a picture with the SHA-256" in told
    manifest = as_json(report)["credentials"]["manifest"]
    assert (manifest["product"], manifest["mode"], manifest["number"]) == (
        "talking_photo",
        "realistic",
        NUMBER,
    )
    assert manifest["digital_source_types"] == ["compositeWithTrainedAlgorithmicMedia"]
    assert [one["format"] for one in manifest["inputs"]] == ["image/png"]


def test_a_changed_byte_of_the_picture_is_told(clip: Path, identity: Identity, known: KnownMarks) -> None:
    change_a_byte_of_the_picture(sign(clip, identity))
    report = check_file(clip, known)
    assert report.verdict is Verdict.ALTERED
    assert not report.is_ours
    told = words(report)
    assert "The picture or the sound was changed after the file was signed." in told
    assert "not to be relied upon" in told


def test_the_signature_of_a_stranger_holds_and_names_nobody(
    clip: Path, identity: Identity, tmp_path: Path
) -> None:
    report = check_file(sign(clip, identity), known_marks(marking_settings({}, tmp_path / "another home")))
    assert report.credentials.standing is CredentialsStanding.WHOLE
    assert report.verdict is Verdict.RECOGNISED
    assert not report.is_ours
    assert "who signed them is not known here" in summary(report)
    assert not (tmp_path / "another home").exists()


def test_a_root_that_was_handed_out_makes_its_signer_known(clip: Path, identity: Identity) -> None:
    report = check_file(sign(clip, identity), KnownMarks(roots=identity.roots))
    assert report.credentials.standing is CredentialsStanding.TRUSTED
    assert not report.is_ours
    assert "somebody whom you trust" in summary(report)


def test_the_chain_of_an_input_is_told(
    clip: Path, identity: Identity, known: KnownMarks, tmp_path: Path
) -> None:
    again = write_clip(tmp_path / "again.mp4", count=10)
    sign(again, identity, ClaimInput(path=sign(clip, identity), role=InputRole.PARENT))
    report = check_file(again, known)
    assert "An edited version of a video" in words(report)
    assert "which had credentials of its own, signed by" in words(report)
    (parent,) = as_json(report)["credentials"]["manifest"]["inputs"]
    assert parent["has_credentials"]
    assert parent["digital_source_types"] == ["compositeWithTrainedAlgorithmicMedia"]


@pytest.mark.usefixtures("marked")
def test_a_watermark_without_credentials_is_enough(clip: Path, known: KnownMarks) -> None:
    report = check_file(clip, known)
    assert report.verdict is Verdict.RECOGNISED
    assert report.is_ours
    told = words(report)
    assert "The watermark of this installation is in the picture" in told
    assert f"the number {NUMBER}" in told
    assert "at most once in 1,000,000 cases" in told
    assert "Its key is public" in told


@pytest.mark.usefixtures("marked")
def test_a_watermark_of_another_installation_is_not_ours(clip: Path) -> None:
    report = check_file(clip, KnownMarks())
    assert report.verdict is Verdict.RECOGNISED
    assert not report.is_ours
    assert "another one" in words(report)


@pytest.mark.usefixtures("marked")
def test_broken_credentials_weigh_more_than_a_watermark(
    clip: Path, identity: Identity, known: KnownMarks
) -> None:
    change_a_byte_of_the_picture(sign(clip, identity))
    report = check_file(clip, known)
    assert report.verdict is Verdict.ALTERED
    assert report.watermark.is_ours


def test_a_sound_has_credentials_and_no_watermark(
    identity: Identity, known: KnownMarks, tmp_path: Path
) -> None:
    sound = sign(write_sound(tmp_path / "voice.wav", voice(0.3)), identity)
    report = check_file(sound, known)
    assert report.media == "audio"
    assert report.verdict is Verdict.RECOGNISED
    assert "Watermark: not looked for." in words(report)


def test_credentials_that_cannot_be_taken_apart_do_not_hold(
    clip: Path, identity: Identity, known: KnownMarks
) -> None:
    content = bytearray(sign(clip, identity).read_bytes())
    store = content.find(b"jumdc2pa")
    content[store + 40 : store + 300] = bytes(260)
    clip.write_bytes(content)
    assert check_file(clip, known).verdict is Verdict.ALTERED


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a letter",
        bytes(5000),
        b"\x89PNG\r\n\x1a\n" + bytes(50),
        b"GIF89a" + bytes(50),
        b"\x00\x00\x00\x18ftypmp42" + bytes(12) + b"\xff\xff\xff\xffuuid" + bytes(64),
        b"RIFF\xff\xff\xff\xffWAVEC2PA\xff\xff\xff\xff",
    ],
)
def test_a_file_that_is_none_is_told_in_a_sentence(tmp_path: Path, known: KnownMarks, content: bytes) -> None:
    path = tmp_path / "stray.mp4"
    path.write_bytes(content)
    report = check_file(path, known)
    assert report.verdict is Verdict.UNREADABLE
    assert summary(report).endswith(".")


def test_an_absent_file_and_a_folder_are_refused(tmp_path: Path, known: KnownMarks) -> None:
    with pytest.raises(BadVideoPath, match="no file"):
        check_file(tmp_path / "absent.mp4", known)
    with pytest.raises(BadVideoPath, match="is a folder"):
        check_file(tmp_path, known)
