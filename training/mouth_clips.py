"""Real speech with the mouth that goes with it: tracked videos, and the takes of a face-capture rig."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_shape
from lipwright.engine.articulation.drivers.learned_mouth import MouthMeasure
from lipwright.engine.face.choose import main_person
from lipwright.engine.face.follow.track import track_faces
from lipwright.engine.media.reading.frame_views import frame_views
from lipwright.engine.media.reading.sound import load_speech
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.media.values import SoundClip
from training.mouth_measures import measure
from training.recordings import read_sound

# Videos of the test assets whose sound is the voice of the person in the picture.
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
# Clips of one person under other names: by the second set's manifest, and by looks (perhaps one man).
SAME_PERSON = {"grid_lwbsza": "grid_lwbsza_woman", "grid_swiz3n": "grid_s26"}
# Corpora recorded in a laboratory.
_LABORATORY = re.compile("grid_|tmsv_|zh_shirley")

# Seconds by which the sound of a clip, or of all clips of a speaker, comes late against its picture, where it
# does. Measured at the best agreement of a ridge regression from the teacher's components that had not met
# the speaker; within 20 ms of what the manifests say.
OFFSETS_S: dict[str, float] = json.loads(Path(__file__).with_name("offsets.json").read_text())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MouthClip:
    """A sound and the mouth that spoke it.

    samples: float32 at SPEECH_RATE_HZ. times_s: float64 (frame,), in the sound's time, true offset removed.
    mouth: float32 (frame, len(MouthMeasure)), in face heights; NaN where a measure is not known.
    """

    name: str
    speaker: str
    samples: NDArray[np.float32]
    times_s: NDArray[np.float64]
    mouth: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_shape("mouth", self.mouth, (len(self.times_s), len(MouthMeasure)))

    @property
    def is_laboratory(self) -> bool:
        """Whether it was recorded for a corpus, sentence by sentence."""
        return _LABORATORY.match(self.speaker) is not None

    def covers(self, times_s: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Where the mouth was seen."""
        return np.asarray((times_s >= self.times_s[0] - 0.02) & (times_s <= self.times_s[-1] + 0.02))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MouthScale:
    """Mean and deviation of a speaker's measures, float32 (len(MouthMeasure),)."""

    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]

    @classmethod
    def by_speaker(cls, clips: Iterable[MouthClip]) -> Mapping[str, Self]:
        """The scale of everybody, over all clips of that person."""
        mouths: dict[str, list[NDArray[np.float32]]] = {}
        for clip in clips:
            mouths.setdefault(clip.speaker, []).append(clip.mouth)
        whole = {speaker: np.concatenate(parts) for speaker, parts in mouths.items()}
        return {
            speaker: cls(mean=rows.mean(axis=0), deviation=rows.std(axis=0) + 1e-6)
            for speaker, rows in whole.items()
        }

    def deviations(self, clip: MouthClip, times_s: NDArray[np.float64]) -> NDArray[np.float32]:
        """A clip's mouth at given times in the speaker's deviations, float32 (time, len(MouthMeasure))."""
        unit = (clip.mouth - self.mean) / self.deviation
        return np.stack([np.interp(times_s, clip.times_s, part) for part in unit.T], axis=1).astype(
            np.float32
        )


def clip_paths(assets: Path) -> dict[Path, str]:
    """Every filmed clip and its speaker."""
    found = {assets / "videos" / name: Path(name).stem for name in VIDEO_CLIPS}
    found |= dict.fromkeys(sorted((assets / "train").glob(f"{GRID_SPEAKER}_*.mpg")), GRID_SPEAKER)
    listed = re.findall(
        r"^\| `([^`]+)` \|[^|]*\|[^|]*\| (\w+) \|",
        (assets / "train2" / "MANIFEST.md").read_text(),
        re.MULTILINE,
    )
    found |= {assets / "train2" / name: speaker for name, speaker in listed}
    return {path: SAME_PERSON.get(speaker, speaker) for path, speaker in found.items()}


def rig_paths(assets: Path) -> list[Path]:
    """The takes of the capture rig."""
    return sorted((assets / "train").glob(f"{RIG_SPEAKER}_*.npz"))


def video_clip(path: Path, speaker: str) -> MouthClip:
    """The main person of a video. Raises ValueError when it shows none."""
    with VideoReader(path) as reader:
        faces = track_faces(frame_views(reader), reader.frame_rate)
    if not faces.tracks:
        raise ValueError(f"no face was found in {path.name}")
    track = main_person(faces)
    seen = np.flatnonzero(track.is_seen)
    landmarks_px = np.concatenate([track.landmarks.read(int(frame), int(frame) + 1) for frame in seen])
    return MouthClip(
        name=path.stem,
        speaker=speaker,
        samples=load_speech(SoundClip(path=path)).samples,
        times_s=seen / float(faces.frame_rate) + OFFSETS_S.get(path.stem, OFFSETS_S.get(speaker, 0.0)),
        mouth=measure(landmarks_px),
    )


def rig_clip(path: Path) -> MouthClip:
    """A take of the face-capture rig: weights of shapes in place of lengths, for three measures."""
    with np.load(path) as stored:
        weights, names, rate_hz = stored["weights"], list(stored["names"]), float(stored["fps"])
        opening = stored["open"]
    rounding = sum(
        weights[:, names.index(name)] for name in ("mouth_pucker_l", "mouth_oh_c", "mouth_funnel_dl")
    )
    mouth = np.full((len(weights), len(MouthMeasure)), np.nan, np.float32)
    mouth[:, MouthMeasure.OPENING], mouth[:, MouthMeasure.WIDTH], mouth[:, MouthMeasure.ROUNDING] = (
        opening,
        -rounding,
        rounding,
    )
    return MouthClip(
        name=path.stem,
        speaker=RIG_SPEAKER,
        samples=read_sound(path.with_suffix(".flac")),
        times_s=np.arange(len(weights)) / rate_hz + OFFSETS_S.get(path.stem, 0.0),
        mouth=mouth,
    )
