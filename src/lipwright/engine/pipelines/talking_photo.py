"""A picture speaks: from a picture and a voice to a video, as a list of named values."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.articulate import gate
from lipwright.engine.articulation.share import speaking_share
from lipwright.engine.face.choose import choose_faces
from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.media.pixels.alpha import take_from_white
from lipwright.engine.media.pixels.colour import HD_COLOUR
from lipwright.engine.media.pixels.planes import paste_rgb, rgb_to_i420
from lipwright.engine.media.reading.images import crop_to_even, fit_within, load_picture
from lipwright.engine.media.writing.encoders import carries_opacity
from lipwright.engine.media.writing.video_writer import VideoWriter
from lipwright.engine.pipelines.driven_photo import following_warnings, load_driver
from lipwright.engine.pipelines.head_look import look_at_head
from lipwright.engine.pipelines.limits import MAX_RESOLUTION_PX
from lipwright.engine.pipelines.modes import EyesMode
from lipwright.engine.pipelines.options import SpeechSource, TalkingPhotoOptions
from lipwright.engine.pipelines.photo_acting import plan_acting
from lipwright.engine.pipelines.report import PICTURE_ON_WHITE_WARNING, RenderReport, slow_warnings
from lipwright.engine.pipelines.speech_input import load_voice_track
from lipwright.engine.progress import LIP_SYNC_SHARES, STAGE_SHARES, JobContext, Stage
from lipwright.engine.render.photo.renderer import PhotoRenderer
from lipwright.engine.speech.values import SpeechActivity
from lipwright.engine.timeline import frame_count, frame_times_s

# A head that may turn no further than this moves much less than people's do. Without layers it is 5 degrees.
_HARDLY_TURNS_DEG = 5.5


def talking_photo(
    picture: Path,
    voice: SpeechSource,
    output: Path | BinaryIO,
    options: TalkingPhotoOptions | None = None,
    context: JobContext | None = None,
) -> RenderReport:
    """Make a picture speak and write the video.

    output: a file, which appears only when it is whole, or an open binary stream.
    Raises EngineError: bad input of every kind, an output that cannot be written, Cancelled.
    """
    options = options or TalkingPhotoOptions()
    context = context or JobContext(shares=LIP_SYNC_SHARES if options.motion else STAGE_SHARES)
    started_s = time.monotonic()
    context.enter(Stage.READING)
    photo = crop_to_even(fit_within(load_picture(picture), options.max_resolution_px or MAX_RESOLUTION_PX))

    context.enter(Stage.FINDING_FACE)
    found = find_faces(photo.rgb)
    faces = choose_faces(found, options.face, size_wh=photo.size_wh)
    driver = None if options.motion is None else load_driver(options.motion, voice, context)

    context.enter(Stage.LISTENING)
    with (
        load_voice_track(
            voice, transcript=options.transcript, language=options.language, context=context
        ) as heard,
        ExitStack() as held,
    ):
        acting = plan_acting(options, heard)
        articulation = acting.mouth()

        context.enter(Stage.PREPARING)
        renderer = held.enter_context(
            PhotoRenderer(
                photo.rgb,
                faces,
                seed=options.seed,
                head_moves=acting.head_moves,
                open_eyes=options.eyes is EyesMode.OPEN,
                bystanders=[face for face in found if all(face is not one for one in faces)],
                look=look_at_head,
            )
        )
        limits = renderer.head_limits if acting.head_moves else None
        gesture = acting.gestures(limits, opens_eyes=renderer.opens_eyes, is_driven=driver is not None)
        following = None
        if driver is not None:
            gesture, following = driver.drive(
                gesture, acting.style, limits=limits, opens_eyes=renderer.opens_eyes
            )
            articulation = driver.speak(articulation, gesture, options.mouth_scale)
        count = frame_count(heard.sound.duration_s, options.frame_rate)
        times_s = frame_times_s(count, options.frame_rate)
        mouth_rows, gesture_rows = articulation.sample(times_s), gesture.sample(times_s)
        shares = _shares(options, heard.activity, times_s)
        if driver is not None:
            shares = driver.mouth_shares(shares, times_s, options.mouth_scale)
        still = rgb_to_i420(photo.rgb)
        # A head that moves would leave the outline of its picture.
        alpha = None if acting.head_moves or not carries_opacity(options.container) else photo.alpha

        context.enter(Stage.RENDERING, count)
        with VideoWriter(
            output,
            size_wh=photo.size_wh,
            frame_rate=options.frame_rate,
            container=options.container,
            sound=heard.clip,
            has_alpha=alpha is not None,
            label=options.label,
            watermark=options.watermark,
        ) as writer:
            for mouth_row, gesture_row, share in zip(mouth_rows, gesture_rows, shares.tolist(), strict=True):
                frame = still.copy()
                for patch in renderer.draw(mouth_row, gesture_row, share):
                    paste_rgb(frame, patch.box, patch.rgb, weight=patch.weight)
                if alpha is not None:
                    take_from_white(frame, alpha, is_full_range=False)
                context.show(frame, HD_COLOUR)
                writer.write(frame, alpha)
                context.advance()
            context.enter(Stage.FINISHING)
    context.finish()
    return RenderReport(
        width_px=photo.size_wh[0],
        height_px=photo.size_wh[1],
        frame_rate=options.frame_rate,
        frame_count=count,
        duration_s=float(count / options.frame_rate),
        elapsed_s=time.monotonic() - started_s,
        warnings=(
            *photo.warnings,
            *((PICTURE_ON_WHITE_WARNING,) if photo.alpha is not None and alpha is None else ()),
            *slow_warnings(options.frame_rate),
            *_prompt_warnings(acting.direction.unknown_words),
            *(heard.warnings if driver is None else driver.sound_warnings(heard.warnings)),
            *_limit_warnings(limits),
            *renderer.eye_notes,
            *(() if driver is None else driver.warnings),
            *following_warnings(following, limits),
        ),
        head_limits=limits,
        following=following,
    )


def _shares(
    options: TalkingPhotoOptions, activity: SpeechActivity, times_s: NDArray[np.float64]
) -> NDArray[np.float32]:
    """How much the speaking mouth takes over in each frame: nothing where the mouth is not to move."""
    if options.mouth_scale == 0:
        return np.zeros(len(times_s), dtype=np.float32)
    return speaking_share(gate(activity, options.quiet_mouth_db), times_s)


def _prompt_warnings(unknown_words: tuple[str, ...]) -> Iterator[str]:
    for word in unknown_words:
        yield f"The prompt word '{word}' is not known and was left out."


def _limit_warnings(limits: HeadLimits | None) -> Iterator[str]:
    if limits is not None and limits.yaw_deg < _HARDLY_TURNS_DEG:
        yield (
            f"The head turns by {limits.yaw_deg:.0f} degrees at the most, because this picture would tear. "
            "One that shows the face from the front, before a background, moves more."
        )
