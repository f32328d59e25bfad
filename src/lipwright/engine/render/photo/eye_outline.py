"""The outline of one eye in a picture: the mesh's, or a drawing's own where its eye is larger than that."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box
from lipwright.engine.face import mesh
from lipwright.engine.render.pixels import luminance

# Skin around an eye has more than this share of the cheek's light: 0.44 in the deepest of sockets, at most
# 0.16 behind dark glass.
COVERED = 0.30
# Around an eye of the mesh there are lids; where this share of what surrounds it is white, so far out in eye
# widths, the eye is a drawing's and larger.
WHITE_AROUND = 0.18
AROUND = 0.10
# A drawing's eye is looked for so far from the middle of the mesh's, eye widths.
SEARCH = 1.2
# White has less than this share of the skin's saturation, and more than this share of the brightest light.
WHITE_SATURATION = 0.62
WHITE_LIGHT = 0.55
# Its iris is purer than the skin by this factor, or has less than this share of its light; it is looked for
# so far from the middle of the mesh's, in radii of that.
IRIS_SATURATION = 1.25
IRIS_LIGHT = 0.45
IRIS_REACH = 1.6
# The soft rim of a drawing's eye belongs to it, eye widths.
RIM = 0.12
# The fold and the bag of a drawing's eye, above and below its outline, in its widths.
DRAWN_FOLD = 0.16
DRAWN_BAG = 0.14


@dataclass(frozen=True, slots=True, kw_only=True)
class EyeRows:
    """Mesh points of an eye, rows from the viewer's left to right.

    inner: where its inner corner is, 0 or 1.
    """

    upper: tuple[int, ...]
    lower: tuple[int, ...]
    crease: tuple[int, ...]
    bag: tuple[int, ...]
    brow: tuple[int, ...]
    iris: tuple[int, ...]
    cheek: tuple[int, ...]
    inner: int


LEFT_EYE = EyeRows(
    upper=mesh.EYE_LEFT_UPPER,
    lower=mesh.EYE_LEFT_LOWER,
    crease=mesh.EYE_LEFT_CREASE,
    bag=mesh.EYE_LEFT_BAG,
    brow=mesh.BROW_LEFT_LOWER,
    iris=mesh.IRIS_LEFT,
    cheek=(50, 101, 205),
    inner=1,
)
RIGHT_EYE = EyeRows(
    upper=mesh.EYE_RIGHT_UPPER,
    lower=mesh.EYE_RIGHT_LOWER,
    crease=mesh.EYE_RIGHT_CREASE,
    bag=mesh.EYE_RIGHT_BAG,
    brow=mesh.BROW_RIGHT_LOWER,
    iris=mesh.IRIS_RIGHT,
    cheek=(280, 330, 425),
    inner=0,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EyeOutline:
    """Points of an eye, float32 (point, 2), pixels; rows from the viewer's left corner to the right.

    upper, lower: the edges of the lids, corners included. crease: the fold above. bag: the fold below.
    iris: its centre, then points of its edge. reach: what else belongs to the eye's surroundings.
    inner: where the inner corner is, 0 or 1. is_drawn: a drawing's eye, whose corners are round.
    """

    upper: NDArray[np.float32]
    lower: NDArray[np.float32]
    crease: NDArray[np.float32]
    bag: NDArray[np.float32]
    iris: NDArray[np.float32]
    reach: NDArray[np.float32]
    inner: int
    is_drawn: bool = False

    def __post_init__(self) -> None:
        for name in ("upper", "lower", "crease", "bag", "iris", "reach"):
            check_array(self, name, np.float32, (len(getattr(self, name)), 2))


def is_seen(points: NDArray[np.float32], rows: EyeRows, texture: NDArray[np.uint8]) -> bool:
    """Whether an eye is wholly in the picture, and no dark glass or patch lies over it.

    Behind those its surroundings are far darker than the cheek.
    """
    lids = points[[*rows.upper, *rows.lower]]
    size_wh = (texture.shape[1], texture.shape[0])
    if (lids < 0).any() or (lids > np.array(size_wh, np.float32) - 1).any():
        return False
    around, cheek = (
        np.median(luminance(_pixels_at(points[list(row)], texture)))
        for row in ((*rows.crease[1:-1], *rows.bag[1:-1]), rows.cheek)
    )
    return bool(around >= COVERED * cheek)


def outline_eye(points: NDArray[np.float32], rows: EyeRows, texture: NDArray[np.uint8]) -> EyeOutline:
    """The outline of an eye; points: float32 (478, 2), pixels of the texture, uint8 (height, width, 3)."""
    outline = EyeOutline(
        upper=points[list(rows.upper)],
        lower=points[list(rows.lower)],
        crease=points[list(rows.crease)],
        bag=points[list(rows.bag)],
        iris=points[list(rows.iris)],
        reach=points[list(rows.brow)],
        inner=rows.inner,
    )
    drawn = _drawn_eye(outline, points[list(rows.cheek)], texture)
    return outline if drawn is None else drawn


def _drawn_eye(
    outline: EyeOutline, cheek: NDArray[np.float32], texture: NDArray[np.uint8]
) -> EyeOutline | None:
    """The outline of an eye whose white goes on where the mesh has its lids; None where it does not."""
    width = float(np.linalg.norm(outline.upper[-1] - outline.upper[0]))
    middle = outline.upper.mean(axis=0) / 2 + outline.lower.mean(axis=0) / 2
    box = Box.holding(*(middle - SEARCH * width), *(middle + SEARCH * width))
    box = box.clipped(Box.of_size((texture.shape[1], texture.shape[0])))
    if width < 8 or min(box.size_wh) < 8:
        return None
    crop = texture[box.slices]
    skin = np.median(_pixels_at(cheek, texture), axis=0)
    white = _saturation(crop) < WHITE_SATURATION * float(_saturation(skin))
    bright = luminance(crop)
    white &= bright > WHITE_LIGHT * np.percentile(bright, 95)
    corner = np.array(box.corner, np.float32)
    eye = _filled([*(outline.upper - corner), *(outline.lower - corner)[::-1]], white.shape)
    reach = max(1, round(AROUND * width))
    around = cv2.dilate(eye, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) - eye
    if white[around > 0].mean() < WHITE_AROUND:
        return None
    own_iris = (_saturation(crop) > IRIS_SATURATION * float(_saturation(skin))) | (
        bright < IRIS_LIGHT * float(luminance(skin[None])[0])
    )
    rows, columns = np.mgrid[: white.shape[0], : white.shape[1]]
    centre = outline.iris[0] - corner
    radius = float(np.linalg.norm(outline.iris[1:] - outline.iris[0], axis=1).mean())
    own_iris &= np.hypot(columns - centre[0], rows - centre[1]) < IRIS_REACH * radius
    seen = cv2.morphologyEx(
        (white | own_iris | (eye > 0)).astype(np.uint8), cv2.MORPH_OPEN, np.ones((reach, reach), np.uint8)
    )
    labels = cv2.connectedComponents(seen)[1]
    own = np.bincount(labels[(eye > 0) & (labels > 0)]).argmax()
    rim = np.argwhere(labels == own)[:, ::-1].astype(np.int32)
    hull = cv2.convexHull(rim)
    region = _filled(list(hull[:, 0].astype(np.float32)), white.shape)
    rim_px = max(3, round(RIM * width)) // 2 * 2 + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (rim_px, rim_px))
    region = np.asarray(cv2.dilate(region, disc), np.uint8)
    filled = np.flatnonzero(region.any(axis=0))
    at = np.linspace(filled[0], filled[-1], 25).round().astype(int)
    top = region[:, at].argmax(axis=0)
    bottom = region.shape[0] - 1 - region[::-1, at].argmax(axis=0)
    ends = (top[[0, -1]] + bottom[[0, -1]]) / 2
    top[[0, -1]], bottom[[0, -1]] = ends, ends
    upper = np.stack([at, top], axis=1).astype(np.float32) + corner
    lower = np.stack([at, bottom], axis=1).astype(np.float32) + corner
    wide = np.float32(np.linalg.norm(upper[-1] - upper[0]))
    fold, bag = (np.array([0, share * wide], np.float32) for share in (DRAWN_FOLD, DRAWN_BAG))
    return EyeOutline(
        upper=upper,
        lower=lower,
        crease=upper - fold,
        bag=lower + bag,
        iris=outline.iris,
        reach=upper - 2 * fold,
        inner=outline.inner,
        is_drawn=True,
    )


def _pixels_at(points: NDArray[np.float32], texture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Colours of a picture at points, float32 (point, 3)."""
    places = np.clip(np.round(points).astype(int), 0, (texture.shape[1] - 1, texture.shape[0] - 1))
    return np.asarray(texture[places[:, 1], places[:, 0]], np.float32)


def _saturation(colours: NDArray[np.generic]) -> NDArray[np.float32]:
    """0 grey to 1 pure, of RGB colours (..., 3)."""
    # Channel by channel: NumPy's reductions take ten times as long where the last axis is short.
    red, green, blue = (np.asarray(colours[..., channel], np.float32) for channel in range(3))
    most = np.maximum(np.maximum(red, green), blue)
    least = np.minimum(np.minimum(red, green), blue)
    return np.asarray((most - least) / np.maximum(most, 1), np.float32)


def _filled(ring: list[NDArray[np.float32]], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(np.array(ring)).astype(np.int32)], 1)
    return mask
