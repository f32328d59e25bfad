"""The sound of a file as it plays, block after block, whatever its codec. Holds one block at a time.

Times are those of a player: encoder delay is gone, a sound track that starts late starts late, gaps are
silent.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.layout import AudioLayout
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from lipwright.engine.errors import BadAudioFile, BadAudioPath, BadParameters, SilentSound, TooLarge
from lipwright.engine.media.inputs import (
    open_media,
    stream_time_s,
    timeline_zero_s,
)
from lipwright.engine.media.reading.clock import continuous_packets
from lipwright.engine.media.values import SoundClip, check_stretch
from lipwright.engine.timeline import sample_index

# Time stamps of some containers are rounded to a few ms: smaller steps than this are no gaps. A larger
# step that went unfilled would be seen as lips out of step.
_STEP_TOLERANCE_S = 0.04
# Matroska writes times in whole ms; a shorter difference says nothing.
_TIME_STAMP_STEP_S = 0.002
# A longer step is a clock that was reset, as in joined recordings, not a pause: it is closed up.
_LONGEST_GAP_S = 60.0
# Streams without a container: FFmpeg counts their time with the first rate even where it changes.
_BARE_FORMATS = ("aac", "mp3", "ac3", "eac3", "loas")
# Rates that sounds are recorded at; others come from damaged headers and would stretch time or memory.
_RATES_HZ = range(1_000, 768_001)
# What a job may hold at 16 kHz is then 0.7 GB at most, however long a damaged file claims to be.
MAX_SOUND_S = 3 * 3600.0


class SoundReader:
    """A stretch of a sound file, decoded as it is asked for, at the file's own rate.

    One or two channels, as they are heard on two speakers, or all that the file has.

    Use as a context manager. Raises BadAudioPath, BadAudioFile and BadParameters when opened.
    """

    def __init__(self, clip: SoundClip, *, all_channels: bool = False) -> None:
        """all_channels: leave surround as it is instead of mixing it for two speakers."""
        check_stretch(clip.start_s, clip.end_s)
        self._clip = clip
        self._container = open_media(clip.path, missing=BadAudioPath, broken=BadAudioFile)
        try:
            self._stream = _sound_track(clip, self._container)
            self._zero_s = timeline_zero_s(self._container)
            self._resampler: AudioResampler | None = None
            self._resampler_input: tuple[str, str, int] | None = None
            self._frames = self._decoded()
            self._first = next(self._frames, None)
            if self._first is None:
                raise self._nothing_decoded()
        except BaseException:
            self._container.close()
            raise
        self.sample_rate_hz = self._first.sample_rate
        layout = self._first.layout
        stereo = AudioLayout("stereo")
        self._layout = layout if all_channels or layout.nb_channels == 1 else stereo
        self.channels = self._layout.nb_channels

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._frames.close()
        self._container.close()

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """The stretch in order, float32 (channel, sample), -1 to 1; can be walked once.

        Raises SilentSound when the file has no sound in it, BadParameters when the stretch begins after
        the sound's end, TooLarge when it is longer than MAX_SOUND_S.
        """
        first = sample_index(self._clip.start_s, self.sample_rate_hz)
        end = None if self._clip.end_s is None else sample_index(self._clip.end_s, self.sample_rate_hz)
        position = 0
        for block in self._continuous():
            begin, position = position, position + block.shape[1]
            part = block[:, max(0, first - begin) : None if end is None else max(0, end - begin)]
            if part.shape[1]:
                yield part
            if end is not None and position >= end:
                return
            if position - first > MAX_SOUND_S * self.sample_rate_hz:
                raise TooLarge(
                    f"{self._clip.path.name} is longer than {MAX_SOUND_S / 3600:g} hours. "
                    "Choose a shorter stretch with start and end."
                )
        if position == 0:
            raise SilentSound
        if position <= first:
            raise BadParameters(
                f"The start ({self._clip.start_s:g} s) lies after the end of {self._clip.path.name}, "
                f"which lasts {position / self.sample_rate_hz:.2f} s."
            )

    def _continuous(self) -> Iterator[NDArray[np.float32]]:
        """Blocks without gaps or overlaps, from the moment a player would start."""
        rate = self.sample_rate_hz
        tolerance, longest_gap = round(_STEP_TOLERANCE_S * rate), round(_LONGEST_GAP_S * rate)
        position, clock_shift = 0, 0
        is_bare, is_counted = self._container.format.name in _BARE_FORMATS, False
        following: AudioFrame | None = self._first
        while following is not None:
            frame = following
            step = 0
            is_counted = is_counted or (is_bare and frame.sample_rate != rate)
            if frame.pts is not None and not is_counted:
                time_s = stream_time_s(frame.pts, self._stream) - self._zero_s
                step = round(time_s * rate) + clock_shift - position
            block = self._as_float(frame)
            if abs(step) > longest_gap:
                clock_shift -= step
            elif step > tolerance:
                yield np.zeros((self.channels, step), np.float32)
                position += step
            elif step < -tolerance or (position == 0 and step < 0):
                block = block[:, -step:]
            following = next(self._frames, None)
            if following is None:
                block = block[:, : self._samples_played(frame, block.shape[1])]
            position += block.shape[1]
            if block.shape[1]:
                yield block

    def _samples_played(self, last: AudioFrame, samples: int) -> int:
        """How many samples of the last frame are sound: the rest is padding that MP4 tells only by time."""
        if not last.duration:
            return samples
        played = round(stream_time_s(last.duration, self._stream) * self.sample_rate_hz)
        is_rounding = samples - played < _TIME_STAMP_STEP_S * self.sample_rate_hz
        return samples if is_rounding else played

    def _decoded(self) -> Generator[AudioFrame, None, None]:
        """Frames in order; damaged ones are left out, their time stays."""
        for packet in continuous_packets(self._container, self._stream, self._clip.path):
            try:
                frames = packet.decode()
            except av.FFmpegError:
                continue
            yield from (frame for frame in frames if frame.samples > 0 and frame.sample_rate in _RATES_HZ)

    def _as_float(self, frame: AudioFrame) -> NDArray[np.float32]:
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._resampler is None or kind != self._resampler_input:
            self._resampler = AudioResampler(format="flt", layout=self._layout, rate=self.sample_rate_hz)
            self._resampler_input = kind
        frame.pts = None
        try:
            # Packed, as PyAV reads no more than eight planes.
            parts = [
                part.to_ndarray().reshape(-1, self.channels).T for part in self._resampler.resample(frame)
            ]
        except (av.FFmpegError, ValueError) as error:  # a rate or layout that no sound has
            raise self._damaged() from error
        if not parts:
            return np.zeros((self.channels, 0), np.float32)
        return np.nan_to_num(np.concatenate(parts, axis=1).astype(np.float32, copy=False))

    def _nothing_decoded(self) -> BadAudioFile | SilentSound:
        has_packets = bool(self._stream.duration)
        if has_packets:
            return self._damaged()
        return SilentSound()

    def _damaged(self) -> BadAudioFile:
        return BadAudioFile(f"The sound of {self._clip.path.name} is damaged. Save it again as WAV or MP3.")


def sound_track(container: av.container.InputContainer) -> AudioStream | None:
    """The sound that a player plays: of those in a codec that is known the best; None where there is none."""
    best = container.streams.best("audio")
    tracks = [each for each in (best, *container.streams.audio) if isinstance(each, AudioStream)]
    known = [each for each in tracks if isinstance(each.codec_context, AudioCodecContext)]
    return next(iter(known or tracks), None)


def _sound_track(clip: SoundClip, container: av.container.InputContainer) -> AudioStream:
    stream = sound_track(container)
    if stream is not None:
        return stream
    if container.streams.video:
        raise BadAudioFile(f"The video {clip.path.name} has no sound. Choose a sound file or another video.")
    raise BadAudioFile(f"{clip.path.name} holds no sound. Choose a sound file.")
