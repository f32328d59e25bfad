"""A picture speaks: from a picture and a voice to a video, as a list of named values."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.articulate import ArticulationStyle, articulate, gate
from lipwright.engine.articulation.share import speaking_share
from lipwright.engine.face.choose import choose_faces
from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.gesture.gestures import gestures
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.gesture.prompt import read_prompt
from lipwright.engine.gesture.style import GestureStyle
from lipwright.engine.media.pixels.planes import paste_rgb, rgb_to_i420
from lipwright.engine.media.reading.images import crop_to_even, fit_within, load_picture
from lipwright.engine.media.writing.video_writer import VideoWriter
from lipwright.engine.pipelines.driven_photo import following_warnings, held_style, load_driver
from lipwright.engine.pipelines.limits import MAX_RESOLUTION_PX
from lipwright.engine.pipelines.modes import EyesMode, PhotoMode
from lipwright.engine.pipelines.options import SpeechSource, TalkingPhotoOptions
from lipwright.engine.pipelines.report import RenderReport
from lipwright.engine.pipelines.speech_input import load_voice_track
from lipwright.engine.progress import LIP_SYNC_SHARES, STAGE_SHARES, JobContext, Stage
from lipwright.engine.render.photo.renderer import PhotoRenderer
from lipwright.engine.speech.prosody import find_prosody
from lipwright.engine.speech.values import SpeechActivity
from lipwright.engine.timeline import frame_count, frame_times_s

# Prompted motion is 0.6, 1.3 and 2.1 times realistic motion at intensity 0.1, 1 and 2.
_PROMPTED_BASE = 0.5
_PROMPTED_PER_INTENSITY = 0.8
# A face that moves more also speaks with a larger mouth: by this power of its liveliness, 10 to 15 % at the
# upper end. More and it shouts, its lips rounder than lips get; without it the head of a mumbler dances.
_MOUTH_PER_LIVELINESS = 0.2
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
    with load_voice_track(
        voice, transcript=options.transcript, language=options.language, context=context
    ) as heard:
        style, unknown_words = style_of(options)
        articulation = articulate(
            heard.sound, heard.activity, heard.phones, articulation_style_of(options, style)
        )
        prosody = find_prosody(heard.sound, heard.activity, heard.phones)

        context.enter(Stage.PREPARING)
        renderer = PhotoRenderer(
            photo.rgb,
            faces,
            seed=options.seed,
            head_moves=style.head_moves,
            open_eyes=options.eyes is EyesMode.OPEN,
            bystanders=[face for face in found if all(face is not one for one in faces)],
        )
        limits = renderer.head_limits if style.head_moves else None
        gesture = gestures(
            heard.activity,
            prosody,
            heard.sound.duration_s,
            style if driver is None else held_style(style),
            options.seed,
            limits=limits,
            opens_eyes=renderer.opens_eyes,
        )
        following = None
        if driver is not None:
            gesture, following = driver.drive(gesture, style, limits=limits, opens_eyes=renderer.opens_eyes)
            articulation = driver.speak(articulation, gesture, options.mouth_scale)
        count = frame_count(heard.sound.duration_s, options.frame_rate)
        times_s = frame_times_s(count, options.frame_rate)
        mouth_rows, gesture_rows = articulation.sample(times_s), gesture.sample(times_s)
        shares = _shares(options, heard.activity, times_s)
        if driver is not None:
            shares = driver.mouth_shares(shares, times_s, options.mouth_scale)
        still = rgb_to_i420(photo.rgb)

        context.enter(Stage.RENDERING, count)
        with VideoWriter(
            output,
            size_wh=photo.size_wh,
            frame_rate=options.frame_rate,
            container=options.container,
            sound=heard.clip,
        ) as writer:
            for mouth_row, gesture_row, share in zip(mouth_rows, gesture_rows, shares.tolist(), strict=True):
                frame = still.copy()
                for patch in renderer.draw(mouth_row, gesture_row, share):
                    paste_rgb(frame, patch.box, patch.rgb, weight=patch.weight)
                writer.write(frame)
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
            *_prompt_warnings(unknown_words),
            *(heard.warnings if driver is None else driver.sound_warnings(heard.warnings)),
            *_limit_warnings(limits),
            *renderer.eye_notes,
            *(() if driver is None else driver.warnings),
            *following_warnings(following, limits),
        ),
        head_limits=limits,
        following=following,
    )


def style_of(options: TalkingPhotoOptions) -> tuple[GestureStyle, tuple[str, ...]]:
    """The style that a photo's options ask for, and the words of the prompt that were not understood.

    The prompt and the intensity count in the mode PROMPTED; in the mode REALISTIC they are not read.
    """
    is_prompted = options.mode is PhotoMode.PROMPTED
    reading = read_prompt(options.prompt if is_prompted else "")
    style = GestureStyle(
        liveliness=_PROMPTED_BASE + _PROMPTED_PER_INTENSITY * options.intensity if is_prompted else 1.0,
        still=options.still,
        head_scale=options.head_scale,
        blink_scale=options.blink_scale,
        expression_scale=options.expression_scale,
        mood=reading.mood,
    )
    return style, reading.unknown_words


def _shares(
    options: TalkingPhotoOptions, activity: SpeechActivity, times_s: NDArray[np.float64]
) -> NDArray[np.float32]:
    """How much the speaking mouth takes over in each frame: nothing where the mouth is not to move."""
    if options.mouth_scale == 0:
        return np.zeros(len(times_s), dtype=np.float32)
    return speaking_share(gate(activity, options.quiet_mouth_db), times_s)


def articulation_style_of(options: TalkingPhotoOptions, style: GestureStyle) -> ArticulationStyle:
    """The style of a mouth that goes with the style of a face."""
    liveliness = style.liveliness * style.mood.energy
    return ArticulationStyle(
        mouth_scale=options.mouth_scale * liveliness**_MOUTH_PER_LIVELINESS,
        quiet_mouth_db=options.quiet_mouth_db,
    )


def _prompt_warnings(unknown_words: tuple[str, ...]) -> Iterator[str]:
    for word in unknown_words:
        yield f"The prompt word '{word}' is not known and was left out."


def _limit_warnings(limits: HeadLimits | None) -> Iterator[str]:
    if limits is not None and limits.yaw_deg < _HARDLY_TURNS_DEG:
        yield (
            f"The head turns by {limits.yaw_deg:.0f} degrees at the most, because this picture would tear. "
            "One that shows the face from the front, before a background, moves more."
        )
