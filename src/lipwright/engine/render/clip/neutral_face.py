"""One person of a clip: the face at rest, and how far the mouth opens when it speaks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.face.measures import inner_gap
from lipwright.engine.face.pose import estimate_pose, to_head
from lipwright.engine.face.values import MESH_POINTS, Face, HeadPose
from lipwright.engine.render.warp.rig import FULL_GAP

# Share of the frames, those with the most closed lips, of which the face at rest is the mean: fewer are
# noisy, more are open.
RESTING_SHARE = 0.15
# Bounds of how far a mouth opens in speech (95th percentile), face heights: real speakers reach .076 to .130.
# A clip in which nobody speaks gets the usual figure.
GAP_BOUNDS = (0.070, 0.120)
SPEAKS_FROM_GAP = 0.045


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NeutralFace:
    """A person.

    neutral: float32 (478, 3), the face at rest seen from the front, pixels of a picture of its own.
    pixels_per_unit: of that picture, per unit of face.pose.to_head.
    origin_px: float32 (3,), where the head's origin lies in that picture.
    full_gap: how far the mouth opens at aperture 1, face heights.
    """

    neutral: NDArray[np.float32]
    pixels_per_unit: float
    origin_px: NDArray[np.float32]
    full_gap: float

    def __post_init__(self) -> None:
        check_array(self, "neutral", np.float32, (MESH_POINTS, 3))
        check_array(self, "origin_px", np.float32, (3,))

    def face(self) -> Face:
        """The face at rest as a face of its own picture."""
        low, high = self.neutral[:, :2].min(axis=0), self.neutral[:, :2].max(axis=0)
        pose = HeadPose(
            yaw_deg=0.0,
            pitch_deg=0.0,
            roll_deg=0.0,
            rotation=np.eye(3, dtype=np.float32),
            centre_px=self.origin_px[:2],
            eye_distance_px=self.pixels_per_unit,
        )
        return Face(
            box_xyxy=np.concatenate([low, high]), landmarks_px=self.neutral, confidence=1.0, pose=pose
        )


def estimate_neutral_face(meshes_px: Iterable[NDArray[np.float32]]) -> NeutralFace:
    """The face at rest of a person, from meshes (478, 3) of a clip. Raises ValueError without any."""
    heads, scales, gaps = [], [], []
    for landmarks in meshes_px:
        pose = estimate_pose(landmarks)
        head = to_head(landmarks, pose)
        heads.append(head.astype(np.float32))
        scales.append(pose.eye_distance_px)
        gaps.append(inner_gap(head))
    if not heads:
        raise ValueError("a speaker needs at least one mesh")
    order = np.argsort(gaps)
    resting = order[: max(1, round(RESTING_SHARE * len(order)))]
    rest = np.mean([heads[index] for index in resting], axis=0)
    scale = float(np.median(scales))
    origin = np.array([1.0, 1.0, 0.0], dtype=np.float32) * 3 * scale
    widest = float(np.percentile(gaps, 95))
    return NeutralFace(
        neutral=(rest * scale + origin).astype(np.float32),
        pixels_per_unit=scale,
        origin_px=origin,
        full_gap=float(np.clip(widest, *GAP_BOUNDS)) if widest > SPEAKS_FROM_GAP else FULL_GAP,
    )
