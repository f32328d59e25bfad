"""Articulation in the forms that other animation tools read, as text."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from lipwright.engine.articulation.curves import ArticulationCurves
from lipwright.engine.articulation.exports.arkit import arkit_csv
from lipwright.engine.articulation.exports.document import curves_json
from lipwright.engine.articulation.exports.oculus import oculus_csv, oculus_json
from lipwright.engine.articulation.exports.rhubarb import rhubarb_json, rhubarb_tsv, rhubarb_xml
from lipwright.engine.speech.values import PhoneTimeline


class ExportFormat(StrEnum):
    """The formats, by the words that options use."""

    JSON = "json"
    RHUBARB_TSV = "rhubarb-tsv"
    RHUBARB_XML = "rhubarb-xml"
    RHUBARB_JSON = "rhubarb-json"
    ARKIT_CSV = "arkit-csv"
    OCULUS_JSON = "oculus-json"
    OCULUS_CSV = "oculus-csv"


# The rate of curves and weights in the formats that have one; what face recorders of telephones write.
DEFAULT_FRAME_RATE = Fraction(60)


def export_articulation(
    export_format: ExportFormat,
    curves: ArticulationCurves,
    phones: PhoneTimeline | None = None,
    *,
    frame_rate: Fraction = DEFAULT_FRAME_RATE,
    sound_name: str = "",
) -> str:
    """The articulation as text of one format, ending in a line feed.

    phones: where known they name the shapes; otherwise the curves do. frame_rate: rows a second of the
    formats with rows. sound_name: what the formats that name their sound say.
    """
    match export_format:
        case ExportFormat.JSON:
            return curves_json(curves, phones, frame_rate, sound_name)
        case ExportFormat.RHUBARB_TSV:
            return rhubarb_tsv(curves, phones)
        case ExportFormat.RHUBARB_XML:
            return rhubarb_xml(curves, phones, sound_name)
        case ExportFormat.RHUBARB_JSON:
            return rhubarb_json(curves, phones, sound_name)
        case ExportFormat.ARKIT_CSV:
            return arkit_csv(curves, frame_rate)
        case ExportFormat.OCULUS_JSON:
            return oculus_json(curves, phones, frame_rate)
        case ExportFormat.OCULUS_CSV:
            return oculus_csv(curves, phones, frame_rate)
