"""The engine: pictures, videos and voices in, talking videos out. Knows nothing of servers or command lines.

A name is loaded when it is first used: whoever only wants an error or an option does not wait for the
libraries of pictures and sound.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lipwright.engine.errors import EngineError
    from lipwright.engine.media.values import Container, SoundClip
    from lipwright.engine.pipelines.estimate import estimate_lip_sync, estimate_talking_photo
    from lipwright.engine.pipelines.options import (
        LipSyncMode,
        LipSyncOptions,
        PhotoMode,
        SpokenLine,
        TalkingPhotoOptions,
    )
    from lipwright.engine.pipelines.pipeline import lip_sync, talking_photo
    from lipwright.engine.pipelines.report import LipSyncReport, RenderReport
    from lipwright.engine.progress import JobContext, ProgressEvent, Stage

__all__ = [
    "Container",
    "EngineError",
    "JobContext",
    "LipSyncMode",
    "LipSyncOptions",
    "LipSyncReport",
    "PhotoMode",
    "ProgressEvent",
    "RenderReport",
    "SoundClip",
    "SpokenLine",
    "Stage",
    "TalkingPhotoOptions",
    "estimate_lip_sync",
    "estimate_talking_photo",
    "lip_sync",
    "talking_photo",
]

_HOMES = {
    "Container": "media.values",
    "EngineError": "errors",
    "LipSyncMode": "pipelines.options",
    "LipSyncOptions": "pipelines.options",
    "LipSyncReport": "pipelines.report",
    "PhotoMode": "pipelines.options",
    "ProgressEvent": "progress",
    "RenderReport": "pipelines.report",
    "SoundClip": "media.values",
    "SpokenLine": "pipelines.options",
    "Stage": "progress",
    "TalkingPhotoOptions": "pipelines.options",
    "JobContext": "progress",
    "estimate_lip_sync": "pipelines.estimate",
    "estimate_talking_photo": "pipelines.estimate",
    "lip_sync": "pipelines.pipeline",
    "talking_photo": "pipelines.pipeline",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
