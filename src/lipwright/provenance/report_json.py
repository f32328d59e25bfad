"""A check's report for programs: the same from the command and from the HTTP API."""

from __future__ import annotations

from typing import Any

from lipwright.provenance.report import CheckReport, WatermarkFinding
from lipwright.provenance.wording import sentences, summary


def as_json(report: CheckReport) -> dict[str, Any]:
    """The report as an object of JSON; the page of the HTTP API describes its fields."""
    found, mark = report.credentials, report.watermark
    return {
        "verdict": report.verdict.value,
        "summary": summary(report),
        "sentences": list(sentences(report)),
        "kind": report.media,
        "is_synthetic": report.is_synthetic or None,
        "is_ours": report.is_ours,
        "credentials": {
            "state": found.state.value,
            "is_ours": report.is_own_signer,
            "problems": list(found.problems),
            "signer": found.signer,
            "software": found.software,
            "signed_at": None if found.signed_at is None else found.signed_at.isoformat(),
            "actions": [
                {
                    "action": one.action,
                    "digital_source_type": one.digital_source_type,
                    "description": one.description,
                }
                for one in found.actions
            ],
            "ingredients": [
                {"name": one.name, "format": one.format, "sha256": one.sha256, "credentials": one.state.value}
                for one in found.ingredients
            ],
        },
        "watermark": {
            "state": _state(mark),
            "installation": mark.installation,
            "number": mark.number,
            "is_ours": mark.is_ours,
            "false_alarm_probability": mark.false_alarm_probability,
            "is_public": mark.is_public if mark.is_there else None,
            "reason": mark.not_looked_for,
        },
        "tags": {
            "lipwright_version": report.tags.lipwright_version,
            "digital_source_types": [one.value for one in report.tags.digital_source_types],
        },
    }


def _state(mark: WatermarkFinding) -> str:
    if mark.is_there:
        return "present"
    return "absent" if mark.not_looked_for is None else "not_looked_for"
