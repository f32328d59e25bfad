"""Remakes the golden exports: `uv run python -m tests.engine.articulation.exports.remake_golden`.

Look at the difference before committing it: other people's tools read these formats.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from lipwright.engine.articulation.exports import ExportFormat, export_articulation
from tests.engine.articulation.speech_builders import staircase, timeline

GOLDEN = Path(__file__).parent / "golden"
PHONES = timeline("SIL 0.3 M 0.08 AY 0.2 F 0.1 UW 0.2 T 0.06 SIL 0.06 SH 0.1 L 0.15 AA 0.2 SIL 0.4")
EXTENSIONS = {
    ExportFormat.JSON: "json",
    ExportFormat.RHUBARB_TSV: "tsv",
    ExportFormat.RHUBARB_XML: "xml",
    ExportFormat.RHUBARB_JSON: "json",
    ExportFormat.ARKIT_CSV: "csv",
    ExportFormat.OCULUS_JSON: "json",
    ExportFormat.OCULUS_CSV: "csv",
}


def golden_name(export_format: ExportFormat, with_phones: bool) -> str:
    source = "phones" if with_phones else "curves"
    return f"{export_format}.{source}.{EXTENSIONS[export_format]}"


def golden_text(export_format: ExportFormat, with_phones: bool) -> str:
    """The export of plain steps from shape to shape: it changes with the format, not with every tuning."""
    return export_articulation(
        export_format,
        staircase(PHONES),
        PHONES if with_phones else None,
        frame_rate=Fraction(10),
        sound_name="it's <five> & two.wav",
    )


def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for export_format in ExportFormat:
        for with_phones in (True, False):
            text = golden_text(export_format, with_phones)
            (GOLDEN / golden_name(export_format, with_phones)).write_bytes(text.encode())


if __name__ == "__main__":
    main()
