"""Plain tags in the bytes of a file: ours, and the IPTC digital source type of other tools."""

from __future__ import annotations

from pathlib import Path

import pytest

from lipwright import __version__
from lipwright.engine.media.values import Container
from lipwright.engine.media.writing.metadata import synthetic_tags
from lipwright.provenance.check import plain_tags
from lipwright.provenance.check.plain_tags import DigitalSourceType, PlainTags, read_plain_tags
from tests.support.videos import write_clip

IPTC = b"http://cv.iptc.org/newscodes/digitalsourcetype/"


def xmp(*terms: bytes) -> bytes:
    said = b"".join(
        b'<rdf:Description Iptc4xmpExt:DigitalSourceType="' + IPTC + term + b'"/>' for term in terms
    )
    return b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + said + b"</x:xmpmeta>"


def read(tmp_path: Path, content: bytes) -> PlainTags:
    (tmp_path / "file.bin").write_bytes(content)
    return read_plain_tags(tmp_path / "file.bin")


@pytest.mark.parametrize("container", [Container.MP4, Container.WEBM, Container.MOV])
def test_our_own_tag_is_read_with_its_version(tmp_path: Path, container: Container) -> None:
    codec = "libvpx" if container is Container.WEBM else "libx264"
    path = write_clip(tmp_path / f"ours.{container.value}", count=3, codec=codec, tags=synthetic_tags())
    tags = read_plain_tags(path)
    assert tags.lipwright_version == __version__
    assert tags.say_synthetic


@pytest.mark.parametrize(
    ("end", "version"),
    [(b".", "1.2.3"), (b".\0x", "1.2.3"), (b"rc1.g", "1.2.3rc1"), (b".dev4+abc. http", "1.2.3.dev4+abc")],
)
def test_a_version_ends_where_the_sentence_ends(tmp_path: Path, end: bytes, version: str) -> None:
    note = b"Synthetic media: the movements were generated. Made with Lipwright 1.2.3" + end
    assert read(tmp_path, note).lipwright_version == version


def test_the_source_type_of_other_tools_is_read_from_xmp(tmp_path: Path) -> None:
    tags = read(tmp_path, b"\xff\xd8" + xmp(b"trainedAlgorithmicMedia", b"composite") + xmp(b"composite"))
    assert tags.digital_source_types == (
        DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
        DigitalSourceType.COMPOSITE,
    )
    assert tags.say_synthetic
    assert tags.lipwright_version is None


def test_a_camera_does_not_say_that_anything_was_generated(tmp_path: Path) -> None:
    tags = read(tmp_path, xmp(b"digitalCapture"))
    assert tags.are_there
    assert not tags.say_synthetic


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"plain bytes",
        IPTC + b"trainedAlgorithmicMedia",  # outside of XMP: it may stand in signed credentials
        xmp(b"somethingElse"),
        b"<x:xmpmeta " + IPTC + b"composite",  # without an end
        b"<x:xmpmeta " * 100_000,
        b"Synthetic media: " * 100_000,
    ],
)
def test_nothing_is_read_where_no_tag_is(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content) == PlainTags()


def test_of_a_long_file_both_ends_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_tags, "EDGE_BYTES", 1000)
    ends = xmp(b"print") + bytes(5000), bytes(5000) + xmp(b"print")
    assert all(read(tmp_path, end).are_there for end in ends)
    assert not read(tmp_path, bytes(3000) + xmp(b"print") + bytes(3000)).are_there


@pytest.mark.parametrize("term", DigitalSourceType)
def test_every_term_has_a_meaning(term: DigitalSourceType) -> None:
    assert term.meaning
