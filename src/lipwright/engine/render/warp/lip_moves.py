"""How the mouth curves move the rows of lip points: openings, rounding, widths, and lips at the teeth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import smoothstep
from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.face import mesh
from lipwright.engine.render.warp.face_axes import FaceAxes
from lipwright.engine.render.warp.lip_rest import LipRest

# The rows that carry the lips, from above to below.
LIP_ROWS = (mesh.LIPS_OUTER_UPPER, mesh.LIPS_INNER_UPPER, mesh.LIPS_INNER_LOWER, mesh.LIPS_OUTER_LOWER)

# Share of the opening that the upper lip makes by rising; the jaw and lower lip make the rest. A funnel
# raises it: both lips turn outwards.
UPPER_SHARE = 0.25
FUNNEL_UPPER_SHARE = 0.08
# How far lips that the picture shows apart overlap when they shut, face heights, and as a share of the gap
# there: parted lips show their wet inside, which shut lips hide, and with it the last line of teeth. Less,
# and a pale line stays between them; more eats the lower lip.
SEAL_OVERLAP, SEAL_PER_GAP = 0.002, 0.22
# Gap below which the lips begin to overlap, face heights.
SEAL_BELOW_GAP = 0.02

# How much narrower rounded lips and a wide open mouth are, as a share of the width. Tracked speakers go down
# to .68 of their width at rest.
PUCKER_NARROWING = 0.32
FUNNEL_NARROWING = 0.22
GAP_NARROWING = 0.05
# A smile is wider than the mouth at rest, which is what rounding starts from.
SMILE_NARROWING = 0.14
# Share of a smile's curve that full rounding takes out of the line of the lips.
ROUNDING_UNSMILES = 0.6

# Openings, face heights, from which and over which a mouth changes from a lens to a round O.
ROUND_FROM_GAP, ROUND_OVER_GAP = 0.07, 0.08
# How far the corners follow the chin, and in a round O the lower lip, as shares of the chin's drop and of the
# gap: higher, the O hangs from its corners like a hammock; lower, it stands on them.
CORNER_PER_JAW = 0.22
CORNER_PER_GAP = 0.12

# Lips of a pucker have even thickness; without the second part they are a lens. Shares of the thickness and
# of the greatest thickness.
FULLER_UPPER = (0.22, 0.38)
FULLER_LOWER = (0.20, 0.34)
# How far rounded lips come forward, face heights.
PUCKER_FORWARD = 0.055
FUNNEL_FORWARD = 0.045
# How much wide lips thin, per share of extra width.
STRETCH_THINS = 0.9
# Pressed lips thin at the sides and bulge a little in the middle; rolled lips go in everywhere.
PRESS_THINS, PRESS_BULGES = 0.36, 0.22
ROLL_THINS = 0.55

# For f and v the lower lip stands at the upper teeth's edge, and the upper lip is lifted off them: the gap
# that is seen, measured on speakers .020 face heights, and the share of it that the upper lip makes. Less,
# and no teeth are seen.
TUCK_GAP = 0.020
TUCK_UPPER_SHARE = 0.85
# The lower lip rolls in under the teeth, as a share of its thickness.
TUCK_THINS = 0.22
# How far a lip is drawn off the teeth, face heights: 3 mm.
RAISE_LIFT = 0.022
LOWER_DROP = 0.022
# Lips go back, face heights: pressed, rolled in, and the lower lip under the teeth.
PRESS_BACK = 0.006
ROLL_BACK = 0.015
TUCK_BACK = 0.012


def lip_moves(
    axes: FaceAxes, rest: LipRest, mouth: NDArray[np.float32], *, gap: float, jaw: float
) -> NDArray[np.float32]:
    """Where the points of LIP_ROWS go, float32 (4, 11, 3) face heights from their places in the picture.

    mouth: one row of ArticulationCurves. gap: inner gap that is asked for. jaw: how far the chin drops from
    where the picture shows it. Both in face heights.
    """
    u, across = rest.u, np.abs(rest.u)
    pucker, funnel = float(mouth[Mouth.PUCKER]), float(mouth[Mouth.FUNNEL])
    tuck, roll, press = float(mouth[Mouth.TUCK]), float(mouth[Mouth.ROLL]), float(mouth[Mouth.PRESS])
    rounding = max(pucker, funnel)
    width = visible_width(mouth, gap)
    profile = _opening_profile(across, gap, rounding)

    # The edges that are asked for.
    upper_share = UPPER_SHARE + FUNNEL_UPPER_SHARE * funnel
    tucked = tuck * (TUCK_GAP - gap)
    lifted = upper_share * gap + tuck * (TUCK_UPPER_SHARE * TUCK_GAP - upper_share * gap)
    lowered = gap + tucked - lifted
    sealed = (SEAL_OVERLAP + SEAL_PER_GAP * rest.gap) * rest.is_parted
    sealed *= _closed(gap + tucked)
    flat = ROUNDING_UNSMILES * rounding * (float(rest.contact[5]) - rest.contact)
    line = rest.contact + flat * (rest.smile > 0)
    points = axes.points
    up = line - lifted * profile + 0.4 * sealed - points[list(mesh.LIPS_INNER_UPPER), 1]
    down = line + lowered * profile - 0.6 * sealed - points[list(mesh.LIPS_INNER_LOWER), 1]

    # How much each lip grows in thickness.
    even = across**2 * (1 - across**4)
    pressed = press * (PRESS_THINS - PRESS_BULGES * (1 - across**2))
    thinner = STRETCH_THINS * max(0.0, width - 1) + ROLL_THINS * roll + pressed
    grow_upper = _fuller(rest.upper, rounding, FULLER_UPPER, even) - thinner * rest.upper
    grow_lower = _fuller(rest.lower, rounding, FULLER_LOWER, even) - thinner * rest.lower
    grow_lower -= TUCK_THINS * tuck * rest.lower * profile

    raised = RAISE_LIFT * float(mouth[Mouth.RAISE]) * profile
    drawn_down = LOWER_DROP * float(mouth[Mouth.LOWER]) * profile
    down_by_row = (
        _follow_upper(up) - grow_upper - raised,
        up - raised,
        down + drawn_down,
        _follow_lower(down, jaw, profile) + grow_lower + 0.8 * drawn_down,
    )

    # Corners go in by half of what the mouth loses; in a pucker the middle keeps its texture and the sides
    # fold.
    corner_in = axes.half_mouth * (1 - width * (1 - SMILE_NARROWING * rounding * rest.smile))
    side = -u * corner_in * (1 + 0.35 * pucker * (across**1.5 - 1))
    o_shape = _o_shape(gap)
    corner_down = (CORNER_PER_JAW * jaw + CORNER_PER_GAP * o_shape * gap) * across**2
    forward = (PUCKER_FORWARD * pucker + FUNNEL_FORWARD * funnel) * (1 - 0.75 * across**2.2)
    back = PRESS_BACK * press + ROLL_BACK * roll - forward
    moves = np.zeros((len(LIP_ROWS), len(u), 3), dtype=np.float32)
    for row, vertical in enumerate(down_by_row):
        is_lower = row >= 2
        moves[row, :, 0] = side
        moves[row, :, 1] = vertical + corner_down
        moves[row, :, 2] = back + is_lower * (TUCK_BACK * tuck + 0.25 * jaw) * profile
    return moves


def closed_share(mouth: NDArray[np.float32], full_gap: float) -> float:
    """How near lips are to being shut, 0 to 1. full_gap: inner gap at aperture 1, face heights."""
    gap, tuck = max(0.0, float(mouth[Mouth.APERTURE])) * full_gap, float(mouth[Mouth.TUCK])
    return _closed(gap + tuck * (TUCK_GAP - gap))


def _closed(gap: float) -> float:
    return 1 - min(1.0, gap / SEAL_BELOW_GAP)


def visible_width(mouth: NDArray[np.float32], gap: float) -> float:
    """The width of the mouth that is seen, as a share of its width at rest. gap: face heights."""
    width = float(mouth[Mouth.WIDTH])
    width *= 1 - PUCKER_NARROWING * float(mouth[Mouth.PUCKER])
    width *= 1 - FUNNEL_NARROWING * float(mouth[Mouth.FUNNEL])
    return width * (1 - GAP_NARROWING * min(gap / 0.1, 1.5))


def _o_shape(gap: float) -> float:
    """How much an opening is a round O, 0 to 1."""
    return float(smoothstep(np.asarray((gap - ROUND_FROM_GAP) / ROUND_OVER_GAP)))


def _opening_profile(across: NDArray[np.float32], gap: float, rounding: float) -> NDArray[np.float32]:
    """How much of the gap is open at places across the mouth, 1 in the middle and 0 at the corners."""
    round_o = _o_shape(gap)
    power = 2.3 - 0.5 * rounding - 0.3 * round_o
    bend = 0.9 - 0.25 * rounding - 0.25 * round_o * (1 - rounding)
    return np.asarray(np.maximum(0, 1 - across**power) ** bend, dtype=np.float32)


def _fuller(
    thickness: NDArray[np.float32], rounding: float, shares: tuple[float, float], even: NDArray[np.float32]
) -> NDArray[np.float32]:
    grown = rounding * (shares[0] * thickness + shares[1] * float(thickness.max()) * even)
    return np.asarray(grown, dtype=np.float32)


def _follow_upper(up: NDArray[np.floating]) -> NDArray[np.floating]:
    """How the upper lip's outer edge follows its inner edge: rising as one, thickening when it comes down."""
    return np.where(up < 0, 0.85 * up, 0.45 * up)


def _follow_lower(
    down: NDArray[np.floating], jaw: float, profile: NDArray[np.floating]
) -> NDArray[np.floating]:
    """How the lower lip's outer edge follows: with the lip and the jaw when it opens, less when it closes."""
    opening = 0.72 * down + 0.2 * jaw * profile
    return np.where(down > 0, opening, 0.6 * down)
