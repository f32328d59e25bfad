"""The calls of the blocking client, grouped as the Magic Hour API groups them: names and types, no work.

`async_resources` is the same with `await`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Generic, Unpack

import httpx

from lipwright_client import params, products
from lipwright_client.effects import Flow, Result
from lipwright_client.flows import Flows
from lipwright_client.models import (
    AudioProject,
    Check,
    CreatedProject,
    FaceDetection,
    UploadUrls,
    VideoProject,
    VideoProjectPage,
)
from lipwright_client.products import P, Product
from lipwright_client.progress import ProgressListener
from lipwright_client.runners import run


class Session:
    """What the groups share: the work, written as flows, and the connection that carries it out."""

    def __init__(self, flows: Flows, http: httpx.Client) -> None:
        self.flows = flows
        self.http = http

    def run(self, flow: Flow[Result]) -> Result:
        """Carry out a flow."""
        return run(flow, self.http)


class Resource:
    """A group of calls."""

    def __init__(self, session: Session) -> None:
        self._run = session.run
        self._flows = session.flows


class AiTalkingPhoto(Resource):
    """A picture that speaks."""

    def create(self, **keywords: Unpack[params.CreateTalkingPhoto]) -> CreatedProject:
        """Create the job and return at once."""
        return self._run(self._flows.create(products.TALKING_PHOTO, keywords))

    def generate(self, **keywords: Unpack[params.GenerateTalkingPhoto]) -> VideoProject:
        """Upload local files, create the job, wait for it and save the video."""
        return self._run(self._flows.generate(products.TALKING_PHOTO, keywords))


class LipSync(Resource):
    """A video whose lips follow another sound."""

    def create(self, **keywords: Unpack[params.CreateLipSync]) -> CreatedProject:
        """Create the job and return at once."""
        return self._run(self._flows.create(products.LIP_SYNC, keywords))

    def generate(self, **keywords: Unpack[params.GenerateLipSync]) -> VideoProject:
        """Upload local files, create the job, wait for it and save the video."""
        return self._run(self._flows.generate(products.LIP_SYNC, keywords))


class AiVoiceGenerator(Resource):
    """A text that is spoken."""

    def create(self, **keywords: Unpack[params.CreateSpeech]) -> CreatedProject:
        """Create the job and return at once."""
        return self._run(self._flows.create(products.SPEECH, keywords))

    def generate(self, **keywords: Unpack[params.GenerateSpeech]) -> AudioProject:
        """Create the job, wait for it and save the sound."""
        return self._run(self._flows.generate(products.SPEECH, keywords))


class Projects(Resource, Generic[P]):
    """Jobs of one kind."""

    def __init__(self, session: Session, product: Product[P]) -> None:
        super().__init__(session)
        self._product = product

    def get(self, id: str, *, request_options: params.RequestOptions | None = None) -> P:
        """The state of a job."""
        return self._run(self._flows.jobs.get(self._product, id, request_options))

    def delete(self, id: str, *, request_options: params.RequestOptions | None = None) -> None:
        """Remove a job and its results for good."""
        return self._run(self._flows.jobs.delete(self._product, id, request_options))

    def check_result(
        self,
        id: str,
        wait_for_completion: bool = True,
        download_outputs: bool = True,
        download_directory: str | os.PathLike[str] | None = None,
        *,
        output_path: str | os.PathLike[str] | None = None,
        on_progress: ProgressListener | None = None,
        wait_limit_s: float | None = None,
    ) -> P:
        """Wait for a job and save its results; what `generate` does after the create call."""
        options: params.GenerateOptions = {
            "wait_for_completion": wait_for_completion,
            "download_outputs": download_outputs,
            "download_directory": download_directory,
            "output_path": output_path,
            "on_progress": on_progress,
            "wait_limit_s": wait_limit_s,
        }
        return self._run(self._flows.jobs.check_result(self._product, id, options))


class VideoProjects(Projects[VideoProject]):
    """Talking photos and lip syncs."""

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        status: str | None = None,
        request_options: params.RequestOptions | None = None,
    ) -> VideoProjectPage:
        """Some of the account's jobs, newest first. Only on Lipwright's own server."""
        return self._run(self._flows.jobs.list_videos(limit, cursor, status, request_options))

    def cancel(self, id: str, *, request_options: params.RequestOptions | None = None) -> VideoProject:
        """Stop a job; its credits come back. Only on Lipwright's own server."""
        return self._run(self._flows.jobs.cancel(self._product, id, request_options))


class FaceDetections(Resource):
    """Faces in a picture or a video."""

    def create(self, **keywords: Unpack[params.CreateFaceDetection]) -> CreatedProject:
        """Start the search and return at once."""
        return self._run(self._flows.create(products.FACE_DETECTION, keywords))

    def get(self, id: str, *, request_options: params.RequestOptions | None = None) -> FaceDetection:
        """The state of a search and the faces found so far."""
        return self._run(self._flows.jobs.get(products.FACE_DETECTION, id, request_options))

    def generate(self, **keywords: Unpack[params.GenerateFaceDetection]) -> FaceDetection:
        """Upload a local file, search it and save a picture of every face."""
        return self._run(self._flows.generate(products.FACE_DETECTION, keywords))


class UploadUrlsResource(Resource):
    """Addresses to upload to."""

    def create(
        self,
        *,
        items: Sequence[params.UploadItem],
        request_options: params.RequestOptions | None = None,
    ) -> UploadUrls:
        """An address for each item, in the same order; PUT the raw file there."""
        return self._run(self._flows.transfers.create_upload_urls(items, request_options))


class Files(Resource):
    """Files that jobs work on."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.upload_urls = UploadUrlsResource(session)

    def upload_file(self, file: params.LocalFile, *, on_progress: ProgressListener | None = None) -> str:
        """Upload a file piece by piece; return the path by which jobs name it."""
        return self._run(self._flows.jobs.upload_file(file, on_progress))


class Checks(Resource):
    """Where files are from, as far as their marks tell. Only on Lipwright's own server."""

    def create(
        self,
        *,
        file_path: params.LocalFile,
        on_progress: ProgressListener | None = None,
        request_options: params.RequestOptions | None = None,
    ) -> Check:
        """Check a file: a local one, which is uploaded, an earlier upload, or what is at an address."""
        return self._run(self._flows.jobs.check_file(file_path, on_progress, request_options))


class V1:
    """Version 1 of the Magic Hour API."""

    def __init__(self, session: Session) -> None:
        self.ai_talking_photo = AiTalkingPhoto(session)
        self.lip_sync = LipSync(session)
        self.ai_voice_generator = AiVoiceGenerator(session)
        self.face_detection = FaceDetections(session)
        self.files = Files(session)
        self.checks = Checks(session)
        self.video_projects = VideoProjects(session, products.TALKING_PHOTO)
        self.audio_projects = Projects[AudioProject](session, products.SPEECH)
