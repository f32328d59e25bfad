"""A process that reads files as the products do and says what came of each, one line of JSON a file.

python -m tests.engine.media.fuzz.reading_process: paths come by standard input.
"""

from __future__ import annotations

import json
import resource
import sys
import traceback
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from lipwright.engine.errors import EngineError
from lipwright.engine.media.probe import probe_media, video_length_s
from lipwright.engine.media.reading.images import load_picture
from lipwright.engine.media.reading.sound import load_speech, probe_sound
from lipwright.engine.media.reading.video_reader import VideoReader
from lipwright.engine.media.values import SoundClip, VideoStretch
from lipwright.engine.media.writing.video_writer import VideoWriter

# What the address space may grow to before an allocation fails: above what is measured, for the machine.
ADDRESS_SPACE = 12 << 30
# Read of each file: enough to reach the damage in all of the small ones.
STRETCH_S, FRAMES = 1.0, 16


def read(path: Path) -> list[str]:
    """Everything that a product asks of a file; the codes of the errors that were told."""
    output = path.with_suffix(".copy.mkv")
    steps: tuple[Callable[[], object], ...] = (
        lambda: probe_media(path),
        lambda: video_length_s(path),
        lambda: load_picture(path),
        lambda: _frames(path),
        lambda: probe_sound(SoundClip(path=path)),
        lambda: load_speech(SoundClip(path=path, end_s=STRETCH_S)),
        lambda: _copied(path, output),
    )
    codes = []
    for step in steps:
        try:
            step()
        except EngineError as error:
            codes.append(error.code)
    output.unlink(missing_ok=True)
    return codes


def _frames(path: Path) -> None:
    with VideoReader(
        VideoStretch(path=path, end_s=STRETCH_S, max_frame_rate=Fraction(30)), keeps_alpha=True
    ) as reader:
        for count, frame in enumerate(reader, start=1):
            assert frame.i420.shape == (reader.size_wh[1] * 3 // 2, reader.size_wh[0])
            if count == FRAMES:
                return


def _copied(path: Path, output: Path) -> None:
    """A video with the sound and the tags of the file, as a lip sync writes it."""
    stretch = VideoStretch(path=path, end_s=STRETCH_S)
    with (
        VideoReader(stretch) as reader,
        VideoWriter(
            output,
            size_wh=reader.size_wh,
            frame_rate=reader.frame_rate,
            pixel_aspect=reader.pixel_aspect,
            colour=reader.colour,
            passthrough=stretch,
        ) as writer,
    ):
        for count, frame in enumerate(reader, start=1):
            writer.write(frame.i420)
            if count == FRAMES // 4:
                return


def main() -> None:
    """Answer every path until there are no more."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        answer: dict[str, object] = {"codes": [], "trace": None}
        try:
            answer["codes"] = read(Path(line.rstrip("\n")))
        except BaseException:
            answer["trace"] = traceback.format_exc()
        answer["peak_bytes"] = _peak_bytes()
        print(json.dumps(answer), flush=True)


def _peak_bytes() -> int:
    """The most memory that this process had. What getrusage says begins with that of the parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    (peak_kb,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(peak_kb) * 1024


if __name__ == "__main__":
    main()
