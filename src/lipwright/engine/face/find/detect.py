"""Where faces may be: boxes and eyes, before the mesh has looked at them.

Two detectors share the work: the short-range one is surer on faces that fill the picture, the full-range
one sees faces down to a twentieth of it; large pictures are searched in tiles as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.face.find.models import FaceModel, network
from lipwright.engine.face.find.region import Region

# Overlap, as intersection over union, from which two boxes of a detector mean one face. MediaPipe's value:
# lower merges neighbours who touch, higher leaves doubles.
SAME_FACE_OVERLAP = 0.3
# The smallest face the full-range detector sees well, as a share of the square it looks at. Of twelve
# pictures pasted at random places it finds 94 % at this size, 81 % at 0.05 and 60 % at 0.04.
SMALLEST_SHARE = 0.06
# The smallest face looked for, in pixels. Smaller ones cannot be rendered; looking for them costs tiles.
SMALLEST_FACE_PX = 48
# Tiles overlap by this share, so that a face on a seam is whole in one of them.
TILE_OVERLAP = 0.3
# Score from which a second look, at a level square around a supposed face, counts as one. Lower than in a
# whole picture, where it would give faces in clouds: here the mesh has already agreed.
LEVEL_SCORE_FLOOR = 0.3
# More tiles than this in a row or column are never searched: a banner of 60,000 pixels stays affordable.
MOST_TILES = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Detection:
    """A face as a detector sees it.

    box_xyxy: float64 (4,), pixels. keypoints_px: float64 (6, 2): the viewer's left and right eye, nose tip,
    mouth, the viewer's left and right ear. score: 0 to 1.
    """

    box_xyxy: NDArray[np.float64]
    keypoints_px: NDArray[np.float64]
    score: float

    def region(self, *, scale: float) -> Region:
        """The square, level with the eyes, that the mesh should look at."""
        corners = self.box_xyxy.reshape(2, 2)
        return Region.around(corners, self.keypoints_px[0], self.keypoints_px[1], scale=scale)


@dataclass(frozen=True, slots=True)
class Detector:
    """A network with the grid its outputs refer to. score_floor: what the model's makers ask for."""

    model: FaceModel
    side_px: int
    grids: tuple[tuple[int, int], ...]  # (cells in a row, boxes in a cell)
    score_floor: float


SHORT_RANGE = Detector(FaceModel.DETECTOR_SHORT, 128, ((16, 2), (8, 6)), 0.5)
FULL_RANGE = Detector(FaceModel.DETECTOR_FULL, 192, ((48, 1),), 0.6)


@cache
def _anchors(detector: Detector) -> NDArray[np.float64]:
    """Middle of each box's cell, float64 (box, xy), 0 to 1."""
    rows = []
    for cells, boxes in detector.grids:
        middle = (np.arange(cells) + 0.5) / cells
        y, x = np.meshgrid(middle, middle, indexing="ij")
        rows.append(np.repeat(np.stack([x, y], -1).reshape(-1, 2), boxes, axis=0))
    return np.concatenate(rows)


def look(
    rgb: NDArray[np.uint8], square: Region, detector: Detector, least: float, *, antialias: bool = True
) -> list[Detection]:
    """What one detector finds in one square with at least this score, best first."""
    cut = square.cut(rgb, detector.side_px, border=cv2.BORDER_CONSTANT, antialias=antialias)
    image = cut.astype(np.float32) / np.float32(127.5) - 1
    boxes, logits = network(detector.model).run(image)
    scores = 1 / (1 + np.exp(-np.clip(logits.astype(np.float64), -100, 100)))
    has_size = (boxes[:, 2:4] > 1).all(axis=1)
    chosen = np.flatnonzero((scores >= least) & has_size)
    values = boxes[chosen].astype(np.float64).reshape(-1, 8, 2)
    anchors = _anchors(detector)[chosen] * detector.side_px
    middle, size = values[:, 0] + anchors, values[:, 1]
    found = []
    for i in range(len(chosen)):
        points = np.concatenate(
            [[middle[i] - size[i] / 2, middle[i] + size[i] / 2], values[i, 2:] + anchors[i]]
        )
        placed = square.to_picture(points, detector.side_px)
        box = np.concatenate([placed[:2].min(axis=0), placed[:2].max(axis=0)])
        found.append(Detection(box_xyxy=box, keypoints_px=placed[2:], score=float(scores[chosen[i]])))
    return merge(found)


def overlap(a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    """Intersection over union of two boxes."""
    low, high = np.maximum(a[:2], b[:2]), np.minimum(a[2:], b[2:])
    shared = float(np.prod(np.maximum(0, high - low)))
    whole = float(np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2])) - shared
    return shared / whole if whole > 0 else 0.0


def merge(detections: list[Detection]) -> list[Detection]:
    """One detection for each face: overlapping ones are averaged by their scores, best first."""
    left = sorted(detections, key=lambda each: -each.score)
    merged = []
    while left:
        best = left[0]
        same = [each for each in left if overlap(each.box_xyxy, best.box_xyxy) >= SAME_FACE_OVERLAP]
        left = [each for each in left if all(each is not other for other in same)]
        weights = np.array([each.score for each in same])
        merged.append(
            Detection(
                box_xyxy=np.average([each.box_xyxy for each in same], axis=0, weights=weights),
                keypoints_px=np.average([each.keypoints_px for each in same], axis=0, weights=weights),
                score=best.score,
            )
        )
    return merged


def _squares(width: int, height: int) -> Iterator[Region]:
    """Upright squares that cover the picture, ever smaller ones down to what the smallest face needs."""
    side = float(min(width, height))
    smallest = SMALLEST_FACE_PX / SMALLEST_SHARE
    if max(width, height) / side < 1.3:  # The whole picture was already nearly this square.
        side *= 0.6
    while side >= smallest:
        columns, rows = (
            1 if length <= side else int(np.ceil((length - side) / (side * (1 - TILE_OVERLAP)))) + 1
            for length in (width, height)
        )
        if max(columns, rows) > MOST_TILES:
            return
        for y in np.linspace(side / 2, max(side / 2, height - side / 2), rows):
            for x in np.linspace(side / 2, max(side / 2, width - side / 2), columns):
                yield Region(centre_px=np.array([x, y]), side_px=side, angle_rad=0.0)
        side *= 0.5


def detect_faces(
    rgb: NDArray[np.uint8], *, thorough: bool = True, turned_deg: float = 0.0
) -> tuple[Detection, ...]:
    """Faces in a picture, best first.

    thorough: also search tiles for faces that are small in a large picture; without it only the whole
    picture is looked at, which is what a video frame can afford.
    turned_deg: look for faces that lean this far to the right: a picture that lies on its side.
    """
    height, width = rgb.shape[:2]
    whole = Region(
        centre_px=np.array([width / 2, height / 2]),
        side_px=float(max(width, height)),
        angle_rad=float(np.deg2rad(turned_deg)),
    )
    found = [each for kind in (SHORT_RANGE, FULL_RANGE) for each in look(rgb, whole, kind, kind.score_floor)]
    if thorough:
        for square in _squares(width, height):
            found += look(rgb, square, FULL_RANGE, FULL_RANGE.score_floor)
    return tuple(merge(found))


def detect_in(rgb: NDArray[np.uint8], square: Region) -> Detection | None:
    """The surest face in a square that is level with it and about twice its size; None when there is none."""
    found = look(rgb, square, SHORT_RANGE, LEVEL_SCORE_FLOOR)
    return found[0] if found else None
