"""The 15 Oculus visemes: how strongly each of them shows in every frame."""

from __future__ import annotations

import csv
import io
import json
from enum import IntEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.articulation.exports.frames import row_times_s
from lipwright.engine.articulation.hold import span_weights
from lipwright.engine.articulation.visemes import DIPHTHONG_SPLIT, viseme_of
from lipwright.engine.curves import SampledCurves
from lipwright.engine.speech.values import PhoneTimeline


class OculusViseme(IntEnum):
    """The visemes in the order of the Oculus tools; names as those write them."""

    sil = 0
    PP = 1
    FF = 2
    TH = 3
    DD = 4
    kk = 5
    CH = 6
    SS = 7
    nn = 8
    RR = 9
    aa = 10
    E = 11
    ih = 12
    oh = 13
    ou = 14


_V = OculusViseme
# Every symbol's viseme; of a diphthong the first part.
VISEME_OF_SYMBOL: dict[str, OculusViseme] = {
    "SIL": _V.sil,
    **dict.fromkeys(("P", "B", "M"), _V.PP),
    **dict.fromkeys(("F", "V"), _V.FF),
    **dict.fromkeys(("TH", "DH"), _V.TH),
    **dict.fromkeys(("T", "D"), _V.DD),
    **dict.fromkeys(("K", "G", "NG", "HH"), _V.kk),
    **dict.fromkeys(("CH", "JH", "SH", "ZH"), _V.CH),
    **dict.fromkeys(("S", "Z"), _V.SS),
    **dict.fromkeys(("N", "L"), _V.nn),
    **dict.fromkeys(("R", "ER"), _V.RR),
    **dict.fromkeys(("AA", "AH", "AY", "AW"), _V.aa),
    **dict.fromkeys(("AE", "EH", "EY"), _V.E),
    **dict.fromkeys(("IH", "IY", "Y"), _V.ih),
    **dict.fromkeys(("AO", "OW", "OY", "OE"), _V.oh),
    **dict.fromkeys(("UH", "UW", "W", "UE"), _V.ou),
}
_GLIDE_OF_SYMBOL = {"AY": _V.ih, "AW": _V.ou, "EY": _V.ih, "OW": _V.ou, "OY": _V.ih}
# The sound whose shape stands for a viseme where only curves are known.
_PROTOTYPES = {
    _V.sil: "SIL",
    _V.PP: "P",
    _V.FF: "F",
    _V.TH: "TH",
    _V.DD: "T",
    _V.kk: "K",
    _V.CH: "SH",
    _V.SS: "S",
    _V.nn: "N",
    _V.RR: "R",
    _V.aa: "AA",
    _V.E: "EH",
    _V.ih: "IH",
    _V.oh: "AO",
    _V.ou: "W",
}
# A viseme fades in and out over a little less than a short sound: less pops, more smears.
FADE_S = 0.06
# How much a difference of each channel counts, and how soon one viseme takes over from the next.
_CHANNEL_WEIGHTS = {
    Mouth.APERTURE: 1.0,
    Mouth.JAW: 1.5,
    Mouth.WIDTH: 4.0,
    Mouth.PUCKER: 1.0,
    Mouth.FUNNEL: 1.0,
    Mouth.PRESS: 1.2,
    Mouth.ROLL: 0.3,
    Mouth.TUCK: 1.5,
    Mouth.RAISE: 0.3,
    Mouth.LOWER: 0.4,
    Mouth.TONGUE_UP: 0.4,
    Mouth.TONGUE_OUT: 0.8,
}
_DISTANCE_SCALE = 0.15


def viseme_weights(
    curves: ArticulationCurves, phones: PhoneTimeline | None, frame_rate: Fraction
) -> NDArray[np.float32]:
    """Weight of every viseme in every frame, float32 (frame, 15), each row summing to 1."""
    times_s = row_times_s(curves, frame_rate)
    rows = len(curves.values)
    by_row = _weights_of_curves(curves) if phones is None else _weights_of_phones(phones, rows)
    weights = SampledCurves(values=by_row).sample(times_s)
    total: NDArray[np.float32] = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-6)
    return total


def oculus_csv(curves: ArticulationCurves, phones: PhoneTimeline | None, frame_rate: Fraction) -> str:
    """One line a frame: time_s and the 15 weights."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["time_s", *(viseme.name for viseme in OculusViseme)])
    times_s = row_times_s(curves, frame_rate)
    for time_s, row in zip(times_s, viseme_weights(curves, phones, frame_rate), strict=True):
        writer.writerow([f"{time_s:.4f}", *(f"{value:.4f}" for value in row)])
    return text.getvalue()


def oculus_json(curves: ArticulationCurves, phones: PhoneTimeline | None, frame_rate: Fraction) -> str:
    """An object with frame_rate, the names in `visemes` and one list of weights a frame in `frames`."""
    weights = viseme_weights(curves, phones, frame_rate)
    document = {
        "frame_rate": str(frame_rate),
        "visemes": [viseme.name for viseme in OculusViseme],
        "frames": [[round(float(value), 4) for value in row] for row in weights],
    }
    return json.dumps(document) + "\n"


def _weights_of_phones(phones: PhoneTimeline, rows: int) -> NDArray[np.float32]:
    spans: dict[OculusViseme, list[tuple[float, float]]] = {}
    for phone in phones.phones:
        viseme = VISEME_OF_SYMBOL.get(phone.symbol, OculusViseme.kk)
        glide = _GLIDE_OF_SYMBOL.get(phone.symbol)
        turn_s = phone.end_s
        if glide is not None:
            turn_s = phone.start_s + DIPHTHONG_SPLIT * (phone.end_s - phone.start_s)
            spans.setdefault(glide, []).append((turn_s, phone.end_s))
        spans.setdefault(viseme, []).append((phone.start_s, turn_s))
    weights = np.zeros((rows, len(OculusViseme)), dtype=np.float32)
    for viseme, stretches in spans.items():
        weights[:, viseme] = span_weights(np.array(sorted(stretches)), FADE_S, FADE_S, rows)
    weights[weights.sum(axis=1) == 0, OculusViseme.sil] = 1
    return weights


def _weights_of_curves(curves: ArticulationCurves) -> NDArray[np.float32]:
    shapes = np.array([viseme_of(_PROTOTYPES[viseme]).shape.as_row() for viseme in OculusViseme])
    scale = np.array([_CHANNEL_WEIGHTS[channel] for channel in Mouth])
    # |a - b|^2 without an array of (time, viseme, channel): an hour has 360 000 points.
    points, marks = curves.values * scale, shapes * scale
    squares = np.square(points).sum(axis=1)[:, None] + np.square(marks).sum(axis=1) - 2 * points @ marks.T
    nearness = -np.maximum(squares, 0) / (2 * _DISTANCE_SCALE**2)
    weights = np.exp(nearness - nearness.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)
