"""From a face detection request to a spec, and from its job to the faces found."""

from __future__ import annotations

from lipwright.server.jobs.lifecycle import CreateCall, create_job, find_earlier_answer
from lipwright.server.jobs.model import FaceDetectionSpec, Job, JobStatus
from lipwright.server.products.faces.schemas import (
    FaceDetection,
    FaceDetectionAnswer,
    FaceDetectionRequest,
    FoundFace,
)
from lipwright.server.products.sources import resolve_source
from lipwright.server.services import Services
from lipwright.server.storage.addresses import Addresses

DEFAULT_CONFIDENCE = 0.5


def create_face_detection(
    services: Services, call: CreateCall, request: FaceDetectionRequest
) -> FaceDetectionAnswer:
    """Queue a search for faces. Raises Refused."""
    answer = find_earlier_answer(services, call)
    if answer is None:
        answer = create_job(services, call, None, _spec(services, call, request))
    return FaceDetectionAnswer(id=answer.id, credits_charged=answer.credits_charged)


def present_faces(addresses: Addresses, job: Job) -> FaceDetection:
    """The answer of the API. It has four states only, so a canceled search is an error."""
    return FaceDetection(
        id=job.id,
        credits_charged=job.credits_charged,
        status=JobStatus.ERROR if job.status is JobStatus.CANCELED else job.status,
        faces=[
            FoundFace(path=key, url=addresses.download(job.public_url, key).url) for key in job.output_keys
        ],
    )


def _spec(services: Services, call: CreateCall, request: FaceDetectionRequest) -> FaceDetectionSpec:
    confidence = request.confidence_score
    return FaceDetectionSpec(
        target=resolve_source(services, call.account, "target", request.assets.target_file_path),
        min_confidence=DEFAULT_CONFIDENCE if confidence is None else confidence,
        max_fetch_bytes=services.price_list.plan(call.account.plan).upload_bytes,
    )
