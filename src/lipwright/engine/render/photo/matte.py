"""The matte of one person: how much of each pixel is theirs, with hair, from the network's coarse answer.

A colour guided filter (He, Sun and Tang 2010) on a reduced copy draws the network's edge to the picture's
own; its coefficients are enlarged (fast guided filter, He and Sun 2015), so that the edge is as sharp as the
picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from lipwright.engine.arrays import check_array, smoothstep
from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.face.values import Face
from lipwright.engine.render.photo.falloff import distance_to_face
from lipwright.engine.render.photo.person_matte import person_matte
from lipwright.engine.render.photo.reduced import ReducedCopy
from lipwright.engine.render.pixels import blurred

# Lengths are in face heights.

# The guided filter's window and how much contrast, of colours 0 to 1, it takes for an edge. A wider window
# catches longer hair and lets the background's pattern in; a smaller contrast follows its noise.
FILTER_RADIUS = 0.03
FILTER_EPSILON = 4e-4
# The filter leaves a veil over both sides; what is nearly nothing or nearly all becomes so.
VEIL = 0.08
# From here on beyond the network's edge its answer counts alone, and half as far again until it does: hair
# reaches no farther, patterns do.
EDGE_REACH = 0.07
# Half of the thickness from which a half-transparent place is an object the network is unsure of, rather
# than hair. Drawn half it would be a ghost.
UNSURE_RADIUS = 0.022
UNSURE_RANGE = (0.06, 0.94)
# Such a place belongs to the person where the matte is above about this, within a soft step of this width.
# Everything to the background tears long hair.
PERSON_FROM, PERSON_STEP = 0.17, 0.12
# What has the colours of the background and not the person's must be surer by up to this: a painted wall
# beside a neck is no hair.
COLOUR_COUNTS = 0.6
# Cells of a colour channel in which colours of person and background are counted, and how they are softened.
COLOUR_CELLS, COLOUR_SOFTNESS = 16, 1.0
# Colours that make up less than this say nothing: they may be the unsure object's own.
RARE_COLOUR = 3e-4
# Where two people meet the mattes part within this distance.
PEOPLE_PART = 0.06
# Pieces farther from the face's own piece than this are someone or something else.
PIECE_GAP = 0.08
# Around the face within this distance unsure places matter for how far the head may turn.
NEAR_HEAD = 0.6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RefinedMatte:
    """A person's matte over the box of a reduced copy, and how it is made at the picture's own size.

    slopes: float32 (row, column, 4), by which R, G, B (0 to 255) and 1 give the matte near the edge.
    kept, added: float32 (row, column), the matte is kept * that + added.
    alpha: float32 (row, column), the matte on the copy, 0 to 1.
    others: float32 (row, column), the matte of everyone else, 0 to 1.
    unsure: area of unsure places near the head, as a share of the face's.
    """

    copy: ReducedCopy
    slopes: NDArray[np.float32]
    kept: NDArray[np.float32]
    added: NDArray[np.float32]
    alpha: NDArray[np.float32]
    others: NDArray[np.float32]
    unsure: float

    def __post_init__(self) -> None:
        shape = self.copy.rgb.shape[:2]
        check_array(self, "slopes", np.float32, (*shape, 4))
        for name in ("kept", "added", "alpha", "others"):
            check_array(self, name, np.float32, shape)

    def is_nobody(self, part: Box) -> bool:
        """Whether nothing of a part of the picture is the person."""
        return not (self.copy.around(self.kept, part).any() or self.copy.around(self.added, part).any())

    def is_all_person(self, part: Box) -> bool:
        """Whether all of a part of the picture is the person."""
        kept, added = (self.copy.around(values, part) for values in (self.kept, self.added))
        return not kept.any() and bool(added.min() >= 1)

    def full(self, rgb: NDArray[np.uint8], part: Box) -> NDArray[np.float32]:
        """The matte of a part of the picture at its own size, float32 (height, width), 0 to 1."""
        enlarged = self.copy.enlarged
        near = _applied(enlarged(self.slopes, part), rgb[part.slices])
        kept, added = enlarged(self.kept, part), enlarged(self.added, part)
        return np.asarray(np.clip(near * kept + added, 0, 1), dtype=np.float32)


def refined_matte(
    rgb: NDArray[np.uint8], face: Face, other_faces: Sequence[Face], copy: ReducedCopy
) -> RefinedMatte:
    """The matte of the person with this face; what is nearer to another face is another person's."""
    unit = copy.face_height_px
    raw = person_matte(rgb, face, copy.box, copy.size_wh)
    inside, outside = _far_from_edge(raw, unit)
    kept: NDArray[np.float32] = (1 - inside) * (1 - outside)
    slopes = _guided_where(kept, copy.rgb, raw, max(2, round(FILTER_RADIUS * unit)))
    added: NDArray[np.float32] = inside
    alpha = np.clip(_applied(slopes, copy.rgb) * kept + added, 0, 1)

    unsure = _unsure(alpha, unit)
    like_background = _like_background(copy.rgb, alpha)
    needed: NDArray[np.float32] = PERSON_FROM + COLOUR_COUNTS * like_background
    settled = np.clip((blurred(alpha, max(1.0, 0.004 * unit)) - needed) / PERSON_STEP, 0, 1)
    kept = kept * (1 - unsure)
    added = added * (1 - unsure) + settled * unsure
    alpha = np.clip(_applied(slopes, copy.rgb) * kept + added, 0, 1)

    outline = copy.place_of(face.landmarks_px[list(mesh.FACE_OVAL), :2])
    own = _own_piece(alpha, outline, unit) * _nearest(copy, face, other_faces)
    return RefinedMatte(
        copy=copy,
        slopes=slopes,
        kept=np.asarray(kept * own, dtype=np.float32),
        added=np.asarray(added * own, dtype=np.float32),
        alpha=np.asarray(alpha * own, dtype=np.float32),
        others=np.asarray(alpha * (1 - own), dtype=np.float32),
        unsure=_unsure_near(unsure * (1 - like_background), outline, unit),
    )


