"""How long a job will take, told before it starts. A rough figure for people, not a promise."""

from __future__ import annotations

from pathlib import Path

from lipwright.engine.media.images import picture_size_wh
from lipwright.engine.media.sound import probe_sound
from lipwright.engine.media.values import SoundClip
from lipwright.engine.options import MAX_RESOLUTION_PX, SpokenLine, TalkingPhotoOptions

# Measured with bench/talk.py on two cores at 2.5 GHz; faster machines finish earlier.
START_S = 2.5
LISTENING_PER_SOUND_S = 0.06
FRAME_S = 0.006
FRAME_PER_MEGAPIXEL_S = 0.018
# People read about 14 characters a second aloud.
CHARACTERS_PER_S = 14.0


def estimate_talking_photo(
    picture: Path, voice: SoundClip | SpokenLine, options: TalkingPhotoOptions | None = None
) -> float:
    """Seconds that talking_photo will roughly take. Raises what a sound that cannot be used raises."""
    options = options or TalkingPhotoOptions()
    if isinstance(voice, SoundClip):
        sound_s = probe_sound(voice).duration_s
    else:
        sound_s = len(voice.text) / CHARACTERS_PER_S
    found = picture_size_wh(picture)
    width, height = found[1] if found is not None else (0, 0)
    shrink = min(1.0, (options.max_resolution_px or MAX_RESOLUTION_PX) / max(width, height, 1))
    megapixels = width * height * shrink * shrink / 1e6
    per_frame_s = FRAME_S + FRAME_PER_MEGAPIXEL_S * megapixels
    return START_S + sound_s * (LISTENING_PER_SOUND_S + float(options.frame_rate) * per_frame_s)
