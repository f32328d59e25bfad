"""What is learned of one person of a clip: the face at rest, open mouths, and how clearly frames show it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.boxes import Box
from lipwright.engine.errors import BadVideoFile
from lipwright.engine.face import mesh
from lipwright.engine.face.follow.stabilise import steady_landmarks
from lipwright.engine.face.measures import face_height_px
from lipwright.engine.face.values import FaceTrack
from lipwright.engine.media.pixels.planes import box_to_rgb, i420_to_rgb
from lipwright.engine.pipelines.lip_sync.clip_scan import ClipScan
from lipwright.engine.pipelines.lip_sync.visibility import fade_shares
from lipwright.engine.render.clip.exemplars import Exemplar, MouthFeatures, pick_exemplars
from lipwright.engine.render.clip.geometry import MouthGeometry, lips_box
from lipwright.engine.render.clip.jaw import (
    CHIN_REST_PERCENTILE,
    JawGuess,
    guess_jaw,
    mouth_lengths,
    teeth_apart,
)
from lipwright.engine.render.clip.neutral_face import estimate_neutral_face
from lipwright.engine.render.clip.renderer import ClipMouth, MouthColours, read_mouth_colours

# Meshes that are steadied at a time; four times as many take 80 MB meanwhile.
CHUNK_FRAMES = 128
# A person is learned, and exemplars come, from this many frames after the first with the face: more would
# make both slow on long clips.
EXEMPLAR_FRAMES = 1200
# Open mouths that are looked at where nothing is borrowed.
COLOUR_FRAMES = 4
# Meshes from which a speaker's face at rest is learned.
SPEAKER_FRAMES = 400
# A frame whose share is above this, and whose lips lie inside, can be an exemplar of the inside of the mouth.
WHOLE_SHARE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpeakerModel:
    """What is known of one person of a clip whose mouth is re-made.

    share: float32 (frame,), how much of the new mouth each frame gets, 0 to 1. exemplars: open mouths by
    frame. apart: float32 (exemplar,), how far their teeth are apart, face heights. jaw: tells that of other
    frames; None where nothing is known.
    """

    track: FaceTrack
    shot_starts: tuple[int, ...]
    mouth: ClipMouth
    features: MouthFeatures
    share: NDArray[np.float32]
    exemplars: dict[int, Exemplar]
    apart: NDArray[np.float32]
    jaw: JawGuess | None

    def __post_init__(self) -> None:
        check_array(self, "share", np.float32, ("frame",))
        check_array(self, "apart", np.float32, (len(self.exemplars),))

    def landmarks(self, start: int, stop: int) -> NDArray[np.float32]:
        """Steadied meshes of a stretch, float32 (frame, 478, 3)."""
        return steady_landmarks(self.track, start, stop, shot_starts=self.shot_starts).landmarks_px


def calibrate_speaker(clip: ClipScan, track: FaceTrack, *, borrows: bool, seed: int) -> SpeakerModel:
    """Learn a person of a clip: the face at rest, what frames show of the mouth, mouths to borrow from."""
    shots = clip.faces.shot_starts
    share = fade_shares(track, shots, clip.frame_rate)
    features, lengths, meshes = _study(track, shots, share, clip.size_wh)
    speaker = estimate_neutral_face(meshes)
    geometry = MouthGeometry(speaker)
    frames = pick_exemplars(features, speaker.full_gap)
    if not borrows:  # some are looked at all the same, for the colour of the teeth
        frames = frames[:: max(1, len(frames) // COLOUR_FRAMES)]
    # A frame without a whole mouth gives no colours of one.
    model = int(np.argmax(track.confidence[: len(features.gap)] + features.usable))
    exemplars, colours = _collect(clip, track, geometry, frames, model)
    keys = sorted(exemplars) if borrows else []
    chin_rest = float(np.percentile(features.chin[track.is_seen[: len(features.chin)]], CHIN_REST_PERCENTILE))
    apart = teeth_apart([exemplars[key] for key in keys], lengths[keys], chin_rest)
    return SpeakerModel(
        track=track,
        shot_starts=shots,
        mouth=ClipMouth(geometry, colours, seed),
        features=features,
        share=share,
        exemplars=exemplars if borrows else {},
        apart=apart,
        jaw=guess_jaw(lengths[keys], apart),
    )


def _study(
    track: FaceTrack, shots: tuple[int, ...], share: NDArray[np.float32], size_wh: tuple[int, int]
) -> tuple[MouthFeatures, NDArray[np.float32], list[NDArray[np.float32]]]:
    """What the frames up to EXEMPLAR_FRAMES after the first with this face show of the mouth.

    Also the mouth_lengths of each, float32 (frame, 4), and some of their meshes, (478, 3), spread over these
    frames, to learn the person from.
    """
    first = int(np.argmax(track.is_seen))
    count = min(len(share), first + EXEMPLAR_FRAMES)
    seen = np.flatnonzero(track.is_seen[:count])
    learned = set(seen[:: max(1, len(seen) // SPEAKER_FRAMES)].tolist())
    width, lengths = np.zeros(count, dtype=np.float32), np.zeros((count, 4), dtype=np.float32)
    usable, picture = share[:count] > WHOLE_SHARE, Box.of_size(size_wh)
    examples = []
    for start in range(first, count, CHUNK_FRAMES):
        stop = min(count, start + CHUNK_FRAMES)
        meshes = steady_landmarks(track, start, stop, shot_starts=shots).landmarks_px
        heights = np.linalg.norm(meshes[:, mesh.FOREHEAD_TOP] - meshes[:, mesh.CHIN_BOTTOM], axis=1)
        corners = meshes[:, mesh.MOUTH_CORNER_LEFT] - meshes[:, mesh.MOUTH_CORNER_RIGHT]
        width[start:stop] = np.linalg.norm(corners, axis=1) / np.maximum(heights, 1e-6)
        for offset in np.flatnonzero(track.is_seen[start:stop]):
            lengths[start + offset] = mouth_lengths(meshes[offset])
            usable[start + offset] &= picture.contains(lips_box(meshes[offset]))
            if start + int(offset) in learned:
                examples.append(meshes[offset].copy())
    features = MouthFeatures(
        gap=lengths[:, 0].copy(),
        width=width,
        chin=lengths[:, 1].copy(),
        turn=track.angles_deg[:count, :2],
        usable=usable,
    )
    return features, lengths, examples


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
        raise BadVideoFile(
            f"{clip.stretch.path.name} changed while it was read. Try again when it is complete."
        )
    return found, read_mouth_colours(*shown, tuple(found.values()))
