"""A check's report in words: for an editor or a lawyer, who need not know how marks work.

Nothing here says that a file is a real recording: that no mark was found proves nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from lipwright.provenance.credentials.found import (
    CredentialsAction,
    CredentialsFound,
    CredentialsState,
    Ingredient,
)
from lipwright.provenance.plain_tags import PlainTags, source_type_of
from lipwright.provenance.report import CheckReport, Verdict, WatermarkFinding

NOTHING_FOUND = (
    "No mark was found. This does not show that the file is a real recording: marks can be removed, and most "
    "software writes none."
)
# A probability below this is not known any better.
LEAST_PROBABILITY = 1e-30
_INGREDIENT_STATES = {
    CredentialsState.ABSENT: "without credentials of its own",
    CredentialsState.TRUSTED: "its own credentials hold and are kept",
    CredentialsState.UNKNOWN_SIGNER: "its own credentials hold and are kept; their signer is not known here",
    CredentialsState.BROKEN: "its own credentials did not hold",
}


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
    if report.is_own_signer:
        return "Its content credentials were signed by this installation, and nothing was changed since."
    if report.credentials.state is CredentialsState.TRUSTED:
        return (
            "Its content credentials were signed by somebody whom you trust, and nothing was changed since."
        )
    if report.credentials_hold:
        return (
            "Nothing was changed since its content credentials were signed; but who signed them is not known "
            "here, and the name in them may be anybody's."
        )
    whose = "of this installation" if report.watermark.is_ours else "of a Lipwright"
    return f"The watermark {whose} is in the picture; content credentials are not, or no longer, in the file."


def sentences(report: CheckReport) -> tuple[str, ...]:
    """The details, one sentence or two for each; none where nothing was found."""
    return (
        *_of_credentials(report.credentials, report.is_own_signer),
        *_of_watermark(report.watermark),
        *_of_tags(report.tags),
        *([report.unreadable] if report.unreadable and report.verdict is not Verdict.UNREADABLE else []),
    )


def _of_credentials(found: CredentialsFound, is_own_signer: bool) -> Iterator[str]:
    if found.state is CredentialsState.ABSENT:
        return
    if found.state is CredentialsState.BROKEN:
        yield "Content credentials: there, and they do not hold."
    else:
        yield "Content credentials: there, and they hold."
    yield from found.problems
    if found.signer is not None:
        yield f"Signed by {_signer(found, is_own_signer)}{_when(found)}."
    if found.software is not None:
        yield f"Written by {found.software}."
    yield from map(_of_action, found.actions)
    yield from map(_of_ingredient, found.ingredients)


def _signer(found: CredentialsFound, is_own_signer: bool) -> str:
    if is_own_signer:
        return f"{found.signer}: this installation"
    if found.state is CredentialsState.TRUSTED:
        return f"{found.signer}, who is trusted here"
    return f"{found.signer}, who is not known here"


def _when(found: CredentialsFound) -> str:
    if found.signed_at is None:
        return ""
    return f", on {found.signed_at:%Y-%m-%d at %H:%M} {found.signed_at.tzname() or 'UTC'}"


def _of_action(action: CredentialsAction) -> str:
    done = action.action.removeprefix("c2pa.").replace("_", " ")
    term = source_type_of(action.digital_source_type)
    meaning = f": {term.meaning}" if term is not None else ""
    more = f" ({action.description})" if action.description else ""
    return f"It was {done}{meaning}{more}."


def _of_ingredient(ingredient: Ingredient) -> str:
    name = ingredient.name or "a file without a name"
    known = f", known by its hash {ingredient.sha256}" if ingredient.sha256 else ""
    return f"Made from {name}{known}: {_INGREDIENT_STATES[ingredient.state]}."


def _of_watermark(mark: WatermarkFinding) -> Iterator[str]:
    if mark.not_looked_for is not None:
        yield f"Watermark: not looked for. {mark.not_looked_for}"
    if not mark.is_there:
        return
    whose = "this installation" if mark.is_ours else "another one"
    yield (
        f"Watermark: in the picture. It names installation {mark.installation} ({whose}) and number "
        f"{mark.number}."
    )
    if mark.false_alarm_probability is not None:
        yield f"A picture without a mark looks like this {_chance(mark.false_alarm_probability)}."
    if mark.is_public:
        yield (
            "Its key is public: it shows that a Lipwright made the picture, or that somebody wanted it to look "
            "so. The log of the installation says whether it made this number."
        )


def _chance(probability: float) -> str:
    if probability > 0.01:
        return f"in {100 * probability:.0f} % of all cases"
    power = math.floor(-math.log10(max(probability, LEAST_PROBABILITY)) + 1e-9)
    return f"less than once in {10**power:,} cases" if power <= 9 else f"less than once in 10^{power} cases"


def _of_tags(tags: PlainTags) -> Iterator[str]:
    if tags.lipwright_version is not None:
        yield f"Plain tag: the movements of the face were generated, by Lipwright {tags.lipwright_version}."
    for term in tags.digital_source_types:
        yield f"Plain tag (IPTC digital source type): {term.meaning}."
