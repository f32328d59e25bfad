"""From a speech request to an order."""

from __future__ import annotations

from lipwright.server.jobs.create import CreateCall, accept_order
from lipwright.server.jobs.model import SpeechOrder
from lipwright.server.products.speech.schemas import SpeechAnswer, SpeechRequest
from lipwright.server.services import Services


def create_speech(services: Services, call: CreateCall, request: SpeechRequest) -> SpeechAnswer:
    """Queue a text to be spoken. Raises PaymentRequired."""
    plan = services.price_list.plan(call.account.plan)
    order = SpeechOrder(
        text=request.style.prompt, voice=request.style.voice_name, max_fetch_bytes=plan.upload_bytes
    )
    answer = accept_order(services, call, request.name, lambda _connection: order)
    return SpeechAnswer(id=answer.id, credits_charged=answer.credits_charged)
