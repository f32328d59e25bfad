"""The mouth of the main person of a video, frame after frame."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.errors import NoFaceFound
from lipwright.engine.face.choose import main_person
from lipwright.engine.face.follow.stabilise import steady_landmarks
from lipwright.engine.face.follow.track import track_faces
from lipwright.engine.face.mesh import LIPS_INNER, LIPS_OUTER
from lipwright.engine.face.pose import canonical_face, estimate_pose, from_head, to_head
from lipwright.engine.face.values import ClipFaces, FaceTrack
from lipwright.engine.media.reading.frame_views import frame_views
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.progress import JobContext, Stage
from lipwright.engine.quality.mouth import mouth_shapes
from lipwright.engine.timeline import frame_times_s

# Landmarks are taken from the disk in pieces of this many frames: 3 MB.
_PIECE_FRAMES = 500
LIP_POINTS = (*LIPS_OUTER, *LIPS_INNER)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MouthRecord:
    """One person's mouth through a video.

    is_seen: bool (frame,). gap, width, rounding, jaw: float32 (frame,), see MouthShapes.
    lips: float32 (frame, lip point, xy), the points of LIP_POINTS turned to the front, eye distances.
    mouth_px: float32 (frame, 3), where the mouth rests, and the distance of the eyes, pixels.
    boxes_xyxy: float32 (frame, 4), the face, pixels.
    """

    frame_rate: Fraction
    size_wh: tuple[int, int]
    is_seen: NDArray[np.bool_]
    gap: NDArray[np.float32]
    width: NDArray[np.float32]
    rounding: NDArray[np.float32]
    jaw: NDArray[np.float32]
    lips: NDArray[np.float32]
    mouth_px: NDArray[np.float32]
    boxes_xyxy: NDArray[np.float32]
    faces: ClipFaces

    def __post_init__(self) -> None:
        frames = len(self.is_seen)
        check_array(self, "is_seen", np.bool_, (frames,))
        check_array(self, "gap", np.float32, (frames,))
        check_array(self, "width", np.float32, (frames,))
        check_array(self, "rounding", np.float32, (frames,))
        check_array(self, "jaw", np.float32, (frames,))
        check_array(self, "lips", np.float32, (frames, len(LIP_POINTS), 2))
        check_array(self, "mouth_px", np.float32, (frames, 3))
        check_array(self, "boxes_xyxy", np.float32, (frames, 4))

    def at_curve_rate(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Values (frame,) at CURVE_RATE_HZ over the video's length; held over frames without the face."""
        return np.interp(self._curve_times_s(), self._times_s()[self.is_seen], values[self.is_seen]).astype(
            np.float32
        )

    def channels(self) -> NDArray[np.float32]:
        """Gap, width, rounding and jaw over the video's length, float32 (time, channel) at CURVE_RATE_HZ."""
        each = (self.gap, self.width, self.rounding, self.jaw)
        return np.stack([self.at_curve_rate(values) for values in each], axis=1)

    def seen_at_curve_rate(self) -> NDArray[np.bool_]:
        """Where the face was seen, bool (time,) at CURVE_RATE_HZ."""
        frames = np.floor(self._curve_times_s() * float(self.frame_rate)).astype(np.intp)
        return self.is_seen[np.clip(frames, 0, len(self.is_seen) - 1)]

    def _times_s(self) -> NDArray[np.float64]:
        return frame_times_s(len(self.is_seen), self.frame_rate)

    def _curve_times_s(self) -> NDArray[np.float64]:
        duration_s = float(len(self.is_seen) / self.frame_rate)
        return (np.arange(round(duration_s * CURVE_RATE_HZ)) + 0.5) / CURVE_RATE_HZ


def scan_mouth(path: Path, context: JobContext) -> MouthRecord:
    """Track the main person of a video from its beginning to its end.

    Raises NoFaceFound when nobody is in it, what VideoReader raises, and Cancelled.
    """
    with VideoReader(path) as reader:
        context.enter(Stage.FINDING_FACE, reader.frame_count)
        faces = track_faces(frame_views(reader), reader.frame_rate, context)
        size_wh = reader.size_wh
    if not faces.tracks:
        raise NoFaceFound(f"No face was found in {path.name}. Measure a video that shows a speaking face.")
    return _record(main_person(faces), faces, size_wh)


def _record(track: FaceTrack, faces: ClipFaces, size_wh: tuple[int, int]) -> MouthRecord:
    count = faces.frame_count
    gap, width, rounding, jaw = np.zeros((4, count), np.float32)
    lips, mouth_px = np.zeros((count, len(LIP_POINTS), 2), np.float32), np.zeros((count, 3), np.float32)
    resting_mouth = canonical_face()[list(LIP_POINTS)].mean(axis=0, keepdims=True)
    for start in range(0, count, _PIECE_FRAMES):
        stop = min(count, start + _PIECE_FRAMES)
        steadied = steady_landmarks(track, start, stop, shot_starts=faces.shot_starts)
        seen = np.flatnonzero(steadied.is_seen)
        shapes = mouth_shapes(steadied.landmarks_px[seen])
        gap[start + seen], width[start + seen] = shapes.gap, shapes.width
        rounding[start + seen], jaw[start + seen] = shapes.rounding, shapes.jaw
        for i in seen:
            points = steadied.landmarks_px[i]
            pose = estimate_pose(points)
            lips[start + i] = to_head(points, pose)[list(LIP_POINTS), :2]
            mouth_px[start + i] = [*from_head(resting_mouth, pose)[0, :2], pose.eye_distance_px]
    return MouthRecord(
        frame_rate=faces.frame_rate,
        size_wh=size_wh,
        is_seen=track.is_seen,
        gap=gap,
        width=width,
        rounding=rounding,
        jaw=jaw,
        lips=lips,
        mouth_px=mouth_px,
        boxes_xyxy=track.boxes_xyxy,
        faces=faces,
    )
