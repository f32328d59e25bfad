"""How much a job will have to do, as the files say: nothing is rendered, and no more than a frame decoded."""

from __future__ import annotations

import math
from pathlib import Path

from lipwright.engine.errors import BadParameters
from lipwright.engine.media.probe import video_length_s
from lipwright.engine.media.reading.sound import probe_sound
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.media.values import SoundClip
from lipwright.engine.pipelines.options import LipSyncOptions


def planned_frames(video: Path, options: LipSyncOptions) -> int:
    """How many frames lip_sync will make of a video, as its file says. A file may be wrong about itself.

    Raises what a video that cannot be used raises, and BadParameters where the stretch begins after its end.
    """
    length_s = video_length_s(video)
    if options.start_s >= length_s > 0:
        raise BadParameters(
            f"The start ({options.start_s:g} s) lies after the end of {video.name}, "
            f"which lasts {length_s:.2f} s."
        )
    end_s = length_s if options.end_s is None else min(options.end_s, length_s)
    with VideoReader(options.stretch_of(video), looks_ahead=False) as reader:
        return max(reader.frame_count, math.floor((end_s - options.start_s) * reader.frame_rate))


def sound_length_s(clip: SoundClip) -> float:
    """How long a stretch of a sound is, in seconds, at most as long as the file.

    Raises what a sound that cannot be used raises, and BadParameters where the stretch begins after its end.
    """
    return probe_sound(clip).duration_s
