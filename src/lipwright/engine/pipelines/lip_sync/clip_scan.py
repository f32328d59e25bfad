"""The first pass over a clip: what its frames are, and who is in it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from fractions import Fraction

from lipwright.engine.errors import BadVideoFile, NoFaceFound
from lipwright.engine.face.follow.track import track_faces
from lipwright.engine.face.values import ClipFaces
from lipwright.engine.media.pixels.colour import ColourProperties
from lipwright.engine.media.reading.frame_views import frame_views
from lipwright.engine.media.reading.ping_pong import ping_pong_frames
from lipwright.engine.media.reading.video_reader import ClipFrame, VideoReader
from lipwright.engine.media.values import VideoStretch
from lipwright.engine.progress import JobContext, Stage


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClipScan:
    """A clip whose every frame was searched for faces.

    size_wh, frame_rate, frame_count, colour, pixel_aspect: of the frames that come out. has_transparency:
    whether one is transparent somewhere. warnings: what had to be changed.
    """

    stretch: VideoStretch
    size_wh: tuple[int, int]
    frame_rate: Fraction
    frame_count: int
    colour: ColourProperties
    pixel_aspect: Fraction
    faces: ClipFaces
    has_transparency: bool
    warnings: tuple[str, ...]

    @property
    def duration_s(self) -> float:
        """Length of the output."""
        return float(self.frame_count / self.frame_rate)

    def reader(self, first_frame: int = 0) -> VideoReader:
        """A new walk through the same frames, from one of them on."""
        return VideoReader(self.stretch, first_frame=first_frame)

    def frames(self, shown_count: int, *, keeps_alpha: bool = False) -> Generator[ClipFrame]:
        """The frames of the output; where it has more than the clip, forwards and backwards by turns.

        keeps_alpha: with their opacity, instead of on white where they are transparent.
        """

        def opened(first_frame: int) -> VideoReader:
            return VideoReader(self.stretch, first_frame=first_frame, keeps_alpha=keeps_alpha)

        return ping_pong_frames(opened, self.frame_count, shown_count)


def scan_clip(stretch: VideoStretch, context: JobContext) -> ClipScan:
    """Search a clip for faces. Raises what VideoReader raises, NoFaceFound, and Cancelled."""
    with VideoReader(stretch) as reader:
        context.enter(Stage.FINDING_FACE, reader.frame_count)
        faces = track_faces(frame_views(reader), reader.frame_rate, context)
        warnings = list(reader.warnings)
        if reader.damaged_frames:
            warnings.append(f"{reader.damaged_frames} damaged frames show the frames before them.")
        clip = ClipScan(
            stretch=stretch,
            size_wh=reader.size_wh,
            frame_rate=reader.frame_rate,
            frame_count=faces.frame_count,
            colour=reader.colour,
            pixel_aspect=reader.pixel_aspect,
            faces=faces,
            has_transparency=reader.has_transparency,
            warnings=tuple(warnings),
        )
    if not clip.frame_count:
        raise BadVideoFile(
            f"{stretch.path.name} holds no frames that can be decoded. Save it again as MP4 (H.264)."
        )
    if not faces.tracks:
        raise NoFaceFound("No face was found in the video. Use one that shows a face from the front.")
    return clip
