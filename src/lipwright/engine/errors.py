"""Everything that can go wrong in the engine, with a code for programs and a sentence for people.

EngineError
|-- BadInput                 the person can mend it
|   |-- NoFaceFound          no_source_face
|   |-- FaceTooSmall         face_too_small
|   |-- FaceCutOff           face_cut_off
|   |-- FaceTurnedAway       face_turned_away
|   |-- NoSuchFace           no_such_face
|   |-- MouthNotDrawn        mouth_not_drawn
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

`code` and `message` are data of each class; the docstring may say more, and is gone with `python -OO`.
"""

from __future__ import annotations

from typing import ClassVar


class EngineError(Exception):
    """What the engine cannot do. `message` is for the person: what is wrong and what to do about it."""

    code: ClassVar[str] = "unknown_error"
    message: str = "The engine could not do what was asked."

    def __init__(self, message: str | None = None) -> None:
        """message: one sentence that says what is wrong and what to do; the class's own when absent."""
        self.message = message or type(self).message
        super().__init__(self.message)


class BadInput(EngineError):
    """The person who asked can mend it."""

    code = "invalid_parameters"
    message = "The input cannot be used."


class NoFaceFound(BadInput):
    """A picture or a video without a face."""

    code = "no_source_face"
    message = "No face was found in the picture. Use one that shows a face clearly, from the front."


class FaceTooSmall(BadInput):
    """A face of fewer pixels than a mouth can be drawn with."""

    code = "face_too_small"
    message = "The face is too small. Use a picture where the face is at least 64 pixels wide."


class FaceCutOff(BadInput):
    """A face whose mouth or chin lies outside of the picture."""

    code = "face_cut_off"
    message = "The face is cut off by the edge of the picture. Use one that shows the mouth and chin."


class FaceTurnedAway(BadInput):
    """A face seen from the side."""

    code = "face_turned_away"
    message = "The face is turned too far to the side. Use a picture taken more from the front."


class NoSuchFace(BadInput):
    """A face number beyond the last one."""

    code = "no_such_face"
    message = "There is no face with that number. `lipwright faces FILE` lists them."


class MouthNotDrawn(BadInput):
    """A video in most of whose frames drawing the mouth failed."""

    code = "mouth_not_drawn"
    message = "Drawing the mouth failed. Use a video that shows the face larger and more from the front."


class BadImageFile(BadInput):
    """A file that is no picture, or a damaged one."""

    code = "invalid_image_file"
    message = "The picture cannot be decoded. Save it again as JPEG or PNG and retry."


class BadAudioFile(BadInput):
    """A file that holds no sound, or a damaged one."""

    code = "invalid_audio_file"
    message = "The sound cannot be decoded. Save it again as WAV or MP3 and retry."


class BadVideoFile(BadInput):
    """A file that is no video, or a damaged one."""

    code = "invalid_video_file"
    message = "The video cannot be decoded. Save it again as MP4 (H.264) and retry."


class BadImagePath(BadInput):
    """A path without a readable picture file."""

    code = "invalid_image_path"
    message = "There is no picture at that path."


class BadAudioPath(BadInput):
    """A path without a readable sound file."""

    code = "invalid_audio_path"
    message = "There is no sound at that path."


class BadVideoPath(BadInput):
    """A path without a readable video file."""

    code = "invalid_video_path"
    message = "There is no video at that path."


class UnsupportedFormat(BadInput):
    """A format that is neither read nor written."""

    code = "invalid_file_format"
    message = "This kind of file is not supported."


class TooLarge(BadInput):
    """More pixels, seconds or bytes than are taken."""

    code = "file_too_large"
    message = "The file is too large."


class SilentSound(BadInput):
    """A recording without samples, or with too few of them."""

    code = "silent_sound"
    message = "The sound is empty. Use a recording that lasts at least a tenth of a second."


class BadParameters(BadInput):
    """Options that are out of range or contradict each other."""

    code = "invalid_parameters"
    message = "These values do not go together."


class BadTranscript(BadInput):
    """A transcript that cannot be read or aligned."""

    code = "invalid_transcript"
    message = "The transcript does not fit the sound."


class TextTooLong(BadInput):
    """More text than is spoken at once."""

    code = "text_too_long"
    message = "The text is too long."


class UnknownVoice(BadInput):
    """A voice name that is not in the catalogue."""

    code = "invalid_voice"
    message = "There is no such voice. `lipwright voices` lists them."


class VoiceUnavailable(BadInput):
    """A voice of the catalogue whose files or libraries are missing here."""

    code = "voice_unavailable"
    message = "That voice is not installed here. `lipwright voices` says what it needs."


class OutputFailed(EngineError):
    """Writing the output went wrong."""

    code = "output_failed"
    message = "The output could not be written."


class OutputNotWritable(OutputFailed):
    """An output path that cannot be created or replaced."""

    code = "output_not_writable"
    message = "The output cannot be written there. Choose a folder that exists and that you may write to."


class DiskFull(OutputFailed):
    """No space was left while writing."""

    code = "disk_full"
    message = "The disk is full. Free some space or choose another output folder."


class ToolMissing(EngineError):
    """An optional library that is not installed."""

    code = "tool_missing"
    message = "A part that this needs is not installed. `lipwright doctor` says which."


class RendererFailed(EngineError):
    """A foreign mouth renderer raised an error or returned something unusable."""

    code = "renderer_failed"
    message = (
        "The mouth renderer that is installed failed. Mend or remove it, or choose another mode than pro."
    )


class Cancelled(EngineError):
    """Whoever started the work asked it to stop."""

    code = "cancelled"
    message = "The work was cancelled."
