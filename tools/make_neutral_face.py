"""Make the neutral face and the mirror table of lipwright.engine.face from pictures and videos of people.

    python tools/make_neutral_face.py FOLDER... --wheel-connections face_mesh_connections.py

Every face that looks forward with its lips nearly closed is turned to the front on its rigid points and
averaged with its own mirror image, so that nobody's face remains in it. Also stores the triangles of the
mesh, taken from the edge list of a mediapipe wheel given by --wheel-connections (a .py file).
Writes src/lipwright/engine/face/data/mesh.npz.
"""

from __future__ import annotations

import argparse
import ast
from collections.abc import Iterator
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from lipwright.engine.face.find.detect import detect_faces
from lipwright.engine.face.find.landmarks import REGION_SCALE, locate_points, region_of
from lipwright.engine.face.mesh import (
    EYE_LEFT_OUTER_CORNER,
    EYE_RIGHT_OUTER_CORNER,
    RIGID_POINTS,
    SKIN_POINTS,
)
from lipwright.engine.face.pose import angles_of, fit_similarity, rotation_of

TARGET = Path(__file__).parents[1] / "src/lipwright/engine/face/data/mesh.npz"
FRAMES_OF_A_VIDEO = 40
ROUNDS = 6
# Faces turned or nodding further than this are left out: what the mesh says of hidden skin is a guess.
MOST_TURN_DEG = 15.0
# Lips further apart than this, in eye distances, are not at rest.
MOST_OPEN = 0.02


def read_triangles(path: Path) -> NDArray[np.uint16]:
    """The edge list names each triangle by its three edges in turn."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "FACEMESH_TESSELATION":
            assert isinstance(node.value, ast.Call)
            edges = ast.literal_eval(node.value.args[0])
            return np.array([[edges[i + k][0] for k in range(3)] for i in range(0, len(edges), 3)], np.uint16)
    raise ValueError(f"no edge list in {path}")


def pictures(folder: Path) -> Iterator[tuple[str, list[NDArray[np.uint8]]]]:
    """Each person's name and pictures."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".jpg", ".png"):
            bgr = cv2.imread(str(path))
            if bgr is None:
                raise ValueError(f"{path} is no picture")
            yield path.name, [np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)]
        elif path.suffix in (".mp4", ".mpg"):
            with av.open(str(path)) as container:
                frames = [
                    np.asarray(f.to_ndarray(format="rgb24"), np.uint8) for f in container.decode(video=0)
                ][::5]
            yield path.name, frames[:FRAMES_OF_A_VIDEO]


def meshes(frames: list[NDArray[np.uint8]]) -> Iterator[NDArray[np.float64]]:
    for rgb in frames:
        for detection in detect_faces(rgb, thorough=False):
            points = locate_points(rgb, detection.region(scale=REGION_SCALE)).points_px
            for _ in range(2):
                points = locate_points(rgb, region_of(points)).points_px
            yield points.astype(np.float64)


def mirror_table(shape: NDArray[np.float64]) -> NDArray[np.uint16]:
    """Which point each one becomes in a mirror: the assignment with the least distance."""
    flipped = shape * [-1, 1, 1]
    table = np.arange(478)
    _, table[:SKIN_POINTS] = linear_sum_assignment(
        np.linalg.norm(flipped[:SKIN_POINTS, None] - shape[None, :SKIN_POINTS], axis=2)
    )
    table[468:478] = [473, 476, 475, 474, 477, 468, 471, 470, 469, 472]
    return table.astype(np.uint16)


def upright(shape: NDArray[np.float64], pitch_deg: float) -> NDArray[np.float64]:
    """Nod a symmetric face by an angle; origin between the eyes, eye distance 1."""
    turned = shape @ rotation_of(0, pitch_deg, 0).T
    left, right = turned[EYE_LEFT_OUTER_CORNER], turned[EYE_RIGHT_OUTER_CORNER]
    return np.asarray((turned - (left + right) / 2) / np.linalg.norm(right - left))


def first_guess(shape: NDArray[np.float64]) -> NDArray[np.float64]:
    left, right = shape[EYE_LEFT_OUTER_CORNER], shape[EYE_RIGHT_OUTER_CORNER]
    x = (right - left) / np.linalg.norm(right - left)
    y = shape[152] - shape[10]
    y = y - x * (x @ y)
    y /= np.linalg.norm(y)
    axes = np.column_stack([x, y, np.cross(x, y)])
    return np.asarray((shape - (left + right) / 2) @ axes / np.linalg.norm(right - left))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--wheel-connections", type=Path, required=True)
    parser.add_argument("--leave-out", nargs="*", default=["animal", "cartoon", "anime"])
    arguments = parser.parse_args()
    people = [
        np.array(found)
        for folder in arguments.folders
        for name, frames in pictures(folder)
        if not any(word in name for word in arguments.leave_out) and (found := list(meshes(frames)))
    ]
    rigid = list(RIGID_POINTS)
    mean = np.mean([first_guess(shape) for person in people for shape in person], axis=0)
    mirror, pitch_deg = mirror_table(mean), 0.0
    for _ in range(ROUNDS):
        mean = upright((mean + mean[mirror] * [-1, 1, 1]) / 2, pitch_deg)
        mirror = mirror_table(mean)
        averages, pitches_deg = [], []
        for person in people:
            resting, turns_deg = [], []
            for shape in person:
                scale, rotation, shift = fit_similarity(mean[rigid], shape[rigid])
                front = (shape - shift) @ rotation / scale
                yaw, pitch, _ = angles_of(rotation)
                turns_deg.append(pitch)
                if max(abs(yaw), abs(pitch)) < MOST_TURN_DEG and front[14, 1] - front[13, 1] < MOST_OPEN:
                    resting.append(front)
            pitches_deg.append(np.median(turns_deg))
            if resting:
                averages.append(np.mean(resting, axis=0))
        mean = np.mean(averages, axis=0)
        # People hold their heads level before a camera: what is common to all of them is the zero.
        pitch_deg = float(np.median(pitches_deg))
    mean = upright((mean + mean[mirror] * [-1, 1, 1]) / 2, pitch_deg)
    assert np.array_equal(mirror[mirror], np.arange(478)), "the mirror table is not its own inverse"
    np.savez_compressed(
        TARGET,
        triangles=read_triangles(arguments.wheel_connections),
        mirror=mirror,
        canonical=mean.astype(np.float32),
    )
    print(f"{len(averages)} people of {len(people)} rested; wrote {TARGET.name}")


if __name__ == "__main__":
    main()
