"""A clip that a photo is to move like: its main person followed, and turned into gestures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from lipwright.engine.arrays import smoothstep
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.errors import BadVideoFile, NoFaceFound
from lipwright.engine.face.choose import main_person
from lipwright.engine.face.follow.head_path import deviation, head_path, shots_of
from lipwright.engine.face.follow.lids import (
    LidDip,
    eyes_show,
    find_blinks,
    find_winks,
    lid_closure,
    openness,
)
from lipwright.engine.face.follow.motion import FaceMotion, read_motion
from lipwright.engine.face.follow.track import track_faces
from lipwright.engine.gesture.curves import (
    BROWS_DOWN,
    BROWS_INNER_UP,
    BROWS_OUTER_UP,
    CHEEK_SQUINTS,
    EYE_SQUINTS,
    EYES_WIDE,
    FROWNS,
    SMILES,
    Gesture,
)
from lipwright.engine.gesture.from_clip import MOST_NEARER, MOST_SHIFT, ClipBlink, ClipGestures
from lipwright.engine.gesture.shaping import Curve, low_passed
from lipwright.engine.media.reading.frame_views import frame_views
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.media.values import VideoStretch
from lipwright.engine.progress import JobContext, Stage
from lipwright.engine.timeline import frame_times_s

# Less of a face than this shows no motion.
LEAST_SEEN_S = 0.5
# What is kept of the curves: trembling below these is the tracker's. The head's curves lose 3 % at 1 Hz.
HEAD_SIGMA_S = 0.04
BROW_SIGMA_S = 0.06
LID_SIGMA_S = 0.10
GAZE_SIGMA_S = 0.02
# The corners of the mouth speak: what is left below 1 Hz is the smile.
SMILE_SIGMA_S = 0.22
# Someone who walks, or a camera that does, leaves the place where the photo's head can be: then only what is
# quicker than this is followed.
WANDER_SIGMA_S = 2.5
# What a gesture of weight 1 reads as, face heights: brows up and down, corners of the mouth up and down.
# Measured on rendered faces.
BROW_UP_READS, BROW_DOWN_READS = 0.017, 0.0115
SMILE_READS, FROWN_READS = 0.0375, 0.026
# The share by which weight 1 of a widened eye opens it, by which raised brows seem to do so, and that is
# noise.
WIDE_READS, WIDE_PER_BROWS, WIDE_NOISE = 0.10, 0.16, 0.03
# Drawn eyes are read to turn less than people's: at this share people's stay on the viewer while their heads
# turn, as they do.
GAZE_DRAWN_SHARE = 0.70
# Brows and corners below where they mostly are: half of it is the neutral that is higher than the person's
# own rest; a photo that frowns for seconds looks cross.
DOWN_KEPT = 0.5
# A smile of the whole face lifts cheeks and lower lids; lifted brows widen the eyes.
CHEEK_PER_SMILE, SQUINT_PER_SMILE = 0.85, 0.40
# A dip as deep as this is a shut eye whose deepest moment fell between two frames.
WHOLE_BLINK = 0.75
# A blink is taken from a little before to a little after its edges, seconds, and faded there.
BLINK_MARGIN_S = 0.04

# The channels of the columns of head_path.
HEAD = (
    *(Gesture.YAW, Gesture.PITCH, Gesture.ROLL),
    *(Gesture.SHIFT_X, Gesture.SHIFT_Y, Gesture.NEARNESS),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MotionClip:
    """A clip whose main person was followed.

    motion: of that person. warnings: what the person who asked should know of it.
    """

    motion: FaceMotion
    warnings: tuple[str, ...]


def follow_clip(stretch: VideoStretch, context: JobContext) -> MotionClip:
    """Follow the main person of a clip.

    Raises what VideoReader raises, NoFaceFound where the clip shows no face for LEAST_SEEN_S, and Cancelled.
    """
    with VideoReader(stretch) as reader:
        context.enter(Stage.FINDING_FACE, reader.frame_count)
        faces = track_faces(frame_views(reader), reader.frame_rate, context)
        warnings = list(reader.warnings)
    name = stretch.path.name
    if not faces.frame_count:
        raise BadVideoFile(f"{name} holds no frames that can be decoded. Save it again as MP4 (H.264).")
    if not faces.tracks:
        raise NoFaceFound(
            f"No face was found in {name}, which the picture is to move like. "
            "Use a clip that shows a person from the front."
        )
    motion = read_motion(main_person(faces), faces)
    seen_s = float(motion.is_seen.sum() / motion.frame_rate)
    if seen_s < LEAST_SEEN_S:
        raise NoFaceFound(
            f"{name} shows a face for only {seen_s:.1f} s. "
            f"Use a clip that shows a person from the front for {LEAST_SEEN_S:g} s and longer."
        )
    unseen_s = float((~motion.is_seen).sum() / motion.frame_rate)
    if unseen_s > 0:
        warnings.append(
            f"{name} shows no face for {unseen_s:.1f} s; the picture moves through there smoothly."
        )
    return MotionClip(motion=motion, warnings=tuple(warnings))


def clip_gestures(motion: FaceMotion) -> ClipGestures:
    """What a person of a clip does, as deviations from how that person mostly looks in each shot."""
    frame_rate = float(motion.frame_rate)
    count = len(motion.is_seen)
    rows = max(1, round(count / frame_rate * CURVE_RATE_HZ))
    shots = shots_of(motion)
    sure = np.any(shots, axis=0)
    closure = lid_closure(motion.lids, sure, frame_rate)
    dips = find_blinks(closure, frame_rate, longest_s=None)
    looking = eyes_show(closure, sure, frame_rate)
    values = np.zeros((rows, len(Gesture)))

    def curve(deviations: NDArray[np.floating], known: NDArray[np.bool_], sigma_s: float) -> Curve:
        """At the rate of curves, bridged where it is not known, without trembling."""
        times_s = frame_times_s(count, motion.frame_rate)
        return low_passed(bridged(deviations, times_s, known, rows), sigma_s)

    head = head_path(motion, shots)
    for column, channel in enumerate(HEAD):
        # A blink reads as a step back; turns it leaves alone.
        known = sure if column < 3 else looking
        values[:, channel] = curve(head[:, column], known, HEAD_SIGMA_S)
    for channel, most in (
        (Gesture.SHIFT_X, MOST_SHIFT),
        (Gesture.SHIFT_Y, MOST_SHIFT),
        (Gesture.NEARNESS, MOST_NEARER),
    ):
        values[:, channel] = _without_walks(values[:, channel], most)
    gaze_deg = GAZE_DRAWN_SHARE * deviation(motion.gaze_deg, looking, shots)
    values[:, Gesture.GAZE_X] = curve(gaze_deg, looking, GAZE_SIGMA_S)
    opened = openness(motion.lids, sure, frame_rate) - 1
    for side in (0, 1):
        inner, outer = (
            curve(each, looking, BROW_SIGMA_S) for each in _brow(motion, side, looking, shots, head)
        )
        values[:, BROWS_INNER_UP[side]] = np.maximum(inner, 0) / BROW_UP_READS
        values[:, BROWS_OUTER_UP[side]] = np.maximum(outer, 0) / BROW_UP_READS
        values[:, BROWS_DOWN[side]] = DOWN_KEPT * np.maximum(-(inner + outer) / 2, 0) / BROW_DOWN_READS
        rise = curve(deviation(motion.corners[:, side], sure, shots), sure, SMILE_SIGMA_S)
        smile = np.maximum(rise, 0) / SMILE_READS
        values[:, SMILES[side]] = smile
        values[:, FROWNS[side]] = DOWN_KEPT * np.maximum(-rise, 0) / FROWN_READS
        values[:, CHEEK_SQUINTS[side]] = CHEEK_PER_SMILE * smile
        values[:, EYE_SQUINTS[side]] = SQUINT_PER_SMILE * smile
        lifted = WIDE_PER_BROWS * np.maximum(inner + outer, 0) / 2 / BROW_UP_READS
        wider = curve(opened[:, side], looking, LID_SIGMA_S) - lifted - WIDE_NOISE
        values[:, EYES_WIDE[side]] = np.clip(wider / WIDE_READS, 0, 1)
    blinks = [_blink(dip, closure.mean(axis=1), frame_rate) for dip in dips]
    for side, wink in find_winks(closure, frame_rate):
        # One lid that is a little ahead of the other is a blink.
        if all(wink.end_s < dip.start_s or dip.end_s < wink.start_s for dip in dips):
            blinks.append(_blink(wink, closure[:, side], frame_rate, side))
    return ClipGestures(
        values=values,
        blinks=tuple(sorted(blinks, key=lambda blink: blink.start_s)),
        unseen_share=float(1 - motion.is_seen.mean()),
    )


def _brow(
    motion: FaceMotion,
    side: int,
    looking: NDArray[np.bool_],
    shots: NDArray[np.bool_],
    head: NDArray[np.float64],
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """How far the inner and outer end of a brow are up, (frame,), face heights.

    When the head nods, the mesh lifts one end against the other: what of their difference goes with the pitch
    is taken off.
    """
    inner, outer = (
        deviation(each[:, side], looking, shots) for each in (motion.brows_inner, motion.brows_outer)
    )
    both, slant = (inner + outer) / 2, (inner - outer) / 2
    pitch = head[:, 1]
    varied = float((pitch[looking] ** 2).sum())
    if varied > 0:
        slant = slant - pitch * float((slant[looking] * pitch[looking]).sum()) / varied
    return both + slant, both - slant


def bridged(
    values: NDArray[np.floating], times_s: NDArray[np.float64], known: NDArray[np.bool_], rows: int
) -> Curve:
    """Values (frame,) at the rate of curves, float64 (rows,); unknown frames are bridged."""
    if known.sum() < 2:
        return np.full(rows, float(values[known][0]) if known.any() else 0.0)
    moments_s = np.arange(rows) / CURVE_RATE_HZ
    known_s = times_s[known]
    through = PchipInterpolator(known_s, values[known])
    return np.asarray(through(np.clip(moments_s, known_s[0], known_s[-1])))


def _without_walks(curve: Curve, most: float) -> Curve:
    """A shift that stays about where the photo's head can be: of one that does not, only what is quick."""
    low, high = np.percentile(curve, (5, 95))
    if high - low <= 2 * most:
        return curve
    return curve - low_passed(curve, WANDER_SIGMA_S)


def _blink(
    dip: LidDip, closure: NDArray[np.float64], frame_rate: float, side: int | None = None
) -> ClipBlink:
    """A blink with its own time course, at the rate of curves. closure: (frame,), of its lids."""
    start_s, end_s = dip.start_s - BLINK_MARGIN_S, dip.end_s + BLINK_MARGIN_S
    moments_s = np.arange(start_s, end_s, 1 / CURVE_RATE_HZ)
    frames_s = (np.arange(len(closure)) + 0.5) / frame_rate
    lids = PchipInterpolator(frames_s, closure)
    course = np.asarray(lids(np.clip(moments_s, frames_s[0], frames_s[-1])), np.float64)
    edge = np.minimum(moments_s - start_s, end_s - moments_s) / BLINK_MARGIN_S
    course = course * smoothstep(edge)
    deepest = float(course.max())
    if deepest > WHOLE_BLINK:
        course = np.clip(course / deepest, 0, 1)
    return ClipBlink(start_s=float(start_s), closure=course, side=side)
