"""A clip follows another voice: from a video and a voice to a video, as a list of named values."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.articulate import ArticulationStyle, articulate
from lipwright.engine.errors import MouthNotDrawn, RendererFailed
from lipwright.engine.media.values import BackgroundSound
from lipwright.engine.media.writing.encoders import carries_opacity
from lipwright.engine.media.writing.video_writer import VideoWriter
from lipwright.engine.pipelines.lip_sync.assignment import VoiceAssignment, assign_voices, voices_of
from lipwright.engine.pipelines.lip_sync.clip_scan import ClipScan, scan_clip
from lipwright.engine.pipelines.lip_sync.drawing_pool import draw_in_order
from lipwright.engine.pipelines.lip_sync.replacement import MouthReplacement
from lipwright.engine.pipelines.lip_sync.speakers import calibrate_speaker
from lipwright.engine.pipelines.modes import LipSyncMode
from lipwright.engine.pipelines.options import ClipVoices, LipSyncOptions
from lipwright.engine.pipelines.report import ON_WHITE_WARNING, LipSyncReport, slow_warnings
from lipwright.engine.pipelines.speech_input import (
    CUT_TOLERANCE_S,
    NO_SPEECH_WARNING,
    UNSURE_WARNING,
    SpeechInput,
    check_voice,
    cut_voices,
    load_voice_tracks,
)
from lipwright.engine.progress import LIP_SYNC_SHARES, JobContext, Stage
from lipwright.engine.render.clip.drawer import MouthDrawer
from lipwright.engine.render.clip.external import installed_renderer
from lipwright.engine.timeline import frame_count, ping_pong


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
    lengths_s = [check_voice(each) for each in voices]
    clip = scan_clip(options.stretch_of(video), context)
    assignments = assign_voices(clip.faces, voice, options)

    context.enter(Stage.LISTENING)
    cut = voices if options.loop else cut_voices(voices, lengths_s, clip.duration_s)
    with load_voice_tracks(
        cut, transcript=options.transcript, language=options.language, context=context
    ) as heard:
        shown = _frames_shown(clip, heard, options)

        context.enter(Stage.PREPARING, sum(len(each.tracks) for each in assignments))
        replacements = _replacements(clip, assignments, heard, shown, options, context)

        context.enter(Stage.RENDERING, len(shown))
        has_alpha = clip.has_transparency and carries_opacity(options.container)
        with (
            closing(clip.frames(len(shown), keeps_alpha=has_alpha)) as frames,
            VideoWriter(
                output,
                size_wh=clip.size_wh,
                frame_rate=clip.frame_rate,
                container=options.container,
                sound=heard[0].clip,
                background_sounds=_background_sounds(clip, heard, options),
                passthrough=clip.stretch,
                colour=clip.colour,
                pixel_aspect=clip.pixel_aspect,
                has_alpha=has_alpha,
                label=options.label,
                watermark=options.watermark,
            ) as writer,
        ):
            for frame in draw_in_order(frames, [each.apply for each in replacements]):
                context.show(frame.i420, clip.colour)
                writer.write(frame.i420, frame.alpha)
                context.advance()
            _check_drawn(replacements)
            context.enter(Stage.FINISHING)
    context.finish()
    remarks = _remarks(heard, clip, replacements, options, was_cut=cut != voices)
    rendered = sum(each.counts.rendered for each in replacements)
    return LipSyncReport(
        width_px=clip.size_wh[0],
        height_px=clip.size_wh[1],
        frame_rate=clip.frame_rate,
        frame_count=len(shown),
        duration_s=float(len(shown) / clip.frame_rate),
        elapsed_s=time.monotonic() - started_s,
        warnings=(*clip.warnings, *writer.warnings, *remarks),
        frames_rendered=rendered,
        frames_passed=sum(each.counts.passed for each in replacements),
        frames_faded=sum(each.counts.faded for each in replacements),
        borrowed_share=sum(each.counts.borrowed for each in replacements) / max(1, rendered),
        frames_failed=sum(each.counts.failed for each in replacements),
    )


def _frames_shown(clip: ClipScan, heard: Sequence[SpeechInput], options: LipSyncOptions) -> NDArray[np.intp]:
    """Which frame of the clip each one of the video shows: all of them once, or forwards and backwards."""
    count = clip.frame_count
    if options.loop:
        count = max(count, *(frame_count(each.sound.duration_s, clip.frame_rate) for each in heard))
    return ping_pong(count, clip.frame_count)


def _replacements(
    clip: ClipScan,
    assignments: Sequence[VoiceAssignment],
    heard: Sequence[SpeechInput],
    shown: NDArray[np.intp],
    options: LipSyncOptions,
    context: JobContext,
) -> list[MouthReplacement]:
    """A new mouth for everybody who speaks."""
    style = ArticulationStyle(mouth_scale=options.mouth_scale, quiet_mouth_db=options.quiet_mouth_db)
    installed = installed_renderer() if options.mode is LipSyncMode.PRO else None
    borrows = options.mode is not LipSyncMode.LITE and installed is None
    replacements = []
    for assignment, spoken in zip(assignments, heard, strict=True):
        articulation = articulate(spoken.sound, spoken.activity, spoken.phones, style)
        for track in assignment.tracks:
            speaker = calibrate_speaker(clip, track, borrows=borrows, seed=options.seed)
            drawer: MouthDrawer = speaker.mouth
            if installed is not None:
                geometry = speaker.mouth.geometry
                drawer = installed.begin(geometry, spoken.sound, clip.frame_rate, len(shown), options.seed)
            replacements.append(MouthReplacement(clip, speaker, articulation, options.mode, shown, drawer))
            context.advance()
    return replacements


def _check_drawn(replacements: Sequence[MouthReplacement]) -> None:
    """Raise MouthNotDrawn, or what an installed renderer raised, where most mouths could not be drawn."""
    failed = sum(each.counts.failed for each in replacements)
    faults = [each.first_fault for each in replacements if each.first_fault is not None]
    if failed <= sum(each.counts.rendered for each in replacements) or not faults:
        return
    if isinstance(faults[0], RendererFailed):
        raise faults[0]
    raise MouthNotDrawn(
        f"Drawing the mouth failed in {failed} frames, most of those that show it. "
        "Use a video that shows the face larger and more from the front."
    ) from faults[0]


def _background_sounds(
    clip: ClipScan, heard: Sequence[SpeechInput], options: LipSyncOptions
) -> tuple[BackgroundSound, ...]:
    """What is heard with the first voice: the other voices, and the video's own sound where asked for."""
    sounds = [BackgroundSound(clip=each.clip, level_db=0.0) for each in heard[1:]]
    if options.keep_sound_db is not None:
        sounds.append(BackgroundSound(clip=clip.stretch.sound, level_db=options.keep_sound_db))
    return tuple(sounds)


