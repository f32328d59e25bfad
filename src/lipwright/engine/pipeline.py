"""The two jobs of the engine, each a list of named values from input to output.

Knows nothing of command lines or servers.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import BinaryIO

from lipwright.engine.articulation.articulate import ArticulationStyle, articulate
from lipwright.engine.face.choose import choose_faces
from lipwright.engine.face.landmarks import find_faces
from lipwright.engine.gesture.gestures import gestures
from lipwright.engine.gesture.style import style_of
from lipwright.engine.hearing import hear
from lipwright.engine.media.images import crop_to_even, fit_within, load_picture
from lipwright.engine.media.planes import paste_rgb, rgb_to_i420
from lipwright.engine.media.values import SoundClip
from lipwright.engine.media.writer import VideoWriter
from lipwright.engine.options import MAX_RESOLUTION_PX, SpokenLine, TalkingPhotoOptions
from lipwright.engine.progress import Stage, Watch
from lipwright.engine.render.photo import PhotoRenderer
from lipwright.engine.report import RenderReport
from lipwright.engine.speech.prosody import find_prosody
from lipwright.engine.timeline import frame_count, frame_times_s


def talking_photo(
    picture: Path,
    voice: SoundClip | SpokenLine,
    output: Path | BinaryIO,
    options: TalkingPhotoOptions | None = None,
    watch: Watch | None = None,
) -> RenderReport:
    """Make a picture speak and write the video.

    output: a file, which appears only when it is whole, or an open binary stream.
    Raises EngineError: bad input of every kind, an output that cannot be written, Cancelled.
    """
    options, watch = options or TalkingPhotoOptions(), watch or Watch()
    started_s = time.monotonic()
    watch.enter(Stage.READING)
    photo = crop_to_even(fit_within(load_picture(picture), options.max_resolution_px or MAX_RESOLUTION_PX))

    watch.enter(Stage.FINDING_FACE)
    faces = choose_faces(find_faces(photo.rgb), options.face, size_wh=photo.size_wh)

    watch.enter(Stage.LISTENING)
    with hear(voice, transcript=options.transcript, language=options.language, watch=watch) as heard:
        mouth_style = ArticulationStyle(
            mouth_scale=options.mouth_scale, quiet_mouth_db=options.quiet_mouth_db
        )
        articulation = articulate(heard.sound, heard.activity, heard.phones, mouth_style)
        style, unknown_words = style_of(options)
        prosody = find_prosody(heard.sound, heard.activity, heard.phones)
        gesture = gestures(heard.activity, prosody, heard.sound.duration_s, style, options.seed)

        watch.enter(Stage.PREPARING)
        renderer = PhotoRenderer(photo.rgb, faces, seed=options.seed, head_moves=style.head_moves)
        count = frame_count(heard.sound.duration_s, options.frame_rate)
        times_s = frame_times_s(count, options.frame_rate)
        mouth_rows, gesture_rows = articulation.sample(times_s), gesture.sample(times_s)
        frame = rgb_to_i420(photo.rgb)

        watch.enter(Stage.RENDERING, count)
        with VideoWriter(
            output,
            size_wh=photo.size_wh,
            frame_rate=options.frame_rate,
            container=options.container,
            sound=heard.clip,
        ) as writer:
            for mouth_row, gesture_row in zip(mouth_rows, gesture_rows, strict=True):
                for patch in renderer.draw(mouth_row, gesture_row):
                    paste_rgb(frame, patch.box_xyxy, patch.rgb, weight=patch.weight)
                writer.write(frame)
                watch.advance()
            watch.enter(Stage.FINISHING)
    watch.advance()
    warnings = [f"The prompt word '{word}' is not known and was left out." for word in unknown_words]
    if not heard.has_speech:
        warnings.append("No speech was heard in the sound, so the mouth rests.")
    return RenderReport(
        width_px=photo.size_wh[0],
        height_px=photo.size_wh[1],
        frame_rate=options.frame_rate,
        frame_count=count,
        duration_s=float(count / options.frame_rate),
        elapsed_s=time.monotonic() - started_s,
        warnings=tuple(warnings),
    )
