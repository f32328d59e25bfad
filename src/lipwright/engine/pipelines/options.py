"""What a person can ask of the engine, checked at the door."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from lipwright.engine.errors import BadParameters
from lipwright.engine.face.values import ClipFaceChoice, FaceChoice
from lipwright.engine.gesture.cue import MAX_CUES, Cue
from lipwright.engine.media.label import Label
from lipwright.engine.media.values import Container, SoundClip, VideoStretch, check_stretch
from lipwright.engine.pipelines.limits import (
    DEFAULT_INTENSITY,
    MAX_FRAME_RATE,
    MAX_INTENSITY,
    MAX_RESOLUTION_PX,
    MAX_SCALE,
    MIN_FRAME_RATE,
    MIN_INTENSITY,
    MIN_RESOLUTION_PX,
)
from lipwright.engine.pipelines.modes import EyesMode, LipSyncMode, PhotoMode
from lipwright.engine.watermark.values import Watermark


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenLine:
    """A text to be spoken.

    voice: its name; None takes one of the text's language. language: a code like `de`; None hears it from the
    words. rate: 0.5 to 2, 1 is the voice's own pace. notes: sentences about the choice of the voice that
    belong to the result.
    """

    text: str
    voice: str | None = None
    language: str | None = None
    rate: float = 1.0
    notes: tuple[str, ...] = ()


# A clip of motion is looked at so closely: people move below 15 Hz, and a face of 300 pixels is read as well
# as a larger one.
MOTION_FRAME_RATE = Fraction(30)
MOTION_PX = 1280

# What somebody says. Several people of a clip can each have a voice, by the number of the face.
SpeechSource = SoundClip | SpokenLine
ClipVoices = SpeechSource | Mapping[int, SpeechSource]


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionSource:
    """A clip of a real person that a photo is to move like. Raises BadParameters for an empty stretch.

    start_s, end_s: seconds of the clip; end_s None is its end. A clip that is shorter than the sound is
    played to and fro.
    takes_mouth: the mouth is the clip's too, not only head, brows, eyes and smile: for a sound that was
    recorded with it, from the same second on.
    """

    path: Path
    start_s: float = 0.0
    end_s: float | None = None
    takes_mouth: bool = False

    def __post_init__(self) -> None:
        check_stretch(self.start_s, self.end_s)

    @property
    def sound(self) -> SoundClip:
        """The clip's own sound over the same time."""
        return SoundClip(path=self.path, start_s=self.start_s, end_s=self.end_s)

    def stretch_of(self, longest_s: float | None) -> VideoStretch:
        """The part of the clip that is looked at, at most longest_s of it."""
        end_s = self.end_s
        if longest_s is not None:
            end_s = min(self.start_s + longest_s, math.inf if end_s is None else end_s)
        return VideoStretch(
            path=self.path,
            start_s=self.start_s,
            end_s=end_s,
            max_frame_rate=MOTION_FRAME_RATE,
            max_resolution_px=MOTION_PX,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkingPhotoOptions:
    """How a photo is to speak. Raises BadParameters for values that make no sense.

    prompt: words for mood and motion, used in the mode PROMPTED.
    direction: words for stretches of the video, mixed with the prompt; used in every mode.
    intensity: 0.1 to 2, how strongly PROMPTED moves.
    frame_rate: frames a second.
    max_resolution_px: cap on the longer side; None keeps the picture's own size up to 4096.
    face: who speaks; a number counts from 0 in the order of `lipwright faces`.
    seed: same inputs and seed give the same frames.
    still: the head does not move.
    eyes: whether eyes that are shut or half shut in the picture open.
    mouth_scale, head_scale, blink_scale, expression_scale: 1 is natural, 0 is none.
    quiet_mouth_db: below this loudness (dB full scale) the mouth rests; None finds it from the sound.
    transcript: the words of the sound; makes the lips exact.
    language: of the transcript, a code like `en`; None takes English.
    container: the kind of video file.
    motion: a clip that head, brows, eyes and smile are taken from; None lets the photo move of its own. Of a
    prompt only the mood that it holds is added then.
    label: words in a corner that everybody sees; None writes none.
    watermark: the imperceptible mark of the picture; None writes none.
    """

    mode: PhotoMode = PhotoMode.REALISTIC
    prompt: str = ""
    direction: tuple[Cue, ...] = ()
    intensity: float = DEFAULT_INTENSITY
    frame_rate: Fraction = Fraction(30)
    max_resolution_px: int | None = None
    face: FaceChoice = "largest"
    seed: int = 0
    still: bool = False
    eyes: EyesMode = EyesMode.OPEN
    mouth_scale: float = 1.0
    head_scale: float = 1.0
    blink_scale: float = 1.0
    expression_scale: float = 1.0
    quiet_mouth_db: float | None = None
    transcript: str | None = None
    language: str | None = None
    container: Container = Container.MP4
    motion: MotionSource | None = None
    label: Label | None = None
    watermark: Watermark | None = None

    def __post_init__(self) -> None:
        _check_range("intensity", self.intensity, MIN_INTENSITY, MAX_INTENSITY)
        _check_range("The number of directions", len(self.direction), 0, MAX_CUES)
        _check_range("frame_rate", self.frame_rate, MIN_FRAME_RATE, MAX_FRAME_RATE)
        for name in ("mouth_scale", "head_scale", "blink_scale", "expression_scale"):
            _check_range(name, getattr(self, name), 0, MAX_SCALE)
        if self.max_resolution_px is not None:
            _check_range("max_resolution", self.max_resolution_px, MIN_RESOLUTION_PX, MAX_RESOLUTION_PX)
        if isinstance(self.face, int) and self.face < 0:
            raise BadParameters(
                f"Face {self.face} does not exist; faces are numbered from 0. `lipwright faces` lists them."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class LipSyncOptions:
    """How a clip is to speak. Raises BadParameters for values that make no sense.

    start_s, end_s: seconds of the video; the sound begins with the stretch. end_s None is the video's end.
    max_frame_rate: a faster video is slowed to it; None keeps the video's rate.
    max_resolution_px: cap on the longer side; None keeps the video's own size.
    face: whose mouth; a number counts from 0 in order of appearance. Unused where people have voices of
    their own.
    loop: where the sound is longer than the stretch, the picture runs backwards and forwards until it ends.
    mouth_scale: 1 is natural, 0 keeps the mouth shut.
    quiet_mouth_db, transcript, language, container, seed, label, watermark: as for TalkingPhotoOptions.
    keep_sound_db: mix the video's own sound under the new one, louder than it was by this; None leaves it
    out.
    """

    mode: LipSyncMode = LipSyncMode.STANDARD
    start_s: float = 0.0
    end_s: float | None = None
    max_frame_rate: Fraction | None = None
    max_resolution_px: int | None = None
    face: ClipFaceChoice = "largest"
    loop: bool = False
    mouth_scale: float = 1.0
    quiet_mouth_db: float | None = None
    transcript: str | None = None
    language: str | None = None
    keep_sound_db: float | None = None
    seed: int = 0
    container: Container = Container.MP4
    label: Label | None = None
    watermark: Watermark | None = None

    def __post_init__(self) -> None:
        _check_range("mouth_scale", self.mouth_scale, 0, MAX_SCALE)
        if self.max_resolution_px is not None:
            _check_range("max_resolution", self.max_resolution_px, MIN_RESOLUTION_PX, MAX_RESOLUTION_PX)
        if self.max_frame_rate is not None and self.max_frame_rate < 1:
            raise BadParameters("The frame rate limit is below 1; choose 1 frame a second or more.")
        check_stretch(self.start_s, self.end_s)
        if isinstance(self.face, int) and self.face < 0:
            raise BadParameters(f"Face {self.face} does not exist; faces are numbered from 0.")

    def stretch_of(self, video: Path) -> VideoStretch:
        """The part of a video that is re-made, and its caps."""
        return VideoStretch(
            path=video,
            start_s=self.start_s,
            end_s=self.end_s,
            max_frame_rate=self.max_frame_rate,
            max_resolution_px=self.max_resolution_px,
        )


def _check_range(name: str, value: float | Fraction, low: float | Fraction, high: float | Fraction) -> None:
    if not low <= value <= high:
        raise BadParameters(
            f"{name} is {float(value):g}; choose a value from {float(low):g} to {float(high):g}."
        )
