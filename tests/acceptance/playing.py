"""Whether a result is a film that plays."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

# Sound codecs pad a clip by up to three of their frames, and the picture ends on a whole one.
DURATION_TOLERANCE_S = 0.15


def assert_plays(path: Path, *, duration_s: float) -> None:
    """Decode every frame of picture and sound; fail where the file is no MP4 of that length."""
    with av.open(str(path)) as container:
        assert "mp4" in container.format.name
        (video,) = container.streams.video
        (sound,) = container.streams.audio
        assert video.codec_context.name == "h264"
        assert video.width % 2 == 0
        assert video.height % 2 == 0
        rate = video.average_rate
        assert rate is not None
        frames = pictures_s = sounds_s = 0.0
        for packet in container.demux(video, sound):
            for frame in packet.decode():
                if isinstance(frame, av.VideoFrame):
                    frames += 1
                elif isinstance(frame, av.AudioFrame):
                    sounds_s += frame.samples / frame.sample_rate
        pictures_s = frames / float(rate)
    assert pictures_s == pytest.approx(duration_s, abs=DURATION_TOLERANCE_S)
    assert sounds_s == pytest.approx(duration_s, abs=DURATION_TOLERANCE_S)
