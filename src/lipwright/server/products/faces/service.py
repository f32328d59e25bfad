"""From a face detection request to a spec, and back to the faces found."""

from __future__ import annotations

from typing import Literal, cast

import sqlalchemy as sa

from lipwright.server.jobs.create import CreateCall, create_job
from lipwright.server.jobs.model import CANCELED, ERROR, FaceDetectionSpec, Job
from lipwright.server.products.faces.schemas import (
    FaceDetection,
    FaceDetectionAnswer,
    FaceDetectionRequest,
    FoundFace,
)
from lipwright.server.products.sources import resolve_source
from lipwright.server.services import Services

DEFAULT_CONFIDENCE = 0.5
_FaceStatus = Literal["queued", "rendering", "complete", "error"]


def create_face_detection(
    services: Services, call: CreateCall, request: FaceDetectionRequest
) -> FaceDetectionAnswer:
    """Queue a search for faces. Raises Refused."""
    plan = services.price_list.plan(call.account.plan)
    confidence = request.confidence_score

    def make_spec(connection: sa.Connection) -> FaceDetectionSpec:
        path = request.assets.target_file_path
        return FaceDetectionSpec(
            target=resolve_source(services, connection, call.account, "target", path),
            min_confidence=DEFAULT_CONFIDENCE if confidence is None else confidence,
            max_fetch_bytes=plan.upload_bytes,
        )

    answer = create_job(services, call, None, make_spec)
    return FaceDetectionAnswer(id=answer.id, credits_charged=answer.credits_charged)


def present_faces(services: Services, job: Job) -> FaceDetection:
    """The search as the API tells it; a canceled one is an error here, for there are four states only."""
    lifetime_s = services.settings.download_lifetime_s
    return FaceDetection(
        id=job.id,
        credits_charged=job.credits_charged,
        status=cast(_FaceStatus, ERROR if job.status == CANCELED else job.status),
        faces=[
            FoundFace(
                path=key,
                url=services.addresses.download(job.public_url, key, lifetime_s=lifetime_s).url,
            )
            for key in job.output_keys
        ],
    )
