"""Which point of the face mesh is what, and which points form triangles.

The numbering is that of MediaPipe's face mesh: 0 to 467 skin, 468 to 477 irises. LEFT and RIGHT are
the viewer's, in an upright picture that is not mirrored. Rows run from the viewer's left to right; the
rows of a lip or a lid have equal lengths and their entries face each other, the first and the last
being the shared corners.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.face.values import MESH_POINTS

SKIN_POINTS = 468

# Lips. 11 points a row, corners included; the middle of a row is entry 5.
LIPS_OUTER_UPPER = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291)
LIPS_OUTER_LOWER = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291)
LIPS_INNER_UPPER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
LIPS_INNER_LOWER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
LIPS_OUTER = LIPS_OUTER_UPPER + LIPS_OUTER_LOWER[-2:0:-1]  # closed loop, clockwise for the viewer
LIPS_INNER = LIPS_INNER_UPPER + LIPS_INNER_LOWER[-2:0:-1]  # closed loop, clockwise for the viewer
# The rings of skin points between the outer and the inner edge of the lips, from outside to inside.
LIPS_MIDDLE_UPPER_OUTER = (76, 184, 74, 73, 72, 11, 302, 303, 304, 408, 306)
LIPS_MIDDLE_LOWER_OUTER = (76, 77, 90, 180, 85, 16, 315, 404, 320, 307, 306)
LIPS_MIDDLE_UPPER_INNER = (62, 183, 42, 41, 38, 12, 268, 271, 272, 407, 292)
LIPS_MIDDLE_LOWER_INNER = (62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292)
MOUTH_CORNER_LEFT, MOUTH_CORNER_RIGHT = 61, 291
INNER_CORNER_LEFT, INNER_CORNER_RIGHT = 78, 308
LIP_INNER_TOP, LIP_INNER_BOTTOM = 13, 14
LIP_OUTER_TOP, LIP_OUTER_BOTTOM = 0, 17

# Eyes. 9 points a row, corners included.
EYE_LEFT_UPPER = (33, 246, 161, 160, 159, 158, 157, 173, 133)
EYE_LEFT_LOWER = (33, 7, 163, 144, 145, 153, 154, 155, 133)
EYE_RIGHT_UPPER = (362, 398, 384, 385, 386, 387, 388, 466, 263)
EYE_RIGHT_LOWER = (362, 382, 381, 380, 374, 373, 390, 249, 263)
EYE_LEFT = EYE_LEFT_UPPER + EYE_LEFT_LOWER[-2:0:-1]  # closed loop, clockwise for the viewer
EYE_RIGHT = EYE_RIGHT_UPPER + EYE_RIGHT_LOWER[-2:0:-1]
EYE_LEFT_OUTER_CORNER, EYE_LEFT_INNER_CORNER = 33, 133
EYE_RIGHT_INNER_CORNER, EYE_RIGHT_OUTER_CORNER = 362, 263
# The skin row just above the upper lid (its crease) and just below the lower lid.
EYE_LEFT_CREASE = (130, 247, 30, 29, 27, 28, 56, 190, 243)
EYE_LEFT_BAG = (130, 25, 110, 24, 23, 22, 26, 112, 243)
EYE_RIGHT_CREASE = (463, 414, 286, 258, 257, 259, 260, 467, 359)
EYE_RIGHT_BAG = (463, 341, 256, 252, 253, 254, 339, 255, 359)

# Irises: the centre, then four points of the edge.
IRIS_LEFT_CENTRE, IRIS_LEFT_EDGE = 468, (469, 470, 471, 472)
IRIS_RIGHT_CENTRE, IRIS_RIGHT_EDGE = 473, (474, 475, 476, 477)
IRIS_LEFT = (IRIS_LEFT_CENTRE, *IRIS_LEFT_EDGE)
IRIS_RIGHT = (IRIS_RIGHT_CENTRE, *IRIS_RIGHT_EDGE)

# Brows: five points along the upper and the lower edge.
BROW_LEFT_UPPER = (70, 63, 105, 66, 107)
BROW_LEFT_LOWER = (46, 53, 52, 65, 55)
BROW_RIGHT_UPPER = (336, 296, 334, 293, 300)
BROW_RIGHT_LOWER = (285, 295, 282, 283, 276)
BROW_LEFT = BROW_LEFT_UPPER + BROW_LEFT_LOWER[::-1]
BROW_RIGHT = BROW_RIGHT_UPPER + BROW_RIGHT_LOWER[::-1]

# The edge of the mesh, from the top of the forehead clockwise for the viewer.
FACE_OVAL = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
# Its lower part, from ear to ear by way of the chin.
JAW_LINE = (
    *(234, 93, 132, 58, 172, 136, 150, 149, 176, 148),
    *(152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454),
)
FOREHEAD_TOP, CHIN_BOTTOM = 10, 152
CHIN = (148, 152, 377, 171, 175, 396, 208, 199, 428, 201, 200, 421)

# Nose: the bridge from between the eyes down to the tip, the base, the wings.
NOSE_BRIDGE = (168, 6, 197, 195, 5, 4)
NOSE_TIP = 1
NOSE_BASE = (98, 97, 2, 326, 327)
NOSE_WINGS = (64, 48, 115, 220, 45, 4, 275, 440, 344, 278, 294)
NOSE = (*NOSE_BRIDGE, NOSE_TIP, 19, 94, *NOSE_BASE, *NOSE_WINGS[:5], *NOSE_WINGS[6:])

# Points that speech, blinks and smiles hardly move: forehead, bridge, eye corners, temples.
RIGID_POINTS = (
    *(10, 338, 297, 332, 109, 67, 103, 151, 9, 8, 168, 6, 197, 195),
    *(33, 133, 362, 263, 130, 359, 243, 463, 127, 356, 234, 454, 162, 389, 21, 251),
)


@cache
def triangles() -> NDArray[np.intp]:
    """The triangles of the skin, intp (852, 3), all turning the same way.

    The mouth (inside LIPS_INNER) and the eyes (inside EYE_LEFT and EYE_RIGHT) are holes.
    Do not write into it.
    """
    return _table("triangles")


@cache
def mirror_points() -> NDArray[np.intp]:
    """Which point takes each one's place in a mirror, intp (478,); its own inverse. Do not write into it."""
    return _table("mirror")


def _table(name: str) -> NDArray[np.intp]:
    with (files(__package__) / "data" / "mesh.npz").open("rb") as file, np.load(file) as data:
        table: NDArray[np.intp] = data[name].astype(np.intp)
    table.flags.writeable = False
    return table


@cache
def neighbours() -> tuple[tuple[int, ...], ...]:
    """The points that share an edge with each point, MESH_POINTS tuples; empty for the irises."""
    found: list[set[int]] = [set() for _ in range(MESH_POINTS)]
    for corner in triangles():
        for a, b in ((0, 1), (1, 2), (2, 0)):
            found[corner[a]].add(int(corner[b]))
            found[corner[b]].add(int(corner[a]))
    return tuple(tuple(sorted(each)) for each in found)
