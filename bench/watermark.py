"""What the imperceptible mark survives: `uv run python bench/watermark.py ASSETS [--write]`.

Renders talking photos and lip syncs from the pictures, sounds and videos of a folder, each with a mark of its
own, does to each what platforms do, and counts how many are still recognised; then looks for marks in clips
that have none. --keep FOLDER holds renders and findings, so that a run that was cut off goes on. --write puts
the tables into docs/reference/watermark.md.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine import (
    EngineError,
    LipSyncOptions,
    SoundClip,
    TalkingPhotoOptions,
    Watermark,
    find_watermark,
    lip_sync,
    talking_photo,
)
from lipwright.engine.media.pixels.planes import split_planes
from lipwright.engine.media.reading.images import load_picture
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.media.values import VideoStretch
from lipwright.engine.watermark.embedding import WatermarkEmbedder

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "watermark.md"
MARK_OF_TABLES = "<!-- made by bench/watermark.py -->"
LENGTH_S = 4.5
FRAME_RATE = Fraction(25)
INSTALLATION = 0xA11CE5
# Longer side of the talking photos, in turn; 0 keeps the picture's own.
SIDES_PX = (640, 1280, 960, 1920, 720, 0)
# What becomes a lip sync must hold a person and be no smaller than 360 lines.
SHORTEST_SIDE_PX = 360
PHOTOS, OUTPUTS = 12, 20
CLEAN_CLIPS = 200
CLEAN_LENGTH_S = 1.0
SCREENSHOTS = 4

Frames = list[NDArray[np.uint8]]
Treatment = Callable[[Path, Path], Path | list[Path]]


def frames_of(path: Path) -> tuple[Frames, Fraction]:
    """All frames as I420, and their rate."""
    with VideoReader(path, looks_ahead=False) as reader:
        return [frame.i420 for frame in reader], reader.frame_rate


def write(path: Path, frames: Frames, rate: Fraction, *, bit_rate: int | None = None) -> Path:
    """H.264 as FFmpeg writes it when nobody says more, at its quality 23 or at a bit rate."""
    height, width = frames[0].shape[0] * 2 // 3, frames[0].shape[1]
    options = {"preset": "veryfast"} | ({} if bit_rate else {"crf": "23"})
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        if bit_rate:
            stream.bit_rate = bit_rate
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), "yuv420p")))
        container.mux(stream.encode(None))
    return path


def third(source: Path, target: Path) -> Path:
    """Encoded again at a third of the bit rate."""
    frames, rate = frames_of(source)
    bits = source.stat().st_size * 8 / float(len(frames) / rate)
    return write(target, frames, rate, bit_rate=int(bits / 3))


def scaled(by: float) -> Treatment:
    """Scaled, and encoded again."""

    def treat(source: Path, target: Path) -> Path:
        frames, rate = frames_of(source)
        way = cv2.INTER_AREA if by < 1 else cv2.INTER_CUBIC
        return write(target, [_scaled(frame, by, way) for frame in frames], rate)

    return treat


def _scaled(frame: NDArray[np.uint8], by: float, way: int) -> NDArray[np.uint8]:
    height, width = frame.shape[0] * 2 // 3, frame.shape[1]
    size_wh = (round(width * by / 2) * 2, round(height * by / 2) * 2)
    made = np.empty((size_wh[1] * 3 // 2, size_wh[0]), np.uint8)
    for new, old in zip(split_planes(made), split_planes(frame), strict=True):
        new[...] = cv2.resize(old, new.shape[::-1], interpolation=way)
    return made


def cropped(left: float, top: float, right: float, bottom: float) -> Treatment:
    """Cut by shares of its sides, and encoded again."""

    def treat(source: Path, target: Path) -> Path:
        frames, rate = frames_of(source)
        height, width = frames[0].shape[0] * 2 // 3, frames[0].shape[1]
        x0, x1 = int(width * left) // 2 * 2, int(width * (1 - right)) // 2 * 2
        y0, y1 = int(height * top) // 2 * 2, int(height * (1 - bottom)) // 2 * 2
        made = []
        for frame in frames:
            part = np.empty(((y1 - y0) * 3 // 2, x1 - x0), np.uint8)
            for level, (new, old) in enumerate(zip(split_planes(part), split_planes(frame), strict=True)):
                half = 2 if level else 1
                new[...] = old[y0 // half : y1 // half, x0 // half : x1 // half]
            made.append(part)
        return write(target, made, rate)

    return treat


def slowed(source: Path, target: Path) -> Path:
    """At 15 frames a second."""
    frames, rate = frames_of(source)
    count = int(len(frames) * 15 / rate)
    return write(target, [frames[int(place * rate / 15)] for place in range(count)], Fraction(15))


def muxed(source: Path, target: Path) -> Path:
    """The same packets in a Matroska file."""
    target = target.with_suffix(".mkv")
    with av.open(str(source)) as read, av.open(str(target), "w") as written:
        stream = written.add_stream_from_template(read.streams.video[0])
        for packet in read.demux(read.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                written.mux(packet)
    return target


def screenshots(suffix: str) -> Treatment:
    """Some frames as pictures."""

    def treat(source: Path, target: Path) -> list[Path]:
        frames, _ = frames_of(source)
        paths = []
        for place in np.linspace(0, len(frames) - 1, SCREENSHOTS).astype(int):
            paths.append(target.with_name(f"{target.stem}_{place}.{suffix}"))
            bgr = cv2.cvtColor(frames[place], cv2.COLOR_YUV2BGR_I420)
            cv2.imwrite(str(paths[-1]), bgr, [cv2.IMWRITE_JPEG_QUALITY, 85] if suffix == "jpg" else [])
        return paths

    return treat


def both(first: Treatment, second: Treatment) -> Treatment:
    """One after the other."""

    def treat(source: Path, target: Path) -> Path | list[Path]:
        between = first(source, target.with_name(f"{target.stem}_between.mp4"))
        assert isinstance(between, Path)
        return second(between, target)

    return treat


def untouched(source: Path, target: Path) -> Path:  # noqa: ARG001
    """As it was written."""
    return source


SINGLES: dict[str, Treatment] = {
    "as written": untouched,
    "a third of the bit rate": third,
    "scaled to 0.5": scaled(0.5),
    "scaled to 1.5": scaled(1.5),
    "a tenth cut off on the left": cropped(0.1, 0, 0, 0),
    "a tenth cut off above and on the right": cropped(0, 0.1, 0.1, 0),
    "15 frames a second": slowed,
    "in another container": muxed,
    "four screenshots, PNG": screenshots("png"),
    "four screenshots, JPEG": screenshots("jpg"),
}
PAIRS: dict[str, Treatment] = {
    "a third of the bit rate, a tenth cut off": both(third, cropped(0.1, 0, 0, 0)),
    "scaled to 0.75, a third of the bit rate": both(scaled(0.75), third),
    "scaled to 0.5, a tenth cut off": both(scaled(0.5), cropped(0, 0.1, 0, 0)),
    "a tenth cut off, screenshots in JPEG": both(cropped(0, 0, 0.1, 0), screenshots("jpg")),
    "15 frames a second, a third of the bit rate": both(slowed, third),
}


def render(assets: Path, folder: Path) -> list[Path]:
    """Talking photos and lip syncs with marks, in a folder that keeps them, without what cannot be made."""
    sounds = sorted(path for path in (assets / "audio").iterdir() if path.name[:3] in ("en_", "fr_", "es_"))
    photos, films = sorted((assets / "images").iterdir()), sorted((assets / "videos").iterdir())
    made: list[Path] = []
    for number, source in enumerate([*photos, *films]):
        if len(made) == (PHOTOS if source in photos else OUTPUTS):
            continue
        target = folder / f"{number:02d}_{source.stem}.mp4"
        sound = SoundClip(path=sounds[number % len(sounds)], start_s=0, end_s=LENGTH_S)
        mark = Watermark(installation=INSTALLATION, number=number)
        if not target.exists():
            try:
                if source in photos:
                    side = SIDES_PX[number % len(SIDES_PX)] or None
                    talking_photo(
                        source,
                        sound,
                        target,
                        TalkingPhotoOptions(frame_rate=FRAME_RATE, max_resolution_px=side, watermark=mark),
                    )
                else:
                    lip_sync(source, sound, target, LipSyncOptions(end_s=LENGTH_S, watermark=mark))
            except EngineError as error:
                print(f"{source.name}: {error.message}")
                continue
        with VideoReader(target, looks_ahead=False) as reader:
            if min(reader.size_wh) >= SHORTEST_SIDE_PX:
                made.append(target)
    return made


def survival(outputs: Sequence[Path], treatments: dict[str, Treatment], kept: Path) -> list[str]:
    """Rows of a table: how many of the outputs are recognised after each treatment."""
    rows = []
    for name, treat in treatments.items():
        results = {path: _recognised(path, name, treat, kept) for path in outputs}
        missed = ", ".join(path.stem.partition("_")[2] for path, found in results.items() if not found)
        rows.append(f"| {name} | {sum(results.values())} of {len(results)} | {missed} |")
        print(rows[-1], flush=True)
    return rows


def _recognised(path: Path, name: str, treat: Treatment, kept: Path) -> bool:
    known = json.loads(kept.read_text()) if kept.exists() else {}
    key = f"{path.name}: {name}"
    if key not in known:
        with tempfile.TemporaryDirectory() as folder:
            found = find_watermark(treat(path, Path(folder) / "treated.mp4"))
        number = int(path.name.partition("_")[0])
        right = found is not None and (found.installation, found.number) == (INSTALLATION, number)
        known = json.loads(kept.read_text()) if kept.exists() else {}
        kept.write_text(json.dumps({**known, key: right}))
        return right
    return bool(known[key])


def clean_clips(assets: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Clips without a mark: real ones cut from all videos of a folder, and synthetic ones."""
    count = 0
    for film in sorted(path for path in assets.rglob("*") if path.suffix in (".mp4", ".mpg")):
        for start in range(3):
            if count == CLEAN_CLIPS * 4 // 5:
                break
            clip = folder / "clean.mp4"
            try:
                with VideoReader(
                    VideoStretch(path=film, start_s=start * 2.0, end_s=start * 2 + CLEAN_LENGTH_S),
                    looks_ahead=False,
                ) as reader:
                    write(clip, [frame.i420 for frame in reader][::5], reader.frame_rate)
            except EngineError:
                break
            count += 1
            yield f"{film.name} {start}", clip
    random = np.random.default_rng(0)
    for number in range(CLEAN_CLIPS - count):
        yield f"synthetic {number}", write(folder / "clean.mp4", _synthetic(random), FRAME_RATE)


