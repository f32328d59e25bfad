"""`lipwright faces`: who is in a picture, where, and which way they look."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lipwright.cli.terminal import output_options
from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.table import print_table
from lipwright.engine.errors import BadInput

if TYPE_CHECKING:
    from lipwright.engine.face.values import Face

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
    from lipwright.engine.face.find.landmarks import find_faces
    from lipwright.engine.media.reading.images import load_picture

    picture = load_picture(file)
    found = find_faces(picture.rgb)
    if draw is not None:
        from lipwright.engine.quality.face_overlay import draw_faces

        draw_faces(picture, found, draw)
    obstacles = [_obstacle(face, picture.size_wh) for face in found]
    if as_json:
        width_px, height_px = picture.size_wh
        summary = {
            "file": str(file),
            "width_px": width_px,
            "height_px": height_px,
            "faces": [
                _as_json(number, face, obstacle)
                for number, (face, obstacle) in enumerate(zip(found, obstacles, strict=True))
            ],
        }
        console.data(json.dumps(summary, ensure_ascii=False, indent=2))
        return
    if not found:
        console.say("No face was found.")
        return
    print_table(
        ("face", "left", "top", "width", "height", "yaw", "pitch", "roll", "confidence", "can speak"),
        [
            _as_row(number, face, obstacle)
            for number, (face, obstacle) in enumerate(zip(found, obstacles, strict=True))
        ],
    )


def _obstacle(face: Face, size_wh: tuple[int, int]) -> BadInput | None:
    """Why the face cannot be made to speak; None when it can."""
    from lipwright.engine.face.choose import check_face

    try:
        check_face(face, size_wh=size_wh)
    except BadInput as obstacle:
        return obstacle
    return None


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
