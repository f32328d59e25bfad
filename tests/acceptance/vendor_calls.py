"""What the vendor's clients are asked to do, and with which values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.acceptance.samples import FILM_S, SPEECH_S

Call = dict[str, Any]

# The sixteen fields of a video project and the nine of an audio project that clients require.
VIDEO_FIELDS = {
    "id", "name", "status", "type", "created_at", "width", "height", "enabled", "start_seconds",
    "end_seconds", "fps", "credits_charged", "total_frame_cost", "error", "downloads", "download",
}  # fmt: skip
AUDIO_FIELDS = {
    "id", "name", "status", "type", "created_at", "enabled", "credits_charged", "downloads", "error",
}  # fmt: skip


def generate_photo(picture: str, sound: str, folder: Path, **more: Any) -> Call:
    """A talking photo from start to saved video."""
    return {
        "call": "ai_talking_photo.generate",
        "arguments": {
            "assets": {"image_file_path": picture, "audio_file_path": sound},
            "start_seconds": 0.0,
            "end_seconds": SPEECH_S,
            "name": "Vendor photo",
            "download_directory": str(folder),
            **more,
        },
    }


def generate_sync(film: str, sound: str, folder: Path, **more: Any) -> Call:
    """A lip sync from start to saved video."""
    return {
        "call": "lip_sync.generate",
        "arguments": {
            "assets": {"video_source": "file", "video_file_path": film, "audio_file_path": sound},
            "start_seconds": 0.0,
            "end_seconds": FILM_S,
            "name": "Vendor sync",
            "download_directory": str(folder),
            **more,
        },
    }


def as_create(generate: Call) -> Call:
    """The create call that a generate call makes."""
    arguments = {name: value for name, value in generate["arguments"].items() if name != "download_directory"}
    return {"call": generate["call"].replace(".generate", ".create"), "arguments": arguments}


def in_camel_case(value: Any) -> Any:
    """The same with the names that the Node client uses."""
    if isinstance(value, dict):
        return {_camel(name): in_camel_case(inner) for name, inner in value.items()}
    return [in_camel_case(inner) for inner in value] if isinstance(value, list) else value


def for_node(call: Call) -> Call:
    """The call as the Node client takes it: the body, then what happens afterwards."""
    body = dict(call["arguments"])
    folder = body.pop("download_directory", None)
    options = {"waitForCompletion": True, "downloadOutputs": True, "downloadDirectory": folder}
    resource, method = call["call"].rsplit(".", 1)
    given = [in_camel_case(body)] if folder is None else [in_camel_case(body), options]
    return {"call": f"{_camel(resource)}.{_camel(method)}", "arguments": given}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