def _applied(slopes: NDArray[np.float32], rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The matte that slopes give for colours, float32 (row, column), 0 to 1."""
    near = slopes[..., 3].copy()
    for channel in range(3):
        near += slopes[..., channel] * rgb[..., channel]
    return np.asarray(np.clip(near, 0, 1), dtype=np.float32)


def _guided_where(
    kept: NDArray[np.float32], rgb: NDArray[np.uint8], raw: NDArray[np.float32], radius: int
) -> NDArray[np.float32]:
    """What _guided gives, without a veil, around the places where anything of it is kept; 0 elsewhere."""
    slopes = np.zeros((*kept.shape, 4), dtype=np.float32)
    left, top, width, height = cv2.boundingRect((kept > 0).astype(np.uint8))
    if width == 0:
        return slopes
    whole = Box.of_size((kept.shape[1], kept.shape[0]))
    box = Box(left, top, left + width, top + height).grown(2).clipped(whole)
    # It averages twice.
    around = box.grown(2 * radius + 1).clipped(whole)
    found = _guided(rgb[around.slices], raw[around.slices], radius)[box.seen_from(around).slices]
    found = found * np.float32(1 / (1 - 2 * VEIL))
    found[..., 3] -= np.float32(VEIL / (1 - 2 * VEIL))
    slopes[box.slices] = found
    return slopes


def _guided(rgb: NDArray[np.uint8], raw: NDArray[np.float32], radius: int) -> NDArray[np.float32]:
    """The colour guided filter's coefficients for R, G, B (0 to 255) and 1, float32 (row, column, 4)."""
    guide = rgb.astype(np.float32) * np.float32(1 / 255)

    def mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
        size = (2 * radius + 1, 2 * radius + 1)
        return np.asarray(cv2.boxFilter(values, -1, size, borderType=cv2.BORDER_REFLECT), dtype=np.float32)

    red, green, blue = (np.ascontiguousarray(guide[..., i]) for i in range(3))
    m_red, m_green, m_blue = mean(red), mean(green), mean(blue)
    m_raw = mean(raw)
    c_red, c_green, c_blue = (
        mean(each * raw) - m_each * m_raw for each, m_each in ((red, m_red), (green, m_green), (blue, m_blue))
    )
    rr = mean(red * red) - m_red * m_red + np.float32(FILTER_EPSILON)
    gg = mean(green * green) - m_green * m_green + np.float32(FILTER_EPSILON)
    bb = mean(blue * blue) - m_blue * m_blue + np.float32(FILTER_EPSILON)
    rg = mean(red * green) - m_red * m_green
    rb = mean(red * blue) - m_red * m_blue
    gb = mean(green * blue) - m_green * m_blue
    # The inverse of the symmetric matrix of covariances, by its cofactors.
    i_rr, i_rg, i_rb = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
    i_gg, i_gb, i_bb = rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg
    scale = 1 / (i_rr * rr + i_rg * rg + i_rb * rb)
    a_red = (i_rr * c_red + i_rg * c_green + i_rb * c_blue) * scale
    a_green = (i_rg * c_red + i_gg * c_green + i_gb * c_blue) * scale
    a_blue = (i_rb * c_red + i_gb * c_green + i_bb * c_blue) * scale
    constant = m_raw - a_red * m_red - a_green * m_green - a_blue * m_blue
    per_level = np.float32(1 / 255)
    slopes = [mean(a) * per_level for a in (a_red, a_green, a_blue)]
    return np.asarray(cv2.merge([*slopes, mean(constant)]), dtype=np.float32)


def _far_from_edge(raw: NDArray[np.float32], unit: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How far inside and outside of the network's edge places are: 0 near it, 1 where its answer counts."""
    core = cv2.erode((raw > 0.5).astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3)))
    reach = EDGE_REACH * unit
    depths = (cv2.distanceTransform(side, cv2.DIST_L2, cv2.DIST_MASK_5) for side in (core, 1 - core))
    # Where there is no edge at all, distances have no bound.
    inside, outside = (np.clip(depth, reach, 1.5 * reach) / (0.5 * reach) - 2 for depth in depths)
    return inside.astype(np.float32), outside.astype(np.float32)


