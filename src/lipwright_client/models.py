"""What the server answers. Values only; unknown fields are kept, so that newer servers work too.

Names and fields are those of the Magic Hour API. A field that only some servers send is optional.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

FINISHED_STATUSES = frozenset({"complete", "error", "canceled"})


class Answer(BaseModel):
    """Any answer. Cannot be changed."""

    model_config = ConfigDict(extra="allow", frozen=True)


class UploadUrl(Answer):
    """Where to PUT one file, and the `file_path` by which it is named afterwards."""

    upload_url: str
    expires_at: str
    file_path: str


class UploadUrls(Answer):
    """One address for each item asked for, in the same order."""

    items: list[UploadUrl]


class CreatedProject(Answer):
    """A job that was accepted. `credits_charged` is an estimate until it is complete."""

    id: str
    credits_charged: int


class Download(Answer):
    """One result. The address carries its own permission and expires."""

    url: str
    expires_at: str


class JobError(Answer):
    """Why a job failed: a code for programs and a sentence for people."""

    code: str
    message: str


class JobProgress(Answer):
    """How far a job is; only Lipwright's own server tells.

    fraction: 0 to 1 of the whole job. stage: what it does now. seconds_left: an estimate, None while unknown.
    """

    fraction: float
    stage: str | None = None
    seconds_left: float | None = None


class Project(Answer):
    """A job and its state: queued, rendering, complete, error or canceled.

    downloaded_paths: where the results were saved; None when they were not downloaded.
    """

    id: str
    status: str
    credits_charged: int = 0
    error: JobError | None = None
    progress: JobProgress | None = None
    downloaded_paths: list[str] | None = None

    @property
    def is_finished(self) -> bool:
        """Whether the state will not change any more."""
        return self.status in FINISHED_STATUSES

    @property
    def output_urls(self) -> Sequence[str]:
        """The addresses of the results, in order; empty until complete."""
        return ()


class MediaProject(Project):
    """A job whose results are files with expiring addresses."""

    name: str | None = None
    type: str
    created_at: str
    enabled: bool
    downloads: list[Download] = []

    @property
    def output_urls(self) -> Sequence[str]:
        """The addresses of the results, in order; empty until complete."""
        return [download.url for download in self.downloads]


class VideoProject(MediaProject):
    """A talking photo or a lip sync.

    width, height: pixels; -1 says not to look at it. fps: an estimate until complete.
    warnings: what was done differently than asked; only Lipwright's own server tells.
    """

    width: int
    height: int
    start_seconds: float
    end_seconds: float
    fps: float
    warnings: list[str] = []


class CheckedInput(Answer):
    """Something that a file was made from, as its credentials say; the rest is what its own say."""

    role: str
    format: str | None = None
    sha256: str | None = None
    has_credentials: bool = False
    signer: str | None = None
    software: str | None = None
    digital_source_types: list[str] = []


class CheckedManifest(Answer):
    """What content credentials say. made_at: as the software says; time_stamp: as a server says."""

    signer: str | None = None
    issuer: str | None = None
    software: str | None = None
    software_version: str | None = None
    made_at: str | None = None
    time_stamp: str | None = None
    actions: list[str] = []
    digital_source_types: list[str] = []
    product: str | None = None
    mode: str | None = None
    installation: int | None = None
    number: int | None = None
    inputs: list[CheckedInput] = []


class CheckedCredentials(Answer):
    """The content credentials of a file.

    state: absent, trusted (they hold), whole (they hold, but nobody knows who signed) or broken.
    problems: what was changed, in sentences.
    """

    state: str
    is_ours: bool
    problems: list[str] = []
    manifest: CheckedManifest | None = None


class CheckedWatermark(Answer):
    """The imperceptible mark of a picture. state: absent, present or not_looked_for; reason says why not.

    installation, number: what it names. is_public: anybody can write it.
    """

    state: str
    is_ours: bool
    installation: int | None = None
    number: int | None = None
    false_alarm_probability: float | None = None
    is_public: bool | None = None
    reason: str | None = None


class CheckedTags(Answer):
    """Plain tags, which anybody can write or remove."""

    lipwright_version: str | None = None
    digital_source_types: list[str] = []


class Check(Answer):
    """What says where a file is from; only Lipwright's own server tells. Nothing found proves nothing.

    verdict: altered, recognised, tagged or nothing_found; summary and sentences say the same in words.
    is_synthetic: True where something says that AI made it or changed it. is_ours: whether the server did.
    project_id: the project that made it, where that is the caller's own.
    """

    verdict: str
    summary: str
    sentences: list[str] = []
    kind: str | None = None
    is_synthetic: bool | None = None
    is_ours: bool = False
    project_id: str | None = None
    credentials: CheckedCredentials
    watermark: CheckedWatermark
    tags: CheckedTags


class AudioProject(MediaProject):
    """A spoken text."""


class VideoProjectPage(Answer):
    """Some projects, newest first; only Lipwright's own server lists them.

    next_cursor: hand it to the next call; None on the last page.
    """

    items: list[VideoProject]
    next_cursor: str | None = None


class DetectedFace(Answer):
    """A face that was found: its `path` as an asset and an address to look at it."""

    path: str
    url: str


class FaceDetection(Project):
    """A search for faces. `faces` fills up while it runs."""

    faces: list[DetectedFace] = []

    @property
    def output_urls(self) -> Sequence[str]:
        """The addresses of the faces' pictures."""
        return [face.url for face in self.faces]
