"""Everything that can go wrong in the engine, with a code for programs and a sentence for people.

EngineError
|-- BadInput                 the person can mend it
|   |-- NoFaceFound          no_source_face
|   |-- FaceTooSmall         face_too_small
|   |-- FaceCutOff           face_cut_off
|   |-- FaceTurnedAway       face_turned_away
|   |-- NoSuchFace           no_such_face
|   |-- BadImageFile         invalid_image_file
|   |-- BadAudioFile         invalid_audio_file
|   |-- BadVideoFile         invalid_video_file
|   |-- BadImagePath         invalid_image_path
|   |-- BadAudioPath         invalid_audio_path
|   |-- BadVideoPath         invalid_video_path
|   |-- UnsupportedFormat    invalid_file_format
|   |-- TooLarge             file_too_large
|   |-- SilentSound          silent_sound
|   |-- BadParameters        invalid_parameters
|   |-- BadTranscript        invalid_transcript
|   |-- TextTooLong          text_too_long
|   |-- UnknownVoice         invalid_voice
|   `-- VoiceUnavailable     voice_unavailable
|-- OutputFailed             output_failed
|   |-- OutputNotWritable    output_not_writable
|   `-- DiskFull             disk_full
|-- ToolMissing              tool_missing
|-- RendererFailed           renderer_failed
`-- Cancelled                cancelled

This module knows nothing of exit codes or HTTP; the doors of the engine map the codes.
"""

from __future__ import annotations

from typing import ClassVar


class EngineError(Exception):
    """The engine could not do what was asked."""

    code: ClassVar[str] = "unknown_error"

    def __init__(self, message: str | None = None) -> None:
        """message: one sentence that says what is wrong and what to do; the class's own when absent."""
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])

    @property
    def message(self) -> str:
        """The sentence for the person."""
        return str(self)


class BadInput(EngineError):
    """The input cannot be used."""

    code = "invalid_parameters"


class NoFaceFound(BadInput):
    """No face was found in the picture. Use one that shows a face clearly, from the front."""

    code = "no_source_face"


class FaceTooSmall(BadInput):
    """The face is too small. Use a picture where the face is at least 64 pixels wide."""

    code = "face_too_small"


class FaceCutOff(BadInput):
    """The face is cut off by the edge of the picture. Use one that shows the mouth and chin."""

    code = "face_cut_off"


class FaceTurnedAway(BadInput):
    """The face is turned too far to the side. Use a picture taken more from the front."""

    code = "face_turned_away"


class NoSuchFace(BadInput):
    """There is no face with that number. `lipwright faces FILE` lists them."""

    code = "no_such_face"


class BadImageFile(BadInput):
    """The picture cannot be decoded. Save it again as JPEG or PNG and retry."""

    code = "invalid_image_file"


class BadAudioFile(BadInput):
    """The sound cannot be decoded. Save it again as WAV or MP3 and retry."""

    code = "invalid_audio_file"


class BadVideoFile(BadInput):
    """The video cannot be decoded. Save it again as MP4 (H.264) and retry."""

    code = "invalid_video_file"


class BadImagePath(BadInput):
    """There is no picture at that path."""

    code = "invalid_image_path"


class BadAudioPath(BadInput):
    """There is no sound at that path."""

    code = "invalid_audio_path"


class BadVideoPath(BadInput):
    """There is no video at that path."""

    code = "invalid_video_path"


class UnsupportedFormat(BadInput):
    """This kind of file is not supported."""

    code = "invalid_file_format"


class TooLarge(BadInput):
    """The file is too large."""

    code = "file_too_large"


class SilentSound(BadInput):
    """The sound is empty. Use a recording that lasts at least a tenth of a second."""

    code = "silent_sound"


class BadParameters(BadInput):
    """These values do not go together."""

    code = "invalid_parameters"


class BadTranscript(BadInput):
    """The transcript does not fit the sound."""

    code = "invalid_transcript"


class TextTooLong(BadInput):
    """The text is too long."""

    code = "text_too_long"


class UnknownVoice(BadInput):
    """There is no such voice. `lipwright voices` lists them."""

    code = "invalid_voice"


class VoiceUnavailable(BadInput):
    """That voice is not installed here. `lipwright voices` says what it needs."""

    code = "voice_unavailable"


class OutputFailed(EngineError):
    """The output could not be written."""

    code = "output_failed"


class OutputNotWritable(OutputFailed):
    """The output cannot be written there. Choose a folder that exists and that you may write to."""

    code = "output_not_writable"


class DiskFull(OutputFailed):
    """The disk is full. Free some space or choose another output folder."""

    code = "disk_full"


class ToolMissing(EngineError):
    """A part that this needs is not installed. `lipwright doctor` says which."""

    code = "tool_missing"


class RendererFailed(EngineError):
    """The mouth renderer that is installed failed. Mend or remove it, or choose another mode than pro."""

    code = "renderer_failed"


class Cancelled(EngineError):
    """The work was cancelled."""

    code = "cancelled"
