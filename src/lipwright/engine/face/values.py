"""A face in a picture or in a clip, and how one is named."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box

# Points of the face mesh: 468 of the skin and 10 of the two irises, in MediaPipe's numbering.
MESH_POINTS = 478

# Whose face: a number from 0, or a word. In a picture the larger comes first, in a clip who is seen first.
FaceChoice = int | Literal["largest", "all"]
ClipFaceChoice = int | Literal["largest", "speaking", "all"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeadPose:
    """How a head is turned in the picture.

    yaw_deg: positive when the face looks to the viewer's right. pitch_deg: positive when it looks down.
    roll_deg: positive when it leans clockwise for the viewer.
    rotation: float32 (3, 3), from the head's own axes (x viewer's right, y down, z away) to the picture's.
    centre_px: float32 (2,), between the eyes.
    eye_distance_px: between the outer corners of the eyes as seen from the front, pixels.
    """

    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    rotation: NDArray[np.float32]
    centre_px: NDArray[np.float32]
    eye_distance_px: float

    def __post_init__(self) -> None:
        check_array(self, "rotation", np.float32, (3, 3))
        check_array(self, "centre_px", np.float32, (2,))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Face:
    """One face.

    box_xyxy: float32 (4,), left, top, right, bottom of the mesh, pixels.
    landmarks_px: float32 (478, 3), x, y in source pixels from the top left, z in the same unit
        (smaller is nearer).
    confidence: 0 to 1, that this is a face.
    """

    box_xyxy: NDArray[np.float32]
    landmarks_px: NDArray[np.float32]
    confidence: float
    pose: HeadPose

    def __post_init__(self) -> None:
        check_array(self, "box_xyxy", np.float32, (4,))
        check_array(self, "landmarks_px", np.float32, (MESH_POINTS, 3))


class FrameView(Protocol):
    """A frame of a clip that gives RGB only of what is asked for: the rest need not be converted.

    size_wh: width and height in pixels.
    """

    size_wh: tuple[int, int]

    def rgb(self, box: Box, shrink: int = 1) -> tuple[NDArray[np.uint8], tuple[int, int]]:
        """About this box, cut to the frame, as uint8 (height, width, 3), a whole factor smaller.

        Also gives the left top corner, pixels of the frame, that the box really has.
        """
        ...


class Landmarks(Protocol):
    """Meshes by the number of their frame, wherever they are kept."""

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        """Meshes of the frames from start to before stop, float32 (frame, 478, 3), pixels."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FaceTrack:
    """Where one face is in every frame of a clip.

    number: stable over the clip; 0 was seen first, at the same time the larger one.
    landmarks: as found, one frame apart from the next; face.stabilise gives them steadied. Only frames
        with some confidence hold a mesh.
    confidence: float32 (frame,), 0 to 1; 0 where the face was not seen.
    occlusion: float32 (frame,), 0 to 1, how sure it is that something is before the mouth.
    boxes_xyxy: float32 (frame, 4), pixels.
    angles_deg: float32 (frame, 3), yaw, pitch and roll as in HeadPose.
    """

    number: int
    frame_rate: Fraction
    landmarks: Landmarks
    confidence: NDArray[np.float32]
    occlusion: NDArray[np.float32]
    boxes_xyxy: NDArray[np.float32]
    angles_deg: NDArray[np.float32]

    def __post_init__(self) -> None:
        frames = len(self.confidence)
        check_array(self, "confidence", np.float32, (frames,))
        check_array(self, "occlusion", np.float32, (frames,))
        check_array(self, "boxes_xyxy", np.float32, (frames, 4))
        check_array(self, "angles_deg", np.float32, (frames, 3))

    @property
    def is_seen(self) -> NDArray[np.bool_]:
        """Whether the face was found, (frame,)."""
        return self.confidence > 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClipFaces:
    """Every face of a clip.

    tracks: by number. shot_starts: the frames at which a new shot begins, ascending; 0 is always the first.
    """

    frame_rate: Fraction
    frame_count: int
    tracks: tuple[FaceTrack, ...]
    shot_starts: tuple[int, ...]
