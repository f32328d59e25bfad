"""The calls of the awaiting client: `resources` with `await`. A test keeps the two alike."""

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
from lipwright_client.runners import run_async


class AsyncSession:
    """What the groups share: the work, written as flows, and the connection that carries it out."""

    def __init__(self, flows: Flows, http: httpx.AsyncClient) -> None:
        self.flows = flows
        self.http = http

    async def run(self, flow: Flow[Result]) -> Result:
        """Carry out a flow."""
        return await run_async(flow, self.http)


class AsyncResource:
    """A group of calls."""

    def __init__(self, session: AsyncSession) -> None:
        self._run = session.run
        self._flows = session.flows


class AsyncAiTalkingPhoto(AsyncResource):
    """A picture that speaks."""

    async def create(self, **keywords: Unpack[params.CreateTalkingPhoto]) -> CreatedProject:
        """Create the job and return at once."""
        return await self._run(self._flows.create(products.TALKING_PHOTO, keywords))

    async def generate(self, **keywords: Unpack[params.GenerateTalkingPhoto]) -> VideoProject:
        """Upload local files, create the job, wait for it and save the video."""
        return await self._run(self._flows.generate(products.TALKING_PHOTO, keywords))


class AsyncLipSync(AsyncResource):
    """A video whose lips follow another sound."""

    async def create(self, **keywords: Unpack[params.CreateLipSync]) -> CreatedProject:
        """Create the job and return at once."""
        return await self._run(self._flows.create(products.LIP_SYNC, keywords))

    async def generate(self, **keywords: Unpack[params.GenerateLipSync]) -> VideoProject:
        """Upload local files, create the job, wait for it and save the video."""
        return await self._run(self._flows.generate(products.LIP_SYNC, keywords))


class AsyncAiVoiceGenerator(AsyncResource):
    """A text that is spoken."""

    async def create(self, **keywords: Unpack[params.CreateSpeech]) -> CreatedProject:
        """Create the job and return at once."""
        return await self._run(self._flows.create(products.SPEECH, keywords))

    async def generate(self, **keywords: Unpack[params.GenerateSpeech]) -> AudioProject:
        """Create the job, wait for it and save the sound."""
        return await self._run(self._flows.generate(products.SPEECH, keywords))


class AsyncProjects(AsyncResource, Generic[P]):
    """Jobs of one kind."""

    def __init__(self, session: AsyncSession, product: Product[P]) -> None:
        super().__init__(session)
        self._product = product

    async def get(self, id: str, *, request_options: params.RequestOptions | None = None) -> P:
        """The state of a job."""
        return await self._run(self._flows.jobs.get(self._product, id, request_options))

    async def delete(self, id: str, *, request_options: params.RequestOptions | None = None) -> None:
        """Remove a job and its results for good."""
        return await self._run(self._flows.jobs.delete(self._product, id, request_options))

    async def check_result(
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
        return await self._run(self._flows.jobs.check_result(self._product, id, options))


class AsyncVideoProjects(AsyncProjects[VideoProject]):
    """Talking photos and lip syncs."""

    async def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        status: str | None = None,
        request_options: params.RequestOptions | None = None,
    ) -> VideoProjectPage:
        """Some of the account's jobs, newest first. Only on Lipwright's own server."""
        return await self._run(self._flows.jobs.list_videos(limit, cursor, status, request_options))

    async def cancel(self, id: str, *, request_options: params.RequestOptions | None = None) -> VideoProject:
        """Stop a job; its credits come back. Only on Lipwright's own server."""
        return await self._run(self._flows.jobs.cancel(self._product, id, request_options))


class AsyncFaceDetections(AsyncResource):
    """Faces in a picture or a video."""

    async def create(self, **keywords: Unpack[params.CreateFaceDetection]) -> CreatedProject:
        """Start the search and return at once."""
        return await self._run(self._flows.create(products.FACE_DETECTION, keywords))

    async def get(self, id: str, *, request_options: params.RequestOptions | None = None) -> FaceDetection:
        """The state of a search and the faces found so far."""
        return await self._run(self._flows.jobs.get(products.FACE_DETECTION, id, request_options))

    async def generate(self, **keywords: Unpack[params.GenerateFaceDetection]) -> FaceDetection:
        """Upload a local file, search it and save a picture of every face."""
        return await self._run(self._flows.generate(products.FACE_DETECTION, keywords))


class AsyncUploadUrlsResource(AsyncResource):
    """Addresses to upload to."""

    async def create(
        self,
        *,
        items: Sequence[params.UploadItem],
        request_options: params.RequestOptions | None = None,
    ) -> UploadUrls:
        """An address for each item, in the same order; PUT the raw file there."""
        return await self._run(self._flows.transfers.create_upload_urls(items, request_options))


class AsyncFiles(AsyncResource):
    """Files that jobs work on."""

    def __init__(self, session: AsyncSession) -> None:
        super().__init__(session)
        self.upload_urls = AsyncUploadUrlsResource(session)

    async def upload_file(
        self, file: params.LocalFile, *, on_progress: ProgressListener | None = None
    ) -> str:
        """Upload a file piece by piece; return the path by which jobs name it."""
        return await self._run(self._flows.jobs.upload_file(file, on_progress))


class AsyncChecks(AsyncResource):
    """Where files are from, as far as their marks tell. Only on Lipwright's own server."""

    async def create(
        self,
        *,
        file_path: params.LocalFile,
        on_progress: ProgressListener | None = None,
        request_options: params.RequestOptions | None = None,
    ) -> Check:
        """Check a file: a local one, which is uploaded, an earlier upload, or what is at an address."""
        return await self._run(self._flows.jobs.check_file(file_path, on_progress, request_options))


class AsyncV1:
    """Version 1 of the Magic Hour API."""

    def __init__(self, session: AsyncSession) -> None:
        self.ai_talking_photo = AsyncAiTalkingPhoto(session)
        self.lip_sync = AsyncLipSync(session)
        self.ai_voice_generator = AsyncAiVoiceGenerator(session)
        self.face_detection = AsyncFaceDetections(session)
        self.files = AsyncFiles(session)
        self.checks = AsyncChecks(session)
        self.video_projects = AsyncVideoProjects(session, products.TALKING_PHOTO)
        self.audio_projects = AsyncProjects[AudioProject](session, products.SPEECH)
