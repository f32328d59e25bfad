"""The engine: pictures, videos and voices in, talking videos out. Knows nothing of servers or command lines."""

from lipwright.engine.estimate import estimate_talking_photo
from lipwright.engine.errors import EngineError
from lipwright.engine.media.values import Container, SoundClip
from lipwright.engine.options import PhotoMode, SpokenLine, TalkingPhotoOptions
from lipwright.engine.pipeline import talking_photo
from lipwright.engine.progress import ProgressEvent, Stage, Watch
from lipwright.engine.report import RenderReport

__all__ = [
    "Container",
    "EngineError",
    "PhotoMode",
    "ProgressEvent",
    "RenderReport",
    "SoundClip",
    "SpokenLine",
    "Stage",
    "TalkingPhotoOptions",
    "Watch",
    "estimate_talking_photo",
    "talking_photo",
]
