"""A check's report in words: for an editor or a lawyer, who need not know how marks work.

Nothing here says that a file is a real recording: that no mark was found proves nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime

from lipwright.provenance.check.plain_tags import PlainTags, source_type_of
from lipwright.provenance.check.report import (
    CheckReport,
    CredentialsFinding,
    CredentialsStanding,
    Verdict,
    WatermarkFinding,
)
from lipwright.provenance.credentials import FoundInput, FoundManifest

NOTHING_FOUND = (
    "No mark was found. This does not show that the file is a real recording: marks can be removed, and most "
    "software writes none."
)
# The check bits alone vouch for this much; what is smaller rests on a model of pictures without a mark.
LEAST_PROBABILITY = 1e-6
# Names in credentials are whatever their writer chose.
LONGEST_NAME_CHARS = 200

_ACTIONS = {
    "c2pa.created": "made",
    "c2pa.opened": "opened",
    "c2pa.placed": "something else put in",
    "c2pa.edited": "edited",
    "c2pa.cropped": "cropped",
    "c2pa.resized": "resized",
    "c2pa.dubbed": "dubbed",
    "c2pa.converted": "converted",
    "c2pa.transcoded": "encoded again",
    "c2pa.repackaged": "put into another container",
    "c2pa.published": "published",
    "c2pa.watermarked.bound": "watermark written",
    "c2pa.watermarked.unbound": "watermark written",
}
_PRODUCTS = {
    "talking_photo": "a talking photo",
    "lip_sync": "a lip sync",
    "speech": "a spoken text",
    "faces": "a picture of faces",
}
_ROLES = {"parentOf": "An edited version of", "componentOf": "Made from", "inputTo": "Guided by"}
# What a failure means, by the beginning of its code (C2PA specification, "Validation status codes").
_FAILURES = (
    (("assertion.bmffHash", "assertion.dataHash", "assertion.boxesHash", "assertion.collectionHash"),
     "The picture or the sound was changed after the file was signed."),
    (("assertion.", "claim.", "general.", "manifest."),
     "The credentials themselves were changed, or were never right."),
    (("claimSignature.",), "The signature does not fit what was signed."),
    (("signingCredential.",), "The signer's certificate cannot be used for this, or its time was over."),
    (("timeStamp.",), "The time stamp does not hold."),
    (("ingredient.",), "The credentials of something that it was made from do not hold."),
)  # fmt: skip
UNREADABLE_CREDENTIALS = "credentials_unreadable"
_UNREADABLE = "The credentials are damaged, or have an unknown form."


def summary(report: CheckReport) -> str:
    """What the check comes to, in a sentence or two."""
    match report.verdict:
        case Verdict.ALTERED:
            return "Changed after it was signed: what its content credentials say is no longer true of it."
        case Verdict.RECOGNISED:
            made = "Made or changed by AI. " if report.is_synthetic else ""
            return made + _how_recognised(report)
        case Verdict.TAGGED:
            made = "that it was made or changed by AI" if report.is_synthetic else "how it was made"
            return f"A plain tag says {made}. Anybody can write or remove such a tag."
        case Verdict.NOTHING_FOUND:
            return NOTHING_FOUND
        case Verdict.UNREADABLE:
            return report.unreadable or "The file cannot be opened."


def _how_recognised(report: CheckReport) -> str:
    if report.credentials.is_ours:
        return "Its content credentials were signed by this installation, and nothing was changed since."
    if report.credentials.standing is CredentialsStanding.TRUSTED:
        return (
            "Its content credentials were signed by somebody whom you trust, and nothing was changed since."
        )
    if report.credentials.hold:
        return (
            "Nothing was changed since its content credentials were signed; but who signed them is not known "
            "here, and the name in them may be anybody's."
        )
    whose = "of this installation" if report.watermark.is_ours else "of a Lipwright"
    return f"The watermark {whose} is in the picture; content credentials are not, or no longer, in the file."


def sentences(report: CheckReport) -> tuple[str, ...]:
    """The details, a sentence or two for each; none where nothing was found."""
    found = [
        *_of_credentials(report.credentials),
        *_of_watermark(report.watermark),
        *_of_tags(report.tags),
    ]
    if report.unreadable is not None and report.verdict is not Verdict.UNREADABLE:
        found.append(report.unreadable)
    return tuple(found)


def problems(found: CredentialsFinding) -> tuple[str, ...]:
    """What does not hold of credentials, in sentences, each with the codes that it is said for."""
    codes: dict[str, list[str]] = {}
    for code in found.failures:
        codes.setdefault(_problem(code), []).append(code)
    return tuple(
        sentence if names == [UNREADABLE_CREDENTIALS] else f"{sentence} ({', '.join(names)})"
        for sentence, names in codes.items()
    )


def _problem(code: str) -> str:
    if code == UNREADABLE_CREDENTIALS:
        return _UNREADABLE
    return next(
        (sentence for beginnings, sentence in _FAILURES if code.startswith(beginnings)),
        "The credentials do not hold.",
    )


def _of_credentials(found: CredentialsFinding) -> Iterator[str]:
    if found.standing is CredentialsStanding.ABSENT:
        return
    holds = "they hold" if found.hold else "they do not hold"
    yield f"Content credentials: there, and {holds}."
    yield from problems(found)
    own = found.own
    if own is None:
        return
    if found.sidecar is not None:
        yield f"They lie beside the file, in {_short(found.sidecar)}."
        if not found.hold:
            yield "That may be the credentials of another file."
    if not found.hold:
        yield "What follows is what they say; it is not to be relied upon."
    yield f"Signed by {_signer(own, found)}{_when(own)}."
    if own.software is not None:
        yield f"Written by {_short(' '.join(filter(None, (own.software, own.software_version))))}."
    yield from _how_made(own)
    yield from (_of_input(one, found) for one in own.inputs)


def _signer(own: FoundManifest, found: CredentialsFinding) -> str:
    name = _short(own.signer or own.issuer or "somebody without a name")
    if found.is_ours:
        return f"{name}: this installation"
    if found.standing is CredentialsStanding.TRUSTED:
        return f"{name}, who is trusted here"
    return f"{name}, who is not known here" if found.hold else name


def _when(own: FoundManifest) -> str:
    if own.time_stamp is not None:
        return f", on {_moment(own.time_stamp)} as a time-stamp server says"
    if own.made_at is not None:
        return f", on {_moment(own.made_at)} as the software says"
    return ""


def _moment(moment: datetime) -> str:
    zone = moment.tzname()
    return f"{moment:%Y-%m-%d at %H:%M}{f' {zone}' if zone else ''}"


def _how_made(own: FoundManifest) -> Iterator[str]:
    if own.actions:
        done = dict.fromkeys(_ACTIONS.get(one, one.rpartition(".")[2]) for one in own.actions)
        yield f"Steps: {_short(', '.join(done))}."
    for term in dict.fromkeys(map(source_type_of, own.source_types)):
        if term is not None:
            yield f"It is {term.meaning}."
    if own.product is not None:
        mode = f", mode {own.mode}" if own.mode is not None else ""
        yield f"It is {_short(_PRODUCTS.get(own.product, own.product) + mode)}, made by Lipwright."
    if own.watermark is not None:
        installation, number = own.watermark
        yield f"Its watermark is to name installation {installation:06x} and number {number}."


def _of_input(one: FoundInput, found: CredentialsFinding) -> str:
    kind = (one.media_type or "a file").partition("/")[0]
    what = {"image": "a picture", "video": "a video", "audio": "a sound"}.get(kind, "a file")
    known = f" with the SHA-256 {_short(one.sha256)}" if one.sha256 else ""
    own = found.manifest_of(one.manifest)
    sentence = f"{_ROLES.get(one.role, 'Made from')} {what}{known}"
    if own is None:
        return f"{sentence}, which had no credentials."
    meanings = [term.meaning for term in map(source_type_of, own.source_types) if term is not None]
    says = f"; they say that it is {', '.join(meanings)}" if meanings else ""
    by = _short(own.signer or own.issuer or "somebody without a name")
    return f"{sentence}, which had credentials of its own, signed by {by}{says}."


def _of_watermark(mark: WatermarkFinding) -> Iterator[str]:
    if mark.not_looked_for is not None:
        yield f"Watermark: not looked for. {mark.not_looked_for}"
    if not mark.is_there:
        return
    whose = "this one" if mark.is_ours else "another one"
    yield (
        f"Watermark: in the picture. It names the installation {mark.installation:06x}, {whose}, and the "
        f"number {mark.number}."
    )
    if mark.false_alarm_probability is not None:
        chance = _chance(mark.false_alarm_probability)
        yield f"By calculation, a picture without a mark looks like this {chance}."
    if mark.is_public:
        yield (
            "Its key is public: it shows that a Lipwright made the picture, or that somebody wanted it to "
            "look so. The log of the installation says whether it made this number."
        )


def _chance(probability: float) -> str:
    if probability > 0.01:
        return f"in {100 * probability:.0f} % of all cases"
    power = math.floor(-math.log10(max(probability, LEAST_PROBABILITY)) + 1e-9)
    return f"at most once in {10**power:,} cases"


def _of_tags(tags: PlainTags) -> Iterator[str]:
    if tags.lipwright_version is not None:
        yield f"Plain tag: the movements of the face were generated, by Lipwright {tags.lipwright_version}."
    for term in tags.digital_source_types:
        yield f"Plain tag (IPTC digital source type): {term.meaning}."


def _short(text: str) -> str:
    """A text of a stranger as a sentence may carry it: printable, on one line and not long."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:LONGEST_NAME_CHARS]
