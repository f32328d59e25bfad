"""From figures of a video to sentences for people. What nobody can tell anything from is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lipwright.server.jobs.model import QualityRemark
from lipwright.server.products.inspection.messages import SeenMeasure


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureWords:
    """What is said of a figure. less, more: on either side of the good range, or of what people do."""

    good: str
    less: str
    more: str


def _words(good: str, less: str, more: str | None = None) -> FigureWords:
    return FigureWords(good=good, less=less, more=more or less)


WORDS: dict[str, FigureWords] = {
    "face_seen_share": _words(
        "The face is seen throughout.", "The face is hidden or turned away in part of the video."
    ),
    "sync_offset_ms": _words(
        "Mouth and sound begin together.",
        "The sound comes before the mouth.",
        "The sound comes after the mouth.",
    ),
    "sync_correlation": _words(
        "The mouth follows the sound closely.",
        "The mouth follows the sound loosely: noise, music or a second voice may be why.",
    ),
    "sync_drift_ms": _words(
        "Mouth and sound stay together to the end.", "Mouth and sound drift apart towards the end."
    ),
    "closure_share": _words(
        "The lips meet where p, b and m are heard.", "The lips miss some of the p, b and m that are heard."
    ),
    "silence_motion": _words("The mouth rests in pauses.", "The mouth moves while nobody speaks."),
    "silence_gap": _words("The lips are shut in pauses.", "The lips stay apart in pauses."),
    "opening_p95": _words(
        "The mouth opens as wide as people's.", "The mouth opens little.", "The mouth opens very wide."
    ),
    "head_speed": _words(
        "The head moves as people's do.",
        "The head moves less than people's do.",
        "The head moves more than people's do.",
    ),
    "blinks_per_minute": _words(
        "The eyes blink as often as people's.",
        "The eyes blink less often than people's.",
        "The eyes blink more often than people's.",
    ),
    "brow_sd": _words(
        "The brows move as people's do.",
        "The brows move less than people's do.",
        "The brows move more than people's do.",
    ),
    "gaze_sd": _words(
        "The look wanders as people's does.",
        "The look is more fixed than people's.",
        "The look wanders more than people's.",
    ),
}
# The ends of "good" in figures whose words differ on either side of it.
_MIDDLES = {"sync_offset_ms": 0.0, "opening_p95": 0.1}


def remarks_of(measures: tuple[SeenMeasure, ...]) -> tuple[QualityRemark, ...]:
    """A sentence for each figure that was measured and has words."""
    found = []
    for one in measures:
        words = WORDS.get(one.name)
        if words is None or one.value is None:
            continue
        verdict = _verdict(one)
        if verdict == "good":
            sentence = words.good
        else:
            is_less = one.beside_people == "less" or one.value < _MIDDLES.get(one.name, float("inf"))
            sentence = words.less if is_less and one.beside_people != "more" else words.more
        found.append(QualityRemark(name=one.name, verdict=verdict, sentence=sentence))
    return tuple(found)


def _verdict(one: SeenMeasure) -> Literal["good", "fair", "poor"]:
    """What lies outside of what people do is no fault: fair."""
    if one.is_good is not None:
        return "good" if one.is_good else "poor"
    return "good" if one.beside_people == "like" else "fair"
