"""A client for Lipwright's HTTP service and for other services with the Magic Hour API.

    from lipwright_client import Client

    with Client(token="...", base_url="http://127.0.0.1:8000") as client:
        video = client.v1.ai_talking_photo.generate(
            assets={"image_file_path": "face.jpg", "audio_file_path": "hello.wav"},
            start_seconds=0,
            end_seconds=5,
            output_path="hello.mp4",
        )

Needs httpx and pydantic, and nothing of the package `lipwright`.

Words of the code, from what a caller sees down to the connection:

    client      settings and one connection: `Client` blocks, `AsyncClient` awaits
    resource    a group of calls as the API groups them, such as `client.v1.lip_sync`
    product     one kind of job: its path, its fields, and which of them name files
    project     a job as the server shows it; the API's word
    session     what the resources of one client share: its flows and its connection
    flow        a generator with the whole work of one method; it yields effects and is sent their results
    effect      one thing for the outside world to do: send a call, put a file, fetch a file, sleep
    runner      carries a flow's effects out: `run` with blocking calls, `run_async` with awaiting ones
    call        one HTTP request of the API and whether it may be repeated; a flow sends it as an effect
"""

from importlib.metadata import PackageNotFoundError, version

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
    Check,
    CheckedCredentials,
    CheckedInput,
    CheckedManifest,
    CheckedTags,
    CheckedWatermark,
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


def _installed_version() -> str:
    """The version of the distribution that holds the client: alone, or with the whole of Lipwright."""
    for distribution in ("lipwright-client", "lipwright"):
        try:
            return version(distribution)
        except PackageNotFoundError:
            continue
    return "0+unknown"  # an unpacked source that was never installed


__version__ = _installed_version()

__all__ = [
    "ApiError",
    "AsyncClient",
    "AudioProject",
    "BadRequest",
    "Check",
    "CheckedCredentials",
    "CheckedInput",
    "CheckedManifest",
    "CheckedTags",
    "CheckedWatermark",
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
