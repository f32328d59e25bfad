"""`lipwright faces`: who is in a picture, where, and which way they look."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lipwright.cli.terminal import output_options
from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.marking import open_marks, report_marks, signed_file
from lipwright.cli.terminal.table import print_table

if TYPE_CHECKING:
    from lipwright.engine import BadInput, Face

app = typer.Typer()


@app.command()
def faces(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A picture.")],
    draw: Annotated[
        Path | None, typer.Option(metavar="OUT.png", help="Write the picture with its faces marked.")
    ] = None,
    as_json: output_options.JsonResult = False,
) -> None:
    """Show who is in a picture."""
    console.configure(json_events=as_json)
    from lipwright.engine import draw_faces, picture_faces
    from lipwright.provenance.credentials import ClaimInput, InputRole, Product

    found = picture_faces(file)
    if draw is not None:
        marks = open_marks(has_watermark=False)
        credited = [ClaimInput(path=file, role=InputRole.PARENT)]
        with signed_file(draw, marks, product=Product.FACES, mode=None, credited=credited) as part:
            draw_faces(found.picture, found.faces, part)
        report_marks(marks)
    numbered = list(enumerate(zip(found.faces, found.obstacles, strict=True)))
    if as_json:
        width_px, height_px = found.picture.size_wh
        summary = {
            "file": str(file),
            "width_px": width_px,
            "height_px": height_px,
            "faces": [_as_json(number, face, obstacle) for number, (face, obstacle) in numbered],
        }
        console.data(json.dumps(summary, ensure_ascii=False, indent=2))
        return
    if not numbered:
        console.say("No face was found.")
        return
    print_table(
        ("face", "left", "top", "width", "height", "yaw", "pitch", "roll", "confidence", "can speak"),
        [_as_row(number, face, obstacle) for number, (face, obstacle) in numbered],
    )


def _as_row(number: int, face: Face, obstacle: BadInput | None) -> tuple[str, ...]:
    left, top, right, bottom = (round(float(edge)) for edge in face.box_xyxy)
    angles = (face.pose.yaw_deg, face.pose.pitch_deg, face.pose.roll_deg)
    return (
        str(number),
        *(str(pixels) for pixels in (left, top, right - left, bottom - top)),
        *(f"{round(angle)}°" for angle in angles),
        f"{face.confidence:.2f}",
        "yes" if obstacle is None else obstacle.message,
    )


def _as_json(number: int, face: Face, obstacle: BadInput | None) -> dict[str, object]:
    return {
        "face": number,
        "box_xyxy": [round(float(edge), 1) for edge in face.box_xyxy],
        "confidence": round(float(face.confidence), 3),
        "yaw_deg": round(float(face.pose.yaw_deg), 1),
        "pitch_deg": round(float(face.pose.pitch_deg), 1),
        "roll_deg": round(float(face.pose.roll_deg), 1),
        "eye_distance_px": round(float(face.pose.eye_distance_px), 1),
        "can_speak": obstacle is None,
        "obstacle": None if obstacle is None else {"code": obstacle.code, "message": obstacle.message},
    }
