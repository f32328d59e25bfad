"""What the frames of a talking photo show: mouth, sync, motion, what trembles, what should be still.

The frames are taken from the pipeline before they are encoded: the encoder's noise would hide the renderer's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from unittest import mock

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from bench.pictures import SENTENCE, Manner, Subject
from lipwright.engine.arrays import check_array, true_runs
from lipwright.engine.articulation.articulate import articulate
from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.boxes import Box
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.face.choose import main_person
from lipwright.engine.face.follow.stabilise import steady_landmarks
from lipwright.engine.face.follow.track import FaceTracker
from lipwright.engine.face.measures import face_height_px
from lipwright.engine.face.mesh import (
    BROW_LEFT,
    BROW_RIGHT,
    CHIN_BOTTOM,
    EYE_LEFT_INNER_CORNER,
    EYE_LEFT_OUTER_CORNER,
    EYE_RIGHT_INNER_CORNER,
    EYE_RIGHT_OUTER_CORNER,
    FACE_OVAL,
    FOREHEAD_TOP,
    MOUTH_CORNER_LEFT,
    MOUTH_CORNER_RIGHT,
    NOSE_BASE,
    RIGID_POINTS,
)
from lipwright.engine.face.pose import angles_of, estimate_pose, to_head
from lipwright.engine.media.pixels.alpha import Alpha
from lipwright.engine.media.pixels.frame_view import PlanesView
from lipwright.engine.media.pixels.planes import I420, rgb_to_i420
from lipwright.engine.pipelines import talking_photo as pipeline
from lipwright.engine.pipelines.options import SpokenLine
from lipwright.engine.pipelines.speech_input import SpeechInput, load_voice_track
from lipwright.engine.progress import JobContext
from lipwright.engine.quality.mouth import eye_openings, mouth_shapes
from lipwright.engine.quality.speech_fit import closure_share
from lipwright.engine.render.photo.layers import split_layers
from lipwright.engine.render.photo.renderer import FaceRenderer
from lipwright.engine.timeline import frame_times_s

FRAME_RATE = Fraction(25)
ROUND_PHONES, WIDE_PHONES = frozenset({"UW", "W"}), frozenset({"IY"})
# A lid below this share of its usual opening is shut; shorter than a frame is the tracker's noise.
BLINK_SHARE = 0.5
# The band along the silhouette in which trembling is looked at, face heights to either side.
EDGE_BAND = 0.03
# Over how many frames the tracked motion is smoothed with which the photo is moved as a whole.
MOTION_SMOOTHING_FRAMES = 2.0
# Nothing of the person comes farther from the silhouette than the face moves, times this (the top of the
# hair is farther from the axis than the face), and a rim, face heights.
REACH, REACH_RIM = 1.5, 0.03
_EYE_CORNERS = [
    EYE_LEFT_OUTER_CORNER,
    EYE_LEFT_INNER_CORNER,
    EYE_RIGHT_INNER_CORNER,
    EYE_RIGHT_OUTER_CORNER,
]

Values = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpokenClip:
    """A picture that spoke, as it left the renderer.

    luma: uint8 (frame, height, width), the person's box. outside: pixels that differed from the photo
    anywhere outside the box. meshes_px: float32 (frame, 478, 3). first_off: mean distance of the first frame
    from the photo in the box, levels.
    """

    box: Box
    luma: NDArray[np.uint8]
    outside: int
    first_off: float
    meshes_px: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "luma", np.uint8, ("frame", self.box.height, self.box.width))
        check_array(self, "meshes_px", np.float32, (len(self.luma), 478, 3))


@contextmanager
def heard_sentence() -> Iterator[SpeechInput]:
    """The sentence, spoken and analysed."""
    line = SpokenLine(text=SENTENCE)
    with load_voice_track(line, transcript=None, language=None, context=JobContext()) as heard:
        yield heard


def clip_figures(subject: Subject, manner: Manner, heard: SpeechInput) -> Values:
    """Figures by the names of FIGURES."""
    clip = speak(subject, manner)
    values = {"outside": float(clip.outside), "first": clip.first_off}
    values |= dict(_mouth_figures(subject, clip, heard))
    values |= dict(_motion_figures(clip))
    layers = split_layers(subject.rgb, subject.face, [], clip.box)
    if layers is not None:
        values |= dict(_edge_figures(subject, clip, layers.alpha))
    return values


def speak(subject: Subject, manner: Manner) -> SpokenClip:
    """Let a picture say the sentence and keep what the encoder would have got."""
    box = FaceRenderer(subject.rgb, subject.face).box
    keeper = FrameKeeper(rgb_to_i420(subject.rgb), box)
    options = manner.options(frame_rate=FRAME_RATE, max_resolution_px=subject.max_resolution_px)
    with mock.patch.object(pipeline, "VideoWriter", return_value=keeper):
        pipeline.talking_photo(subject.path, SpokenLine(text=SENTENCE), Path("unused"), options)
    return keeper.finish()


class FrameKeeper:
    """Stands in the place of VideoWriter: compares, keeps and tracks the frames."""

    def __init__(self, photo: I420, box: Box) -> None:
        self._photo, self._box = photo, box
        self._luma: list[NDArray[np.uint8]] = []
        self._outside = 0
        self._tracker = FaceTracker(FRAME_RATE)

    def __enter__(self) -> FrameKeeper:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def write(self, i420: I420, alpha: Alpha | None = None) -> None:
        """Take a frame. alpha: as for VideoWriter; there is none where a head moves."""
        assert alpha is None
        height = len(self._photo) * 2 // 3
        differs = i420[:height] != self._photo[:height]
        self._outside += int(np.count_nonzero(differs)) - int(np.count_nonzero(differs[self._box.slices]))
        self._luma.append(i420[:height][self._box.slices].copy())
        self._tracker.observe(PlanesView(i420.copy()))

    def finish(self) -> SpokenClip:
        """What was seen."""
        faces = self._tracker.finish()
        track = main_person(faces)
        steadied = steady_landmarks(track, 0, faces.frame_count)
        if not steadied.is_seen.all():
            raise SystemExit(f"the face was lost in {np.count_nonzero(~steadied.is_seen)} frames")
        photo = self._photo[: len(self._photo) * 2 // 3][self._box.slices]
        return SpokenClip(
            box=self._box,
            luma=np.stack(self._luma),
            outside=self._outside,
            first_off=float(np.abs(self._luma[0].astype(np.int16) - photo).mean()),
            meshes_px=steadied.landmarks_px,
        )


def _mouth_figures(subject: Subject, clip: SpokenClip, heard: SpeechInput) -> Iterator[tuple[str, float]]:
    rest = _fronts(subject.face.landmarks_px[None])[0]
    unit = float(np.linalg.norm(rest[FOREHEAD_TOP] - rest[CHIN_BOTTOM]))
    fronts = _fronts(clip.meshes_px)
    heights = np.linalg.norm(fronts[:, FOREHEAD_TOP] - fronts[:, CHIN_BOTTOM], axis=1)
    shapes = mouth_shapes(clip.meshes_px)
    # A chin that drops makes the face longer, so lengths are taken in the face height of the photo.
    gap = shapes.gap * heights / unit
    width = shapes.width * heights / float(_width(rest[None])[0])
    chin = np.linalg.norm(fronts[:, NOSE_BASE[2]] - fronts[:, CHIN_BOTTOM], axis=1) / unit
    times_s = frame_times_s(len(gap), FRAME_RATE)

    assert heard.phones is not None
    for name, symbols, pick in (("round", ROUND_PHONES, np.min), ("wide", WIDE_PHONES, np.max)):
        during = np.zeros(len(times_s), bool)
        for phone in heard.phones.phones:
            if phone.symbol in symbols:
                during |= (times_s >= phone.start_s) & (times_s <= phone.end_s)
        yield name, float(pick(width[during]))
    yield "width_p5", float(np.percentile(width, 5))
    yield "width_p95", float(np.percentile(width, 95))
    yield "gap_most", float(gap.max())
    yield "gap_p95", float(np.percentile(gap, 95))
    yield "chin", float(np.polyfit(gap, chin, 1)[0])

    asked = articulate(heard.sound, heard.activity, heard.phones).channel(Mouth.APERTURE)
    wanted = np.interp(times_s, np.arange(len(asked)) / CURVE_RATE_HZ, asked)
    yield "sync", float(np.corrcoef(gap, wanted)[0, 1])
    curve_times_s = (np.arange(len(asked)) + 0.5) / CURVE_RATE_HZ
    dense = np.interp(curve_times_s, times_s, shapes.gap)
    met = closure_share(dense, np.ones(len(dense), bool), heard.phones)
    assert met is not None
    yield "closures", met


def _motion_figures(clip: SpokenClip) -> Iterator[tuple[str, float]]:
    poses = [estimate_pose(points) for points in clip.meshes_px]
    first = poses[0].rotation
    angles = np.array([angles_of(first.T @ pose.rotation) for pose in poses])
    yield from zip(("yaw_sd", "pitch_sd", "roll_sd"), angles.std(axis=0).tolist(), strict=True)
    unit_px = face_height_px(clip.meshes_px[0])
    centres = np.array([pose.centre_px for pose in poses]) / unit_px
    yield from zip(("shift_x_sd", "shift_y_sd"), centres.std(axis=0).tolist(), strict=True)
    fronts = _fronts(clip.meshes_px)
    unit = float(np.linalg.norm(fronts[0, FOREHEAD_TOP] - fronts[0, CHIN_BOTTOM]))
    eyes = fronts[:, _EYE_CORNERS, 1].mean(axis=1)
    brows = fronts[:, [*BROW_LEFT, *BROW_RIGHT], 1].mean(axis=1) - eyes
    corners = fronts[:, [MOUTH_CORNER_LEFT, MOUTH_CORNER_RIGHT], 1].mean(axis=1) - eyes
    yield "brow_sd", float(brows.std()) / unit
    yield "corner_sd", float(corners.std()) / unit
    lids = np.array([np.mean(eye_openings(points)) for points in clip.meshes_px])
    shut = true_runs(lids < BLINK_SHARE * np.median(lids))
    yield "blinks", len(shut) * 60 * float(FRAME_RATE) / len(lids)


def _edge_figures(
    subject: Subject, clip: SpokenClip, alpha: NDArray[np.float32]
) -> Iterator[tuple[str, float]]:
    """Trembling along the silhouette against that inside the face and of the uncut photo; the background."""
    corner = np.array(clip.box.corner, np.float32)
    start = subject.face.landmarks_px
    unit_px = face_height_px(start)
    person = (alpha > 0.5).astype(np.uint8)
    edge = _grown(person, EDGE_BAND * unit_px) - _shrunk(person, EDGE_BAND * unit_px)
    # Below the chin the silhouette is the body's, which hardly moves.
    edge[max(0, int(start[CHIN_BOTTOM, 1] - corner[1])) :] = 0
    face = np.zeros_like(person)
    cv2.fillPoly(face, [np.rint(start[list(FACE_OVAL), :2] - corner).astype(np.int32)], 1)
    trembling = {"edge": 0.0, "face": 0.0}
    for i in range(1, len(clip.luma) - 1):
        second = _second_difference(clip.luma[i - 1 : i + 2])
        moved = _head_matrix(start - [*corner, 0], clip.meshes_px[i] - [*corner, 0])
        for name, mask in (("edge", edge), ("face", face)):
            trembling[name] += float(second[_carried(mask, moved) > 0].mean())
    yield "edge_flicker", trembling["edge"] / trembling["face"]
    yield "edge_moved", trembling["edge"] / _trembling_of_photo(clip, start - [*corner, 0], edge)

    way_px = np.linalg.norm(clip.meshes_px[:, list(FACE_OVAL), :2] - start[list(FACE_OVAL), :2], axis=2)
    reach_px = REACH * float(way_px.max()) + REACH_RIM * unit_px
    behind = _grown((alpha > 0.02).astype(np.uint8), reach_px) == 0
    if behind.any():
        yield "background", float(clip.luma[:, behind].std(axis=0).mean())


def _trembling_of_photo(clip: SpokenClip, start_px: NDArray[np.floating], edge: NDArray[np.uint8]) -> float:
    """What the edge's trembling sums up to where the whole photo, uncut, goes along with the head.

    It has no layers that could flicker: what is left is the contrast of the silhouette that moves.
    """
    photo = clip.luma[0]
    corner = np.array([*clip.box.corner, 0], np.float32)
    # The tracker's own trembling would make the whole photo tremble.
    steadied = gaussian_filter1d(clip.meshes_px, MOTION_SMOOTHING_FRAMES, axis=0)
    ways = [_head_matrix(start_px, points - corner) for points in steadied]
    frames = [_carried(photo, way) for way in ways[:2]]
    total = 0.0
    for i in range(1, len(ways) - 1):
        frames = [*frames[-2:], _carried(photo, ways[i + 1])]
        total += float(_second_difference(np.stack(frames))[_carried(edge, ways[i]) > 0].mean())
    return total


def _second_difference(frames: NDArray[np.uint8]) -> NDArray[np.int16]:
    """How far the middle one of three frames is from the mean of its neighbours, doubled, levels."""
    before, at, after = frames.astype(np.int16)
    return np.asarray(np.abs(before - 2 * at + after), np.int16)


def _carried(picture: NDArray[np.uint8], moved: NDArray[np.float64]) -> NDArray[np.uint8]:
    """A picture, or a mask of 0 and 1, where a head's motion takes it."""
    is_mask = picture.max() <= 1
    flags = cv2.INTER_NEAREST if is_mask else cv2.INTER_CUBIC
    border = cv2.BORDER_CONSTANT if is_mask else cv2.BORDER_REPLICATE
    size_wh = picture.shape[::-1]
    return np.asarray(cv2.warpAffine(picture, moved, size_wh, flags=flags, borderMode=border), np.uint8)


