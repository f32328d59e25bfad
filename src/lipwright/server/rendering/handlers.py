"""The one file that calls the engine: an order and its files go in, what was produced comes out.

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
from lipwright.server.jobs.model import FacesOrder, Order, PhotoOrder, SpeechOrder, SyncOrder
from lipwright.server.rendering.face_crops import crop_face
from lipwright.server.rendering.inputs import Inputs
from lipwright.server.rendering.messages import Produced
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


def handle(order: Order, inputs: Inputs, folder: Path, context: JobContext, settings: Settings) -> Produced:
    """Carry out an order. The files produced lie in the folder."""
    match order:
        case PhotoOrder():
            return _talking_photo(order, inputs, folder, context, settings)
        case SyncOrder():
            return _lip_sync(order, inputs, folder, context)
        case SpeechOrder():
            return _speech(order, folder, context, settings)
        case FacesOrder():
            return _faces(order, inputs["target"], folder, context)


def _talking_photo(
    order: PhotoOrder, inputs: Inputs, folder: Path, context: JobContext, settings: Settings
) -> Produced:
    from lipwright.engine.pipelines.pipeline import talking_photo

    voice: SoundClip | SpokenLine
    if order.text is not None:
        voice = SpokenLine(text=order.text, voice=load_voice_names(settings).voice_for(order.voice))
    else:
        voice = SoundClip(path=inputs["audio"], start_s=order.start_s, end_s=order.end_s)
    options = TalkingPhotoOptions(
        mode=PhotoMode.parse(order.mode),
        prompt=order.prompt,
        intensity=order.intensity,
        max_resolution_px=order.longer_side_px,
        transcript=order.transcript,
    )
    return _produced_video(talking_photo(inputs["image"], voice, folder / VIDEO_NAME, options, context))


def _lip_sync(order: SyncOrder, inputs: Inputs, folder: Path, context: JobContext) -> Produced:
    from lipwright.engine.pipelines.pipeline import lip_sync

    options = LipSyncOptions(
        mode=LipSyncMode.parse(order.mode),
        start_s=order.start_s,
        end_s=order.end_s,
        max_frame_rate=None
        if order.max_frame_rate is None
        else Fraction(order.max_frame_rate).limit_denominator(1001),
        max_resolution_px=order.longer_side_px,
        transcript=order.transcript,
    )
    voice = SoundClip(path=inputs["audio"])
    return _produced_video(lip_sync(inputs["video"], voice, folder / VIDEO_NAME, options, context))


def _speech(order: SpeechOrder, folder: Path, context: JobContext, settings: Settings) -> Produced:
    context.enter(Stage.RENDERING)
    spoken = speak(order.text, load_voice_names(settings).voice_for(order.voice))
    write_wav(folder / SOUND_NAME, spoken.samples, spoken.sample_rate_hz)
    return Produced(files=(SOUND_NAME,), duration_s=spoken.duration_s)


def _faces(order: FacesOrder, target: Path, folder: Path, context: JobContext) -> Produced:
    context.enter(Stage.FINDING_FACE)
    is_video = order.target.extension in EXTENSIONS["video"]
    names = []
    for frame, rgb in enumerate(_moments(target) if is_video else [load_picture(target).rgb]):
        context.check()
        for index, face in enumerate(find_faces(rgb, min_confidence=order.min_confidence)):
            names.append(f"{frame}-{index}.png")
            save_png(folder / names[-1], crop_face(rgb, face))
    return Produced(files=tuple(names))


def _moments(video: Path) -> Iterator[NDArray[np.uint8]]:
    """One frame for each second of the beginning of a video, uint8 (height, width, 3)."""
    with VideoReader(video, end_s=FACES_WITHIN_S, max_frame_rate=Fraction(1), longest_px=FACES_PX) as reader:
        for frame in reader:
            yield i420_to_rgb(frame.i420, reader.colour)


def _produced_video(report: RenderReport) -> Produced:
    return Produced(
        files=(VIDEO_NAME,),
        width_px=report.width_px,
        height_px=report.height_px,
        frame_rate=float(report.frame_rate),
        frame_count=report.frame_count,
        duration_s=report.duration_s,
        warnings=report.warnings,
    )
