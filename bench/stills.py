"""What single frames of a talking photo show: rest, angles, sharpness, limits. No encoder is in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.pictures import Subject
from lipwright.engine.articulation.curves import ArticulationCurves
from lipwright.engine.face.find.landmarks import Mesh, polish, refine
from lipwright.engine.face.measures import face_height_px
from lipwright.engine.face.mesh import FACE_OVAL
from lipwright.engine.face.pose import angles_of, estimate_pose
from lipwright.engine.gesture.curves import Gesture
from lipwright.engine.pipelines.head_look import look_at_head
from lipwright.engine.render.photo.renderer import PhotoRenderer

# The turns that are asked for and read back, degrees; less where the picture bears less. None is one at which
# the renderer looks itself (LOOK_YAW_DEG, LOOK_PITCH_DEG).
ASKED_DEG = {Gesture.YAW: (5.0, 8.0, 12.0), Gesture.PITCH: (4.0, 6.0, 8.0), Gesture.ROLL: (6.0,)}
# A turn that moves no pixel, so that what is drawn can be compared with the photo.
HARDLY_DEG = 0.001
# The turn at which sharpness is looked at, degrees.
SHARP_YAW_DEG = 10.0
# The rim of the face is left out of its sharpness, face heights: background and hair come and go there.
RIM = 0.04
MOUTH_AT_REST = ArticulationCurves.at_rest(0).values[0]

Values = dict[str, float]


def still_figures(subject: Subject) -> Values:
    """Figures by the names of FIGURES."""
    renderer = PhotoRenderer(subject.rgb, [subject.face], look=look_at_head)
    values = dict(_rest_figures(subject, renderer))
    values |= dict(_limit_figures(renderer))
    values |= dict(_angle_figures(subject, renderer))
    values |= dict(_sharpness_figures(subject, renderer))
    return values


def draw(
    subject: Subject,
    renderer: PhotoRenderer,
    gesture: Mapping[Gesture, float],
) -> NDArray[np.uint8]:
    """The whole picture with some channels of the gesture set, uint8 (height, width, 3)."""
    gesture_row = np.zeros(len(Gesture), np.float32)
    for channel, value in gesture.items():
        gesture_row[channel] = value
    frame = subject.rgb.copy()
    for patch in renderer.draw(MOUTH_AT_REST, gesture_row, 0.0):
        old = frame[patch.box.slices]
        if patch.weight is None:
            old[...] = patch.rgb
        else:
            mixed = old + patch.weight[..., None] * (patch.rgb.astype(np.float32) - old)
            old[...] = np.rint(mixed).astype(np.uint8)
    return frame


def _rest_figures(subject: Subject, renderer: PhotoRenderer) -> Iterator[tuple[str, float]]:
    """How far the layers are from the photo; a face that does nothing at all is not even drawn."""
    frame = draw(subject, renderer, {Gesture.YAW: HARDLY_DEG})
    off = np.abs(frame.astype(np.int16) - subject.rgb)
    (patch,) = renderer.draw(MOUTH_AT_REST, np.zeros(len(Gesture), np.float32), 0.0)
    yield "rest", float(off[patch.box.slices].mean())


def _limit_figures(renderer: PhotoRenderer) -> Iterator[tuple[str, float]]:
    (figures,) = renderer.limit_figures
    yield "yaw_limit", renderer.head_limits.yaw_deg
    yield "determinant", figures.least_determinant
    yield "stretch", figures.most_stretch
    yield "residual", figures.residual_px


def _angle_figures(subject: Subject, renderer: PhotoRenderer) -> Iterator[tuple[str, float]]:
    """The angles that the tracker reads, as shares of those asked for: the worst of all."""
    photo = _look(subject, subject.rgb)
    limits = renderer.head_limits
    borne = (limits.yaw_deg, limits.pitch_deg, limits.roll_deg)
    rest = estimate_pose(photo).rotation
    for axis, (channel, usual_deg) in enumerate(ASKED_DEG.items()):
        shares = []
        for asked_deg in sorted({sign * min(each, borne[axis]) for each in usual_deg for sign in (-1, 1)}):
            frame = draw(subject, renderer, {channel: asked_deg})
            turned = estimate_pose(_look(subject, frame)).rotation
            shares.append(angles_of(rest.T @ turned)[axis] / asked_deg)
        yield channel.name.lower(), max(shares, key=lambda share: abs(share - 1))


def _sharpness_figures(subject: Subject, renderer: PhotoRenderer) -> Iterator[tuple[str, float]]:
    photo = _sharpness(subject, subject.rgb)
    rest = draw(subject, renderer, {Gesture.YAW: HARDLY_DEG})
    yield "sharp_rest", _sharpness(subject, rest) / photo
    yaw_deg = min(SHARP_YAW_DEG, renderer.head_limits.yaw_deg)
    turned = [_sharpness(subject, draw(subject, renderer, {Gesture.YAW: sign * yaw_deg})) for sign in (-1, 1)]
    yield "sharp_turned", min(turned) / photo


def _look(subject: Subject, frame: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The mesh of the face in a frame, float32 (478, 3), looked for where the photo has it."""
    start = Mesh(points_px=subject.face.landmarks_px, confidence=1.0)
    return polish(frame, refine(frame, start)).points_px


def _sharpness(subject: Subject, frame: NDArray[np.uint8]) -> float:
    """Standard deviation of the Laplacian of the brightness inside the face."""
    points = _look(subject, frame)
    inside = np.zeros(frame.shape[:2], np.uint8)
    cv2.fillPoly(inside, [np.rint(points[list(FACE_OVAL), :2]).astype(np.int32)], 1)
    reach = max(1, round(RIM * face_height_px(points)))
    inside = np.asarray(cv2.erode(inside, np.ones((2 * reach + 1,) * 2, np.uint8)), np.uint8)
    luma = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return float(cv2.Laplacian(luma, cv2.CV_32F)[inside > 0].std())
