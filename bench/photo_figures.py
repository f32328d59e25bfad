"""The figures of a talking photo: names, meanings and bars."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """The tables that the figures stand in."""

    PICTURE = "The picture and the head"
    MOUTH = "The mouth"
    MOTION = "The motion"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoFigure:
    """What a figure is. least, most: the bar; None where there is none. digits: after the point."""

    part: Part
    heading: str
    least: float | None = None
    most: float | None = None
    digits: int = 2

    def bar(self) -> str:
        """The bar in words, empty where there is none."""
        if self.least is not None and self.most is not None:
            return f"{self.least:g} to {self.most:g}"
        if self.least is not None:
            return f"at least {self.least:g}"
        return "" if self.most is None else f"at most {self.most:g}"

    def is_met(self, value: float) -> bool:
        """Whether a value is within the bar, as far as it is shown."""
        shown = round(value, self.digits)
        above = self.least is None or shown >= self.least
        return above and (self.most is None or shown <= self.most)


# The tracker reads an angle within a few hundredths; this is the whole of what may be lost or gained.
_ANGLE = (0.85, 1.15)
# What people show (.68 to .80 of the width at rest for u and w, 1.10 to 1.18 for ee) and the tracker errs.
_ROUND = (0.66, 0.82)
_WIDE = (1.08, 1.20)
# Wide openings of people who speak (95th percentile), and the largest, from calm to a shout.
_OPENING = (0.07, 0.13)
_LARGEST_OPENING = (0.08, 0.18)
# The chin of eight clips of people, read in the same way, drops by .11 to .56 of the gap, the middle half of
# them by .25 to .41. A chin that is drawn to drop by .40 is read as .32 to .52.
_CHIN = (0.25, 0.45)

FIGURES = {
    "rest": PhotoFigure(part=Part.PICTURE, heading="rest frame, levels off the photo", most=0.2),
    "first": PhotoFigure(part=Part.PICTURE, heading="first frame, levels off the photo", most=0.2),
    "outside": PhotoFigure(part=Part.PICTURE, heading="pixels changed outside the box", most=0, digits=0),
    "background": PhotoFigure(part=Part.PICTURE, heading="background SD, levels", most=0),
    "yaw_limit": PhotoFigure(part=Part.PICTURE, heading="limit of yaw, degrees", digits=1),
    "yaw": PhotoFigure(part=Part.PICTURE, heading="yaw read / asked", least=_ANGLE[0], most=_ANGLE[1]),
    "pitch": PhotoFigure(part=Part.PICTURE, heading="pitch read / asked", least=_ANGLE[0], most=_ANGLE[1]),
    "roll": PhotoFigure(part=Part.PICTURE, heading="roll read / asked", least=_ANGLE[0], most=_ANGLE[1]),
    "determinant": PhotoFigure(part=Part.PICTURE, heading="least determinant at the limit", least=0.3),
    "stretch": PhotoFigure(part=Part.PICTURE, heading="stretch at the limit", most=1.6),
    "residual": PhotoFigure(part=Part.PICTURE, heading="residual at the limit, px", most=1.0),
    "sharp_rest": PhotoFigure(part=Part.PICTURE, heading="sharpness at rest / photo", least=0.95),
    "sharp_turned": PhotoFigure(part=Part.PICTURE, heading="sharpness turned / photo", least=0.9),
    "edge_flicker": PhotoFigure(part=Part.PICTURE, heading="flicker of the edge / of the face", most=1.0),
    "edge_moved": PhotoFigure(part=Part.PICTURE, heading="flicker of the edge / of the uncut photo's"),
    "round": PhotoFigure(
        part=Part.MOUTH, heading="width at u and w, share of rest", least=_ROUND[0], most=_ROUND[1]
    ),
    "wide": PhotoFigure(part=Part.MOUTH, heading="width at ee, share of rest", least=_WIDE[0], most=_WIDE[1]),
    "width_p5": PhotoFigure(part=Part.MOUTH, heading="width, 5 %"),
    "width_p95": PhotoFigure(part=Part.MOUTH, heading="width, 95 %"),
    "gap_most": PhotoFigure(
        part=Part.MOUTH,
        heading="largest opening, fh",
        least=_LARGEST_OPENING[0],
        most=_LARGEST_OPENING[1],
        digits=3,
    ),
    "gap_p95": PhotoFigure(
        part=Part.MOUTH, heading="opening, 95 %, fh", least=_OPENING[0], most=_OPENING[1], digits=3
    ),
    "chin": PhotoFigure(part=Part.MOUTH, heading="chin drop per gap", least=_CHIN[0], most=_CHIN[1]),
    "sync": PhotoFigure(part=Part.MOUTH, heading="opening against the curve, r", least=0.9),
    "closures": PhotoFigure(part=Part.MOUTH, heading="lips meet on p b m", least=0.95),
    "yaw_sd": PhotoFigure(part=Part.MOTION, heading="yaw SD, degrees", digits=1),
    "pitch_sd": PhotoFigure(part=Part.MOTION, heading="pitch SD", digits=1),
    "roll_sd": PhotoFigure(part=Part.MOTION, heading="roll SD", digits=1),
    "shift_x_sd": PhotoFigure(part=Part.MOTION, heading="shift SD x, fh", digits=3),
    "shift_y_sd": PhotoFigure(part=Part.MOTION, heading="shift SD y, fh", digits=3),
    "brow_sd": PhotoFigure(part=Part.MOTION, heading="brow SD, fh", digits=4),
    "corner_sd": PhotoFigure(part=Part.MOTION, heading="corner height SD, fh", digits=4),
    "blinks": PhotoFigure(part=Part.MOTION, heading="blinks a minute", digits=0),
}