def _remarks(
    heard: Sequence[SpeechInput],
    clip: ClipScan,
    replacements: Sequence[MouthReplacement],
    options: LipSyncOptions,
    *,
    was_cut: bool,
) -> Iterator[str]:
    """What the person should know of the result."""
    if clip.has_transparency and not carries_opacity(options.container):
        yield ON_WHITE_WARNING
    yield from slow_warnings(clip.frame_rate)
    longest_s = max(each.sound.duration_s for each in heard)
    if was_cut or (longest_s > clip.duration_s + CUT_TOLERANCE_S and not options.loop):
        yield f"The sound is longer than the video and was cut at {clip.duration_s:.1f} s."
    if not any(each.has_speech for each in heard):
        yield NO_SPEECH_WARNING
    if any(each.is_unsure for each in heard):
        yield UNSURE_WARNING
    if options.mode is not LipSyncMode.LITE and not all(each.borrows for each in replacements):
        yield "The mouth never opens clearly in the video, so its inside was drawn."
    unseen = sum(each.counts.passed for each in replacements)
    if unseen:
        yield (
            f"{unseen} frames were left as they were: no face was seen in them clearly enough, "
            "or its mouth lies beyond the edge."
        )
    failed = sum(each.counts.failed for each in replacements)
    if failed:
        yield f"{failed} frames were left as they were: drawing the mouth failed in them."
