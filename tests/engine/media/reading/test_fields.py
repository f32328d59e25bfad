"""Interlaced films come out in whole frames at their own rate; what is whole already is not touched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.filter import Graph
from av.video.stream import VideoStream
from numpy.typing import NDArray

from lipwright.engine.media.pixels.planes import split_planes
from lipwright.engine.media.reading.video_reader import INTERLACED_WARNING, VideoReader
from tests.support.pictures import psnr_db

Grey = NDArray[np.uint8]
RATE = Fraction(25)
SIZE_WH = (256, 192)
COUNT = 16
# Fields a second are twice the frames; between two of them this many pixels.
STEP_PX = 4
# Share of pixels that lie on one side of both rows beside them. A deinterlacer leaves less than a tenth.
TOOTH = 12
# As good as FFmpeg's filter alone is on moving edges; lines of the other moment make it 20.
LIKE_THE_MOMENT_DB = 40.0


@pytest.fixture(scope="module")
def texture() -> Grey:
    """Blotches with the edges of a lens, wider than a frame, as faces and clothes have them."""
    noise = np.random.default_rng(3).integers(0, 256, (24, 64), dtype=np.uint8)
    large = cv2.resize(noise, (640, SIZE_WH[1]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.GaussianBlur(np.where(large > 128, 190.0, 60.0), (0, 0), 1.5), np.uint8)


def moved(texture: Grey, moment: int) -> Grey:
    """What a camera that pans sees at a moment, in fields."""
    begin = moment * STEP_PX
    return texture[:, begin : begin + SIZE_WH[0]]


def woven(first: Grey, second: Grey, order: str) -> Grey:
    """A frame of two moments."""
    frame = first.copy()
    begin = 1 if order == "tff" else 0
    frame[begin::2] = second[begin::2]
    return frame


def film(
    path: Path,
    frames: Sequence[Grey],
    codec: str,
    *,
    flag: str,
    pixel_format: str = "yuv420p",
    options: dict[str, str] | None = None,
) -> Path:
    """A film of grey frames that are flagged as tff, bff or prog."""
    height, width = frames[0].shape
    graph = Graph()
    source = graph.add_buffer(width=width, height=height, format=av.VideoFormat("gray"), time_base=1 / RATE)
    turn = graph.add("format", f"pix_fmts={pixel_format}")
    mark, sink = graph.add("setfield", f"mode={flag}"), graph.add("buffersink")
    source.link_to(turn)
    turn.link_to(mark)
    mark.link_to(sink)
    graph.configure()
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE, options=options or {})
        assert isinstance(stream, VideoStream)
        (stream.width, stream.height), stream.pix_fmt = (width, height), pixel_format
        for index, grey in enumerate(frames):
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(grey), format="gray")
            picture.pts, picture.time_base = index, 1 / RATE
            graph.vpush(picture)
            container.mux(stream.encode(graph.vpull()))
        container.mux(stream.encode(None))
    return path


def h264(path: Path, frames: Sequence[Grey], flag: str, *, says: str | None = None) -> Path:
    """says: what the stream says of fields, where that is not true."""
    said = says or flag
    fields = {} if said == "prog" else {"flags": "+ildct+ilme", "x264-params": f"{said}=1"}
    return film(path, frames, "libx264", flag=said, options={"crf": "8", **fields})


def shown(path: Path) -> tuple[list[Grey], VideoReader]:
    with VideoReader(path) as reader:
        frames = [split_planes(frame.i420)[0].copy() for frame in reader]
    return frames, reader


def teeth(frames: Sequence[Grey]) -> float:
    """Share of pixels of combs, the mean over frames."""
    shares = []
    for frame in frames:
        rows = frame.astype(np.int16)
        above, below = rows[1:-1] - rows[:-2], rows[1:-1] - rows[2:]
        shares.append((((above > TOOTH) & (below > TOOTH)) | ((above < -TOOTH) & (below < -TOOTH))).mean())
    return float(np.mean(shares))


def fields(texture: Grey, order: str) -> list[Grey]:
    return [woven(moved(texture, 2 * index), moved(texture, 2 * index + 1), order) for index in range(COUNT)]


def check_whole(path: Path, texture: Grey, combed: Sequence[Grey]) -> None:
    frames, reader = shown(path)
    assert len(frames) == COUNT
    assert reader.frame_rate == RATE
    assert INTERLACED_WARNING in reader.warnings
    assert teeth(frames) < teeth(combed) / 10
    for index, frame in enumerate(frames[1:-1], start=1):
        # Frames are of the moment of their first field. Grey is stored within 16 to 235.
        wanted = (moved(texture, 2 * index) * (219 / 255) + 16).astype(np.uint8)
        assert psnr_db(frame, wanted) > LIKE_THE_MOMENT_DB


@pytest.mark.parametrize("order", ["tff", "bff"])
@pytest.mark.parametrize("name", ["v.mp4", "v.mkv", "v.ts"])
def test_h264_in_fields_comes_in_whole_frames_at_its_own_rate(
    tmp_path: Path, texture: Grey, name: str, order: str
) -> None:
    combed = fields(texture, order)
    check_whole(h264(tmp_path / name, combed, order), texture, combed)


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format", "options"),
    [
        ("v.mpg", "mpeg2video", "yuv420p", {"flags": "+ildct+ilme", "qmin": "1", "qmax": "2", "b": "20M"}),
        ("v.mov", "prores_ks", "yuv422p10le", {"flags": "+ildct+ilme"}),
        ("v.mkv", "ffv1", "yuv420p", {}),
    ],
)
def test_other_codecs_in_fields_come_in_whole_frames(
    tmp_path: Path, texture: Grey, name: str, codec: str, pixel_format: str, options: dict[str, str]
) -> None:
    combed = fields(texture, "tff")
    path = film(tmp_path / name, combed, codec, flag="tff", pixel_format=pixel_format, options=options)
    check_whole(path, texture, combed)


def test_dv_in_fields_comes_in_whole_frames(tmp_path: Path, texture: Grey) -> None:
    large = [
        cv2.resize(moved(texture, moment), (720, 576), interpolation=cv2.INTER_NEAREST)
        for moment in range(2 * COUNT)
    ]
    combed = [
        woven(np.asarray(large[2 * index], np.uint8), np.asarray(large[2 * index + 1], np.uint8), "bff")
        for index in range(COUNT)
    ]
    frames, reader = shown(film(tmp_path / "v.avi", combed, "dvvideo", flag="bff"))
    assert INTERLACED_WARNING in reader.warnings
    assert len(frames) == COUNT
    assert teeth(frames) < teeth(combed) / 10


def test_lips_alone_that_move_in_fields_are_made_whole(tmp_path: Path, texture: Grey) -> None:
    still = moved(texture, 0)

    def speaking(moment: int) -> Grey:
        frame = still.copy()
        frame[96:136, 100:164] = moved(texture, moment)[96:136, 100:164]
        return frame

    combed = [woven(speaking(2 * index), speaking(2 * index + 1), "tff") for index in range(COUNT)]
    frames, reader = shown(h264(tmp_path / "v.mp4", combed, "tff"))
    assert INTERLACED_WARNING in reader.warnings
    lips = [frame[96:136, 100:164] for frame in combed]
    assert teeth([frame[96:136, 100:164] for frame in frames]) < teeth(lips) / 5


@pytest.mark.parametrize("says", ["tff", "bff"])
def test_a_whole_film_that_is_only_flagged_as_interlaced_is_not_touched(
    tmp_path: Path, texture: Grey, says: str
) -> None:
    # Fine detail is what a filter would take away.
    grain = np.random.default_rng(5).integers(-8, 9, SIZE_WH[::-1])
    whole = [(moved(texture, 2 * index) + grain).astype(np.uint8) for index in range(COUNT)]
    path = h264(tmp_path / "v.mp4", whole, "prog", says=says)
    frames, reader = shown(path)
    assert reader.warnings == ()
    with av.open(str(path)) as container:
        stored = [frame.to_ndarray()[: SIZE_WH[1]] for frame in container.decode(video=0)]
    assert all((frame == wanted).all() for frame, wanted in zip(frames, stored, strict=True))


def test_of_a_telecined_film_the_whole_frames_stay_and_the_combed_ones_are_made_whole(
    tmp_path: Path, texture: Grey
) -> None:
    # Four frames of film become five: two of them are woven.
    pattern: tuple[Callable[[int], Grey], ...] = (
        lambda at: moved(texture, 2 * at),
        lambda at: moved(texture, 2 * at + 2),
        lambda at: woven(moved(texture, 2 * at + 2), moved(texture, 2 * at + 4), "tff"),
        lambda at: woven(moved(texture, 2 * at + 4), moved(texture, 2 * at + 6), "tff"),
        lambda at: moved(texture, 2 * at + 6),
    )
    told = [each(4 * group) for group in range(3) for each in pattern]
    frames, reader = shown(h264(tmp_path / "v.mp4", told, "tff"))
    assert INTERLACED_WARNING in reader.warnings
    for index, (frame, source) in enumerate(zip(frames, told, strict=True)):
        kept = psnr_db(frame, (source * (219 / 255) + 16).astype(np.uint8)) > 40
        assert kept == (index % 5 not in (2, 3)), index
    assert teeth(frames) < teeth(told) / 5


@pytest.mark.parametrize("order", ["tff", "bff"])
def test_a_combed_film_that_says_it_is_whole_is_made_so_all_the_same(
    tmp_path: Path, texture: Grey, order: str
) -> None:
    combed = fields(texture, order)
    check_whole(h264(tmp_path / "v.mp4", combed, order, says="prog"), texture, combed)


def test_lines_that_are_drawn_are_no_fields(tmp_path: Path, texture: Grey) -> None:
    lined = []
    for index in range(COUNT):
        frame = moved(texture, 2 * index).copy()
        frame[::2] //= 2
        lined.append(frame)
    frames, reader = shown(h264(tmp_path / "v.mp4", lined, "prog"))
    assert reader.warnings == ()
    assert teeth(frames) > 0.5


def test_films_in_fields_and_whole_ones_in_one_file_are_each_taken_as_they_are(
    tmp_path: Path, texture: Grey
) -> None:
    combed, whole = fields(texture, "tff"), [moved(texture, 2 * index) for index in range(COUNT)]
    pieces = [h264(tmp_path / "0.ts", combed, "tff"), h264(tmp_path / "1.ts", whole, "prog")]
    path = tmp_path / "joined.ts"
    path.write_bytes(b"".join(piece.read_bytes() for piece in pieces))
    frames, _ = shown(path)
    assert len(frames) == 2 * COUNT
    assert teeth(frames[:COUNT]) < teeth(combed) / 10
    for frame, wanted in zip(frames[COUNT:], whole, strict=True):
        assert psnr_db(frame, (wanted * (219 / 255) + 16).astype(np.uint8)) > 40


def test_a_stretch_of_a_film_in_fields_has_the_frames_of_its_time(tmp_path: Path, texture: Grey) -> None:
    path = h264(tmp_path / "v.mp4", fields(texture, "tff"), "tff")
    whole, _ = shown(path)
    with VideoReader(path, first_frame=9) as reader:
        part = [split_planes(frame.i420)[0] for frame in reader]
    assert len(part) == COUNT - 9
    assert all(psnr_db(one, other) > 30 for one, other in zip(part, whole[9:], strict=True))
