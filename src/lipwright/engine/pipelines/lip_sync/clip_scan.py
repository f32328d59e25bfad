"""The first passes over a clip: who is in it, and which open mouths can lend their inside.

Knows nothing of sound.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.errors import BadVideoFile, NoFaceFound, NoSuchFace
from lipwright.engine.face import mesh
from lipwright.engine.face.follow.stabilise import steady_landmarks
from lipwright.engine.face.follow.track import FaceTracker
from lipwright.engine.face.measures import face_height_px, inner_gap
from lipwright.engine.face.values import ClipFaces, FaceTrack
from lipwright.engine.media.pixels.colour import ColourProperties
from lipwright.engine.media.pixels.frame_view import PlanesView
from lipwright.engine.media.pixels.planes import I420, box_to_rgb, i420_to_rgb
from lipwright.engine.media.reading.ping_pong import ping_pong_frames
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.pipelines.options import ClipFaceChoice, LipSyncOptions
from lipwright.engine.progress import JobContext, Stage
from lipwright.engine.render.clip.exemplars import Exemplar, MouthFeatures, pick_exemplars
from lipwright.engine.render.clip.geometry import MouthGeometry
from lipwright.engine.render.clip.neutral_face import estimate_neutral_face
from lipwright.engine.render.clip.renderer import ClipMouth, MouthColours, read_mouth_colours

# Meshes that are steadied at a time; four times as many take 80 MB meanwhile.
CHUNK_FRAMES = 128
# A person is learned, and exemplars come, from so many frames after the first with the face: more would make
# both slow on long clips.
EXEMPLAR_FRAMES = 1200
# Open mouths that are looked at where nothing is borrowed.
COLOUR_FRAMES = 4
# Meshes from which a speaker's face at rest is learned.
SPEAKER_FRAMES = 400
# Confidence of the track, covering of the mouth and turn of the head between which the new mouth fades from
# whole to none. Beyond, lips would be painted on a hand or on a cheek.
CONFIDENCE_FADE = (0.65, 0.35)
COVERED_FADE = (0.35, 0.65)
TURN_FADE_DEG = (42.0, 56.0)
# A frame whose share is above this shows the mouth well enough to lend its inside.
WHOLE_SHARE = 0.9
# How long the fade takes at the least, seconds: a mouth that snaps back is seen.
FADE_S = 0.16


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClipScan:
    """A clip that was looked through.

    size_wh, frame_rate, frame_count, colour, pixel_aspect: of the frames that come out. warnings: what had to
    be changed.
    """

    path: Path
    options: LipSyncOptions
    size_wh: tuple[int, int]
    frame_rate: Fraction
    frame_count: int
    colour: ColourProperties
    pixel_aspect: Fraction
    faces: ClipFaces
    warnings: tuple[str, ...]

    @property
    def duration_s(self) -> float:
        """Length of the output."""
        return float(self.frame_count / self.frame_rate)

    def reader(self, first_frame: int = 0) -> VideoReader:
        """A new walk through the same frames, from one of them on."""
        return open_clip(self.path, self.options, first_frame)

    def frames(self, shown_count: int) -> Generator[I420]:
        """So many frames; where there are more than the clip has, it goes to and fro."""
        return ping_pong_frames(self.reader, self.frame_count, shown_count)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpeakerModel:
    """One person of a clip, ready to speak anew.

    share: float32 (frame,), how much of the new mouth each frame gets, 0 to 1. exemplars: open mouths by
    frame.
    """

    track: FaceTrack
    shot_starts: tuple[int, ...]
    mouth: ClipMouth
    features: MouthFeatures
    share: NDArray[np.float32]
    exemplars: dict[int, Exemplar]

    def __post_init__(self) -> None:
        check_array(self, "share", np.float32, ("frame",))

    def landmarks(self, start: int, stop: int) -> NDArray[np.float32]:
        """Steadied meshes of a stretch, float32 (frame, 478, 3)."""
        return steady_landmarks(self.track, start, stop, shot_starts=self.shot_starts).landmarks_px


def open_clip(path: Path, options: LipSyncOptions, first_frame: int = 0) -> VideoReader:
    """The stretch of a video that the options ask for, from a frame of it on."""
    return VideoReader(
        path,
        start_s=options.start_s,
        end_s=options.end_s,
        max_frame_rate=options.max_frame_rate,
        longest_px=options.max_resolution_px,
        first_frame=first_frame,
    )


def scan_clip(path: Path, options: LipSyncOptions, context: JobContext) -> ClipScan:
    """Look through a clip for faces. Raises what VideoReader raises, and NoFaceFound."""
    with open_clip(path, options) as reader:
        context.enter(Stage.FINDING_FACE, reader.frame_count)
        tracker = FaceTracker(reader.frame_rate)
        for frame in reader:
            if frame.is_repeat:
                tracker.observe_repeat()
            else:
                tracker.observe(PlanesView(frame.i420, reader.colour))
            context.advance()
        faces = tracker.finish()
        warnings = list(reader.warnings)
        if reader.damaged_frames:
            warnings.append(f"{reader.damaged_frames} damaged frames show the frames before them.")
        clip = ClipScan(
            path=path,
            options=options,
            size_wh=reader.size_wh,
            frame_rate=reader.frame_rate,
            frame_count=faces.frame_count,
            colour=reader.colour,
            pixel_aspect=reader.pixel_aspect,
            faces=faces,
            warnings=tuple(warnings),
        )
    if not clip.frame_count:
        raise BadVideoFile(f"{path.name} holds no frames that can be decoded. Save it again as MP4 (H.264).")
    if not faces.tracks:
        raise NoFaceFound("No face was found in the video. Use one that shows a face from the front.")
    return clip


def choose_tracks(faces: ClipFaces, choice: ClipFaceChoice) -> tuple[FaceTrack, ...]:
    """Whose mouth is re-made. Raises NoSuchFace."""
    if choice == "all":
        return faces.tracks
    if choice == "speaking":
        return (max(faces.tracks, key=_mouth_motion),)
    if choice == "largest":
        return (max(faces.tracks, key=_presence),)
    if choice < len(faces.tracks):
        return (faces.tracks[choice],)
    count = len(faces.tracks)
    raise NoSuchFace(f"There is no face number {choice}: the video shows {count}, counted from 0.")


def _presence(track: FaceTrack) -> float:
    """How large a face is and how long it stays."""
    sizes = (track.boxes_xyxy[:, 2:] - track.boxes_xyxy[:, :2]).prod(axis=1)
    return float((sizes * track.is_seen).sum())


def _mouth_motion(track: FaceTrack) -> float:
    """How much a mouth opens and closes while it is seen, face heights a frame."""
    seen = np.flatnonzero(track.is_seen)[:EXEMPLAR_FRAMES]
    if len(seen) < 2:
        return 0.0
    meshes = track.landmarks.read(int(seen[0]), int(seen[-1]) + 1)[seen - seen[0]]
    gaps = np.array([inner_gap(each) for each in meshes])
    return float(np.abs(np.diff(gaps)).mean())


def calibrate_speaker(clip: ClipScan, track: FaceTrack, *, borrows: bool, seed: int) -> SpeakerModel:
    """Learn a person of a clip: the face at rest, what frames show of the mouth, mouths to borrow from."""
    shots = clip.faces.shot_starts
    share = _shares(track, shots, clip.frame_rate)
    features, meshes = _study(track, shots, share)
    speaker = estimate_neutral_face(meshes)
    geometry = MouthGeometry(speaker)
    frames = pick_exemplars(features, speaker.full_gap)
    if not borrows:  # some are looked at all the same, for the colour of the teeth
        frames = frames[:: max(1, len(frames) // COLOUR_FRAMES)]
    model = int(np.argmax(track.confidence[: len(features.gap)]))
    exemplars, colours = _collect(clip, track, geometry, frames, model)
    return SpeakerModel(
        track=track,
        shot_starts=shots,
        mouth=ClipMouth(geometry, colours, seed),
        features=features,
        share=share,
        exemplars=exemplars if borrows else {},
    )


def _shares(track: FaceTrack, shots: tuple[int, ...], frame_rate: Fraction) -> NDArray[np.float32]:
    """How much of the new mouth each frame of a track gets, float32 (frame,)."""

    def fade(values: NDArray[np.float32], whole: float, none: float) -> NDArray[np.float32]:
        return np.asarray(np.clip((values - none) / (whole - none), 0, 1), dtype=np.float32)

    share = fade(track.confidence, *CONFIDENCE_FADE) * fade(track.occlusion, *COVERED_FADE)
    share = share * fade(np.abs(track.angles_deg[:, 0]), *TURN_FADE_DEG)
    share = share * track.is_seen
    # Fall ahead of what is unsure and rise after it, at a bounded speed; cuts may jump.
    step = 1 / max(1.0, FADE_S * float(frame_rate))
    starts = set(shots)
    for index in range(1, len(share)):
        if index not in starts:
            share[index] = min(share[index], share[index - 1] + step)
    for index in range(len(share) - 2, -1, -1):
        if index + 1 not in starts:
            share[index] = min(share[index], share[index + 1] + step)
    return np.asarray(share, dtype=np.float32)


def _study(
    track: FaceTrack, shots: tuple[int, ...], share: NDArray[np.float32]
) -> tuple[MouthFeatures, list[NDArray[np.float32]]]:
    """What the frames up to EXEMPLAR_FRAMES after the first with this face show of the mouth.

    Also some of their meshes, (478, 3), spread over these frames, to learn the person from.
    """
    first = int(np.argmax(track.is_seen))
    count = min(len(share), first + EXEMPLAR_FRAMES)
    seen = np.flatnonzero(track.is_seen[:count])
    learned = set(seen[:: max(1, len(seen) // SPEAKER_FRAMES)].tolist())
    gap, width = np.zeros(count, dtype=np.float32), np.zeros(count, dtype=np.float32)
    examples = []
    for start in range(first, count, CHUNK_FRAMES):
        stop = min(count, start + CHUNK_FRAMES)
        meshes = steady_landmarks(track, start, stop, shot_starts=shots).landmarks_px
        heights = np.linalg.norm(meshes[:, mesh.FOREHEAD_TOP] - meshes[:, mesh.CHIN_BOTTOM], axis=1)
        lengths = np.linalg.norm(
            meshes[:, mesh.MOUTH_CORNER_LEFT] - meshes[:, mesh.MOUTH_CORNER_RIGHT], axis=1
        )
        width[start:stop] = lengths / np.maximum(heights, 1e-6)
        for offset in np.flatnonzero(track.is_seen[start:stop]):
            gap[start + offset] = inner_gap(meshes[offset])
            if start + int(offset) in learned:
                examples.append(meshes[offset].copy())
    features = MouthFeatures(
        gap=gap, width=width, turn=track.angles_deg[:count, :2], usable=share[:count] > WHOLE_SHARE
    )
    return features, examples


def _collect(
    clip: ClipScan, track: FaceTrack, geometry: MouthGeometry, frames: tuple[int, ...], model: int
) -> tuple[dict[int, Exemplar], MouthColours]:
    """The exemplars of a clip, and the colours for a drawn mouth from them and frame `model`.

    Raises BadVideoFile when the clip does not give the same frames again.
    """
    wanted = set(frames)
    found: dict[int, Exemplar] = {}
    shown: tuple[NDArray[np.uint8], NDArray[np.float32]] | None = None
    last = max((*frames, model))
    with clip.reader() as reader:
        for frame in reader:
            index = frame.index
            if index in wanted or index == model:
                landmarks = steady_landmarks(
                    track, index, index + 1, shot_starts=clip.faces.shot_starts
                ).landmarks_px[0]
                if index == model:
                    shown = i420_to_rgb(frame.i420, clip.colour), landmarks
                if index in wanted:
                    box = geometry.box_for(landmarks, clip.size_wh)
                    rgb = box_to_rgb(frame.i420, box, clip.colour)
                    unit = face_height_px(landmarks)
                    corner = np.array(box.corner, dtype=np.float32)
                    found[index] = Exemplar.of(rgb, landmarks, corner, unit).cropped(unit)
            if index >= last:
                break
    if shown is None:
        raise BadVideoFile(f"{clip.path.name} changed while it was read. Try again when it is complete.")
    return found, read_mouth_colours(*shown, tuple(found.values()))
