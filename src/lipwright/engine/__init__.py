"""The engine's public face: pictures, videos and voices in, talking videos out.

A program imports these names from `lipwright.engine` and nothing deeper. A name is loaded when it is first
used, so that an error or an option does not bring the libraries of pictures and sound.
"""

# ruff: noqa: I001  one import a module, each name under its own: that is how Python says what is public

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lipwright.engine.articulation.curves import (
        ArticulationCurves as ArticulationCurves,
        Mouth as Mouth,
    )
    from lipwright.engine.articulation.exports import (
        ExportFormat as ExportFormat,
        export_articulation as export_articulation,
    )
    from lipwright.engine.cpu import usable_processors as usable_processors
    from lipwright.engine.errors import (
        BadAudioFile as BadAudioFile,
        BadAudioPath as BadAudioPath,
        BadImageFile as BadImageFile,
        BadImagePath as BadImagePath,
        BadInput as BadInput,
        BadParameters as BadParameters,
        BadTranscript as BadTranscript,
        BadVideoFile as BadVideoFile,
        BadVideoPath as BadVideoPath,
        Cancelled as Cancelled,
        DiskFull as DiskFull,
        EngineError as EngineError,
        FaceCutOff as FaceCutOff,
        FaceTooSmall as FaceTooSmall,
        FaceTurnedAway as FaceTurnedAway,
        NoFaceFound as NoFaceFound,
        MouthNotDrawn as MouthNotDrawn,
        NoSuchFace as NoSuchFace,
        OutputFailed as OutputFailed,
        OutputNotWritable as OutputNotWritable,
        RendererFailed as RendererFailed,
        SilentSound as SilentSound,
        TextTooLong as TextTooLong,
        TooLarge as TooLarge,
        ToolMissing as ToolMissing,
        UnknownVoice as UnknownVoice,
        UnsupportedFormat as UnsupportedFormat,
        VoiceUnavailable as VoiceUnavailable,
    )
    from lipwright.engine.face.values import (
        ClipFaceChoice as ClipFaceChoice,
        Face as Face,
        FaceChoice as FaceChoice,
        HeadPose as HeadPose,
    )
    from lipwright.engine.media.label import (
        MAX_LABEL_CHARACTERS as MAX_LABEL_CHARACTERS,
        Label as Label,
        LabelCorner as LabelCorner,
    )
    from lipwright.engine.media.probe import (
        MediaInfo as MediaInfo,
        VideoInfo as VideoInfo,
        probe_media as probe_media,
    )
    from lipwright.engine.media.reading.images import (
        picture_size_wh as picture_size_wh,
    )
    from lipwright.engine.media.values import (
        Container as Container,
        Picture as Picture,
        SoundClip as SoundClip,
        SpeechSound as SpeechSound,
    )
    from lipwright.engine.media.writing.output_file import (
        check_output as check_output,
        output_errors as output_errors,
        written_whole as written_whole,
    )
    from lipwright.engine.gesture.cue import (
        MAX_CUE_CHARACTERS as MAX_CUE_CHARACTERS,
        MAX_CUES as MAX_CUES,
        Cue as Cue,
    )
    from lipwright.engine.gesture.prompt_words import (
        PROMPT_WORDS as PROMPT_WORDS,
        PromptWord as PromptWord,
    )
    from lipwright.engine.pipelines.cost_model import (
        CHARACTERS_PER_S as CHARACTERS_PER_S,
        lip_sync_time_s as lip_sync_time_s,
        talking_photo_time_s as talking_photo_time_s,
    )
    from lipwright.engine.pipelines.direction_file import (
        read_direction_file as read_direction_file,
    )
    from lipwright.engine.pipelines.estimate import (
        estimate_lip_sync as estimate_lip_sync,
        estimate_talking_photo as estimate_talking_photo,
    )
    from lipwright.engine.pipelines.face_crops import (
        PictureFaces as PictureFaces,
        face_crops as face_crops,
        picture_faces as picture_faces,
    )
    from lipwright.engine.pipelines.lengths import (
        planned_frames as planned_frames,
        sound_length_s as sound_length_s,
    )
    from lipwright.engine.pipelines.limits import (
        DEFAULT_INTENSITY as DEFAULT_INTENSITY,
        MAX_FRAME_RATE as MAX_FRAME_RATE,
        MAX_INTENSITY as MAX_INTENSITY,
        MAX_RESOLUTION_PX as MAX_RESOLUTION_PX,
        MAX_SCALE as MAX_SCALE,
        MIN_FRAME_RATE as MIN_FRAME_RATE,
        MIN_INTENSITY as MIN_INTENSITY,
        MIN_RESOLUTION_PX as MIN_RESOLUTION_PX,
    )
    from lipwright.engine.pipelines.lip_sync.run import (
        lip_sync as lip_sync,
    )
    from lipwright.engine.pipelines.modes import (
        EyesMode as EyesMode,
        LipSyncMode as LipSyncMode,
        PhotoMode as PhotoMode,
    )
    from lipwright.engine.pipelines.mouth_curves import (
        MouthCurves as MouthCurves,
        mouth_curves as mouth_curves,
    )
    from lipwright.engine.pipelines.options import (
        ClipVoices as ClipVoices,
        LipSyncOptions as LipSyncOptions,
        MotionSource as MotionSource,
        SpeechSource as SpeechSource,
        SpokenLine as SpokenLine,
        TalkingPhotoOptions as TalkingPhotoOptions,
    )
    from lipwright.engine.pipelines.picture_hash import (
        media_hashes as media_hashes,
        picture_hash as picture_hash,
    )
    from lipwright.engine.pipelines.previews import (
        FramePreviews as FramePreviews,
    )
    from lipwright.engine.pipelines.report import (
        LipSyncReport as LipSyncReport,
        RenderReport as RenderReport,
    )
    from lipwright.engine.pipelines.spoken_text import (
        SpokenFile as SpokenFile,
        spoken_text as spoken_text,
    )
    from lipwright.engine.pipelines.stills import (
        Still as Still,
        media_stills as media_stills,
        video_faces as video_faces,
    )
    from lipwright.engine.pipelines.talking_photo import (
        talking_photo as talking_photo,
    )
    from lipwright.engine.pipelines.warm_up import (
        warm_up as warm_up,
    )
    from lipwright.engine.pipelines.watermark_search import (
        find_watermark as find_watermark,
    )
    from lipwright.engine.progress import (
        LIP_SYNC_SHARES as LIP_SYNC_SHARES,
        STAGE_SHARES as STAGE_SHARES,
        FrameViewer as FrameViewer,
        JobContext as JobContext,
        ProgressEvent as ProgressEvent,
        ProgressListener as ProgressListener,
        Stage as Stage,
    )
    from lipwright.engine.quality.face_overlay import (
        draw_faces as draw_faces,
    )
    from lipwright.engine.quality.measure import (
        measure_video as measure_video,
    )
    from lipwright.engine.quality.plot import (
        plot_speech as plot_speech,
    )
    from lipwright.engine.quality.values import (
        Measure as Measure,
        MeasuredCurves as MeasuredCurves,
        QualityReport as QualityReport,
    )
    from lipwright.engine.speech.values import (
        Phone as Phone,
        PhoneTimeline as PhoneTimeline,
    )
    from lipwright.engine.speech.voices.catalogue import (
        Gender as Gender,
        TtsVoice as TtsVoice,
        VoiceFamily as VoiceFamily,
    )
    from lipwright.engine.speech.voices.folder import (
        VOICES_PATH_VARIABLE as VOICES_PATH_VARIABLE,
        voices_path as voices_path,
    )
    from lipwright.engine.speech.voices.natural.install import (
        VOICES_ADDRESS as VOICES_ADDRESS,
        install_voice as install_voice,
    )
    from lipwright.engine.speech.voices.speak import (
        find_voice as find_voice,
        list_voices as list_voices,
    )
    from lipwright.engine.watermark.values import (
        PUBLIC_WATERMARK_KEY as PUBLIC_WATERMARK_KEY,
        FoundWatermark as FoundWatermark,
        Watermark as Watermark,
    )

