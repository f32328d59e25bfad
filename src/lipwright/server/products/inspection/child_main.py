"""The process that looks into a file of a stranger, or speaks a sample: one task, one answer, then it ends.

It reads a task as JSON from standard input and writes an Inspected to standard output. The launcher of
sandboxes runs it.
"""

from __future__ import annotations

import sys
import tempfile
import traceback
from pathlib import Path

from lipwright.engine import (
    EngineError,
    Face,
    SpokenLine,
    list_voices,
    measure_video,
    media_stills,
    picture_faces,
    probe_media,
    spoken_text,
    video_faces,
)
from lipwright.server.errors import api_code
from lipwright.server.products.inspection.messages import (
    TASK,
    FacesTask,
    Failed,
    InfoTask,
    Inspected,
    MeasureTask,
    SampleTask,
    SeenFace,
    SeenFaces,
    SeenFile,
    SeenMeasure,
    SeenMeasures,
    SeenStill,
    SeenVoice,
    SeenVoices,
    SpokenSample,
    Task,
    VoicesTask,
)

# A film strip that fits a screen: more pictures are too narrow to see anything in.
STRIP_PICTURES = 24
STRIP_PX = 160
POSTER_PX = 640


def main(_arguments: list[str]) -> None:
    """Answer the task on standard input."""
    answer = _answer(TASK.validate_json(sys.stdin.buffer.read()))
    sys.stdout.write(answer.model_dump_json())


def _answer(task: Task) -> Inspected:
    try:
        match task:
            case FacesTask():
                return Inspected(faces=_faces(task))
            case InfoTask():
                return Inspected(file=_file(Path(task.path)))
            case SampleTask():
                return Inspected(sample=_sample(task))
            case VoicesTask():
                return Inspected(voices=_voices())
            case MeasureTask():
                return Inspected(measures=_measures(task))
    except EngineError as failure:
        return Inspected(failed=Failed(code=api_code(failure.code), message=failure.message))
    except Exception:
        return Inspected(
            failed=Failed(
                code=EngineError.code,
                message="This file cannot be looked into. Try another one.",
                reason=traceback.format_exc(),
            )
        )


def _faces(task: FacesTask) -> SeenFaces:
    path = Path(task.path)
    found = video_faces(path, task.at_s) if task.is_video else picture_faces(path)
    width_px, height_px = found.picture.size_wh
    return SeenFaces(
        width_px=width_px,
        height_px=height_px,
        faces=tuple(
            SeenFace(
                box=_corners(face),
                score=float(face.confidence),
                yaw_degrees=float(face.pose.yaw_deg),
                obstacle_code=None if obstacle is None else obstacle.code,
                obstacle=None if obstacle is None else obstacle.message,
            )
            for face, obstacle in zip(found.faces, found.obstacles, strict=True)
        ),
    )


def _corners(face: Face) -> tuple[float, float, float, float]:
    left, top, right, bottom = map(float, face.box_xyxy)
    return left, top, right, bottom


def _file(path: Path) -> SeenFile:
    info = probe_media(path)
    if info.still_size_wh is not None:
        (still,) = media_stills(path, count=1, longer_side_px=POSTER_PX)
        width_px, height_px = info.still_size_wh
        return SeenFile(media="image", width_px=width_px, height_px=height_px, poster=still.jpeg)
    if info.video is None:
        return SeenFile(media="audio", duration_s=info.duration_s, has_audio=True)
    poster = media_stills(path, count=1, longer_side_px=POSTER_PX)
    strip = media_stills(path, count=STRIP_PICTURES, longer_side_px=STRIP_PX)
    width_px, height_px = info.video.size_wh
    return SeenFile(
        media="video",
        width_px=width_px,
        height_px=height_px,
        duration_s=info.duration_s,
        frame_rate=float(info.video.average_rate),
        has_audio=info.has_audio,
        poster=poster[0].jpeg if poster else None,
        strip=tuple(SeenStill(at_s=still.at_s, jpeg=still.jpeg) for still in strip),
    )


def _sample(task: SampleTask) -> SpokenSample:
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "sample.wav"
        spoken_text(SpokenLine(text=task.text, voice=task.voice), wav)
        return SpokenSample(wav=wav.read_bytes())


def _voices() -> SeenVoices:
    return SeenVoices(
        voices=tuple(
            SeenVoice(
                name=voice.name,
                language=voice.language,
                gender=voice.gender.value,
                description=voice.description,
                family=voice.family.value,
                needs=None if voice.is_available else voice.needs,
            )
            for voice in list_voices()
        )
    )


def _measures(task: MeasureTask) -> SeenMeasures:
    report = measure_video(Path(task.path), transcript=task.transcript)
    return SeenMeasures(
        measures=tuple(
            SeenMeasure(
                name=one.name,
                value=one.value,
                unit=one.unit,
                meaning=one.meaning,
                good=one.good,
                is_good=one.is_good,
                beside_people=one.beside_people.value if one.beside_people else None,
            )
            for one in report.measures
        )
    )
