"""Writes docs/reference/engine.md: every public name of the engine with one line of what it is.

    python tools/engine_page.py

A test compares the page with what this would write, and the groups below with the names there are.
"""

from __future__ import annotations

from pathlib import Path

from lipwright import engine

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "engine.md"

INTRODUCTION = """\
# The engine's names

This page is written by `tools/engine_page.py` from `lipwright.engine`.

A program imports these names from `lipwright.engine`; what lies deeper may change without notice. How they
are used is told in [use it in a program](../how-to/use-it-in-a-program.md).
"""
GROUPS = {
    "What it does": (
        "talking_photo",
        "lip_sync",
        "mouth_curves",
        "spoken_text",
        "install_voice",
        "voices_path",
        "picture_faces",
        "video_faces",
        "face_crops",
        "media_stills",
        "measure_video",
        "find_watermark",
        "estimate_talking_photo",
        "estimate_lip_sync",
        "talking_photo_time_s",
        "lip_sync_time_s",
        "planned_frames",
        "sound_length_s",
        "usable_processors",
    ),
    "What it is given": (
        "TalkingPhotoOptions",
        "PhotoMode",
        "EyesMode",
        "MotionSource",
        "Cue",
        "read_direction_file",
        "FaceChoice",
        "LipSyncOptions",
        "LipSyncMode",
        "ClipFaceChoice",
        "SoundClip",
        "SpokenLine",
        "SpeechSource",
        "ClipVoices",
        "Container",
        "Label",
        "LabelCorner",
        "Watermark",
    ),
    "What it gives back": (
        "RenderReport",
        "LipSyncReport",
        "MouthCurves",
        "ArticulationCurves",
        "Mouth",
        "PhoneTimeline",
        "Phone",
        "SpokenFile",
        "PictureFaces",
        "Still",
        "Picture",
        "Face",
        "HeadPose",
        "QualityReport",
        "Measure",
        "MeasuredCurves",
        "FoundWatermark",
    ),
    "Progress and stopping": (
        "JobContext",
        "ProgressEvent",
        "ProgressListener",
        "FrameViewer",
        "FramePreviews",
        "Stage",
        "STAGE_SHARES",
        "LIP_SYNC_SHARES",
    ),
    "Words for prompts": ("PROMPT_WORDS", "PromptWord"),
    "Voices": ("list_voices", "find_voice", "TtsVoice", "Gender", "VoiceFamily"),
    "Writing results down": (
        "export_articulation",
        "ExportFormat",
        "draw_faces",
        "plot_speech",
        "check_output",
        "written_whole",
        "output_errors",
    ),
    "Looking into files": (
        "probe_media",
        "MediaInfo",
        "VideoInfo",
        "picture_size_wh",
        "picture_hash",
        "media_hashes",
    ),
    "Starting sooner": ("warm_up",),
    "For a mouth renderer": ("SpeechSound",),
    "Ranges and defaults": (
        "VOICES_ADDRESS",
        "VOICES_PATH_VARIABLE",
        "PUBLIC_WATERMARK_KEY",
        "MAX_CUES",
        "MAX_CUE_CHARACTERS",
        "MAX_LABEL_CHARACTERS",
        "DEFAULT_INTENSITY",
        "MIN_INTENSITY",
        "MAX_INTENSITY",
        "MAX_SCALE",
        "CHARACTERS_PER_S",
        "MIN_FRAME_RATE",
        "MAX_FRAME_RATE",
        "MIN_RESOLUTION_PX",
        "MAX_RESOLUTION_PX",
    ),
}
ERRORS = "Errors"
# What has no docstring of its own.
NOTES = {
    "FaceChoice": "Whose face in a picture: a number from 0, `largest` or `all`.",
    "ClipFaceChoice": "Whose face in a video: a number from 0, `largest`, `speaking` or `all`.",
    "SpeechSource": "What somebody says: a `SoundClip` or a `SpokenLine`.",
    "ClipVoices": "A `SpeechSource`, or one for each person of a video by the number of the face.",
    "ProgressListener": "A function that is called with a `ProgressEvent`.",
    "FrameViewer": "A function that is called with every frame of a video as it is finished.",
    "PROMPT_WORDS": "The words that a prompt may use.",
    "CHARACTERS_PER_S": "How many characters people read aloud in a second.",
    "STAGE_SHARES": "How much of a talking photo's time each stage takes, for a `JobContext`.",
    "LIP_SYNC_SHARES": "How much of a lip sync's time each stage takes, for a `JobContext`.",
    "VOICES_ADDRESS": "Where installable voices are fetched from.",
    "VOICES_PATH_VARIABLE": "The environment variable that names the folder of installed voices.",
    "PUBLIC_WATERMARK_KEY": "The key of watermarks that everybody knows.",
    "MAX_CUES": "The most directions of a talking photo.",
    "MAX_CUE_CHARACTERS": "The most characters of one direction.",
    "DEFAULT_INTENSITY": "How strongly a prompted photo moves where nothing is said.",
    "MIN_INTENSITY": "The least intensity.",
    "MAX_INTENSITY": "The largest intensity.",
    "MAX_SCALE": "The largest scale of mouth, head, blinks and expression.",
    "MIN_FRAME_RATE": "The least frames a second of a talking photo.",
    "MAX_FRAME_RATE": "The most frames a second of a talking photo.",
    "MIN_RESOLUTION_PX": "The least cap on the longer side.",
    "MAX_RESOLUTION_PX": "The largest cap on the longer side, and a photo's size without one.",
}


def engine_page() -> str:
    """The whole page."""
    errors = tuple(name for name in engine.__all__ if _is_error(name))
    parts = [INTRODUCTION]
    for title, names in {**GROUPS, ERRORS: errors}.items():
        rows = "".join(f"| `{name}` | {_line(name)} |\n" for name in names)
        parts.append(f"## {title}\n\n| name | what it is |\n| --- | --- |\n{rows}")
    return "\n".join(parts)


def _is_error(name: str) -> bool:
    named = getattr(engine, name)
    return isinstance(named, type) and issubclass(named, engine.EngineError)


def _line(name: str) -> str:
    named = getattr(engine, name)
    if isinstance(named, type) and issubclass(named, engine.EngineError):
        return f"code `{named.code}`"
    if name in NOTES:
        return NOTES[name]
    return (named.__doc__ or "").strip().splitlines()[0].split(" Raises ")[0].replace(":class:", "")


if __name__ == "__main__":
    PAGE.write_text(engine_page(), encoding="utf-8")
