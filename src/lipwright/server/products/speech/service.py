"""From a speech request to a spec."""

from __future__ import annotations

from lipwright.server.jobs.lifecycle import CreateCall, create_job
from lipwright.server.jobs.model import SpeechSpec
from lipwright.server.products.speech.schemas import SpeechAnswer, SpeechRequest
from lipwright.server.services import Services


def create_speech(services: Services, call: CreateCall, request: SpeechRequest) -> SpeechAnswer:
    """Queue a text to be spoken. Raises PaymentRequired."""
    plan = services.price_list.plan(call.account.plan)
    spec = SpeechSpec(
        text=request.style.prompt,
        voice=request.style.voice_name,
        rate=request.style.rate,
        language=request.style.language,
        max_fetch_bytes=plan.upload_bytes,
    )
    answer = create_job(services, call, request.name, spec)
    return SpeechAnswer(id=answer.id, credits_charged=answer.credits_charged)
