"""A client for Lipwright's HTTP service and for services that speak the same contract.

    from lipwright_client import Client

    with Client(token="...", base_url="http://127.0.0.1:8000") as client:
        video = client.v1.ai_talking_photo.generate(
            assets={"image_file_path": "face.jpg", "audio_file_path": "hello.wav"},
            start_seconds=0,
            end_seconds=5,
            output_path="hello.mp4",
        )

Needs httpx and pydantic, and nothing of the package `lipwright`.
"""

from lipwright_client.client import AsyncClient, Client
from lipwright_client.errors import (
    ApiError,
    BadRequest,
    ClientError,
    Conflict,
    ConnectionFailed,
    FileMissing,
    Forbidden,
    JobCanceled,
    JobEnded,
    JobFailed,
    NotFound,
    PaymentRequired,
    RateLimited,
    ServerError,
    TimedOut,
    Unauthorized,
    UnexpectedAnswer,
    UnprocessableEntity,
    UnusableFile,
    UploadTooLarge,
    WaitLimitReached,
)
from lipwright_client.models import (
    AudioProject,
    CreatedProject,
    DetectedFace,
    Download,
    FaceDetection,
    JobError,
    JobProgress,
    Project,
    UploadUrl,
    UploadUrls,
    VideoProject,
    VideoProjectPage,
)
from lipwright_client.progress import Progress

__version__ = "0.1.0"

__all__ = [
    "ApiError",
    "AsyncClient",
    "AudioProject",
    "BadRequest",
    "Client",
    "ClientError",
    "Conflict",
    "ConnectionFailed",
    "CreatedProject",
    "DetectedFace",
    "Download",
    "FaceDetection",
    "FileMissing",
    "Forbidden",
    "JobCanceled",
    "JobEnded",
    "JobError",
    "JobFailed",
    "JobProgress",
    "NotFound",
    "PaymentRequired",
    "Progress",
    "Project",
    "RateLimited",
    "ServerError",
    "TimedOut",
    "Unauthorized",
    "UnexpectedAnswer",
    "UnprocessableEntity",
    "UnusableFile",
    "UploadTooLarge",
    "UploadUrl",
    "UploadUrls",
    "VideoProject",
    "VideoProjectPage",
    "WaitLimitReached",
]
