"""Whose face is meant, in a picture and in a clip, and whether it can be made to speak."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lipwright.engine.errors import (
    BadInput,
    FaceCutOff,
    FaceTooSmall,
    FaceTurnedAway,
    NoFaceFound,
    NoSuchFace,
)
from lipwright.engine.face.measures import inner_gap
from lipwright.engine.face.mesh import CHIN_BOTTOM, LIPS_OUTER
from lipwright.engine.face.values import ClipFaceChoice, ClipFaces, Face, FaceChoice, FaceTrack

# Narrower faces have lips of a few pixels: nothing that moves there is seen.
SMALLEST_WIDTH_PX = 64
# Beyond this yaw the far corner of the mouth is hidden behind the lips and the mesh guesses it.
MOST_YAW_DEG = 52.0
# The same for heads thrown back or bent over the chest: the mouth is seen from below or hidden by the nose.
MOST_PITCH_DEG = 45.0
# How far the chin may lie outside the picture, as a share of the face's height. A chin just cut is still
# a mouth that can be moved.
CUT_ALLOWANCE = 0.06
# Who speaks shows in the first 48 s at 25 frames/s; more would read every mesh of a long clip from the disk.
MOTION_FRAMES = 1200


def choose_faces(faces: Sequence[Face], choice: FaceChoice, *, size_wh: tuple[int, int]) -> tuple[Face, ...]:
    """The chosen faces of a picture, each fit to speak.

    faces: as find_faces gives them, largest first. choice: "largest", "all", or an index into faces.
    With "all", faces that cannot be used are left out as long as one remains.
    Raises NoFaceFound, NoSuchFace, FaceTooSmall, FaceCutOff or FaceTurnedAway.
    """
    if not faces:
        raise NoFaceFound
    if choice == "all":
        usable = tuple(face for face in faces if find_obstacle(face, size_wh=size_wh) is None)
        if not usable:
            check_face(faces[0], size_wh=size_wh)
        return usable
    if choice == "largest":
        chosen = faces[0]
    elif 0 <= choice < len(faces):
        chosen = faces[choice]
    else:
        have = (
            "is one face, number 0"
            if len(faces) == 1
            else f"are {len(faces)} faces, numbers 0 to {len(faces) - 1}"
        )
        raise NoSuchFace(
            f"There is no face number {choice}: there {have}. `lipwright faces FILE` lists them."
        )
    check_face(chosen, size_wh=size_wh)
    return (chosen,)


def check_face(face: Face, *, size_wh: tuple[int, int]) -> None:
    """Raise FaceTooSmall, FaceCutOff or FaceTurnedAway when a face cannot be made to speak."""
    left, top, right, bottom = face.box_xyxy.tolist()
    width_px = right - left
    if width_px < SMALLEST_WIDTH_PX:
        raise FaceTooSmall(
            f"The face is only {width_px:.0f} pixels wide. "
            f"Use a picture where it is at least {SMALLEST_WIDTH_PX} pixels wide."
        )
    margin_px = CUT_ALLOWANCE * (bottom - top)
    for part, points in (("mouth", [*LIPS_OUTER]), ("chin", [CHIN_BOTTOM])):
        places = face.landmarks_px[points, :2]
        if (places < -margin_px).any() or (places > [size_wh[0] + margin_px, size_wh[1] + margin_px]).any():
            raise FaceCutOff(
                f"The {part} is cut off by the edge of the picture. "
                "Use one that shows the whole mouth and the chin."
            )
    yaw_deg, pitch_deg = abs(face.pose.yaw_deg), abs(face.pose.pitch_deg)
    if yaw_deg > MOST_YAW_DEG:
        raise FaceTurnedAway(
            f"The face is turned {yaw_deg:.0f} degrees to the side. "
            f"Use a picture where it is turned less than {MOST_YAW_DEG:.0f}."
        )
    if pitch_deg > MOST_PITCH_DEG:
        raise FaceTurnedAway(
            f"The face is tilted {pitch_deg:.0f} degrees up or down. "
            f"Use a picture where it is tilted less than {MOST_PITCH_DEG:.0f}."
        )


def find_obstacle(face: Face, *, size_wh: tuple[int, int]) -> BadInput | None:
    """The error that keeps a face from being made to speak; None where nothing does."""
    try:
        check_face(face, size_wh=size_wh)
    except (FaceTooSmall, FaceCutOff, FaceTurnedAway) as obstacle:
        return obstacle
    return None


def choose_tracks(faces: ClipFaces, choice: ClipFaceChoice) -> tuple[FaceTrack, ...]:
    """The chosen people of a clip that shows at least one. Raises NoSuchFace."""
    if choice == "all":
        return faces.tracks
    if choice == "speaking":
        return (max(faces.tracks, key=_mouth_motion),)
    if choice == "largest":
        return (main_person(faces),)
    if 0 <= choice < len(faces.tracks):
        return (faces.tracks[choice],)
    count = len(faces.tracks)
    raise NoSuchFace(f"There is no face number {choice}: the video shows {count}, counted from 0.")


def main_person(faces: ClipFaces) -> FaceTrack:
    """Whoever fills most of the picture for most of the time, of a clip that shows at least one person."""
    return max(faces.tracks, key=_presence)


def _presence(track: FaceTrack) -> float:
    """The area of a face summed over the frames that show it, pixels."""
    areas = (track.boxes_xyxy[:, 2:] - track.boxes_xyxy[:, :2]).prod(axis=1)
    return float((areas * track.is_seen).sum())


def _mouth_motion(track: FaceTrack) -> float:
    """How much a mouth opens and closes while it is seen, face heights a frame."""
    seen = np.flatnonzero(track.is_seen)[:MOTION_FRAMES]
    if len(seen) < 2:
        return 0.0
    meshes = track.landmarks.read(int(seen[0]), int(seen[-1]) + 1)[seen - seen[0]]
    gaps = np.array([inner_gap(each) for each in meshes])
    return float(np.abs(np.diff(gaps)).mean())
