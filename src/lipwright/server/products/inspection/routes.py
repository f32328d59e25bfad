"""What is asked before anything is ordered: faces, files, voices, words. All of these calls are ours.

They cost nothing. The server opens no file itself: a process in a sandbox does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from lipwright.server.jobs.responses import present_video
from lipwright.server.jobs.schemas import VideoProject
from lipwright.server.products.inspection import service
from lipwright.server.products.inspection.schemas import (
    FaceBoxes,
    FaceBoxesRequest,
    FileInfo,
    FileInfoRequest,
    PromptWordList,
    VoiceList,
    VoiceSampleRequest,
)
from lipwright.server.web.context import DOCUMENTED_SECURITY, Caller, PublicUrl, ServicesOf, ShownUrl
from lipwright.server.web.documented import READ_ANSWERS, answers
from lipwright.server.web.rate_limits import FreeCalls

router = APIRouter(tags=["looking before"], dependencies=DOCUMENTED_SECURITY)

# More than a person clicks; each takes a processor for a second.
_LOOKS = FreeCalls("looks", per_minute=60)
_SAMPLES = FreeCalls("samples", per_minute=20)


async def _scratch(request: Request) -> Path:
    folder = request.app.state.scratch
    assert isinstance(folder, Path)
    return folder


Scratch = Annotated[Path, Depends(_scratch)]


@router.post("/v1/face-boxes", operation_id="faceBoxes.find", responses=READ_ANSWERS | answers(422))
def find_face_boxes(
    body: FaceBoxesRequest, services: ServicesOf, caller: Caller, scratch: Scratch
) -> FaceBoxes:
    """Who is in a picture, or in a moment of a video, and who of them can be made to speak. Ours."""
    _LOOKS.count(caller.id)
    return service.face_boxes(services, scratch, caller, body)


@router.post("/v1/file-info", operation_id="fileInfo.get", responses=READ_ANSWERS | answers(422))
def get_file_info(
    body: FileInfoRequest, services: ServicesOf, caller: Caller, scratch: Scratch, public_url: PublicUrl
) -> FileInfo:
    """What a file holds, with small pictures of it. Ours."""
    _LOOKS.count(caller.id)
    return service.file_info(services, scratch, caller, body.file_path, public_url)


@router.get("/v1/voices", operation_id="voices.list", responses=READ_ANSWERS | answers(422))
def list_voices(services: ServicesOf, caller: Caller, scratch: Scratch) -> VoiceList:  # noqa: ARG001
    """The voices that can speak a text. Ours."""
    return service.voices(services, scratch)


@router.post(
    "/v1/voice-samples",
    operation_id="voiceSamples.create",
    response_class=Response,
    responses={
        200: {"content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}},
        **READ_ANSWERS,
        **answers(422),
    },
)
def create_voice_sample(
    body: VoiceSampleRequest, services: ServicesOf, caller: Caller, scratch: Scratch
) -> Response:
    """A short text spoken by a voice, as a WAV file. Ours."""
    _SAMPLES.count(caller.id)
    return Response(service.voice_sample(services, scratch, body), media_type="audio/wav")


@router.get("/v1/prompt-words", operation_id="promptWords.list", responses=READ_ANSWERS)
def list_prompt_words(caller: Caller) -> PromptWordList:  # noqa: ARG001
    """The words for mood and motion that a prompt may use. Ours."""
    return service.prompt_words()


@router.post(
    "/v1/video-projects/{id}/measure",
    operation_id="videoProjects.measure",
    responses=READ_ANSWERS | answers(422),
)
def measure_video_project(
    id: str, services: ServicesOf, caller: Caller, scratch: Scratch, shown_url: ShownUrl
) -> VideoProject:
    """Measure how well a complete project speaks: its `report`. Takes about as long as the video. Ours."""
    _LOOKS.count(caller.id)
    return present_video(services.addresses, service.measure(services, scratch, caller, id), shown_url)