# The same names by their home, for whoever runs this; a test compares both.
_NAMES = {
    "articulation.curves": (
        "ArticulationCurves",
        "Mouth",
    ),
    "articulation.exports": (
        "ExportFormat",
        "export_articulation",
    ),
    "cpu": ("usable_processors",),
    "errors": (
        "BadAudioFile",
        "BadAudioPath",
        "BadImageFile",
        "BadImagePath",
        "BadInput",
        "BadParameters",
        "BadTranscript",
        "BadVideoFile",
        "BadVideoPath",
        "Cancelled",
        "DiskFull",
        "EngineError",
        "FaceCutOff",
        "FaceTooSmall",
        "FaceTurnedAway",
        "NoFaceFound",
        "MouthNotDrawn",
        "NoSuchFace",
        "OutputFailed",
        "OutputNotWritable",
        "RendererFailed",
        "SilentSound",
        "TextTooLong",
        "TooLarge",
        "ToolMissing",
        "UnknownVoice",
        "UnsupportedFormat",
        "VoiceUnavailable",
    ),
    "face.values": (
        "ClipFaceChoice",
        "Face",
        "FaceChoice",
        "HeadPose",
    ),
    "media.label": (
        "MAX_LABEL_CHARACTERS",
        "Label",
        "LabelCorner",
    ),
    "media.probe": (
        "MediaInfo",
        "VideoInfo",
        "probe_media",
    ),
    "media.reading.images": ("picture_size_wh",),
    "media.values": (
        "Container",
        "Picture",
        "SoundClip",
        "SpeechSound",
    ),
    "media.writing.output_file": (
        "check_output",
        "output_errors",
        "written_whole",
    ),
    "gesture.cue": (
        "MAX_CUE_CHARACTERS",
        "MAX_CUES",
        "Cue",
    ),
    "gesture.prompt_words": (
        "PROMPT_WORDS",
        "PromptWord",
    ),
    "pipelines.cost_model": (
        "CHARACTERS_PER_S",
        "lip_sync_time_s",
        "talking_photo_time_s",
    ),
    "pipelines.direction_file": ("read_direction_file",),
    "pipelines.estimate": (
        "estimate_lip_sync",
        "estimate_talking_photo",
    ),
    "pipelines.face_crops": (
        "PictureFaces",
        "face_crops",
        "picture_faces",
    ),
    "pipelines.lengths": (
        "planned_frames",
        "sound_length_s",
    ),
    "pipelines.limits": (
        "DEFAULT_INTENSITY",
        "MAX_FRAME_RATE",
        "MAX_INTENSITY",
        "MAX_RESOLUTION_PX",
        "MAX_SCALE",
        "MIN_FRAME_RATE",
        "MIN_INTENSITY",
        "MIN_RESOLUTION_PX",
    ),
    "pipelines.lip_sync.run": ("lip_sync",),
    "pipelines.modes": (
        "EyesMode",
        "LipSyncMode",
        "PhotoMode",
    ),
    "pipelines.mouth_curves": (
        "MouthCurves",
        "mouth_curves",
    ),
    "pipelines.options": (
        "ClipVoices",
        "LipSyncOptions",
        "MotionSource",
        "SpeechSource",
        "SpokenLine",
        "TalkingPhotoOptions",
    ),
    "pipelines.picture_hash": (
        "media_hashes",
        "picture_hash",
    ),
    "pipelines.previews": ("FramePreviews",),
    "pipelines.report": (
        "LipSyncReport",
        "RenderReport",
    ),
    "pipelines.spoken_text": ("SpokenFile", "spoken_text"),
    "pipelines.stills": (
        "Still",
        "media_stills",
        "video_faces",
    ),
    "pipelines.talking_photo": ("talking_photo",),
    "pipelines.warm_up": ("warm_up",),
    "pipelines.watermark_search": ("find_watermark",),
    "progress": (
        "LIP_SYNC_SHARES",
        "STAGE_SHARES",
        "FrameViewer",
        "JobContext",
        "ProgressEvent",
        "ProgressListener",
        "Stage",
    ),
    "quality.face_overlay": ("draw_faces",),
    "quality.measure": ("measure_video",),
    "quality.plot": ("plot_speech",),
    "quality.values": (
        "Measure",
        "MeasuredCurves",
        "QualityReport",
    ),
    "speech.values": (
        "Phone",
        "PhoneTimeline",
    ),
    "speech.voices.catalogue": (
        "Gender",
        "TtsVoice",
        "VoiceFamily",
    ),
    "speech.voices.folder": (
        "VOICES_PATH_VARIABLE",
        "voices_path",
    ),
    "speech.voices.natural.install": (
        "VOICES_ADDRESS",
        "install_voice",
    ),
    "speech.voices.speak": (
        "find_voice",
        "list_voices",
    ),
    "watermark.values": (
        "PUBLIC_WATERMARK_KEY",
        "FoundWatermark",
        "Watermark",
    ),
}
_HOMES = {name: home for home, names in _NAMES.items() for name in names}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
