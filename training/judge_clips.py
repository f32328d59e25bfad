"""The clips that the judge of sync learns from and is measured on: people who speak in their own voice."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.face.choose import main_person
from lipwright.engine.face.follow.stabilise import steady_landmarks
from lipwright.engine.face.follow.track import track_faces
from lipwright.engine.media.reading.frame_views import frame_views
from lipwright.engine.media.reading.sound import load_speech
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.media.values import SoundClip, SpeechSound
from lipwright.engine.quality.mouth import mouth_shapes
from lipwright.engine.speech.channels import voice_weights
from lipwright.engine.timeline import frame_times_s

FOLDERS = ("videos", "train2", "train")
# Clips whose sound is not the voice of the person in the picture, or that have none.
NOT_OWN_VOICE = ("idle_man_silent", "walk_landscape_30fps", "full_body_480x908")
# Clips that are one man, or may be: never on both sides of a split.
SAME_PERSON = {"grid_swiz3n": "grid_s26", "grid_lwbsza": "grid_v2s"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JudgeClip:
    """A person's mouth and voice.

    mouth: float32 (time, channel) at CURVE_RATE_HZ, the CHANNELS of the listener, in face heights.
    is_seen: bool (time,).
    """

    name: str
    person: str
    mouth: NDArray[np.float32]
    is_seen: NDArray[np.bool_]
    sound: SpeechSound

    def __post_init__(self) -> None:
        check_array(self, "mouth", np.float32, ("time", 4))
        check_array(self, "is_seen", np.bool_, (len(self.mouth),))

    @property
    def is_laboratory(self) -> bool:
        """Whether it was recorded in a laboratory."""
        return self.name.startswith(("grid_", "zh_SP"))


def clip_paths(assets: Path) -> list[Path]:
    """Every video in which somebody speaks in their own voice."""
    found = [
        path
        for folder in FOLDERS
        for path in sorted((assets / folder).iterdir())
        if path.suffix in (".mp4", ".mpg")
    ]
    return [path for path in found if path.stem not in NOT_OWN_VOICE]


def person_of(name: str) -> str:
    """Who speaks in a clip, by its name."""
    if name in SAME_PERSON:
        return SAME_PERSON[name]
    parts = name.split("_")
    if name.startswith(("grid_s", "grid_v2s")) and len(parts) == 3:
        return "_".join(parts[:2])
    if name.startswith(("vc", "zh_SP")):
        return parts[0] if name.startswith("vc") else "_".join(parts[:2])
    return name


def load_clip(path: Path, cache: Path) -> JudgeClip:
    """A clip with its tracked mouth. cache: a folder that keeps what was tracked."""
    frames, seen, frame_rate = _tracked(path, cache)
    times_s = (np.arange(round(len(seen) / frame_rate * CURVE_RATE_HZ)) + 0.5) / CURVE_RATE_HZ
    seen_s = frame_times_s(len(seen), frame_rate)[seen]
    mouth = np.stack([np.interp(times_s, seen_s, channel[seen]) for channel in frames.T], axis=1)
    is_seen = seen[np.clip(np.floor(times_s * float(frame_rate)).astype(np.intp), 0, len(seen) - 1)]
    return JudgeClip(
        name=path.stem,
        person=person_of(path.stem),
        mouth=mouth.astype(np.float32),
        is_seen=is_seen,
        sound=load_speech(SoundClip(path=path), voice_weights),
    )


def _tracked(path: Path, cache: Path) -> tuple[NDArray[np.float32], NDArray[np.bool_], Fraction]:
    """The mouth in every frame, float32 (frame, channel), whether it is seen, and the frame rate."""
    kept = cache / f"{path.stem}.npz"
    if not kept.is_file():
        with VideoReader(path) as reader:
            faces = track_faces(frame_views(reader), reader.frame_rate)
        if not faces.tracks:
            raise ValueError(f"no face was found in {path.name}")
        track = main_person(faces)
        steadied = steady_landmarks(track, 0, faces.frame_count, shot_starts=faces.shot_starts)
        shapes = mouth_shapes(steadied.landmarks_px[track.is_seen])
        mouth = np.zeros((faces.frame_count, 4), np.float32)
        mouth[track.is_seen] = np.stack([shapes.gap, shapes.width, shapes.rounding, shapes.jaw], axis=1)
        rate = np.array([faces.frame_rate.numerator, faces.frame_rate.denominator])
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(kept, mouth=mouth, is_seen=track.is_seen, rate=rate)
    with np.load(kept) as stored:
        return stored["mouth"], stored["is_seen"], Fraction(*map(int, stored["rate"]))