def _unsure(alpha: NDArray[np.float32], unit: float) -> NDArray[np.float32]:
    """Half-transparent places that are too thick for hair, float32 (row, column), soft, 0 to 1."""
    half = ((alpha > UNSURE_RANGE[0]) & (alpha < UNSURE_RANGE[1])).astype(np.uint8)
    radius = max(2, round(UNSURE_RADIUS * unit))
    thick = cv2.dilate(cv2.erode(half, _disc(radius)), _disc(2 * radius))
    return blurred(np.asarray(thick, dtype=np.float32), max(1.0, 0.01 * unit))


def _like_background(rgb: NDArray[np.uint8], alpha: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much rather a colour is the background's than the person's, 0 (as likely or less) to 1."""
    cells = (rgb // (256 // COLOUR_CELLS)).astype(np.intp)
    index = (cells[..., 0] * COLOUR_CELLS + cells[..., 1]) * COLOUR_CELLS + cells[..., 2]
    behind, before = (
        gaussian_filter(
            np.bincount(index[where], minlength=COLOUR_CELLS**3)
            .reshape((COLOUR_CELLS,) * 3)
            .astype(np.float32)
            / max(int(where.sum()), 1),
            COLOUR_SOFTNESS,
        ).ravel()
        for where in (alpha < UNSURE_RANGE[0], alpha > UNSURE_RANGE[1])
    )
    rather = behind / (behind + before + RARE_COLOUR)
    seen = blurred(rather[index].astype(np.float32), 1.5)
    return np.asarray(np.clip(2 * seen - 1, 0, 1), dtype=np.float32)


def _own_piece(alpha: NDArray[np.float32], outline: NDArray[np.float32], unit: float) -> NDArray[np.float32]:
    """1 on the piece of a matte that the face is in and on pieces near it, softly 0 on the others."""
    gap = max(1, round(PIECE_GAP * unit / 2))
    pieces = cv2.dilate((alpha > UNSURE_RANGE[0]).astype(np.uint8), _disc(gap))
    on_face = np.zeros_like(pieces)
    cv2.fillPoly(on_face, [np.round(outline).astype(np.int32)], 1)
    count, labels = cv2.connectedComponents(pieces)
    votes = np.bincount(labels[on_face > 0].ravel(), minlength=count)
    votes[0] = 0
    if not votes.any():
        return np.ones_like(alpha)
    return np.asarray(labels == int(votes.argmax()), dtype=np.float32)


def _nearest(copy: ReducedCopy, face: Face, other_faces: Sequence[Face]) -> NDArray[np.float32]:
    """1 where this face is the nearest one, 0 from the middle to another on, float32 (row, column)."""
    share = np.ones(copy.rgb.shape[:2], dtype=np.float32)
    if not other_faces:
        return share
    places = copy.places_px()
    part_px = PEOPLE_PART * copy.face_height_px * copy.step_px[0]
    own = distance_to_face(places, face)
    for other in other_faces:
        share *= smoothstep((distance_to_face(places, other) - own) / part_px)
    return share


def _unsure_near(unsure: NDArray[np.float32], outline: NDArray[np.float32], unit: float) -> float:
    """The area of unsure places around a face, as a share of the face's own."""
    elsewhere = np.ones(unsure.shape, dtype=np.uint8)
    cv2.fillPoly(elsewhere, [np.round(outline).astype(np.int32)], 0)
    if elsewhere.all():
        return 0.0
    near = cv2.distanceTransform(elsewhere, cv2.DIST_L2, cv2.DIST_MASK_5) < NEAR_HEAD * unit
    return float(unsure[near].sum() / (elsewhere == 0).sum())


def _disc(radius: int) -> NDArray[np.uint8]:
    side = 2 * radius + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), dtype=np.uint8)