def _head_matrix(start_px: NDArray[np.floating], now_px: NDArray[np.floating]) -> NDArray[np.float64]:
    """Where the head went in the picture's plane, float64 (2, 3): turn, size and shift."""
    rigid = list(RIGID_POINTS)
    matrix, _ = cv2.estimateAffinePartial2D(start_px[rigid, :2], now_px[rigid, :2], method=cv2.LMEDS)
    return np.asarray(matrix, np.float64)


def _grown(mask: NDArray[np.uint8], reach_px: float) -> NDArray[np.uint8]:
    return np.asarray(cv2.dilate(mask, _disc(reach_px)), np.uint8)


def _shrunk(mask: NDArray[np.uint8], reach_px: float) -> NDArray[np.uint8]:
    return np.asarray(cv2.erode(mask, _disc(reach_px)), np.uint8)


def _disc(reach_px: float) -> NDArray[np.uint8]:
    side = 2 * max(1, round(reach_px)) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)


def _fronts(meshes_px: NDArray[np.float32]) -> NDArray[np.float32]:
    """Meshes turned to the front, float32 (frame, 478, 3), eye distances."""
    return np.stack([to_head(points, estimate_pose(points)) for points in meshes_px])


def _width(fronts: NDArray[np.float32]) -> NDArray[np.float32]:
    across = fronts[:, MOUTH_CORNER_LEFT] - fronts[:, MOUTH_CORNER_RIGHT]
    return np.asarray(np.linalg.norm(across, axis=1), np.float32)
