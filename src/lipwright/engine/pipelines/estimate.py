"""How long a job will take, estimated before it starts. A rough figure for people, not a promise."""

from __future__ import annotations

from pathlib import Path

from lipwright.engine.errors import BadVideoFile
from lipwright.engine.media.probe import probe_media
from lipwright.engine.media.reading.images import picture_size_wh
from lipwright.engine.media.reading.sound import probe_sound
from lipwright.engine.media.values import SoundClip
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

# Measured with bench/talk.py on two cores at 2.5 GHz; faster machines finish earlier.
START_S = 2.5
LISTENING_PER_SOUND_S = 0.06
FRAME_S = 0.006
FRAME_PER_MEGAPIXEL_S = 0.018
# A lip sync, measured with bench/sync.py on the same machine: searching a frame for faces, and re-making
# its mouth; what grows with the frame is decoding it twice and encoding it once.
LOOK_S = 0.012
MOUTH_S = 0.022
CODEC_PER_MEGAPIXEL_S = 0.020
# Taking exemplars of open mouths from the first minutes of a clip is one more decoding of each frame.
BORROW_PER_MEGAPIXEL_S = 0.004
# People read about 14 characters a second aloud.
CHARACTERS_PER_S = 14.0


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
    width, height = found[1] if found is not None else (0, 0)
    shrink = min(1.0, (options.max_resolution_px or MAX_RESOLUTION_PX) / max(width, height, 1))
    megapixels = width * height * shrink * shrink / 1e6
    per_frame_s = FRAME_S + FRAME_PER_MEGAPIXEL_S * megapixels
    motion_s = 0.0
    if options.motion is not None:
        clip_s = probe_media(options.motion.path).duration_s - options.motion.start_s
        motion_s = max(0.0, min(clip_s, sound_s)) * float(MOTION_FRAME_RATE) * LOOK_S
    return motion_s + START_S + sound_s * (LISTENING_PER_SOUND_S + float(options.frame_rate) * per_frame_s)


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
    megapixels = info.video.size_wh[0] * info.video.size_wh[1] / 1e6
    per_frame_s = LOOK_S + MOUTH_S + CODEC_PER_MEGAPIXEL_S * megapixels
    if options.mode is not LipSyncMode.LITE:
        per_frame_s += BORROW_PER_MEGAPIXEL_S * megapixels
    return START_S + length_s * (LISTENING_PER_SOUND_S + float(frame_rate) * per_frame_s)
