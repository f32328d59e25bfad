"""What the calls of the Magic Hour API look like: paths, bodies and which of their fields name files.

Values and checks only; nothing is sent here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from lipwright_client import params
from lipwright_client.models import AudioProject, FaceDetection, Project, VideoProject

P = TypeVar("P", bound=Project)


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(Generic[P]):
    """One kind of job.

    path: where it is created. project_path: where its state is, followed by the id.
    project: the type of its state. body: the typed keywords of its create call.
    file_fields: the assets that may be local files, with the type that each one wants.
    """

    path: str
    project_path: str
    project: type[P]
    body: type[Any]
    file_fields: Mapping[str, params.FileType | None]


TALKING_PHOTO = Product(
    path="/v1/ai-talking-photo",
    project_path="/v1/video-projects",
    project=VideoProject,
    body=params.TalkingPhotoBody,
    file_fields={
        "image_file_path": "image",
        "audio_file_path": "audio",
        "motion_file_path": "video",
        "performance_file_path": "video",
    },
)
LIP_SYNC = Product(
    path="/v1/lip-sync",
    project_path="/v1/video-projects",
    project=VideoProject,
    body=params.LipSyncBody,
    file_fields={"video_file_path": "video", "audio_file_path": "audio"},
)
FACE_DETECTION = Product(
    path="/v1/face-detection",
    project_path="/v1/face-detection",
    project=FaceDetection,
    body=params.FaceDetectionBody,
    file_fields={"target_file_path": None},
)
SPEECH = Product(
    path="/v1/ai-voice-generator",
    project_path="/v1/audio-projects",
    project=AudioProject,
    body=params.SpeechBody,
    file_fields={},
)


def split_keywords(
    product: Product[P], keywords: Mapping[str, Any], options: type[Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The body of a create call and the options beside it. Raises TypeError for a keyword that is not known
    or missing, as a plain function would.
    """
    body_names = product.body.__annotations__
    option_names = options.__annotations__
    for name in keywords:
        if name not in body_names and name not in option_names:
            raise TypeError(
                f"There is no keyword '{name}'. Known: {', '.join([*body_names, *option_names])}."
            )
    missing = [name for name in body_names if name in product.body.__required_keys__ and name not in keywords]
    if missing:
        raise TypeError(f"Missing keyword: {', '.join(missing)}.")
    body = {name: value for name, value in keywords.items() if name in body_names and value is not None}
    return body, {name: value for name, value in keywords.items() if name in option_names}


def fields_with_files(product: Product[P], assets: Mapping[str, Any]) -> dict[str, params.FileType | None]:
    """The assets that may name local files. A lip sync of a YouTube video has no video file."""
    unread = {"video_file_path"} if assets.get("video_source") == "youtube" else set()
    return {
        name: wanted
        for name, wanted in product.file_fields.items()
        if assets.get(name) is not None and name not in unread
    }


def with_plain_paths(body: dict[str, Any]) -> dict[str, Any]:
    """The body with path objects as text, so that it can be written as JSON."""
    assets = body.get("assets")
    if not isinstance(assets, dict):
        return body
    plain = {
        name: os.fspath(value) if isinstance(value, os.PathLike) else value for name, value in assets.items()
    }
    return body | {"assets": plain}


def project_path(product: Product[P], project_id: str) -> str:
    """The address of one project. Raises ValueError for an empty id, which would name the list instead."""
    if not project_id:
        raise ValueError("The id is empty. Use the one that the create call returned.")
    return f"{product.project_path}/{quote(project_id, safe='')}"
