"""POST /v1/ai-voice-generator, and the audio projects that come of it."""

from __future__ import annotations

from fastapi import APIRouter

from lipwright.server.jobs.kinds import AUDIO_KINDS
from lipwright.server.jobs.lifecycle import delete_job
from lipwright.server.jobs.responses import present_audio, presented
from lipwright.server.jobs.schemas import AudioProject
from lipwright.server.jobs.service import look_up_job
from lipwright.server.products.create_calls import Creating, with_body
from lipwright.server.products.speech.schemas import SpeechAnswer, SpeechRequest
from lipwright.server.products.speech.service import create_speech
from lipwright.server.web.context import DOCUMENTED_SECURITY, Caller, ServicesOf
from lipwright.server.web.documented import CREATE_ANSWERS, DELETE_ANSWERS, READ_ANSWERS

router = APIRouter(tags=["speech"], dependencies=DOCUMENTED_SECURITY)


@router.post("/v1/ai-voice-generator", operation_id="aiVoiceGenerator.createAudio", responses=CREATE_ANSWERS)
def voice_generator(body: SpeechRequest, services: ServicesOf, call: Creating) -> SpeechAnswer:
    """Have a text spoken."""
    return create_speech(services, with_body(call, body), body)


@router.get("/v1/audio-projects/{id}", operation_id="audioProjects.getDetails", responses=READ_ANSWERS)
async def get_audio_project(id: str, services: ServicesOf, caller: Caller) -> AudioProject:
    """One audio project."""
    job = await look_up_job(services, caller, id, AUDIO_KINDS)
    return await presented(services.addresses, lambda: present_audio(services.addresses, job))


@router.delete(
    "/v1/audio-projects/{id}",
    operation_id="audioProjects.delete",
    status_code=204,
    responses=DELETE_ANSWERS,
)
def delete_audio_project(id: str, services: ServicesOf, caller: Caller) -> None:
    """Delete the result of an audio project for good."""
    delete_job(services, caller, id, AUDIO_KINDS)
