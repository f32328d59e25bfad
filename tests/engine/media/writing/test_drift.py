"""Sound and picture of an hour stay in step."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from lipwright.engine.media.pixels.planes import i420_to_rgb, rgb_to_i420
from lipwright.engine.media.reading.sound import load_speech, probe_sound
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.media.values import SoundClip, VideoStretch
from lipwright.engine.media.writing.video_writer import VideoWriter
from tests.support.pictures import frame_number, numbered_frame
from tests.support.sounds import clicks, write_sound

NTSC = Fraction(30000, 1001)
MINUTES = 60
FRAMES = 30 * 60 * MINUTES
DURATION_S = float(FRAMES / NTSC)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_an_hour_ends_with_sound_and_picture_in_step(tmp_path: Path) -> None:
    rate_hz = 8_000
    last_click_s = DURATION_S - 1
    sound = clicks(DURATION_S, [1.0, last_click_s], rate_hz)
    clip = SoundClip(path=write_sound(tmp_path / "hour.wav", sound, rate_hz))
    del sound
    frames = [rgb_to_i420(numbered_frame(index, 32, 32)) for index in range(16)]
    video = tmp_path / "hour.mp4"
    with VideoWriter(video, size_wh=(32, 32), frame_rate=NTSC, sound=clip) as writer:
        for index in range(FRAMES):
            writer.write(frames[index % 16])

    assert probe_sound(SoundClip(path=video)).duration_s == pytest.approx(DURATION_S, abs=0.001)
    end = load_speech(SoundClip(path=video, start_s=DURATION_S - 2))
    loud = np.flatnonzero(np.abs(end.samples) > 0.15)
    assert loud[0] / 16_000 == pytest.approx(1.0, abs=0.003)
    with VideoReader(VideoStretch(path=video, start_s=DURATION_S - 1)) as reader:
        seen = [frame_number(i420_to_rgb(frame.i420, reader.colour)) for frame in reader]
    first = round((Fraction(DURATION_S) - 1) * NTSC)
    assert seen == [index % 16 for index in range(first, FRAMES)]
