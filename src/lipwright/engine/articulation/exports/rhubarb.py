"""Mouth cues as the tool Rhubarb Lip Sync writes them: nine shapes, A to H and X for rest."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.articulation.segments import HOLD_PAUSE_S, SHORTEST_SHAPE_S
from lipwright.engine.articulation.visemes import DIPHTHONG_SPLIT, MouthShape
from lipwright.engine.speech.phones import SILENCE
from lipwright.engine.speech.values import Phone, PhoneTimeline


@dataclass(frozen=True, slots=True, kw_only=True)
class MouthCue:
    """One shape, A to H or X, and when it shows."""

    shape: str
    start_s: float
    end_s: float


# The shape of every sound; "?" stands for a sound of the tongue alone, which takes its vowel's shape
# between B and C, "!" for one that takes it between B and a rounded shape.
_SHAPES = {
    **dict.fromkeys(("P", "B", "M"), "A"),
    **dict.fromkeys(("F", "V"), "G"),
    **dict.fromkeys(("TH", "DH", "T", "D", "S", "Z", "IH", "IY", "Y"), "B"),
    **dict.fromkeys(("K", "G", "NG", "N", "L", "HH"), "?"),
    **dict.fromkeys(("CH", "JH", "SH", "ZH", "R"), "!"),
    **dict.fromkeys(("EH", "AE", "AH"), "C"),
    **dict.fromkeys(("AA",), "D"),
    **dict.fromkeys(("AO", "OE", "ER"), "E"),
    **dict.fromkeys(("UH", "UW", "W", "UE"), "F"),
    SILENCE: "X",
}
_DIPHTHONGS = {"AY": "DB", "AW": "DF", "EY": "CB", "OW": "EF", "OY": "EB"}
_OPEN_SHAPES = frozenset("CD")
_ROUND_SHAPES = frozenset("EF")
# AH and AE open to D when they last, an L shows its tongue.
LONG_VOWEL_S = 0.2
LONG_L_S = 0.12
# Closed lips and f, v are seen even when they are short; they are not dropped as flicker.
_KEPT_SHAPES = frozenset("AG")

_PROTOTYPES = {
    "A": MouthShape(aperture=0.0, jaw=0.15, press=0.5),
    "B": MouthShape(aperture=0.5, jaw=0.18, width=1.10, lower=0.25),
    "C": MouthShape(aperture=0.85, jaw=0.34, width=1.10),
    "D": MouthShape(aperture=1.12, jaw=0.46, width=1.09),
    "E": MouthShape(aperture=0.6, jaw=0.25, width=1.05, pucker=0.1, funnel=0.55),
    "F": MouthShape(aperture=0.2, jaw=0.13, width=1.02, pucker=0.8),
    "G": MouthShape(aperture=0.21, jaw=0.12, width=1.05, tuck=0.75),
    "H": MouthShape(aperture=0.6, jaw=0.25, width=1.06, tongue_up=1.0),
    "X": MouthShape(aperture=0.0, jaw=0.0),
}
_CHANNEL_WEIGHTS = {
    Mouth.APERTURE: 1.0,
    Mouth.JAW: 0.7,
    Mouth.WIDTH: 2.0,
    Mouth.PUCKER: 0.8,
    Mouth.FUNNEL: 0.8,
    Mouth.PRESS: 0.3,
    Mouth.ROLL: 0.0,
    Mouth.TUCK: 1.2,
    Mouth.RAISE: 0.0,
    Mouth.LOWER: 0.6,
    Mouth.TONGUE_UP: 0.25,
    Mouth.TONGUE_OUT: 0.0,
}


def mouth_cues(curves: ArticulationCurves, phones: PhoneTimeline | None) -> tuple[MouthCue, ...]:
    """The cues from 0 to the end of the curves, without gaps; no shape but A and G below 70 ms."""
    cues = _cues_of_curves(curves) if phones is None else _cues_of_phones(phones)
    end_s = curves.duration_s
    cues = [replace(cue, end_s=min(cue.end_s, end_s)) for cue in cues if cue.start_s < end_s]
    if not cues:
        return (MouthCue(shape="X", start_s=0.0, end_s=end_s),)
    cues[0] = replace(cues[0], start_s=0.0)
    cues[-1] = replace(cues[-1], end_s=end_s)
    return tuple(_without_repeats(_without_flicker(_without_repeats(cues))))


def rhubarb_tsv(curves: ArticulationCurves, phones: PhoneTimeline | None) -> str:
    """One line a cue: its start in seconds, a tab, its shape; the last line is the end, at rest."""
    cues = mouth_cues(curves, phones)
    lines = [f"{cue.start_s:.2f}\t{cue.shape}" for cue in cues]
    return "\n".join([*lines, f"{cues[-1].end_s:.2f}\tX"]) + "\n"


def rhubarb_xml(curves: ArticulationCurves, phones: PhoneTimeline | None, sound_name: str = "") -> str:
    """The element `rhubarbResult` with metadata and mouth cues."""
    cues = mouth_cues(curves, phones)
    root = ElementTree.Element("rhubarbResult")
    metadata = ElementTree.SubElement(root, "metadata")
    ElementTree.SubElement(metadata, "soundFile").text = _printable(sound_name)
    ElementTree.SubElement(metadata, "duration").text = f"{cues[-1].end_s:.2f}"
    mouth = ElementTree.SubElement(root, "mouthCues")
    for cue in cues:
        times = {"start": f"{cue.start_s:.2f}", "end": f"{cue.end_s:.2f}"}
        ElementTree.SubElement(mouth, "mouthCue", times).text = cue.shape
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def rhubarb_json(curves: ArticulationCurves, phones: PhoneTimeline | None, sound_name: str = "") -> str:
    """An object with `metadata` and `mouthCues`."""
    cues = mouth_cues(curves, phones)
    document = {
        "metadata": {"soundFile": sound_name, "duration": round(cues[-1].end_s, 2)},
        "mouthCues": [
            {"start": round(cue.start_s, 2), "end": round(cue.end_s, 2), "value": cue.shape} for cue in cues
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _printable(name: str) -> str:
    """XML has no place for control characters, which a file name may hold."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)


