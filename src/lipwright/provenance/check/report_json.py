"""A check's report for programs: the same from the command and from the HTTP API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lipwright.provenance.check.report import CheckReport, CredentialsFinding, WatermarkFinding
from lipwright.provenance.check.wording import problems, sentences, summary
from lipwright.provenance.credentials import FoundInput, FoundManifest


def as_json(report: CheckReport) -> dict[str, Any]:
    """The report as an object of JSON; the page of the HTTP API describes its fields."""
    return {
        "verdict": report.verdict.value,
        "summary": summary(report),
        "sentences": list(sentences(report)),
        "kind": report.media,
        "is_synthetic": report.is_synthetic or None,
        "is_ours": report.is_ours,
        "credentials": {
            "state": report.credentials.standing.value,
            "is_ours": report.credentials.is_ours,
            "problems": list(problems(report.credentials)),
            "manifest": _manifest(report.credentials.own, report.credentials),
        },
        "watermark": _watermark(report.watermark),
        "tags": {
            "lipwright_version": report.tags.lipwright_version,
            "digital_source_types": [one.value for one in report.tags.digital_source_types],
        },
    }


def _manifest(manifest: FoundManifest | None, found: CredentialsFinding) -> dict[str, Any] | None:
    if manifest is None:
        return None
    installation, number = manifest.watermark or (None, None)
    return {
        "signer": manifest.signer,
        "issuer": manifest.issuer,
        "software": manifest.software,
        "software_version": manifest.software_version,
        "made_at": _time(manifest.made_at),
        "time_stamp": _time(manifest.time_stamp),
        "actions": list(manifest.actions),
        "digital_source_types": [one.rpartition("/")[2] for one in manifest.source_types],
        "product": manifest.product,
        "mode": manifest.mode,
        "installation": installation,
        "number": number,
        "inputs": [_input(one, found) for one in manifest.inputs],
    }


def _input(one: FoundInput, found: CredentialsFinding) -> dict[str, Any]:
    own = found.manifest_of(one.manifest)
    return {
        "role": one.role,
        "format": one.media_type,
        "sha256": one.sha256,
        "has_credentials": own is not None,
        "signer": None if own is None else own.signer,
        "software": None if own is None else own.software,
        "digital_source_types": [] if own is None else [term.rpartition("/")[2] for term in own.source_types],
    }


def _watermark(mark: WatermarkFinding) -> dict[str, Any]:
    state = "absent" if mark.not_looked_for is None else "not_looked_for"
    return {
        "state": "present" if mark.is_there else state,
        "installation": mark.installation,
        "number": mark.number,
        "is_ours": mark.is_ours,
        "false_alarm_probability": mark.false_alarm_probability,
        "is_public": mark.is_public if mark.is_there else None,
        "reason": mark.not_looked_for,
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
