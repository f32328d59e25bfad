"""Makes a video here while the person sees how far it is and may stop it, and reports what was made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from lipwright.cli.terminal.console import console
from lipwright.cli.terminal.interrupts import stoppable
from lipwright.cli.terminal.marking import OutputMarks, marks_fields, report_marks
from lipwright.cli.terminal.progress import ProgressUpdate, UpdateListener, readable_duration, shown_progress
from lipwright.engine import (
    LIP_SYNC_SHARES,
    STAGE_SHARES,
    JobContext,
    NoFaceFound,
    NoSuchFace,
    ProgressEvent,
    ProgressListener,
    Stage,
)

if TYPE_CHECKING:
    from lipwright.engine import (
        ClipVoices,
        LipSyncOptions,
        RenderReport,
        SpeechSource,
        TalkingPhotoOptions,
    )

Report = TypeVar("Report", bound="RenderReport")

STAGE_TITLES = {
    Stage.READING: "Reading",
    Stage.FINDING_FACE: "Finding the face",
    Stage.LISTENING: "Listening",
    Stage.PREPARING: "Preparing",
    Stage.RENDERING: "Rendering",
    Stage.FINISHING: "Finishing",
}


def run_talking_photo(
    picture: Path, speech: SpeechSource, target: Path | BinaryIO, options: TalkingPhotoOptions
) -> RenderReport:
    """Make a picture speak. Raises what the engine raises, and Interrupted."""
    from lipwright.engine import estimate_talking_photo, talking_photo

    return run_render(
        estimate_talking_photo(picture, speech, options),
        lambda context: talking_photo(picture, speech, target, options, context),
        shares=STAGE_SHARES if options.motion is None else LIP_SYNC_SHARES,
    )


def run_lip_sync(
    video: Path, voices: ClipVoices, target: Path | BinaryIO, options: LipSyncOptions
) -> RenderReport:
    """Make the lips of a video follow another sound. Raises what the engine raises, and Interrupted."""
    from lipwright.engine import estimate_lip_sync, lip_sync

    return run_render(
        estimate_lip_sync(video, voices, options),
        lambda context: lip_sync(video, voices, target, options, context),
        shares=LIP_SYNC_SHARES,
    )


def check_talking_photo(picture: Path, speech: SpeechSource, options: TalkingPhotoOptions) -> float:
    """How long it will take, seconds. Raises what is wrong with the picture, its faces or the sound."""
    from lipwright.engine import estimate_talking_photo, picture_faces

    found = picture_faces(picture)
    if not found.faces:
        raise NoFaceFound
    if isinstance(options.face, int) and options.face >= len(found.faces):
        raise NoSuchFace(
            f"There is no face {options.face} in {picture.name}. `lipwright faces {picture}` lists them."
        )
    chosen = [found.obstacles[options.face]] if isinstance(options.face, int) else found.obstacles
    if None not in chosen:
        raise chosen[0] or NoFaceFound
    return estimate_talking_photo(picture, speech, options)


def check_lip_sync(video: Path, voices: ClipVoices, options: LipSyncOptions) -> float:
    """How long it will take, seconds. Raises what is wrong with the video or the sound; looks for no face."""
    from lipwright.engine import estimate_lip_sync

    return estimate_lip_sync(video, voices, options)


def report_check(estimate_s: float, output: str) -> None:
    """Say that an order was found good."""
    console.event("checked", output=output, seconds=round(estimate_s, 1))
    console.say(f"{output} can be made, in about {readable_duration(estimate_s)}. Nothing was written.")


def run_render(
    estimate_s: float,
    render: Callable[[JobContext], Report],
    *,
    shares: Mapping[Stage, float] = STAGE_SHARES,
) -> Report:
    """Render with progress and a way to stop.

    estimate_s: how long it will take, shown first. shares: of the kind of work, for its progress.
    Raises what `render` raises, and Interrupted.
    """
    console.event("estimate", seconds=round(estimate_s, 1))
    console.say(f"This takes about {readable_duration(estimate_s)}.")
    with shown_progress(console) as show:
        context = JobContext(None if show is None else _listener(show), shares=shares)
        with stoppable(context):
            return render(context)


def _listener(show: UpdateListener) -> ProgressListener:
    return lambda event: show(update_of(event))


def update_of(event: ProgressEvent) -> ProgressUpdate:
    """The engine's progress as the terminal shows it."""
    return ProgressUpdate(
        stage=event.stage.value,
        title=STAGE_TITLES[event.stage],
        share=event.done / event.total,
        seconds_left=event.seconds_left,
        fields={
            "done": event.done,
            "total": event.total,
            "fraction": round(event.fraction, 4),
            "elapsed_s": round(event.elapsed_s, 3),
            "seconds_left": None if event.seconds_left is None else round(event.seconds_left, 1),
        },
    )


def report_result(report: RenderReport, output: str, marks: OutputMarks) -> None:
    """Say what was made and marked, and what was done differently than asked."""
    for warning in report.warnings:
        console.warn(warning)
    console.event("done", output=output, **figures(report), **marks_fields(marks))
    console.say(
        f"{output}: {report.width_px}x{report.height_px}, {report.duration_s:.1f} s, "
        f"made in {readable_duration(report.elapsed_s)}."
    )
    report_marks(marks)


def figures(report: RenderReport) -> dict[str, int | float]:
    """The figures of a report by their names, as JSON can hold them; without limits where no head moved, and
    without what is told of a clip where none drove the picture.
    """
    apart = ("warnings", "head_limits", "following")
    told = [name for name in report.__dataclass_fields__ if name not in apart]
    values = {name: getattr(report, name) for name in told}
    if report.head_limits is not None:
        limits = report.head_limits
        values |= {f"head_limit_{name}": getattr(limits, name) for name in limits.__dataclass_fields__}
    if report.following is not None:
        following = report.following
        values |= {f"motion_{name}": getattr(following, name) for name in following.__dataclass_fields__}
    return {
        name: value if isinstance(value, int) else round(float(value), 3) for name, value in values.items()
    }
