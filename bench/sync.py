"""How long a lip sync takes, by stage: `uv run python bench/sync.py [--quick] [--video FILE] [--mode MODE]`.

For every size and length it prints the seconds of each stage, of the whole, of a plain decoding and encoding
of the same clip in the same run, their ratio, the frames a second, and the peak memory. The clip is the
sample portrait, which speaks and moves its head; --video takes another one. Every measurement is a process of
its own, so that memory is not shared. Figures of a busy machine mean little: look at the ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

import lipwright
from lipwright.engine.media.reading.images import save_png
from lipwright.engine.media.reading.sound import write_wav
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.media.values import SoundClip
from lipwright.engine.media.writing.video_writer import VideoWriter
from lipwright.engine.pipelines.lip_sync.run import lip_sync
from lipwright.engine.pipelines.modes import LipSyncMode
from lipwright.engine.pipelines.options import LipSyncOptions, TalkingPhotoOptions
from lipwright.engine.pipelines.talking_photo import talking_photo
from lipwright.engine.progress import LIP_SYNC_SHARES, JobContext, ProgressEvent, Stage
from lipwright.engine.speech.voices.speak import speak

SIZES_WH = ((1280, 720), (1920, 1080))
LENGTHS_S, QUICK_LENGTHS_S = (10, 120), (4, 12)
FRAME_RATE = Fraction(30)
# The part of the portrait that is filmed: 16 by 9, the face a third of its height.
_PART = (slice(16, 304), slice(0, 512))
# Grain of a usual camera, levels: without it the encoder has nothing to do.
GRAIN = 2.5
# The clip is spoken once for so long and shown again and again.
SPOKEN_S = 4
TEXT = "She had your dark suit in greasy wash water all year, and my father may buy a map. "


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter clips")
    parser.add_argument("--video", type=Path, help="measure on this clip")
    parser.add_argument("--mode", default="standard", choices=list(LipSyncMode))
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        video, sound = map(Path, arguments.one)
        print(json.dumps(measure(video, sound, LipSyncMode(arguments.mode))))
        return
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, mode {arguments.mode}\n")
    names = ["clip", *(stage.value for stage in Stage), "all", "plain", "ratio", "frames/s", "MB", "plain MB"]
    print("| " + " | ".join(names) + " |")
    print("| --- |" + " ---: |" * (len(names) - 1))
    with tempfile.TemporaryDirectory() as folder:
        sound = make_sound(Path(folder) / "voice.wav", max(LENGTHS_S))
        for video, title in clips(arguments, Path(folder), sound):
            print_row(title, measured_apart(video, sound, arguments.mode))


def clips(arguments: argparse.Namespace, folder: Path, sound: Path) -> Sequence[tuple[Path, str]]:
    """The clips to measure on, with what to call them."""
    if arguments.video is not None:
        return [(arguments.video, arguments.video.name)]
    made = []
    for size_wh in SIZES_WH:
        spoken = make_clip(folder / f"spoken{size_wh[1]}.mp4", size_wh, sound)
        for length_s in QUICK_LENGTHS_S if arguments.quick else LENGTHS_S:
            repeated = repeat_clip(spoken, folder / f"clip{size_wh[1]}_{length_s}.mp4", length_s)
            made.append((repeated, f"{size_wh[1]}p, {length_s} s"))
    return made


def make_sound(path: Path, duration_s: float) -> Path:
    """A voice that goes on for so long."""
    spoken = speak(TEXT, "en-us-female")
    write_wav(
        path, np.resize(spoken.samples, round(duration_s * spoken.sample_rate_hz)), spoken.sample_rate_hz
    )
    return path


def make_clip(path: Path, size_wh: tuple[int, int], sound: Path) -> Path:
    """The sample portrait in this size, talking for SPOKEN_S."""
    portrait = Path(lipwright.__file__).parent / "samples" / "portrait.png"
    bgr = cv2.imread(str(portrait))
    assert bgr is not None
    rgb = cv2.resize(bgr[_PART][..., ::-1], size_wh, interpolation=cv2.INTER_CUBIC)
    grain = np.random.default_rng(0).normal(0, GRAIN, rgb.shape)
    picture = path.with_suffix(".png")
    save_png(picture, np.clip(rgb + grain, 0, 255).astype(np.uint8))
    voice = SoundClip(path=sound, end_s=float(SPOKEN_S))
    talking_photo(picture, voice, path, TalkingPhotoOptions(frame_rate=FRAME_RATE))
    return path


def repeat_clip(path: Path, output: Path, length_s: int) -> Path:
    """The clip forwards and backwards until it is this long: no jump, and no more cuts than a film has."""
    with VideoReader(path) as reader:
        frames = [frame.i420 for frame in reader]
        size_wh, frame_rate = reader.size_wh, reader.frame_rate
    turn = frames + frames[-2:0:-1]
    with VideoWriter(output, size_wh=size_wh, frame_rate=frame_rate) as writer:
        for index in range(round(length_s * frame_rate)):
            writer.write(turn[index % len(turn)])
    return output


def measured_apart(video: Path, sound: Path, mode: str) -> dict[str, float]:
    """The figures of a clip, measured in two fresh processes: the lip sync and the plain copy."""
    figures: dict[str, float] = {}
    for path in (sound, Path("-")):
        command = [sys.executable, __file__, "--mode", mode, "--one", str(video), str(path)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        figures |= json.loads(done.stdout)
    return figures


def measure(video: Path, sound: Path, mode: LipSyncMode) -> dict[str, float]:
    """Figures of this process, seconds and MB; a sound named - means the plain copy."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "out.mp4"
        if str(sound) == "-":
            return {"plain": copy_plainly(video, output), "plain MB": peak_mb()}
        seconds = dict.fromkeys(Stage, 0.0)
        last_s, stage = time.perf_counter(), Stage.READING

        def note(event: ProgressEvent) -> None:
            nonlocal last_s, stage
            now_s = time.perf_counter()
            seconds[stage] += now_s - last_s
            last_s, stage = now_s, event.stage

        context = JobContext(note, shares=LIP_SYNC_SHARES)
        report = lip_sync(video, SoundClip(path=sound), output, LipSyncOptions(mode=mode), context)
    figures = {"all": report.elapsed_s, "frames": report.frame_count, "MB": peak_mb()}
    return {stage.value: spent for stage, spent in seconds.items()} | figures


def copy_plainly(video: Path, output: Path) -> float:
    """Seconds to decode and encode a clip as the lip sync does, with nothing between."""
    started_s = time.perf_counter()
    with (
        VideoReader(video) as reader,
        VideoWriter(output, size_wh=reader.size_wh, frame_rate=reader.frame_rate) as writer,
    ):
        for frame in reader:
            writer.write(frame.i420)
    return time.perf_counter() - started_s


def peak_mb() -> float:
    """The most memory that this process has held; getrusage would count the parent's before exec."""
    line = next(
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
    )
    return int(line.split()[1]) / 1000


def print_row(title: str, figures: dict[str, float]) -> None:
    """One row of the table."""
    cells = [f"{figures[stage.value]:.1f}" for stage in Stage]
    cells += [f"{figures['all']:.1f}", f"{figures['plain']:.1f}", f"{figures['all'] / figures['plain']:.2f}"]
    cells += [
        f"{figures['frames'] / figures['all']:.1f}",
        f"{figures['MB']:.0f}",
        f"{figures['plain MB']:.0f}",
    ]
    print(f"| {title} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
