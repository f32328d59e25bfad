"""Outputs carry what was said of them, whole or not at all, and a reader finds what was changed."""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import os
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import pytest

from lipwright import __version__
from lipwright.engine import Container, DiskFull
from lipwright.engine.media.pixels.planes import rgb_to_i420
from lipwright.engine.media.writing.video_writer import VideoWriter
from lipwright.provenance.credentials import (
    Claim,
    ClaimInput,
    CredentialsFound,
    CredentialsState,
    FoundInput,
    Identity,
    InputRole,
    Product,
    prepare_claim,
    read_credentials,
    sign_output,
    sign_prepared,
)
from lipwright.provenance.credentials.claim import COMPOSITE_SOURCE_TYPE, GENERATED_SOURCE_TYPE
from lipwright.provenance.credentials.signer import Signer
from lipwright.provenance.errors import CredentialsUnreadable, SigningFailed, TimeStampFailed
from tests.provenance.credentials.conftest import SYNCED, TALKING
from tests.provenance.credentials.time_stamps import time_stamp_server
from tests.support.pictures import numbered_frame
from tests.support.signed_files import changed

CARRYING = ("clip.mp4", "clip.mov", "moving.gif", "picture.png", "sound.wav")


def found_in(path: Path, identity: Identity) -> CredentialsFound:
    found = read_credentials(path, identity.roots)
    assert found is not None
    return found


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def frames_of(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24").tobytes() for frame in container.decode(video=0)]


@pytest.fixture
def stamping(tmp_path: Path) -> Iterator[str]:
    with time_stamp_server(tmp_path / "stamps") as address:
        yield address


@pytest.mark.parametrize("name", CARRYING)
def test_every_kind_of_file_carries_its_credentials(name: str, media: Path, identity: Identity) -> None:
    signed = sign_output(media / name, TALKING, [], identity)
    assert (signed.path, signed.sidecar) == (media / name, None)
    found = found_in(media / name, identity)
    assert (found.state, found.failures, found.sidecar) == (CredentialsState.TRUSTED, (), None)
    assert found.own.signer == f"Lipwright installation {identity.installation:06x}"
    assert (found.own.software, found.own.software_version) == ("Lipwright", __version__)
    assert (found.own.product, found.own.mode) == ("talking_photo", "realistic")
    assert found.own.watermark == TALKING.watermark
    assert found.own.made_at == TALKING.made_at.replace(microsecond=0)
    assert found.own.time_stamp is None


def test_a_container_without_a_place_gets_a_sidecar(media: Path, identity: Identity) -> None:
    before = (media / "clip.webm").read_bytes()
    signed = sign_output(media / "clip.webm", TALKING, [], identity)
    assert signed.sidecar == media / "clip.c2pa"
    assert (media / "clip.webm").read_bytes() == before
    found = found_in(media / "clip.webm", identity)
    assert (found.state, found.sidecar) == (CredentialsState.TRUSTED, media / "clip.c2pa")
    changed(media / "clip.webm", "clip.webm", -20)
    assert found_in(media / "clip.webm", identity).state is CredentialsState.BROKEN


@pytest.mark.parametrize("name", CARRYING)
def test_a_byte_that_was_changed_is_found(name: str, media: Path, identity: Identity) -> None:
    sign_output(media / name, TALKING, [], identity)
    # In the picture or the sound, which lies last but for a WAV file, where the credentials do.
    spoilt = changed(media / name, f"spoilt-{name}", 2000 if name == "sound.wav" else -40)
    found = found_in(spoilt, identity)
    assert found.state is CredentialsState.BROKEN
    assert [code for code in found.failures if code.endswith(("Hash.mismatch", "Hash.malformed"))]


def test_the_signer_of_others_is_unknown(media: Path, identity: Identity) -> None:
    sign_output(media / "clip.mp4", TALKING, [], identity)
    found = read_credentials(media / "clip.mp4")
    assert found is not None
    assert (found.state, found.failures) == (CredentialsState.WHOLE, ())


def test_a_file_without_credentials_has_none(media: Path, tmp_path: Path) -> None:
    assert [read_credentials(media / name) for name in (*CARRYING, "clip.webm")] == [None] * 6
    (tmp_path / "notes.txt").write_text("nothing")
    assert read_credentials(tmp_path / "notes.txt") is None


def test_damaged_credentials_are_said(media: Path, identity: Identity) -> None:
    sign_output(media / "clip.mp4", TALKING, [], identity)
    content = (media / "clip.mp4").read_bytes()
    at = content.index(b"jumdc2pa")
    (media / "clip.mp4").write_bytes(content[: at - 4] + b"\xff\xff" + content[at - 2 :])
    with pytest.raises(CredentialsUnreadable, match=r"clip\.mp4"):
        read_credentials(media / "clip.mp4")


def test_inputs_are_named_by_their_hash_alone(media: Path, identity: Identity) -> None:
    inputs = [
        ClaimInput(path=media / "picture.png", role=InputRole.COMPONENT),
        ClaimInput(path=media / "sound.wav", role=InputRole.COMPONENT),
        ClaimInput(path=media / "clip.webm", role=InputRole.GUIDE),
    ]
    sign_output(media / "clip.mp4", TALKING, inputs, identity)
    found = found_in(media / "clip.mp4", identity)
    assert found.own.actions == ("c2pa.created", "c2pa.placed", "c2pa.watermarked.unbound")
    assert found.own.source_types == (COMPOSITE_SOURCE_TYPE,)
    assert sorted(found.own.inputs, key=lambda each: str(each.media_type)) == [
        FoundInput(role=role, media_type=kind, sha256=sha256(media / name), manifest=None)
        for role, kind, name in (
            ("componentOf", "audio/wav", "sound.wav"),
            ("componentOf", "image/png", "picture.png"),
            ("inputTo", "video/webm", "clip.webm"),
        )
    ]
    written = (media / "clip.mp4").read_bytes()
    assert [
        word for word in (b"picture.png", b"sound.wav", b"clip.webm", b"thumbnail") if word in written
    ] == []
    assert os.fsencode(media) not in written


def test_the_same_file_may_be_given_twice(media: Path, identity: Identity) -> None:
    twice = [ClaimInput(path=media / "sound.wav", role=InputRole.COMPONENT)] * 2
    sign_output(media / "clip.mp4", TALKING, twice, identity)
    assert found_in(media / "clip.mp4", identity).state is CredentialsState.TRUSTED


def test_an_edited_video_keeps_the_chain_of_its_source(media: Path, identity: Identity) -> None:
    picture = [ClaimInput(path=media / "picture.png", role=InputRole.COMPONENT)]
    sign_output(media / "clip.mp4", TALKING, picture, identity)
    parent = [
        ClaimInput(path=media / "clip.mp4", role=InputRole.PARENT),
        ClaimInput(path=media / "sound.wav", role=InputRole.COMPONENT),
    ]
    sign_output(media / "clip.mov", SYNCED, parent, identity)
    found = found_in(media / "clip.mov", identity)
    assert (found.state, len(found.manifests)) == (CredentialsState.TRUSTED, 2)
    assert found.own.actions == ("c2pa.opened", "c2pa.edited", "c2pa.placed", "c2pa.watermarked.unbound")
    assert found.own.product == "lip_sync"
    source = next(each for each in found.own.inputs if each.role == "parentOf")
    assert source.sha256 == sha256(media / "clip.mp4")
    assert source.manifest == found.manifests[1].name
    assert (found.manifests[1].product, found.manifests[1].watermark) == ("talking_photo", TALKING.watermark)
    assert found.manifests[1].inputs[0].sha256 == sha256(media / "picture.png")


def test_a_source_whose_credentials_are_broken_is_still_named(media: Path, identity: Identity) -> None:
    sign_output(media / "clip.mp4", TALKING, [], identity)
    content = (media / "clip.mp4").read_bytes()
    at = content.index(b"jumdc2pa")
    for spoilt in (content[: at - 4] + b"\xff\xff" + content[at - 2 :], content[:-40] + b"?" + content[-39:]):
        (media / "clip.mp4").write_bytes(spoilt)
        parent = [ClaimInput(path=media / "clip.mp4", role=InputRole.PARENT)]
        sign_output(media / "clip.mov", SYNCED, parent, identity)
        found = found_in(media / "clip.mov", identity)
        assert found.own.inputs[0].sha256 == sha256(media / "clip.mp4")
        assert found.own.inputs[0].role == "parentOf"


@pytest.mark.parametrize(
    ("product", "actions", "source_types"),
    [
        (Product.SPEECH, ("c2pa.created",), (GENERATED_SOURCE_TYPE,)),
        (Product.FACES, ("c2pa.opened", "c2pa.drawing"), ()),
    ],
)
def test_other_products_say_what_they_are(
    product: Product, actions: tuple[str, ...], source_types: tuple[str, ...], media: Path, identity: Identity
) -> None:
    inputs = [ClaimInput(path=media / "clip.mov", role=InputRole.PARENT)] if product is Product.FACES else []
    sign_output(media / "picture.png", Claim(product=product), inputs, identity)
    own = found_in(media / "picture.png", identity).own
    assert (own.actions, own.source_types, own.mode) == (actions, source_types, None)


def test_what_was_prepared_elsewhere_is_signed_here(media: Path, identity: Identity, tmp_path: Path) -> None:
    sign_output(media / "clip.mp4", TALKING, [], identity)
    archive = tmp_path / "inputs"
    prepare_claim([ClaimInput(path=media / "clip.mp4", role=InputRole.PARENT)], archive)
    sign_prepared(media / "clip.mov", SYNCED, archive, identity)
    found = found_in(media / "clip.mov", identity)
    assert (found.state, len(found.manifests)) == (CredentialsState.TRUSTED, 2)
    for nonsense in (b"", b"PK nothing", archive.read_bytes()[:-30]):
        archive.write_bytes(nonsense)
        with pytest.raises(CredentialsUnreadable):
            sign_prepared(media / "clip.mov", SYNCED, archive, identity)
    assert found_in(media / "clip.mov", identity) == found


@pytest.mark.parametrize("has_library_key", [True, False])
def test_the_library_and_the_callback_sign_alike(
    has_library_key: bool, media: Path, identity: Identity
) -> None:
    assert identity.signer.library_key is not None
    signer = identity.signer if has_library_key else dataclasses.replace(identity.signer, library_key=None)
    sign_output(media / "clip.mp4", TALKING, [], dataclasses.replace(identity, signer=signer))
    assert found_in(media / "clip.mp4", identity).state is CredentialsState.TRUSTED


def test_a_signer_that_fails_leaves_everything_as_it_was(media: Path, identity: Identity) -> None:
    def fail(_data: bytes) -> bytes:
        raise SigningFailed("The key is on holiday.")

    chain = identity.signer.chain
    failing = dataclasses.replace(identity, signer=Signer(chain=chain, kind="test", sign=fail))
    before = {path: path.read_bytes() for path in media.iterdir()}
    for name in ("clip.mp4", "clip.webm", "sound.wav"):
        with pytest.raises(SigningFailed, match="on holiday"):
            sign_output(media / name, TALKING, [], failing)
    assert {path: path.read_bytes() for path in media.iterdir()} == before


def test_a_full_disk_leaves_everything_as_it_was(
    media: Path, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = {path: path.read_bytes() for path in media.iterdir()}
    monkeypatch.setattr("os.replace", full)
    with pytest.raises(DiskFull):
        sign_output(media / "clip.mp4", TALKING, [], identity)
    assert {path: path.read_bytes() for path in media.iterdir()} == before


def test_an_input_that_is_gone_is_said(media: Path, identity: Identity) -> None:
    gone = [ClaimInput(path=media / "gone.wav", role=InputRole.COMPONENT)]
    with pytest.raises(SigningFailed, match=r"gone\.wav"):
        sign_output(media / "clip.mp4", TALKING, gone, identity)


@pytest.mark.parametrize("container", [Container.MP4, Container.MOV])
def test_a_signed_video_plays_seeks_and_keeps_its_tags(
    container: Container, identity: Identity, tmp_path: Path
) -> None:
    plain = tmp_path / f"plain.{container.value}"
    with VideoWriter(plain, size_wh=(64, 48), frame_rate=Fraction(25), container=container) as writer:
        for index in range(300):
            writer.write(rgb_to_i420(numbered_frame(index)))
    signed = tmp_path / f"signed.{container.value}"
    signed.write_bytes(plain.read_bytes())
    sign_output(signed, TALKING, [], identity)
    assert signed.stat().st_size > plain.stat().st_size
    assert frames_of(signed) == frames_of(plain)
    content = signed.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    with av.open(str(plain)) as before, av.open(str(signed)) as after:
        assert after.metadata == before.metadata
        assert "Synthetic media" in after.metadata["comment"]
        assert after.duration == before.duration
        for opened in (before, after):
            opened.seek(11_900_000)
        sought = [next(opened.decode(video=0)).time for opened in (before, after)]
        assert sought[0] == sought[1] != 0


def test_signing_in_several_threads_at_once_holds(media: Path, identity: Identity) -> None:
    copies = [media / f"copy{number}.mp4" for number in range(8)]
    for copy in copies:
        copy.write_bytes((media / "clip.mp4").read_bytes())
    threads = [threading.Thread(target=sign_output, args=(copy, TALKING, [], identity)) for copy in copies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {found_in(copy, identity).state for copy in copies} == {CredentialsState.TRUSTED}


def with_time_stamps(identity: Identity, url: str) -> Identity:
    """The same, asking a server for time stamps."""
    settings = dataclasses.replace(identity.settings, credentials_time_stamp_url=url)
    return dataclasses.replace(identity, settings=settings)


def test_a_time_stamp_is_asked_for_where_one_is_set(media: Path, identity: Identity, stamping: str) -> None:
    stamped = with_time_stamps(identity, stamping)
    sign_output(media / "clip.mp4", TALKING, [], stamped)
    found = found_in(media / "clip.mp4", identity)
    assert found.state is CredentialsState.TRUSTED
    assert found.own.time_stamp is not None
    assert abs((found.own.time_stamp - TALKING.made_at).total_seconds()) < 3600


def test_a_time_stamp_server_that_does_not_answer_is_said(media: Path, identity: Identity) -> None:
    before = (media / "clip.mp4").read_bytes()
    nobody = with_time_stamps(identity, "http://127.0.0.1:9/stamps")
    with pytest.raises(TimeStampFailed, match=r"127\.0\.0\.1:9"):
        sign_output(media / "clip.mp4", TALKING, [], nobody)
    assert (media / "clip.mp4").read_bytes() == before
