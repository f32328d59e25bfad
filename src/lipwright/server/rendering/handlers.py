"""The one file that calls the engine: a spec and its files go in, files and their measures come out.

Runs in the rendering process. Raises the engine's errors for inputs that cannot be used.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from lipwright import engine
from lipwright.engine import (
    PUBLIC_WATERMARK_KEY,
    ClipVoices,
    Cue,
    JobContext,
    Label,
    LipSyncOptions,
    MotionSource,
    RenderReport,
    SoundClip,
    SpeechSource,
    SpokenLine,
    TalkingPhotoOptions,
    Watermark,
)
from lipwright.server.jobs.model import (
    FaceDetectionSpec,
    JobSpec,
    LipSyncSpec,
    Source,
    SpeechSpec,
    TalkingPhotoSpec,
)
from lipwright.server.rendering.inputs import Inputs
from lipwright.server.rendering.messages import Succeeded, Task
from lipwright.server.rendering.voice_names import VoiceNames
from lipwright.server.uploads.formats import EXTENSIONS

VIDEO_NAME = "output.mp4"
SOUND_NAME = "output.wav"


def load_engine() -> None:
    """Load what a task will need, so that a waiting process answers at once."""
    for name in ("talking_photo", "lip_sync", "spoken_text", "face_crops", "FramePreviews", "picture_hash"):
        getattr(engine, name)
    engine.warm_up()


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoMarks:
    """What a video bears. watermark: None where it bears none. label_font: of the label that its spec has."""

    watermark: Watermark | None = None
    label_font: Path | None = None


def marks_of(task: Task) -> VideoMarks:
    """What the videos of a task bear."""
    font = None if task.label_font is None else Path(task.label_font)
    marking = task.marking
    if marking is None or marking.number is None:
        return VideoMarks(label_font=font)
    key = PUBLIC_WATERMARK_KEY if marking.watermark_key is None else bytes.fromhex(marking.watermark_key)
    watermark = Watermark(installation=marking.installation, number=marking.number, key=key)
    return VideoMarks(watermark=watermark, label_font=font)


def label_of(spec: JobSpec, font: Path | None) -> Label | None:
    """The label of a job's videos. Raises BadParameters where the font lacks a letter of it."""
    text = spec.label if isinstance(spec, TalkingPhotoSpec | LipSyncSpec) else None
    return None if text is None else Label(text=text, font=font)


def handle(
    spec: JobSpec,
    inputs: Inputs,
    folder: Path,
    context: JobContext,
    voices: VoiceNames | None,
    marks: VideoMarks | None = None,
) -> Succeeded:
    """Carry out a spec. The files produced lie in the folder. voices: where a text is spoken."""
    marks = marks or VideoMarks()
    match spec:
        case TalkingPhotoSpec():
            return _talking_photo(spec, inputs, folder, context, voices, marks)
        case LipSyncSpec():
            return _lip_sync(spec, inputs, folder, context, voices, marks)
        case SpeechSpec():
            return _speech(spec, folder, context, voices)
        case FaceDetectionSpec():
            return _faces(spec, inputs["target"], folder, context)


def _talking_photo(
    spec: TalkingPhotoSpec,
    inputs: Inputs,
    folder: Path,
    context: JobContext,
    voices: VoiceNames | None,
    marks: VideoMarks,
) -> Succeeded:
    motion = None
    if spec.motion is not None:
        motion = MotionSource(path=inputs["motion"], start_s=spec.motion_start_s, end_s=spec.motion_end_s)
    voice: SoundClip | SpokenLine
    if motion is not None and spec.is_performance:
        motion = MotionSource(path=motion.path, start_s=spec.start_s, end_s=spec.end_s, takes_mouth=True)
        voice = motion.sound
    elif spec.text is not None:
        voice = replace(_line(spec.text, spec.voice, voices), rate=spec.rate)
    else:
        voice = SoundClip(path=inputs["audio"], start_s=spec.start_s, end_s=spec.end_s)
    options = TalkingPhotoOptions(
        mode=spec.mode,
        prompt=spec.prompt,
        direction=tuple(
            Cue(start_s=row.start_s, end_s=row.end_s, prompt=row.prompt) for row in spec.direction
        ),
        intensity=spec.intensity,
        max_resolution_px=spec.longer_side_px,
        transcript=spec.transcript,
        motion=motion,
        face=spec.face,
        seed=spec.seed,
        mouth_scale=spec.mouth_scale,
        head_scale=spec.head_scale,
        blink_scale=spec.blink_scale,
        expression_scale=spec.expression_scale,
        label=label_of(spec, marks.label_font),
        watermark=marks.watermark,
    )
    return _video(engine.talking_photo(inputs["image"], voice, folder / VIDEO_NAME, options, context))


def _lip_sync(
    spec: LipSyncSpec,
    inputs: Inputs,
    folder: Path,
    context: JobContext,
    voices: VoiceNames | None,
    marks: VideoMarks,
) -> Succeeded:
    options = LipSyncOptions(
        mode=spec.mode,
        start_s=spec.start_s,
        end_s=spec.end_s,
        max_frame_rate=None
        if spec.max_frame_rate is None
        else Fraction(spec.max_frame_rate).limit_denominator(1001),
        max_resolution_px=spec.longer_side_px,
        transcript=spec.transcript,
        face=spec.face,
        seed=spec.seed,
        mouth_scale=spec.mouth_scale,
        loop=spec.loop,
        keep_sound_db=spec.keep_sound_db,
        label=label_of(spec, marks.label_font),
        watermark=marks.watermark,
    )
    voice: ClipVoices
    if spec.voices:
        voice = {
            person.face: _said(person.audio, person.text, person.voice, inputs, voices)
            for person in spec.voices
        }
    else:
        voice = _said(spec.audio, spec.text, spec.voice, inputs, voices)
    return _video(engine.lip_sync(inputs["video"], voice, folder / VIDEO_NAME, options, context))


def _said(
    audio: Source | None, text: str | None, voice: str | None, inputs: Inputs, voices: VoiceNames | None
) -> SpeechSource:
    """A sound, or a text with its voice."""
    if text is not None:
        return _line(text, voice, voices)
    assert audio is not None  # the product asks for one of both
    return SoundClip(path=inputs[audio.name])


def _speech(spec: SpeechSpec, folder: Path, context: JobContext, voices: VoiceNames | None) -> Succeeded:
    line = replace(_line(spec.text, spec.voice, voices), language=spec.language, rate=spec.rate)
    spoken = engine.spoken_text(line, folder / SOUND_NAME, context)
    return Succeeded(files=(SOUND_NAME,), duration_s=spoken.duration_s, warnings=spoken.warnings)


def _line(text: str, voice: str | None, voices: VoiceNames | None) -> SpokenLine:
    assert voices is not None  # the worker sends them with every text
    named = voices.find(voice)
    return SpokenLine(text=text, voice=named.voice, notes=named.notes)


def _faces(spec: FaceDetectionSpec, target: Path, folder: Path, context: JobContext) -> Succeeded:
    names = engine.face_crops(
        target,
        folder,
        is_video=spec.target.extension in EXTENSIONS["video"],
        min_confidence=spec.min_confidence,
        context=context,
    )
    return Succeeded(files=names)


def _video(report: RenderReport) -> Succeeded:
    return Succeeded(
        files=(VIDEO_NAME,),
        width_px=report.width_px,
        height_px=report.height_px,
        frame_rate=float(report.frame_rate),
        frame_count=report.frame_count,
        duration_s=report.duration_s,
        warnings=report.warnings,
    )
