"""The one file that calls the engine: a spec and its files go in, what was produced comes out.

Runs in the rendering process. Raises the engine's errors for inputs that cannot be used.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.media.pixels.planes import i420_to_rgb
from lipwright.engine.media.reading.images import load_picture, save_png
from lipwright.engine.media.reading.sound import write_wav
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.media.values import SoundClip
from lipwright.engine.pipelines.options import (
    LipSyncMode,
    LipSyncOptions,
    PhotoMode,
    SpokenLine,
    TalkingPhotoOptions,
)
from lipwright.engine.pipelines.report import RenderReport
from lipwright.engine.progress import JobContext, Stage
from lipwright.engine.speech.voices.speak import speak
from lipwright.server.jobs.model import FaceDetectionSpec, JobSpec, LipSyncSpec, SpeechSpec, TalkingPhotoSpec
from lipwright.server.rendering.face_crops import crop_face
from lipwright.server.rendering.inputs import Inputs
from lipwright.server.rendering.messages import Succeeded
from lipwright.server.rendering.voice_names import load_voice_names
from lipwright.server.settings import Settings
from lipwright.server.uploads.formats import EXTENSIONS

# Who is in a video is seen in its first seconds; every further one costs as much again.
FACES_WITHIN_S = 20.0
# Enough for small faces in a wide shot; a larger frame is searched several times longer.
FACES_PX = 1920
VIDEO_NAME = "output.mp4"
SOUND_NAME = "output.wav"


def load_engine() -> None:
    """Import what a task will need, so that a waiting process answers at once."""
    import lipwright.engine.pipelines.pipeline  # noqa: F401


def handle(spec: JobSpec, inputs: Inputs, folder: Path, context: JobContext, settings: Settings) -> Succeeded:
    """Carry out a spec. The files produced lie in the folder."""
    match spec:
        case TalkingPhotoSpec():
            return _talking_photo(spec, inputs, folder, context, settings)
        case LipSyncSpec():
            return _lip_sync(spec, inputs, folder, context)
        case SpeechSpec():
            return _speech(spec, folder, context, settings)
        case FaceDetectionSpec():
            return _faces(spec, inputs["target"], folder, context)


def _talking_photo(
    spec: TalkingPhotoSpec, inputs: Inputs, folder: Path, context: JobContext, settings: Settings
) -> Succeeded:
    from lipwright.engine.pipelines.pipeline import talking_photo

    voice: SoundClip | SpokenLine
    if spec.text is not None:
        voice = SpokenLine(text=spec.text, voice=load_voice_names(settings).voice_for(spec.voice))
    else:
        voice = SoundClip(path=inputs["audio"], start_s=spec.start_s, end_s=spec.end_s)
    options = TalkingPhotoOptions(
        mode=PhotoMode.parse(spec.mode),
        prompt=spec.prompt,
        intensity=spec.intensity,
        max_resolution_px=spec.longer_side_px,
        transcript=spec.transcript,
    )
    return _produced_video(talking_photo(inputs["image"], voice, folder / VIDEO_NAME, options, context))


def _lip_sync(spec: LipSyncSpec, inputs: Inputs, folder: Path, context: JobContext) -> Succeeded:
    from lipwright.engine.pipelines.pipeline import lip_sync

    options = LipSyncOptions(
        mode=LipSyncMode.parse(spec.mode),
        start_s=spec.start_s,
        end_s=spec.end_s,
        max_frame_rate=None
        if spec.max_frame_rate is None
        else Fraction(spec.max_frame_rate).limit_denominator(1001),
        max_resolution_px=spec.longer_side_px,
        transcript=spec.transcript,
    )
    voice = SoundClip(path=inputs["audio"])
    return _produced_video(lip_sync(inputs["video"], voice, folder / VIDEO_NAME, options, context))


def _speech(spec: SpeechSpec, folder: Path, context: JobContext, settings: Settings) -> Succeeded:
    context.enter(Stage.RENDERING)
    spoken = speak(spec.text, load_voice_names(settings).voice_for(spec.voice))
    write_wav(folder / SOUND_NAME, spoken.samples, spoken.sample_rate_hz)
    return Succeeded(files=(SOUND_NAME,), duration_s=spoken.duration_s)


def _faces(spec: FaceDetectionSpec, target: Path, folder: Path, context: JobContext) -> Succeeded:
    context.enter(Stage.FINDING_FACE)
    is_video = spec.target.extension in EXTENSIONS["video"]
    names = []
    for frame, rgb in enumerate(_moments(target) if is_video else [load_picture(target).rgb]):
        context.check()
        for index, face in enumerate(find_faces(rgb, min_confidence=spec.min_confidence)):
            names.append(f"{frame}-{index}.png")
            save_png(folder / names[-1], crop_face(rgb, face))
    return Succeeded(files=tuple(names))


def _moments(video: Path) -> Iterator[NDArray[np.uint8]]:
    """One frame for each second of the beginning of a video, uint8 (height, width, 3)."""
    with VideoReader(XX) as reader:
        for frame in reader:
            yield i420_to_rgb(frame.i420, reader.colour)


def _produced_video(report: RenderReport) -> Succeeded:
    return Succeeded(
        files=(VIDEO_NAME,),
        width_px=report.width_px,
        height_px=report.height_px,
        frame_rate=float(report.frame_rate),
        frame_count=report.frame_count,
        duration_s=report.duration_s,
        warnings=report.warnings,
    )
