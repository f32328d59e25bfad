"""Lipwright's own JSON: the curves with their names, and the phones where they are known."""

from __future__ import annotations

import json
from fractions import Fraction

from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.articulation.exports.frames import row_times_s
from lipwright.engine.articulation.exports.rhubarb import mouth_cues
from lipwright.engine.speech.values import PhoneTimeline

# Raised when a reader of an older version would misread the document.
DOCUMENT_VERSION = 2


def curves_json(
    curves: ArticulationCurves, phones: PhoneTimeline | None, frame_rate: Fraction, sound_name: str = ""
) -> str:
    """A JSON object: version, sound, duration_s, frame_rate, channels, frames, phones, cues.

    frames: one list a row, in the order of channels. phones: null where they are not known.
    """
    values = curves.sample(row_times_s(curves, frame_rate))
    document = {
        "version": DOCUMENT_VERSION,
        "sound": sound_name,
        "duration_s": round(curves.duration_s, 3),
        "frame_rate": str(frame_rate),
        "channels": [channel.name.lower() for channel in Mouth],
        "frames": [[round(float(value), 4) for value in row] for row in values],
        "phones": None
        if phones is None
        else [
            {
                "symbol": phone.symbol,
                "start_s": round(phone.start_s, 3),
                "end_s": round(phone.end_s, 3),
                "stress": phone.stress,
            }
            for phone in phones.phones
        ],
        "cues": [
            {"shape": cue.shape, "start_s": round(cue.start_s, 2), "end_s": round(cue.end_s, 2)}
            for cue in mouth_cues(curves, phones)
        ],
    }
    return json.dumps(document, ensure_ascii=False) + "\n"
