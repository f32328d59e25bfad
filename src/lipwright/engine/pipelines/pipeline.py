"""The two jobs of the engine, each a list of named values from input to output.

Knows nothing of command lines or servers.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.articulate import ArticulationStyle, articulate
from lipwright.engine.face.choose import choose_faces
from lipwright.engine.face.find.landmarks import find_faces
from lipwright.engine.gesture.gestures import gestures
from lipwright.engine.gesture.style import style_of
from lipwright.engine.media.pixels.planes import paste_rgb, rgb_to_i420
from lipwright.engine.media.reading.images import crop_to_even, fit_within, load_picture
from lipwright.engine.media.values import BackgroundSound, PassthroughParts, SoundClip
from lipwright.engine.media.writing.video_writer import VideoWriter
from lipwright.engine.pipelines.lip_sync.assignment import assign_voices, voices_of
from lipwright.engine.pipelines.lip_sync.clip_scan import ClipScan, calibrate_speaker, scan_clip
from lipwright.engine.pipelines.lip_sync.replacement import MouthReplacement, replace_mouths
from lipwright.engine.pipelines.options import (
    MAX_RESOLUTION_PX,
    ClipVoices,
    LipSyncMode,
    LipSyncOptions,
    SpeechSource,
    TalkingPhotoOptions,
)
from lipwright.engine.pipelines.report import LipSyncReport, RenderReport
from lipwright.engine.pipelines.speech_input import (
    SpeechInput,
    check_voice,
    cut_voices,
    load_voice_track,
    load_voice_tracks,
)
from lipwright.engine.progress import LIP_SYNC_SHARES, JobContext, Stage
from lipwright.engine.render.clip.drawer import MouthDrawer
from lipwright.engine.render.clip.external import installed_renderer
from lipwright.engine.render.photo.renderer import PhotoRenderer
from lipwright.engine.speech.prosody import find_prosody
from lipwright.engine.timeline import frame_count, frame_times_s, ping_pong


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
    options, context = options or TalkingPhotoOptions(), context or JobContext()
    started_s = time.monotonic()
    context.enter(Stage.READING)
    photo = crop_to_even(fit_within(load_picture(picture), options.max_resolution_px or MAX_RESOLUTION_PX))

    context.enter(Stage.FINDING_FACE)
    faces = choose_faces(find_faces(photo.rgb), options.face, size_wh=photo.size_wh)

    context.enter(Stage.LISTENING)
    with load_voice_track(
        voice, transcript=options.transcript, language=options.language, context=context
    ) as heard:
        mouth_style = ArticulationStyle(
            mouth_scale=options.mouth_scale, quiet_mouth_db=options.quiet_mouth_db
        )
        articulation = articulate(heard.sound, heard.activity, heard.phones, mouth_style)
        style, unknown_words = style_of(options)
        prosody = find_prosody(heard.sound, heard.activity, heard.phones)
        gesture = gestures(heard.activity, prosody, heard.sound.duration_s, style, options.seed)

        context.enter(Stage.PREPARING)
        renderer = PhotoRenderer(photo.rgb, faces, seed=options.seed, head_moves=style.head_moves)
        count = frame_count(heard.sound.duration_s, options.frame_rate)
        times_s = frame_times_s(count, options.frame_rate)
        mouth_rows, gesture_rows = articulation.sample(times_s), gesture.sample(times_s)
        still = rgb_to_i420(photo.rgb)

        context.enter(Stage.RENDERING, count)
        with VideoWriter(
            output,
            size_wh=photo.size_wh,
            frame_rate=options.frame_rate,
            container=options.container,
            sound=heard.clip,
        ) as writer:
            for mouth_row, gesture_row in zip(mouth_rows, gesture_rows, strict=True):
                frame = still.copy()
                for patch in renderer.draw(mouth_row, gesture_row):
                    paste_rgb(frame, patch.box, patch.rgb, weight=patch.weight)
                writer.write(frame)
                context.advance()
            context.enter(Stage.FINISHING)
    context.finish()
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


def lip_sync(
    video: Path,
    voice: ClipVoices,
    output: Path | BinaryIO,
    options: LipSyncOptions | None = None,
    context: JobContext | None = None,
) -> LipSyncReport:
    """Re-make the mouth in a video to fit another voice, and write the video with that voice.

    voice: of whom options.face names, or a voice for each person by the number of the face; all are heard.
    output: a file, which appears only when it is whole, or an open binary stream.
    Raises EngineError: bad input of every kind, an output that cannot be written, Cancelled.
    """
    options, context = options or LipSyncOptions(), context or JobContext(shares=LIP_SYNC_SHARES)
    started_s = time.monotonic()
    context.enter(Stage.READING)
    voices = voices_of(voice, options)
    for each in voices:
        check_voice(each)
    clip = scan_clip(video, options, context)
    parts = assign_voices(clip.faces, voice, options)

    context.enter(Stage.LISTENING)
    voices, was_cut = (voices, False) if options.loop else cut_voices(voices, clip.duration_s)
    with load_voice_tracks(
        voices, transcript=options.transcript, language=options.language, context=context
    ) as heard:
        style = ArticulationStyle(mouth_scale=options.mouth_scale, quiet_mouth_db=options.quiet_mouth_db)
        shown = _frames_shown(clip, heard, options)

        context.enter(Stage.PREPARING, sum(len(part.tracks) for part in parts))
        installed = installed_renderer() if options.mode is LipSyncMode.PRO else None
        borrows = options.mode is not LipSyncMode.LITE and installed is None
        dubs = []
        for part, spoken in zip(parts, heard, strict=True):
            articulation = articulate(spoken.sound, spoken.activity, spoken.phones, style)
            for track in part.tracks:
                actor = calibrate_speaker(clip, track, borrows=borrows, seed=options.seed)
                drawer: MouthDrawer = actor.mouth
                if installed is not None:
                    drawer = installed.begin(
                        actor.mouth.geometry, spoken.sound, clip.frame_rate, len(shown), options.seed
                    )
                dubs.append(MouthReplacement(clip, actor, articulation, options.mode, shown, drawer))
                context.advance()

        context.enter(Stage.RENDERING, len(shown))
        with (
            closing(clip.frames(len(shown))) as frames,
            VideoWriter(
                output,
                size_wh=clip.size_wh,
                frame_rate=clip.frame_rate,
                container=options.container,
                sound=heard[0].clip,
                background_sounds=_sounds_under(video, heard, options),
                passthrough=PassthroughParts(path=video, start_s=options.start_s, end_s=options.end_s),
                colour=clip.colour,
                pixel_aspect=clip.pixel_aspect,
            ) as writer,
        ):
            for i420 in replace_mouths(frames, dubs):
                writer.write(i420)
                context.advance()
            context.enter(Stage.FINISHING)
    context.finish()
    rendered = sum(dub.counts.rendered for dub in dubs)
    return LipSyncReport(
        width_px=clip.size_wh[0],
        height_px=clip.size_wh[1],
        frame_rate=clip.frame_rate,
        frame_count=len(shown),
        duration_s=float(len(shown) / clip.frame_rate),
        elapsed_s=time.monotonic() - started_s,
        warnings=(*clip.warnings, *writer.warnings, *_remarks(heard, clip, dubs, options, was_cut=was_cut)),
        frames_rendered=rendered,
        frames_passed=sum(dub.counts.passed for dub in dubs),
        frames_faded=sum(dub.counts.faded for dub in dubs),
        borrowed_share=sum(dub.counts.borrowed for dub in dubs) / max(1, rendered),
    )


def _frames_shown(clip: ClipScan, heard: Sequence[SpeechInput], options: LipSyncOptions) -> NDArray[np.intp]:
    """Which frame of the clip each one of the video shows: all of them once, or to and fro."""
    count = clip.frame_count
    if options.loop:
        count = max(count, *(frame_count(each.sound.duration_s, clip.frame_rate) for each in heard))
    return ping_pong(count, clip.frame_count)


def _sounds_under(
    video: Path, heard: Sequence[SpeechInput], options: LipSyncOptions
) -> tuple[BackgroundSound, ...]:
    """What is heard with the first voice: the other voices, and the video's own sound where asked for."""
    voices = [BackgroundSound(clip=each.clip, level_db=0.0) for each in heard[1:]]
    if options.keep_sound_db is not None:
        own = SoundClip(path=video, start_s=options.start_s, end_s=options.end_s)
        voices.append(BackgroundSound(clip=own, level_db=options.keep_sound_db))
    return tuple(voices)


def _remarks(
    heard: Sequence[SpeechInput],
    clip: ClipScan,
    dubs: Sequence[MouthReplacement],
    options: LipSyncOptions,
    *,
    was_cut: bool,
) -> Iterator[str]:
    """What the person should know of the result."""
    longest_s = max(each.sound.duration_s for each in heard)
    if was_cut or (longest_s > clip.duration_s + 0.1 and not options.loop):
        yield f"The sound is longer than the video and was cut at {clip.duration_s:.1f} s."
    if not any(each.has_speech for each in heard):
        yield "No speech was heard in the sound, so the mouth rests."
    if options.mode is not LipSyncMode.LITE and not all(dub.borrows for dub in dubs):
        yield "The mouth never opens clearly in the video, so its inside was drawn."
    unseen = sum(dub.counts.passed for dub in dubs)
    if unseen:
        yield f"{unseen} frames were left as they were: no face was seen in them clearly enough."
