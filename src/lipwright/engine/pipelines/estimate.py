"""How long a job will take, estimated before it starts. A rough figure for people, not a promise."""

from __future__ import annotations

from pathlib import Path

from lipwright.engine.errors import BadVideoFile
from lipwright.engine.media.probe import probe_media
from lipwright.engine.media.reading.images import picture_size_wh
from lipwright.engine.media.reading.sound import probe_sound
from lipwright.engine.media.values import SoundClip
from lipwright.engine.pipelines.cost_model import CHARACTERS_PER_S, lip_sync_time_s, talking_photo_time_s
from lipwright.engine.pipelines.limits import MAX_RESOLUTION_PX
from lipwright.engine.pipelines.lip_sync.assignment import voices_of
from lipwright.engine.pipelines.modes import LipSyncMode
from lipwright.engine.pipelines.options import (
    MOTION_FRAME_RATE,
    ClipVoices,
    LipSyncOptions,
    SpeechSource,
    TalkingPhotoOptions,
)


def estimate_talking_photo(
    picture: Path, voice: SpeechSource, options: TalkingPhotoOptions | None = None
) -> float:
    """Seconds that talking_photo will roughly take. Raises what a sound that cannot be used raises."""
    options = options or TalkingPhotoOptions()
    if isinstance(voice, SoundClip):
        sound_s = probe_sound(voice).duration_s
    else:
        sound_s = len(voice.text) / CHARACTERS_PER_S / max(voice.rate, 0.5)
    found = picture_size_wh(picture)
    motion_frames = 0.0
    if options.motion is not None:
        clip_s = probe_media(options.motion.path).duration_s - options.motion.start_s
        motion_frames = max(0.0, min(clip_s, sound_s)) * float(MOTION_FRAME_RATE)
    return talking_photo_time_s(
        size_wh=found[1] if found is not None else (0, 0),
        sound_s=sound_s,
        frame_rate=float(options.frame_rate),
        max_resolution_px=options.max_resolution_px or MAX_RESOLUTION_PX,
        motion_frames=motion_frames,
    )


def estimate_lip_sync(video: Path, voice: ClipVoices, options: LipSyncOptions | None = None) -> float:
    """Seconds that lip_sync will roughly take.

    Raises what a video or a sound that cannot be used raises, and BadVideoFile where nothing moves.
    """
    options = options or LipSyncOptions()
    sounds_s = [
        probe_sound(each).duration_s for each in voices_of(voice, options) if isinstance(each, SoundClip)
    ]
    info = probe_media(video)
    if info.video is None:
        raise BadVideoFile(f"{video.name} holds no moving picture. Choose a video.")
    end_s = info.duration_s if options.end_s is None else min(options.end_s, info.duration_s)
    length_s = max(0.0, end_s - options.start_s, *(sounds_s if options.loop else ()))
    frame_rate = min(info.video.frame_rate, options.max_frame_rate or info.video.frame_rate)
    return lip_sync_time_s(
        size_wh=info.video.size_wh,
        length_s=length_s,
        frame_rate=float(frame_rate),
        takes_from_frames=options.mode is not LipSyncMode.LITE,
    )