def _cues_of_phones(timeline: PhoneTimeline) -> list[MouthCue]:
    cues: list[MouthCue] = []
    for phone in timeline.phones:
        duration_s = phone.end_s - phone.start_s
        if phone.symbol == SILENCE and duration_s < HOLD_PAUSE_S and cues:
            cues[-1] = replace(cues[-1], end_s=phone.end_s)
            continue
        shapes = _shapes_of(phone)
        turn_s = phone.start_s + DIPHTHONG_SPLIT * duration_s
        times = (phone.start_s, turn_s, phone.end_s) if len(shapes) == 2 else (phone.start_s, phone.end_s)
        for shape, start_s, end_s in zip(shapes, times[:-1], times[1:], strict=True):
            cues.append(MouthCue(shape=shape, start_s=start_s, end_s=end_s))
    return _with_borrowed_shapes(cues)


def _shapes_of(phone: Phone) -> str:
    duration_s = phone.end_s - phone.start_s
    if phone.symbol in ("AH", "AE") and duration_s >= LONG_VOWEL_S:
        return "D"
    if phone.symbol == "L" and duration_s >= LONG_L_S:
        return "H"
    return _DIPHTHONGS.get(phone.symbol) or _SHAPES.get(phone.symbol, "B")


def _with_borrowed_shapes(cues: list[MouthCue]) -> list[MouthCue]:
    shapes = [cue.shape for cue in cues]
    for index, cue in enumerate(cues):
        if cue.shape not in "?!":
            continue
        # The vowel after the sound decides, at a word's end the one before it.
        near = [*shapes[index + 1 : index + 3], *reversed(shapes[max(0, index - 2) : index])]
        vowel = next((shape for shape in near if shape in "BCDEF"), "B")
        if cue.shape == "?":
            shape = "C" if vowel in _OPEN_SHAPES else "B"
        else:
            shape = "F" if vowel in _ROUND_SHAPES else "B"
        cues[index] = replace(cue, shape=shape)
    return cues


def _cues_of_curves(curves: ArticulationCurves) -> list[MouthCue]:
    names = list(_PROTOTYPES)
    scale = np.array([_CHANNEL_WEIGHTS[channel] for channel in Mouth])
    points = curves.values * scale
    marks = np.array([_PROTOTYPES[name].as_row() for name in names]) * scale
    distances = np.square(points).sum(axis=1)[:, None] + np.square(marks).sum(axis=1) - 2 * points @ marks.T
    nearest: NDArray[np.intp] = distances.argmin(axis=1)
    starts = np.concatenate(([0], np.flatnonzero(np.diff(nearest)) + 1, [len(nearest)]))
    return [
        MouthCue(
            shape=names[int(nearest[start])],
            start_s=float(start) / curves.rate_hz,
            end_s=float(end) / curves.rate_hz,
        )
        for start, end in pairwise(starts)
    ]


def _without_repeats(cues: list[MouthCue]) -> list[MouthCue]:
    """Make one cue of neighbours with the same shape."""
    kept: list[MouthCue] = []
    for cue in cues:
        if kept and cue.shape == kept[-1].shape:
            kept[-1] = replace(kept[-1], end_s=cue.end_s)
        else:
            kept.append(cue)
    return kept


def _without_flicker(cues: list[MouthCue]) -> list[MouthCue]:
    """Join what is too short to be seen: with what follows, or else with what was before."""
    kept: list[MouthCue] = []
    for cue in cues:
        if kept and _flickers(kept[-1]) and cue.shape not in _KEPT_SHAPES:
            kept[-1] = _joined(kept[-1], cue)
        else:
            if len(kept) > 1 and _flickers(kept[-1]):
                short = kept.pop()
                kept[-1] = replace(kept[-1], end_s=short.end_s)
            kept.append(cue)
    if len(kept) > 1 and _flickers(kept[-1]):
        short = kept.pop()
        kept[-1] = replace(kept[-1], end_s=short.end_s)
    return kept


def _flickers(cue: MouthCue) -> bool:
    return cue.shape not in _KEPT_SHAPES and cue.end_s - cue.start_s < SHORTEST_SHAPE_S


def _joined(first: MouthCue, second: MouthCue) -> MouthCue:
    first_lasts = first.end_s - first.start_s > second.end_s - second.start_s
    return MouthCue(
        shape=first.shape if first_lasts else second.shape, start_s=first.start_s, end_s=second.end_s
    )
