"""The engine: pictures, videos and voices in, talking videos out. Knows nothing of servers or command lines.

A name is loaded when it is first used: whoever only wants an error or an option does not wait for the
libraries of pictures and sound.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lipwright.engine.errors import EngineError
    from lipwright.engine.estimate import estimate_lip_sync, estimate_talking_photo
    from lipwright.engine.media.values import Container, SoundClip
    from lipwright.engine.options import (
        LipSyncMode,
        LipSyncOptions,
        PhotoMode,
        SpokenLine,
        TalkingPhotoOptions,
    )
    from lipwright.engine.pipeline import lip_sync, talking_photo
    from lipwright.engine.progress import ProgressEvent, Stage, Watch
    from lipwright.engine.report import LipSyncReport, RenderReport

__all__ = [
    "Container",
    "EngineError",
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
    "Watch",
    "estimate_lip_sync",
    "estimate_talking_photo",
    "lip_sync",
    "talking_photo",
]

_HOMES = {
    "Container": "media.values",
    "EngineError": "errors",
    "LipSyncMode": "options",
    "LipSyncOptions": "options",
    "LipSyncReport": "report",
    "PhotoMode": "options",
    "ProgressEvent": "progress",
    "RenderReport": "report",
    "SoundClip": "media.values",
    "SpokenLine": "options",
    "Stage": "progress",
    "TalkingPhotoOptions": "options",
    "Watch": "progress",
    "estimate_lip_sync": "estimate",
    "estimate_talking_photo": "estimate",
    "lip_sync": "pipeline",
    "talking_photo": "pipeline",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
