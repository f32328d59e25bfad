"""The sentences of a check."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lipwright.provenance.check.plain_tags import DigitalSourceType, PlainTags
from lipwright.provenance.check.report import (
    CheckReport,
    CredentialsFinding,
    CredentialsStanding,
    Verdict,
    WatermarkFinding,
)
from lipwright.provenance.check.wording import LONGEST_NAME_CHARS, problems, sentences, summary
from lipwright.provenance.credentials import FoundManifest

NOTHING = CheckReport(
    file="stray.mp4",
    media="video",
    credentials=CredentialsFinding(),
    watermark=WatermarkFinding(),
    tags=PlainTags(),
)
MANIFEST = FoundManifest(
    name="urn:c2pa:1",
    signer="A Camera",
    issuer=None,
    software="Camera",
    software_version=None,
    actions=("c2pa.created",),
    source_types=("http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",),
    product=None,
    mode=None,
    watermark=None,
    made_at=None,
    time_stamp=None,
    inputs=(),
)


def mark(probability: float) -> CheckReport:
    found = WatermarkFinding(installation=1, number=2, false_alarm_probability=probability, is_public=False)
    return replace(NOTHING, watermark=found)


def signed(manifest: FoundManifest) -> CheckReport:
    found = CredentialsFinding(standing=CredentialsStanding.WHOLE, manifests=(manifest,))
    return replace(NOTHING, credentials=found)


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.0, "at most once in 1,000,000 cases"),
        (1e-12, "at most once in 1,000,000 cases"),
        (9.9e-7, "at most once in 1,000,000 cases"),
        (1e-6, "at most once in 1,000,000 cases"),
        (1.1e-6, "at most once in 100,000 cases"),
        (0.2, "in 20 % of all cases"),
    ],
)
def test_a_chance_is_never_told_smaller_than_it_is(probability: float, words: str) -> None:
    assert any(words in line for line in sentences(mark(probability)))


def test_only_a_public_key_is_warned_of() -> None:
    assert not any("public" in line for line in sentences(mark(1e-9)))


def test_what_a_camera_signed_is_not_said_to_be_synthetic() -> None:
    report = signed(MANIFEST)
    assert report.verdict is Verdict.RECOGNISED
    assert not report.is_synthetic
    assert "AI" not in summary(report)
    assert any("recorded by a camera" in line for line in sentences(report))


def test_names_of_strangers_stay_short_and_on_one_line() -> None:
    report = signed(
        replace(MANIFEST, signer="a\n\x1b[31m" + "b" * 10_000, software="\r\n\x07" + "c" * 10_000)
    )
    told = sentences(report)
    assert all(line.isprintable() for line in told)
    assert max(map(len, told)) < LONGEST_NAME_CHARS + 60


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("assertion.bmffHash.mismatch", "was changed after"),
        ("assertion.hashedURI.mismatch", "credentials themselves"),
        ("claimSignature.mismatch", "signature does not fit"),
        ("signingCredential.expired", "certificate"),
        ("ingredient.manifest.missing", "made from"),
        ("something.new", "do not hold"),
    ],
)
def test_every_failure_has_a_sentence_and_keeps_its_code(code: str, words: str) -> None:
    found = CredentialsFinding(standing=CredentialsStanding.BROKEN, failures=(code,))
    (sentence,) = problems(found)
    assert words in sentence
    assert code in sentence


def test_a_tag_of_a_camera_is_no_verdict_about_ai() -> None:
    camera = replace(NOTHING, tags=PlainTags(digital_source_types=(DigitalSourceType.DIGITAL_CAPTURE,)))
    assert camera.verdict is Verdict.TAGGED
    assert "AI" not in summary(camera)
    ours = replace(NOTHING, tags=PlainTags(lipwright_version="1.0"))
    assert "made or changed by AI" in summary(ours)
