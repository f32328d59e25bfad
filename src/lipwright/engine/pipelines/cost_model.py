"""How long a job takes by its measures alone. A rough figure for people, not a promise.

Measured on two cores at 2.5 GHz; faster machines finish earlier. estimate.py finds the measures in files.
"""

from __future__ import annotations

from lipwright.engine.pipelines.limits import MAX_RESOLUTION_PX

# Measured with bench/talk.py.
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


def talking_photo_time_s(
    *,
    size_wh: tuple[int, int],
    sound_s: float,
    frame_rate: float = 30.0,
    max_resolution_px: int = MAX_RESOLUTION_PX,
    motion_frames: float = 0.0,
) -> float:
    """Seconds that a talking photo takes. motion_frames: of a clip that it moves like."""
    width, height = size_wh
    shrink = min(1.0, max_resolution_px / max(width, height, 1))
    megapixels = width * height * shrink * shrink / 1e6
    per_frame_s = FRAME_S + FRAME_PER_MEGAPIXEL_S * megapixels
    return motion_frames * LOOK_S + START_S + sound_s * (LISTENING_PER_SOUND_S + frame_rate * per_frame_s)


def lip_sync_time_s(
    *, size_wh: tuple[int, int], length_s: float, frame_rate: float, takes_from_frames: bool
) -> float:
    """Seconds that a lip sync takes. takes_from_frames: whether mouths come from other frames of the clip."""
    megapixels = size_wh[0] * size_wh[1] / 1e6
    per_frame_s = LOOK_S + MOUTH_S + CODEC_PER_MEGAPIXEL_S * megapixels
    if takes_from_frames:
        per_frame_s += BORROW_PER_MEGAPIXEL_S * megapixels
    return START_S + length_s * (LISTENING_PER_SOUND_S + frame_rate * per_frame_s)
