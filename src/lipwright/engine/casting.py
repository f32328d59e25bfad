"""Who of a clip speaks with which voice. Knows nothing of sounds or of pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lipwright.engine.errors import BadParameters
from lipwright.engine.face.values import ClipFaces, FaceTrack
from lipwright.engine.options import ClipVoices, LipSyncOptions, Voice
from lipwright.engine.watching import choose_tracks


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """A voice and the people who speak with it."""

    voice: Voice
    tracks: tuple[FaceTrack, ...]


def voices_of(voices: ClipVoices, options: LipSyncOptions) -> tuple[Voice, ...]:
    """Every voice once. Raises BadParameters where they do not go with the options."""
    if not isinstance(voices, Mapping):
        return (voices,)
    if not voices:
        raise BadParameters("Nobody has a voice. Give at least one person a sound.")
    if min(voices) < 0:
        raise BadParameters(f"Faces are counted from 0; {min(voices)} is none.")
    if options.transcript is not None and len(voices) > 1:
        raise BadParameters("A transcript belongs to one voice, and there are several. Leave it out.")
    return tuple(voices.values())


def cast_parts(faces: ClipFaces, voices: ClipVoices, options: LipSyncOptions) -> tuple[Part, ...]:
    """Everybody who speaks, in the order of voices_of. Raises NoSuchFace and what voices_of raises."""
    if not isinstance(voices, Mapping):
        return (Part(voice=voices, tracks=choose_tracks(faces, options.face)),)
    return tuple(Part(voice=voice, tracks=choose_tracks(faces, number)) for number, voice in voices.items())
