"""Face detection: POST, and GET of what was found."""

from __future__ import annotations

from fastapi import APIRouter

from lipwright.server.jobs.model import JobKind
from lipwright.server.jobs.responses import presented
from lipwright.server.jobs.service import look_up_job
from lipwright.server.products.create_calls import Creating, with_body
from lipwright.server.products.faces.schemas import FaceDetection, FaceDetectionAnswer, FaceDetectionRequest
from lipwright.server.products.faces.service import create_face_detection, present_faces
from lipwright.server.web.context import DOCUMENTED_SECURITY, Caller, ServicesOf
from lipwright.server.web.documented import CREATE_ANSWERS, READ_ANSWERS, answers

router = APIRouter(tags=["faces"], dependencies=DOCUMENTED_SECURITY)


@router.post("/v1/face-detection", operation_id="faceDetection.detectFaces", responses=CREATE_ANSWERS)
def face_detection(body: FaceDetectionRequest, services: ServicesOf, call: Creating) -> FaceDetectionAnswer:
    """Find faces in a picture or video."""
    return create_face_detection(services, with_body(call, body), body)


@router.get(
    "/v1/face-detection/{id}",
    operation_id="faceDetection.getDetails",
    responses=READ_ANSWERS | answers(422),
)
async def get_face_detection(id: str, services: ServicesOf, caller: Caller) -> FaceDetection:
    """What was found so far."""
    job = await look_up_job(services, caller, id, (JobKind.FACE_DETECTION,))
    return await presented(services.addresses, lambda: present_faces(services.addresses, job))
