"""What is copied from a source file into the file made from it: other sound tracks, chapters and tags.

What cannot be copied is left out with a warning, and never fails the work. Old subtitles stay behind: their
words are no longer said.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet

from lipwright.engine.errors import BadInput, BadVideoFile, BadVideoPath
from lipwright.engine.media.inputs import open_media, timeline_zero_s
from lipwright.engine.media.origin_tags import LONGEST_TAG_CHARS, origin_tags
from lipwright.engine.media.values import SoundClip, VideoStretch
from lipwright.engine.media.writing.encoders import Recipe
from lipwright.engine.media.writing.passthrough_track import PassthroughTrack, TrackLeftOut

if TYPE_CHECKING:
    from av.container.core import Chapter  # it exists in PyAV's stubs alone

# Each track opens the file once more. Films have fewer; damaged or hostile headers have thousands.
MAX_TRACKS = 16
# A fragmented file begins only when every track has: all that comes before waits in memory.
_LATEST_BEGIN_IN_STREAM_S = 2
_CHAPTER_CLOCK = Fraction(1, 1000)


class Passthrough:
    """The parts of one source that are copied. Close it after use.

    tags: the container's, by their lower-case names.
    """

    def __init__(
        self, parts: VideoStretch, recipe: Recipe, *, is_stream: bool, warn: Callable[[str], None]
    ) -> None:
        """Find what there is and open it. warn: gets a sentence for all that is left out, also later on."""
        self._start_s = Fraction(parts.start_s)
        self._recipe = recipe
        self._is_stream = is_stream
        self._warn = warn
        self._tracks: list[tuple[str, PassthroughTrack]] = []
        self.tags: Mapping[str, str] = {}
        self._chapters: list[tuple[Fraction, Fraction, str]] = []
        self._picture_end_s = Fraction(0)
        try:
            source = open_media(parts.path, missing=BadVideoPath, broken=BadVideoFile)
        except BadInput:
            warn(f"Other tracks, chapters and tags of {parts.path.name} could not be read and were left out.")
            return
        with source, contextlib.ExitStack() as opened:
            opened.callback(self.close)
            self.tags = origin_tags(source)
            self._picture_end_s = _picture_end_s(source)
            if parts.end_s is not None:
                self._picture_end_s = min(self._picture_end_s, Fraction(parts.end_s))
            self._chapters = list(_chapters(source))
            self._open_tracks(source, parts)
            opened.pop_all()

    def add_to(self, output: OutputContainer) -> None:
        """Add the tracks to an output whose own streams are there and which has no header yet.

        A stream gets its chapters now, up to the end that the source's header promises.
        """
        for _, track in self._tracks:
            track.add_to(output)
        if self._is_stream:
            self._set_chapters(output, self._picture_end_s - self._start_s)

    @property
    def packets_read(self) -> int:
        """How many packets of the tracks were read so far, those included that were left out."""
        return sum(track.packets_read for _, track in self._tracks)

    def packets_until(self, time_s: Fraction) -> Iterator[Packet[AudioStream]]:
        """What the tracks sound from where the last call ended to this time of the picture."""
        for _, track in self._tracks:
            yield from track.packets_until(time_s)

    def finish(self, output: OutputContainer, duration_s: Fraction) -> None:
        """Write what is known only at the end: a file gets chapters that end with the picture."""
        if not self._is_stream:
            self._set_chapters(output, duration_s)
        for name, track in self._tracks:
            if track.is_damaged:
                self._warn(f"{name} is damaged in places, which were left out.")

    def close(self) -> None:
        """Close the files."""
        for _, track in self._tracks:
            track.close()

    def _open_tracks(self, source: InputContainer, parts: VideoStretch) -> None:
        replaced = source.streams.best("audio")
        others = [
            (_track_name(number, stream), stream.index)
            for number, stream in enumerate(source.streams.audio, 1)
            if replaced is None or stream.index != replaced.index
        ]
        if len(others) > MAX_TRACKS:
            self._warn(f"Only the first {MAX_TRACKS} of {len(others)} other audio tracks were kept.")
        for name, index in others[:MAX_TRACKS]:
            try:
                self._tracks.append((name, self._track(parts, index)))
            except TrackLeftOut as reason:
                self._warn(f"{name} was left out: {reason}.")
            except (BadInput, av.FFmpegError, IndexError):
                self._warn(f"{name} was left out: it could not be read.")

    def _track(self, parts: VideoStretch, index: int) -> PassthroughTrack:
        stretch = SoundClip(path=parts.path, start_s=parts.start_s, end_s=parts.end_s)
        track = PassthroughTrack(stretch, index, self._recipe, is_stream=self._is_stream)
        waits = self._is_stream and self._recipe.muxer != "webm"
        if waits and track.begin_s > _LATEST_BEGIN_IN_STREAM_S:
            track.close()
            raise TrackLeftOut("it begins too late for a stream")
        return track

    def _set_chapters(self, output: OutputContainer, duration_s: Fraction) -> None:
        cut: list[Chapter] = []
        for begin_s, end_s, title in self._chapters:
            begin = round(max(Fraction(0), begin_s - self._start_s) / _CHAPTER_CLOCK)
            end = int(min(duration_s, end_s - self._start_s) / _CHAPTER_CLOCK)
            if end > begin:
                chapter: Chapter = {
                    "id": len(cut) + 1,
                    "start": begin,
                    "end": end,
                    "time_base": _CHAPTER_CLOCK,
                    "metadata": {"title": title} if title else {},
                }
                cut.append(chapter)
        if cut:
            output.set_chapters(cut)


def _chapters(source: InputContainer) -> Iterator[tuple[Fraction, Fraction, str]]:
    """When chapters begin and end, in seconds from the file's start, and what they are called."""
    zero_s = timeline_zero_s(source)
    for chapter in source.chapters():
        clock = chapter["time_base"]
        if clock is not None:
            title = chapter["metadata"].get("title", "")[:LONGEST_TAG_CHARS]
            yield chapter["start"] * clock - zero_s, chapter["end"] * clock - zero_s, title


def _picture_end_s(source: InputContainer) -> Fraction:
    """When the picture ends, as the header says."""
    picture = source.streams.best("video")
    if picture is not None and picture.duration and picture.time_base:
        return ((picture.start_time or 0) + picture.duration) * picture.time_base - timeline_zero_s(source)
    return Fraction(source.duration or 0, av.time_base)


def _track_name(number: int, stream: AudioStream) -> str:
    language = stream.metadata.get("language", "und")
    return f"Audio track {number}" if language == "und" else f"Audio track {number} ({language})"