def _synthetic(random: np.random.Generator) -> Frames:
    """Noise, gratings, text or plain colours that move."""
    height, width = (int(side) * 2 for side in random.integers(120, 400, 2))
    rows, columns = np.mgrid[:height, :width]
    kind = int(random.integers(4))
    frames = []
    for step in range(5):
        luma = np.full((height, width), 128.0)
        if kind == 0:
            luma = cv2.GaussianBlur(
                random.normal(128, 60, (height, width)), (0, 0), float(random.uniform(0.5, 4))
            )
        if kind == 1:
            luma += 80 * np.sin(2 * np.pi * (columns + step) / 256 * 40) * np.sin(2 * np.pi * rows / 256 * 9)
        if kind == 2:
            for line in range(20, height, 24):
                words = "".join(chr(int(code)) for code in random.integers(33, 120, 60))
                cv2.putText(luma, words, (4 + step, line), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 20, 1)
        chroma = np.full((height // 2, width), 128, np.uint8)
        frames.append(np.concatenate([np.clip(luma, 0, 255).astype(np.uint8), chroma]))
    return frames


def false_alarms(assets: Path, kept: Path) -> tuple[int, int]:
    """How many clips without a mark were looked at, and in how many one was found."""
    with tempfile.TemporaryDirectory() as folder:
        for name, clip in clean_clips(assets, Path(folder)):
            known = json.loads(kept.read_text()) if kept.exists() else {}
            if name not in known:
                kept.write_text(json.dumps({**known, name: find_watermark(clip) is not None}))
    known = json.loads(kept.read_text())
    return len(known), sum(known.values())


def quality(assets: Path) -> tuple[float, float]:
    """The least and the mean PSNR of marked pictures, dB."""
    found = []
    for path in sorted((assets / "images").iterdir()):
        rgb = load_picture(path).rgb
        luma = np.array(cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV)[..., 0], np.uint8)
        marked = luma.copy()
        WatermarkEmbedder(Watermark(installation=1, number=1), (luma.shape[1], luma.shape[0])).mark(marked)
        found.append(10 * math.log10(255**2 / np.mean(np.square(marked.astype(np.float64) - luma))))
    return min(found), sum(found) / len(found)


def embedding_ms() -> float:
    """The time that marking a frame of 1080p takes on one core, ms, in the best second of ten.

    The best, as others use this machine as well; a second, as some frames take longer than others.
    """
    cv2.setNumThreads(1)
    noise = np.random.default_rng(0).integers(0, 255, (1080, 1920)).astype(np.uint8)
    frames = [np.asarray(cv2.blur(np.roll(noise, step, 1), (9, 9)), np.uint8) for step in range(24)]
    embedder, times = WatermarkEmbedder(Watermark(installation=1, number=1), (1920, 1080)), []
    for _ in range(10):
        copies = [frame.copy() for frame in frames]
        begun = time.perf_counter()
        for luma in copies:
            embedder.mark(luma)
        times.append((time.perf_counter() - begun) / len(frames))
    return min(times) * 1000


def main() -> None:
    """Measure and print, or write the page's tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assets", type=Path, help="a folder with images, audio and videos")
    parser.add_argument("--keep", type=Path, help="where renders and findings are kept")
    parser.add_argument("--write", action="store_true", help="write the tables into the page")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        kept = arguments.keep or Path(temporary)
        (kept / "outputs").mkdir(parents=True, exist_ok=True)
        outputs = render(arguments.assets, kept / "outputs")
        lines = ["| treatment | recognised | not |", "| --- | ---: | --- |"]
        lines += survival(outputs, SINGLES | PAIRS, kept / "survival.json")
        looked_at, found = false_alarms(arguments.assets, kept / "alarms.json")
    least_db, mean_db = quality(arguments.assets)
    lines += [
        "",
        "| what | figure |",
        "| --- | ---: |",
        f"| clips without a mark that were looked at | {looked_at} |",
        f"| of these, a mark found | {found} |",
        f"| PSNR of marked pictures, the least | {least_db:.1f} dB |",
        f"| PSNR of marked pictures, mean | {mean_db:.1f} dB |",
        f"| time to mark a frame of 1080p, one core | {embedding_ms():.1f} ms |",
    ]
    print("\n".join(lines))
    if arguments.write:
        text = PAGE.read_text(encoding="utf-8").partition(MARK_OF_TABLES)[0]
        PAGE.write_text(f"{text}{MARK_OF_TABLES}\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
