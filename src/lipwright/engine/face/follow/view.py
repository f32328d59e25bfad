"""Looking at a region of a frame through a FrameView."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.boxes import Box
from lipwright.engine.face.find.detect import Detection, detect_faces, detect_in
from lipwright.engine.face.find.landmarks import LEVEL_SCALE, MESH_INPUT_PX, Mesh, read_mesh
from lipwright.engine.face.find.region import Region
from lipwright.engine.face.values import FrameView

# The whole frame is searched at about this size: the detectors see 192 pixels of it in any case.
SEARCH_SIDE_PX = 384
THUMBNAIL_SIDE_PX = 48
# Half the diagonal of a square over half its side.
_DIAGONAL = 1.42


def look_at(view: FrameView, region: Region) -> tuple[Mesh, NDArray[np.uint8]] | None:
    """The mesh in a region of a frame, and the pixels the network saw; None when it lies outside."""
    seen = _part(view, region, MESH_INPUT_PX)
    if seen is None:
        return None
    rgb, small, shrink, offset = seen
    cut = small.cut(rgb, MESH_INPUT_PX)
    mesh = read_mesh(cut, small)
    points = mesh.points_px * np.float32(shrink)
    points[:, :2] += offset.astype(np.float32)
    return replace(mesh, points_px=points), cut


def detect_at(view: FrameView, region: Region) -> Detection | None:
    """The detector's second opinion on a mesh's region."""
    wide = replace(region, side_px=region.side_px * LEVEL_SCALE)
    seen = _part(view, wide, 128)
    if seen is None:
        return None
    rgb, small, shrink, offset = seen
    found = detect_in(rgb, small)
    return None if found is None else _moved(found, shrink, offset)


def search(view: FrameView, *, thorough: bool, turned_deg: float = 0.0) -> tuple[Detection, ...]:
    """Faces anywhere in a frame. thorough: also small ones, which needs the frame at full size.

    turned_deg: as for detect_faces.
    """
    shrink = 1 if thorough else max(1, max(view.size_wh) // SEARCH_SIDE_PX)
    rgb, origin = view.rgb(Box.of_size(view.size_wh), shrink)
    offset = np.array(origin) + (shrink - 1) / 2
    found = detect_faces(rgb, thorough=thorough, turned_deg=turned_deg)
    return tuple(_moved(each, shrink, offset) for each in found)


def thumbnail(view: FrameView) -> NDArray[np.uint8]:
    """The frame very small, always the same size for the same size of frame."""
    rgb, _ = view.rgb(Box.of_size(view.size_wh), max(1, max(view.size_wh) // THUMBNAIL_SIDE_PX))
    return rgb


def _part(
    view: FrameView, region: Region, size_px: int
) -> tuple[NDArray[np.uint8], Region, int, NDArray[np.float64]] | None:
    """The frame around a region: pixels, the region in them, the factor they are smaller, their origin."""
    shrink = max(1, int(region.side_px / size_px))
    reach = region.side_px / 2 * _DIAGONAL + 2 * shrink
    around = Box.holding(*(region.centre_px - reach), *(region.centre_px + reach))
    rgb, origin = view.rgb(around.clipped(Box.of_size(view.size_wh)), shrink)
    if min(rgb.shape[:2]) < 2:
        return None
    offset = np.array(origin) + (shrink - 1) / 2
    small = replace(region, centre_px=(region.centre_px - offset) / shrink, side_px=region.side_px / shrink)
    return rgb, small, shrink, offset


def _moved(detection: Detection, shrink: int, offset: NDArray[np.float64]) -> Detection:
    """A detection in a smaller part of the frame, in the frame's own pixels."""
    return replace(
        detection,
        box_xyxy=detection.box_xyxy * shrink + np.tile(offset, 2),
        keypoints_px=detection.keypoints_px * shrink + offset,
    )
