"""Looking into files, and what there is to choose from."""

from __future__ import annotations

import base64
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Literal

from lipwright.engine import PROMPT_WORDS
from lipwright.server.accounts.repository import Account
from lipwright.server.errors import Refused
from lipwright.server.jobs import repository
from lipwright.server.jobs.kinds import VIDEO_KINDS
from lipwright.server.jobs.model import Job, JobStatus, LipSyncSpec, TalkingPhotoSpec
from lipwright.server.jobs.service import get_job
from lipwright.server.products.inspection.child import inspect
from lipwright.server.products.inspection.local_files import local_file
from lipwright.server.products.inspection.messages import (
    FacesTask,
    InfoTask,
    MeasureTask,
    SampleTask,
    SeenFace,
    SeenFile,
    SeenVoice,
    VoicesTask,
)
from lipwright.server.products.inspection.remarks import remarks_of
from lipwright.server.products.inspection.schemas import (
    FaceBox,
    FaceBoxes,
    FaceBoxesRequest,
    FileInfo,
    PromptWordAnswer,
    PromptWordList,
    StripPicture,
    VoiceAnswer,
    VoiceList,
    VoiceSampleRequest,
)
from lipwright.server.products.sources import any_field, resolve_source
from lipwright.server.services import Services
from lipwright.server.uploads.formats import EXTENSIONS, InputField, extension

NOBODY = "No face was found. Use a picture that shows one face clearly, from the front."
NOT_HERE = "This file lies elsewhere: it is fetched and looked into when the job begins."
# What a page asks again while somebody tries this and that. An answer has up to 200 kB of small pictures.
REMEMBERED_FILES = 32
# The sections of the table of words: each goes on until the next begins.
GROUP_BEGINNINGS = {
    "smiling": "mood",
    "newsreader": "speaking",
    "calm": "motion",
    "nodding": "head",
    "looking left": "eyes",
    "raised brows": "brows",
}

_lock = threading.Lock()
_files: OrderedDict[str, SeenFile] = OrderedDict()
_voices: dict[str, VoiceList] = {}


def face_boxes(services: Services, scratch: Path, account: Account, request: FaceBoxesRequest) -> FaceBoxes:
    """Who is in a picture or a moment of a video. Raises Refused."""
    key = _key_of(services, account, "target", request.file_path)
    is_video = extension(key) in EXTENSIONS["video"]
    with local_file(services, scratch, key) as path:
        task = FacesTask(path=str(path), is_video=is_video, at_s=request.time_seconds or 0.0)
        seen = inspect(services, scratch, task, path).faces
    assert seen is not None
    faces = [
        _present_face(number, face, (seen.width_px, seen.height_px)) for number, face in enumerate(seen.faces)
    ]
    reason = None
    if not any(face.usable for face in faces):
        reason = faces[0].reason if faces else NOBODY
    return FaceBoxes(width=seen.width_px, height=seen.height_px, faces=faces, reason=reason)


def file_info(
    services: Services, scratch: Path, account: Account, file_path: str, public_url: str
) -> FileInfo:
    """What a file holds, with a poster and a film strip. public_url: where its address leads.

    Raises Refused.
    """
    key = _key_of(services, account, any_field(file_path), file_path)
    seen = look_into(services, scratch, key)
    stored = services.store.find(key)
    return FileInfo(
        kind=seen.media,
        width=seen.width_px,
        height=seen.height_px,
        duration_seconds=seen.duration_s,
        frame_rate=seen.frame_rate,
        has_audio=seen.has_audio,
        size_bytes=0 if stored is None else stored.size_bytes,
        url=services.addresses.download(public_url, key).url,
        poster_url=None if seen.poster is None else _data_address(seen.poster),
        strip=[StripPicture(time_seconds=one.at_s, url=_data_address(one.jpeg)) for one in seen.strip],
    )


def look_into(services: Services, scratch: Path, key: str) -> SeenFile:
    """What a file of the store holds; from memory where it was asked before. Raises Refused."""
    stored = services.store.find(key)
    name = f"{key} {0 if stored is None else stored.modified_at_ms}"  # an upload may be replaced
    with _lock:
        if name in _files:
            _files.move_to_end(name)
            return _files[name]
    with local_file(services, scratch, key) as path:
        seen = inspect(services, scratch, InfoTask(path=str(path)), path).file
    assert seen is not None
    with _lock:
        _files[name] = seen
        while len(_files) > REMEMBERED_FILES:
            _files.popitem(last=False)
    return seen


def voices(services: Services, scratch: Path) -> VoiceList:
    """All voices. What is installed changes with a restart only."""
    with _lock:
        if "all" in _voices:
            return _voices["all"]
    seen = inspect(services, scratch, VoicesTask()).voices
    assert seen is not None
    found = [_present_voice(voice) for voice in seen.voices]
    answer = VoiceList(items=sorted(found, key=lambda voice: not voice.available))
    with _lock:
        _voices["all"] = answer
    return answer


def voice_sample(services: Services, scratch: Path, request: VoiceSampleRequest) -> bytes:
    """A short text as WAV. Raises Refused."""
    task = SampleTask(text=request.text, voice=request.voice)
    sample = inspect(services, scratch, task).sample
    assert sample is not None
    return sample.wav


def measure(services: Services, scratch: Path, account: Account, job_id: str) -> Job:
    """A complete project with its report, measured where it was not yet. Raises NotFound and Refused."""
    job = get_job(services, account, job_id, VIDEO_KINDS)
    if job.report is not None:
        return job
    if job.status is not JobStatus.COMPLETE or not (job.enabled and job.output_keys):
        raise Refused("Only a complete project that was not deleted can be measured.")
    said = job.spec.transcript if isinstance(job.spec, TalkingPhotoSpec | LipSyncSpec) else None
    with local_file(services, scratch, job.output_keys[0]) as path:
        found = inspect(services, scratch, MeasureTask(path=str(path), transcript=said), path).measures
    assert found is not None
    with services.database.write() as connection:
        repository.store_report(connection, job.id, remarks_of(found.measures))
    return get_job(services, account, job_id, VIDEO_KINDS)


def prompt_words() -> PromptWordList:
    """The words for mood and motion, as the documentation lists them."""
    items, group = [], ""
    for word in PROMPT_WORDS:
        group = GROUP_BEGINNINGS.get(word.name, group)
        items.append(PromptWordAnswer(word=word.name, group=group, also=list(word.also), sentence=word.does))
    return PromptWordList(items=items)


def _key_of(services: Services, account: Account, field: InputField, file_path: str) -> str:
    source = resolve_source(services, account, field, file_path)
    if source.key is None:
        raise Refused(NOT_HERE)
    return source.key


def _present_face(number: int, face: SeenFace, size_wh: tuple[int, int]) -> FaceBox:
    left, top, right, bottom = face.box
    width_px, height_px = size_wh
    return FaceBox(
        face=number,
        box=[left / width_px, top / height_px, right / width_px, bottom / height_px],
        score=face.score,
        face_height_px=bottom - top,
        yaw_degrees=face.yaw_degrees,
        usable=face.obstacle is None,
        code=face.obstacle_code,
        reason=face.obstacle,
    )


def _present_voice(voice: SeenVoice) -> VoiceAnswer:
    sex: Literal["female", "male", "neutral"] = (
        "female" if voice.gender == "female" else "male" if voice.gender == "male" else "neutral"
    )
    return VoiceAnswer(
        id=voice.name,
        name=voice.description,
        language=voice.language,
        sex=sex,
        kind=voice.family,
        available=voice.needs is None,
        needs=voice.needs,
    )


def _data_address(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
