"""Everybody's face through a clip, frame after frame, in memory that does not grow with it.

A face is looked for in the square where it was one frame before; the detector runs at the start, at cuts,
when somebody is lost, and now and then for newcomers.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.face.find.detect import Detection, overlap
from lipwright.engine.face.find.landmarks import (
    MESH_INPUT_PX,
    REGION_SCALE,
    TURNED_CONFIDENCE,
    TURNS_DEG,
    Mesh,
    agreement,
    region_of,
)
from lipwright.engine.face.find.region import Region
from lipwright.engine.face.follow.appearance import MouthSurroundings, signature
from lipwright.engine.face.follow.cuts import CutDetector
from lipwright.engine.face.follow.landmark_store import LandmarkStore
from lipwright.engine.face.follow.view import detect_at, look_at, search, thumbnail
from lipwright.engine.face.mesh import SKIN_POINTS
from lipwright.engine.face.pose import estimate_pose
from lipwright.engine.face.values import ClipFaces, FaceTrack, FrameView
from lipwright.engine.progress import JobContext

# Below this the face counts as gone in that frame.
LEAST_CONFIDENCE = 0.3
# How long a face may be unsure before its square is given up: shorter loses faces behind a passing hand,
# longer keeps looking where somebody has left.
PATIENCE_S = 0.2
# How often the whole frame is searched: while everybody is there, and while somebody is missing.
NEWCOMER_EVERY_S = 0.8
MISSING_EVERY_S = 0.08
# How often it is searched, where nobody is seen, for heads that lie or stand on their head: three looks more.
TURNED_EVERY_S = 0.4
# How sure a newcomer has to be a face.
NEWCOMER_CONFIDENCE = 0.5
# How often the detector confirms that a square still holds a face, not a wall.
CONFIRM_EVERY_S = 1.0
# A square that had to move by more than this share of its side is looked at a second time.
SECOND_LOOK_SHIFT = 0.06
# On 13 clips the signatures of one person correlate by 0.81 to 0.99 through the clip, those of two people by
# 0.29 in the median, 0.74 at the 95th percentile and 0.83 at the most (two people filmed in one laboratory).
# Higher gives one person two numbers, lower gives two people one.
SAME_PERSON = 0.78
# A person who stayed at the same place without a cut needs less likeness.
SAME_PERSON_SAME_PLACE = 0.5
# Shorter appearances are mistakes of the detector or cannot be rendered.
SHORTEST_TRACK_S = 0.2
# More faces than this are a crowd, and each costs 4 ms a frame.
MOST_FACES = 8


def track_faces(
    views: Iterable[FrameView | None], frame_rate: Fraction, context: JobContext | None = None
) -> ClipFaces:
    """Everybody's face through a clip.

    views: every frame in order; None where the picture of the frame before is shown again.
    context: advances by one unit a frame. Raises Cancelled.
    """
    context = context or JobContext()
    tracker = FaceTracker(frame_rate)
    for view in views:
        if view is None:
            tracker.observe_repeat()
        else:
            tracker.observe(view)
        context.advance()
    return tracker.finish()


@dataclass(slots=True, eq=False)
class _Person:
    """One face while the clip is read. Arrays hold a row for every frame since `first`."""

    first: int
    store: LandmarkStore
    region: Region
    box: NDArray[np.float32]
    signature: NDArray[np.float32]
    surroundings: MouthSurroundings = field(default_factory=MouthSurroundings)
    active: bool = True
    unsure_frames: int = 0
    shot: int = 0
    confidence: array[float] = field(default_factory=lambda: array("f"))
    occlusion: array[float] = field(default_factory=lambda: array("f"))
    boxes: array[float] = field(default_factory=lambda: array("f"))
    angles: array[float] = field(default_factory=lambda: array("f"))

    def pad(self, frame: int) -> None:
        """Rows without a face up to before a frame."""
        missing = frame - self.first - len(self.confidence)
        self.confidence.extend([0.0] * missing)
        self.occlusion.extend([0.0] * missing)
        self.boxes.extend([0.0] * (4 * missing))
        self.angles.extend([0.0] * (3 * missing))


class FaceTracker:
    """Feed it with every frame in order, then ask for the tracks."""

    def __init__(self, frame_rate: Fraction) -> None:
        self._frame_rate = frame_rate
        self._people: list[_Person] = []
        self._cuts = CutDetector()
        self._shot_starts = [0]
        self._frame = 0
        self._next_search = 0
        self._next_turned_search = 0

    def observe(self, view: FrameView) -> None:
        """Take the next frame."""
        is_cut = self._cuts.is_cut(thumbnail(view))
        if is_cut:
            self._shot_starts.append(self._frame)
            for person in self._people:
                person.active = False
        for person in self._people:
            if person.active:
                self._follow(view, person)
        self._drop_doubles()
        if is_cut or self._frame >= self._next_search:
            self._find(view, thorough=is_cut or self._frame == 0)
            missing = not self._people or any(not person.active for person in self._people)
            every_s = MISSING_EVERY_S if missing else NEWCOMER_EVERY_S
            self._next_search = self._frame + self._frames(every_s)
        self._frame += 1

    def observe_repeat(self) -> None:
        """Take the next frame, which shows the same picture as the one before."""
        for person in self._people:
            if not person.active or not person.confidence:
                continue
            person.pad(self._frame)
            person.store.repeat(self._frame)
            person.confidence.append(person.confidence[-1])
            person.occlusion.append(person.occlusion[-1])
            person.boxes.extend(person.boxes[-4:])
            person.angles.extend(person.angles[-3:])
        self._frame += 1

    def finish(self) -> ClipFaces:
        """Everybody who stayed long enough, in the order they came, the larger first."""
        shortest = self._frames(SHORTEST_TRACK_S)
        kept = [person for person in self._people if sum(c > 0 for c in person.confidence) >= shortest]
        kept.sort(key=lambda person: (person.first, -_mean_width(person)))
        return ClipFaces(
            frame_rate=self._frame_rate,
            frame_count=self._frame,
            tracks=tuple(self._track(number, person) for number, person in enumerate(kept)),
            shot_starts=tuple(self._shot_starts),
        )

    def _frames(self, duration_s: float) -> int:
        return max(1, round(duration_s * float(self._frame_rate)))

    def _follow(self, view: FrameView, person: _Person) -> None:
        """One person's next frame."""
        seen = _look_twice(view, person.region)
        confidence = 0.0
        if seen is not None:
            mesh, cut, region = seen
            confidence = mesh.confidence
            due = (self._frame - person.first) % self._frames(CONFIRM_EVERY_S) == 0
            if due and confidence >= LEAST_CONFIDENCE:
                confidence = min(
                    confidence, agreement(mesh.points_px, detect_at(view, region_of(mesh.points_px)))
                )
        if seen is None or confidence < LEAST_CONFIDENCE:
            person.unsure_frames += 1
            person.active = person.unsure_frames <= self._frames(PATIENCE_S)
            return
        person.unsure_frames = 0
        self._note(person, mesh, cut, region, confidence)

    def _note(
        self, person: _Person, mesh: Mesh, cut: NDArray[np.uint8], region: Region, confidence: float
    ) -> None:
        """Write down a frame in which a person was seen."""
        points = mesh.points_px
        person.pad(self._frame)
        person.store.write(self._frame, points)
        inside = region.from_picture(points[:, :2], MESH_INPUT_PX)
        person.confidence.append(confidence)
        person.occlusion.append(person.surroundings.occlusion(cut, inside))
        low, high = points[:SKIN_POINTS, :2].min(axis=0), points[:SKIN_POINTS, :2].max(axis=0)
        person.box = np.concatenate([low, high])
        person.boxes.extend(person.box.tolist())
        pose = estimate_pose(points)
        person.angles.extend((pose.yaw_deg, pose.pitch_deg, pose.roll_deg))
        person.region = region_of(points)
        person.shot = len(self._shot_starts)
        likeness = signature(cut)
        person.signature = person.signature + np.float32(0.05) * (likeness - person.signature)

    def _drop_doubles(self) -> None:
        """Two squares that have slid onto one face: the later one gives up."""
        active = [person for person in self._people if person.active]
        for i, person in enumerate(active):
            for other in active[i + 1 :]:
                if other.active and overlap(person.box, other.box) > 0.4:
                    other.active = False

    def _find(self, view: FrameView, *, thorough: bool) -> None:
        """Search the frame for people who are not followed; where nobody is, also for heads that lie."""
        self._take_in(view, search(view, thorough=thorough), NEWCOMER_CONFIDENCE)
        if thorough or self._frame >= self._next_turned_search:
            self._next_turned_search = self._frame + self._frames(TURNED_EVERY_S)
            for turned_deg in TURNS_DEG[1:]:
                if not any(person.active for person in self._people):
                    found = search(view, thorough=False, turned_deg=turned_deg)
                    self._take_in(view, found, TURNED_CONFIDENCE)

    def _take_in(self, view: FrameView, found: Iterable[Detection], least_confidence: float) -> None:
        """Begin to follow the faces that were found, or go on with people who were missing."""
        for detection in found:
            active = [person for person in self._people if person.active]
            if len(active) >= MOST_FACES:
                return
            if any(overlap(person.box, detection.box_xyxy) > 0.2 for person in active):
                continue
            seen = _look_twice(view, detection.region(scale=REGION_SCALE), again=True)
            if seen is None:
                continue
            mesh, cut, region = seen
            sure = agreement(mesh.points_px, detect_at(view, region_of(mesh.points_px)))
            confidence = min(mesh.confidence, sure)
            if confidence < least_confidence:
                continue
            box = np.concatenate(
                [mesh.points_px[:SKIN_POINTS, :2].min(axis=0), mesh.points_px[:SKIN_POINTS, :2].max(axis=0)]
            )
            if any(overlap(person.box, box) > 0.2 for person in active):
                continue
            person = self._recognise(box, signature(cut)) or self._welcome(mesh, box, cut)
            person.active, person.unsure_frames = True, 0
            self._note(person, mesh, cut, region, confidence)

    def _recognise(self, box: NDArray[np.float32], likeness: NDArray[np.float32]) -> _Person | None:
        """The missing person whom a face belongs to, if any."""
        best, best_margin = None, 0.0
        for person in self._people:
            if person.active:
                continue
            same_place = person.shot == len(self._shot_starts) and overlap(person.box, box) > 0.2
            norm = max(float(np.linalg.norm(person.signature)), 1e-6)
            margin = float(person.signature @ likeness) / norm - (
                SAME_PERSON_SAME_PLACE if same_place else SAME_PERSON
            )
            if margin > best_margin:
                best, best_margin = person, margin
        return best

    def _welcome(self, mesh: Mesh, box: NDArray[np.float32], cut: NDArray[np.uint8]) -> _Person:
        person = _Person(
            first=self._frame,
            store=LandmarkStore(),
            region=region_of(mesh.points_px),
            box=box,
            signature=signature(cut),
        )
        self._people.append(person)
        return person

    def _track(self, number: int, person: _Person) -> FaceTrack:
        person.pad(self._frame)
        before = person.first

        def whole(values: array[float], width: int) -> NDArray[np.float32]:
            rows = np.zeros((self._frame, width), np.float32)
            rows[before:] = np.frombuffer(values, np.float32).reshape(-1, width)
            return rows

        return FaceTrack(
            number=number,
            frame_rate=self._frame_rate,
            landmarks=person.store,
            confidence=whole(person.confidence, 1)[:, 0],
            occlusion=whole(person.occlusion, 1)[:, 0],
            boxes_xyxy=whole(person.boxes, 4),
            angles_deg=whole(person.angles, 3),
        )


def _look_twice(
    view: FrameView, region: Region, *, again: bool = False
) -> tuple[Mesh, NDArray[np.uint8], Region] | None:
    """The mesh at a region, looked for again when the face had moved far; with the pixels and region used."""
    seen = look_at(view, region)
    if seen is None:
        return None
    asked = region_of(seen[0].points_px)
    shift = float(np.linalg.norm(asked.centre_px - region.centre_px)) / region.side_px
    growth = abs(asked.side_px / region.side_px - 1)
    if not again and max(shift, growth) < SECOND_LOOK_SHIFT:
        return (*seen, region)
    second = look_at(view, asked)
    return None if second is None else (*second, asked)


def _mean_width(person: _Person) -> float:
    boxes = np.frombuffer(person.boxes, np.float32).reshape(-1, 4)
    seen = boxes[:, 2] > boxes[:, 0]
    return float((boxes[seen, 2] - boxes[seen, 0]).mean()) if seen.any() else 0.0
