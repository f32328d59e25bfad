"""How quickly a photo speaks: `uv run python bench/talk.py [--quick]`.

Makes the sample portrait speak at several sizes and lengths, each in a process of its own, and prints for the
whole the frames a second, processor seconds and peak memory, and for each stage its seconds. Beside them, in
the same run: encoding as many frames of the picture as it is, and decoding and encoding the video that was
made. Figures of a busy machine mean little, so the load is printed, too.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lipwright.engine.media.pixels.planes import rgb_to_i420
from lipwright.engine.media.reading.sound import write_wav
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.media.values import SoundClip
from lipwright.engine.media.writing.video_writer import VideoWriter
from lipwright.engine.pipelines.options import TalkingPhotoOptions
from lipwright.engine.pipelines.talking_photo import talking_photo
from lipwright.engine.progress import JobContext, ProgressEvent, Stage
from lipwright.engine.speech.voices.speak import speak

PORTRAIT = Path(__file__).resolve().parent.parent / "src" / "lipwright" / "samples" / "portrait.png"
FRAME_RATE = Fraction(30)
SIZES_WH = {"512": (512, 512), "720p": (1280, 720), "1080p": (1920, 1080)}
LENGTHS_S = (15, 120)
SENTENCE = "The people of the small village by the sea made a big map of every path, bay and farm. "
WORK = ("talk", "encode", "recode")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One kind of work on one picture and sound.

    stages_s: seconds of each stage; empty for the yardsticks. peak_mb: of the whole process.
    """

    frames: int
    wall_s: float
    cpu_s: float
    peak_mb: float
    stages_s: dict[str, float]

    @property
    def frames_per_s(self) -> float:
        """Speed over all."""
        return self.frames / self.wall_s


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only 720p, 5 s of sound")
    parser.add_argument("--sizes", nargs="+", choices=SIZES_WH, default=list(SIZES_WH))
    parser.add_argument("--lengths", nargs="+", type=int, default=list(LENGTHS_S), help="seconds of sound")
    parser.add_argument("--one", nargs=3, metavar=("WORK", "FOLDER", "RESULT"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        measure(arguments.one[0], Path(arguments.one[1]), Path(arguments.one[2]))
        return
    sizes, lengths_s = (["720p"], [5]) if arguments.quick else (arguments.sizes, arguments.lengths)
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start, {FRAME_RATE} frames/s\n")
    print("| picture | sound | work | frames/s | wall | processor | peak memory | load |")
    print("| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |", flush=True)
    made: dict[tuple[str, int], dict[str, Result]] = {}
    for size in sizes:
        for length_s in lengths_s:
            made[size, length_s] = measure_case(size, length_s)
    print_stages(made)
    print_ratios(made, lengths_s)


def measure_case(size: str, length_s: int) -> dict[str, Result]:
    """All kinds of work for one picture and sound, a row printed for each."""
    results = {}
    with tempfile.TemporaryDirectory(prefix="lipwright-bench-") as name:
        folder = Path(name)
        write_inputs(folder, SIZES_WH[size], length_s)
        for work in WORK:
            results[work] = result = in_a_process(work, folder)
            print(
                f"| {size} | {length_s} s | {work} | {result.frames_per_s:.1f} | {result.wall_s:.1f} s "
                f"| {result.cpu_s:.1f} s | {result.peak_mb:.0f} MB | {os.getloadavg()[0]:.1f} |",
                flush=True,
            )
    return results


def write_inputs(folder: Path, size_wh: tuple[int, int], length_s: int) -> None:
    """The portrait, enlarged to the size's height and widened by its own edge, and speech of a length."""
    width, height = size_wh
    picture = cv2.resize(read_bgr(PORTRAIT), (height, height), interpolation=cv2.INTER_CUBIC)
    beside = (width - height) // 2
    cv2.imwrite(
        str(folder / "picture.png"),
        cv2.copyMakeBorder(picture, 0, 0, beside, width - height - beside, cv2.BORDER_REFLECT),
    )
    spoken = speak(SENTENCE * 3, "en-us-female")
    samples = np.resize(spoken.samples, length_s * spoken.sample_rate_hz)
    write_wav(folder / "voice.wav", samples, spoken.sample_rate_hz)


def read_bgr(path: Path) -> NDArray[np.uint8]:
    """A picture's pixels."""
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    assert bgr is not None
    return np.asarray(bgr, np.uint8)


def in_a_process(work: str, folder: Path) -> Result:
    """Do a piece of work in a process of its own, whose memory and processor time are its alone."""
    answer = folder / f"{work}.json"
    subprocess.run([sys.executable, __file__, "--one", work, str(folder), str(answer)], check=True)
    return Result(**json.loads(answer.read_text()))


def measure(work: str, folder: Path, answer: Path) -> None:
    """Do one piece of work and write down what it took."""
    works: dict[str, Callable[[Path, dict[str, float]], int]] = {
        "talk": talk,
        "encode": encode_still,
        "recode": decode_and_encode,
    }
    stages_s: dict[str, float] = {}
    before = resource.getrusage(resource.RUSAGE_SELF)
    started_s = time.perf_counter()
    frames = works[work](folder, stages_s)
    after = resource.getrusage(resource.RUSAGE_SELF)
    result = {
        "frames": frames,
        "wall_s": time.perf_counter() - started_s,
        "cpu_s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "peak_mb": after.ru_maxrss / 1024,
        "stages_s": stages_s,
    }
    answer.write_text(json.dumps(result))


def talk(folder: Path, stages_s: dict[str, float]) -> int:
    """The job itself."""
    entered: list[tuple[Stage, float]] = []

    def note(event: ProgressEvent) -> None:
        if not entered or entered[-1][0] is not event.stage:
            entered.append((event.stage, time.perf_counter()))

    report = talking_photo(
        folder / "picture.png",
        SoundClip(path=folder / "voice.wav"),
        folder / "talk.mp4",
        TalkingPhotoOptions(frame_rate=FRAME_RATE),
        JobContext(note),
    )
    ends_s = [begin_s for _, begin_s in entered[1:]] + [time.perf_counter()]
    stages_s.update(
        {stage.value: end_s - begin_s for (stage, begin_s), end_s in zip(entered, ends_s, strict=True)}
    )
    return report.frame_count


def encode_still(folder: Path, _stages_s: dict[str, float]) -> int:
    """The yardstick below which no video of this size can be made: the picture as it is, again and again."""
    bgr = read_bgr(folder / "picture.png")
    height, width = bgr.shape[:2]
    frame = rgb_to_i420(np.ascontiguousarray(bgr[..., ::-1]))
    voice = SoundClip(path=folder / "voice.wav")
    count = int(json.loads((folder / "talk.json").read_text())["frames"])
    with VideoWriter(
        folder / "still.mp4", size_wh=(width, height), frame_rate=FRAME_RATE, sound=voice
    ) as writer:
        for _ in range(count):
            writer.write(frame)
    return count


def decode_and_encode(folder: Path, _stages_s: dict[str, float]) -> int:
    """The yardstick of moving pictures: the video that was made, decoded and encoded."""
    count = 0
    with (
        VideoReader(folder / "talk.mp4") as reader,
        VideoWriter(
            folder / "again.mp4",
            size_wh=reader.size_wh,
            frame_rate=FRAME_RATE,
            sound=SoundClip(path=folder / "voice.wav"),
        ) as writer,
    ):
        for frame in reader:
            writer.write(frame.i420)
            count += 1
    return count


def print_stages(made: dict[tuple[str, int], dict[str, Result]]) -> None:
    """Where the time of the job goes."""
    print("\n| picture | sound | " + " | ".join(stage.value.replace("_", " ") for stage in Stage) + " |")
    print("| --- | ---: | " + " | ".join("---:" for _ in Stage) + " |")
    for (size, length_s), results in made.items():
        stages_s = results["talk"].stages_s
        cells = " | ".join(f"{stages_s.get(stage.value, 0):.2f} s" for stage in Stage)
        print(f"| {size} | {length_s} s | {cells} |")


def print_ratios(made: dict[tuple[str, int], dict[str, Result]], lengths_s: list[int]) -> None:
    """The job against the sound and against the yardsticks."""
    print(
        "\n| picture | sound | time / sound | processor / sound | time / encode | time / recode "
        "| memory / shortest |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for (size, length_s), results in made.items():
        job, shortest = results["talk"], made[size, min(lengths_s)]["talk"]
        print(
            f"| {size} | {length_s} s | {job.wall_s / length_s:.2f} | {job.cpu_s / length_s:.2f} "
            f"| {job.wall_s / results['encode'].wall_s:.2f} | {job.wall_s / results['recode'].wall_s:.2f} "
            f"| {job.peak_mb / shortest.peak_mb:.2f} |"
        )


if __name__ == "__main__":
    main()
