"""What can be asked, as typed keywords: one definition serves both clients.

Names and fields are those of the Magic Hour API; a field that is None is not sent.
Fields marked (Lipwright) exist on Lipwright's own server only.

Annotations are evaluated here: which keywords are required is read from them at run time.
"""

import os
from typing import BinaryIO, Literal, NotRequired, TypedDict

from lipwright_client.progress import ProgressListener

FileType = Literal["video", "audio", "image"]
LocalFile = str | os.PathLike[str] | BinaryIO
"""A path, or an open binary file with a name."""


class RequestOptions(TypedDict, total=False):
    """For one call: another time limit in seconds, more headers, more query parameters."""

    timeout: float
    additional_headers: dict[str, str]
    additional_params: dict[str, str]


class UploadItem(TypedDict):
    """A file that is to be uploaded; the extension has no dot."""

    type: FileType
    extension: str


class CreateOptions(TypedDict, total=False):
    """idempotency_key: calls with the same key create one job; the client makes one by itself."""

    idempotency_key: str
    request_options: RequestOptions


class GenerateOptions(CreateOptions, total=False):
    """What happens after the job was created.

    wait_for_completion: False returns at once with the queued job.
    download_directory: where results are saved under the server's names; the current folder by default.
    output_path: where the one result is saved, in place of download_directory.
    on_progress: called on every change, from the calling thread or event loop.
    wait_limit_s: seconds to wait for this job, in place of the client's limit.
    """

    wait_for_completion: bool
    download_outputs: bool
    download_directory: str | os.PathLike[str] | None
    output_path: str | os.PathLike[str] | None
    on_progress: ProgressListener | None
    wait_limit_s: float | None


class TalkingPhotoAssets(TypedDict):
    """A picture, and a sound or a text to be spoken.

    Each path is what an upload returned, an http(s) address or a library address; `generate` also takes
    local files. text, voice: (Lipwright) spoken in place of a sound. motion_file_path: (Lipwright) a video of
    a person that the picture moves like; motion_start_seconds, motion_end_seconds: (Lipwright) the part of it
    that counts. performance_file_path: (Lipwright) the same in place of a sound: it
    gives motion, mouth and sound.
    """

    image_file_path: LocalFile
    audio_file_path: NotRequired[LocalFile]
    motion_file_path: NotRequired[LocalFile]
    motion_start_seconds: NotRequired[float]
    motion_end_seconds: NotRequired[float]
    performance_file_path: NotRequired[LocalFile]
    text: NotRequired[str]
    voice: NotRequired[str]


class DirectionRow(TypedDict):
    """(Lipwright) Words for a stretch of the video, in seconds; without an end until the video's."""

    start_seconds: float
    end_seconds: NotRequired[float | None]
    prompt: str


class TalkingPhotoStyle(TypedDict, total=False):
    """generation_mode: realistic or prompted; older words work. prompt: with prompted only.

    direction: (Lipwright) words for stretches of the video, in every mode. face: (Lipwright) who speaks, by
    number, the larger first. mouth, head, blinks, expression: (Lipwright) how much of it, 1 is natural.
    seed: (Lipwright) the same order with the same seed gives the same frames.
    """

    generation_mode: Literal["realistic", "prompted", "pro", "standard", "stable", "expressive"]
    prompt: str
    direction: list[DirectionRow]
    intensity: float
    face: int | Literal["largest", "all"]
    mouth: float
    head: float
    blinks: float
    expression: float
    seed: int


class TalkingPhotoBody(TypedDict):
    """A talking photo. start_seconds and end_seconds cut the sound, and are required for one.

    transcript: (Lipwright) the words of the sound; makes the lips exact. label: (Lipwright) words in a corner
    of the video.
    """

    assets: TalkingPhotoAssets
    start_seconds: NotRequired[float | None]
    end_seconds: NotRequired[float | None]
    name: NotRequired[str | None]
    style: NotRequired[TalkingPhotoStyle | None]
    resolution: NotRequired[Literal["480p", "720p"] | None]
    max_resolution: NotRequired[int | None]
    transcript: NotRequired[str | None]
    label: NotRequired[str | None]


class CreateTalkingPhoto(TalkingPhotoBody, CreateOptions):
    """Keywords of `ai_talking_photo.create`."""


class GenerateTalkingPhoto(TalkingPhotoBody, GenerateOptions):
    """Keywords of `ai_talking_photo.generate`."""


class PersonVoice(TypedDict):
    """(Lipwright) What one of several people says: an uploaded sound, or a text. face: as they appear."""

    face: int
    audio_file_path: NotRequired[str]
    text: NotRequired[str]
    voice: NotRequired[str]


class LipSyncAssets(TypedDict):
    """A video, from a file or from YouTube, and the sound it is to speak; paths as for a talking photo.

    text, voice: (Lipwright) spoken in place of a sound. voices: (Lipwright) one for each person, in place of
    both.
    """

    video_source: Literal["file", "youtube"]
    audio_file_path: NotRequired[LocalFile]
    text: NotRequired[str]
    voice: NotRequired[str]
    voices: NotRequired[list[PersonVoice]]
    video_file_path: NotRequired[LocalFile]
    youtube_url: NotRequired[str]


class LipSyncStyle(TypedDict, total=False):
    """How much care is taken.

    face: (Lipwright) whose mouth, by number in order of appearance. mouth: (Lipwright) how far it moves, 1 is
    natural. loop: (Lipwright) the video goes to and fro until a longer sound ends. keep_sound_db: (Lipwright)
    the video's own sound goes on, louder by this. seed: (Lipwright) as for a talking photo.
    """

    generation_mode: Literal["lite", "standard", "pro"]
    face: int | Literal["largest", "speaking", "all"]
    mouth: float
    loop: bool
    keep_sound_db: float
    seed: int


class LipSyncBody(TypedDict):
    """A lip sync. start_seconds and end_seconds cut the video; height and width have no effect.

    transcript, label: (Lipwright) as for a talking photo.
    """

    assets: LipSyncAssets
    start_seconds: float
    end_seconds: float
    name: NotRequired[str | None]
    style: NotRequired[LipSyncStyle | None]
    max_fps_limit: NotRequired[float | None]
    height: NotRequired[int | None]
    width: NotRequired[int | None]
    transcript: NotRequired[str | None]
    label: NotRequired[str | None]


class CreateLipSync(LipSyncBody, CreateOptions):
    """Keywords of `lip_sync.create`."""


class GenerateLipSync(LipSyncBody, GenerateOptions):
    """Keywords of `lip_sync.generate`."""


class FaceDetectionAssets(TypedDict):
    """A picture or a video to look for faces in."""

    target_file_path: LocalFile


class FaceDetectionBody(TypedDict):
    """confidence_score: 0 to 1, in steps of 0.05; how sure a face must be."""

    assets: FaceDetectionAssets
    confidence_score: NotRequired[float | None]


class CreateFaceDetection(FaceDetectionBody, CreateOptions):
    """Keywords of `face_detection.create`."""


class GenerateFaceDetection(FaceDetectionBody, GenerateOptions):
    """Keywords of `face_detection.generate`."""


class SpeechStyle(TypedDict):
    """The text, up to 1000 characters, and who says it."""

    prompt: str
    voice_name: str


class SpeechBody(TypedDict):
    """A spoken text."""

    style: SpeechStyle
    name: NotRequired[str | None]


class CreateSpeech(SpeechBody, CreateOptions):
    """Keywords of `ai_voice_generator.create`."""


class GenerateSpeech(SpeechBody, GenerateOptions):
    """Keywords of `ai_voice_generator.generate`."""
