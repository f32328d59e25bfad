"""Real speech with the mouth that goes with it: tracked videos, and the takes of a face-capture rig."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_shape
from lipwright.engine.face.choose import main_person
from lipwright.engine.face.follow.track import track_faces
from lipwright.engine.media.reading.frame_views import frame_views
from lipwright.engine.media.reading.sound import load_speech
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.media.values import SPEECH_RATE_HZ, SoundClip
from lipwright.engine.quality.mouth import mouth_shapes
from training.recordings import read_sound

# Videos whose sound is the voice of the person in the picture: clip and speaker. All are other people.
VIDEO_CLIPS = (
    "grid_brbk7n.mpg",
    "grid_lbbc2a.mpg",
    "grid_lwbsza.mpg",
    "grid_sbwe5n.mpg",
    "grid_swiz3n.mpg",
    "ls_demo1_woman_sitting_1080x1920.mp4",
    "ls_demo3_man_30fps.mp4",
    "vr_1_vfr22.mp4",
    "vr_4_woman_30fps.mp4",
    "hdtf_old_man_15s.mp4",
)
# One man, 108 sentences, and one woman in a capture rig: much sound, few people.
GRID_SPEAKER, RIG_SPEAKER = "grid_s1", "zh_shirley"

# Seconds by which the sound of a clip comes late against its picture; measured once, at the best
# correlation of networks that had not heard the clip. The others are in step.
OFFSETS_S: dict[str, float] = json.loads(Path(__file__).with_name("offsets.json").read_text())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MouthClip:
    """A sound and the mouth that spoke it.

    samples: float32 at SPEECH_RATE_HZ. times_s: float64 (frame,), in the sound's time, true offset removed.
    mouth: float32 (frame, 3), gap between the lips, width, outer height; the unit is each clip's own.
    """

    name: str
    speaker: str
    samples: NDArray[np.float32]
    times_s: NDArray[np.float64]
    mouth: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_shape("mouth", self.mouth, (len(self.times_s), 3))

    def deviations(self, times_s: NDArray[np.float64]) -> NDArray[np.float32]:
        """The mouth at given times in deviations from the clip's mean, float32 (time, 3)."""
        unit = (self.mouth - self.mouth.mean(axis=0)) / (self.mouth.std(axis=0) + 1e-6)
        columns = [np.interp(times_s, self.times_s, unit[:, channel]) for channel in range(3)]
        return np.stack(columns, axis=1).astype(np.float32)

    def covers(self, times_s: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Where the mouth was seen."""
        return np.asarray((times_s >= self.times_s[0] - 0.02) & (times_s <= self.times_s[-1] + 0.02))


def load_clips(assets_path: Path) -> list[MouthClip]:
    """All clips under the assets folder; a minute or two of tracking."""
    videos = [video_clip(assets_path / "videos" / name, Path(name).stem) for name in VIDEO_CLIPS]
    sentences = sorted((assets_path / "train").glob(f"{GRID_SPEAKER}_*.mpg"))
    takes = sorted((assets_path / "train").glob(f"{RIG_SPEAKER}_*.npz"))
    return [*videos, *(video_clip(path, GRID_SPEAKER) for path in sentences), *map(rig_clip, takes)]


def video_clip(path: Path, speaker: str) -> MouthClip:
    """The main person of a video. Raises ValueError when it shows none."""
    with VideoReader(path) as reader:
        faces = track_faces(frame_views(reader), reader.frame_rate)
    if not faces.tracks:
        raise ValueError(f"no face was found in {path.name}")
    track = main_person(faces)
    seen = np.flatnonzero(track.is_seen)
    landmarks_px = np.concatenate([track.landmarks.read(int(frame), int(frame) + 1) for frame in seen])
    shapes = mouth_shapes(landmarks_px)
    outer = shapes.gap + shapes.rounding * shapes.width  # the gap and both lips
    return MouthClip(
        name=path.stem,
        speaker=speaker,
        samples=load_speech(SoundClip(path=path)).samples,
        times_s=seen / float(faces.frame_rate) + OFFSETS_S.get(path.stem, 0.0),
        mouth=np.stack([shapes.gap, shapes.width, outer], axis=1).astype(np.float32),
    )


def rig_clip(path: Path) -> MouthClip:
    """A take of the face-capture rig: weights of shapes in place of lengths."""
    with np.load(path) as stored:
        weights, names, rate_hz = stored["weights"], list(stored["names"]), float(stored["fps"])
        opening = stored["open"]
    rounding = sum(
        weights[:, names.index(name)] for name in ("mouth_pucker_l", "mouth_oh_c", "mouth_funnel_dl")
    )
    samples = read_sound(path.with_suffix(".flac"))
    return MouthClip(
        name=path.stem,
        speaker=RIG_SPEAKER,
        samples=samples,
        times_s=np.arange(len(weights)) / rate_hz + OFFSETS_S.get(path.stem, 0.0),
        mouth=np.stack([opening, -rounding, opening], axis=1).astype(np.float32),
    )


def end_s(clip: MouthClip) -> float:
    """Length of the clip's sound in seconds."""
    return len(clip.samples) / SPEECH_RATE_HZ
