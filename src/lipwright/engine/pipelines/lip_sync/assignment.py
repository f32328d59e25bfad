"""Who of a clip speaks with which voice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lipwright.engine.errors import BadParameters
from lipwright.engine.face.choose import choose_tracks
from lipwright.engine.face.values import ClipFaces, FaceTrack
from lipwright.engine.pipelines.options import ClipVoices, LipSyncOptions, SpeechSource


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VoiceAssignment:
    """A voice and the people who speak with it."""

    voice: SpeechSource
    tracks: tuple[FaceTrack, ...]


def voices_of(voices: ClipVoices, options: LipSyncOptions) -> tuple[SpeechSource, ...]:
    """Every voice once. Raises BadParameters where they do not go with the options."""
    if not isinstance(voices, Mapping):
        return (voices,)
    if not voices:
        raise BadParameters("Nobody has a voice. Give at least one person a sound.")
    if min(voices) < 0:
        raise BadParameters(f"Face {min(voices)} does not exist; faces are numbered from 0.")
    if options.transcript is not None and len(voices) > 1:
        raise BadParameters("A transcript belongs to one voice, and there are several. Leave it out.")
    return tuple(voices.values())


def assign_voices(
    faces: ClipFaces, voices: ClipVoices, options: LipSyncOptions
) -> tuple[VoiceAssignment, ...]:
    """Everybody who speaks, in the order of voices_of. Raises NoSuchFace and what voices_of raises."""
    if not isinstance(voices, Mapping):
        return (VoiceAssignment(voice=voices, tracks=choose_tracks(faces, options.face)),)
    return tuple(
        VoiceAssignment(voice=voice, tracks=choose_tracks(faces, number)) for number, voice in voices.items()
    )
