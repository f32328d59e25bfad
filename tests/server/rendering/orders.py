"""Orders as tests make them, and what stands for the pipelines that they reach."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from lipwright.engine import PhotoMode, RenderReport
from lipwright.server.jobs.model import Source, TalkingPhotoSpec

REPORT = RenderReport(
    width_px=64, height_px=64, frame_rate=Fraction(30), frame_count=30, duration_s=1.0, elapsed_s=1.0
)
IMAGE = Source(field="image", extension="png", key="api-assets/a/image.png")
AUDIO = Source(field="audio", extension="wav", key="api-assets/b/audio.wav")


def photo(**changes: Any) -> TalkingPhotoSpec:
    """The order of a talking photo with some fields changed."""
    usual = {
        "image": IMAGE,
        "audio": AUDIO,
        "text": None,
        "voice": None,
        "start_s": 0.0,
        "end_s": 1.0,
        "mode": PhotoMode.REALISTIC,
        "prompt": "",
        "intensity": 1.0,
        "longer_side_px": 854,
        "transcript": None,
        "max_fetch_bytes": 1000,
    }
    return TalkingPhotoSpec(**(usual | changes))
