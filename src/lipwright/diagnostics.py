"""Tries every part of Lipwright on this machine and finds whether it works.

Each part is really used, not only looked for: a library that is there may still not load.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from lipwright import __version__
from lipwright.engine.cpu import usable_processors

# A minute of 1080p takes about 20 MB and its parts as much again; below this a long job may not end well.
LOW_DISK_BYTES = 1_000_000_000
# A talking photo at 1080p needs about half of this.
LOW_MEMORY_BYTES = 1_500_000_000


class Outcome(StrEnum):
    """The result of trying a part."""

    WORKS = "works"
    NOTE = "note"
    ABSENT = "absent"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One part. ABSENT is for optional parts, BROKEN for needed ones, NOTE for what may matter."""

    part: str
    outcome: Outcome
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A library: the module to import, the distribution to install, and the extra of Lipwright with it.

    extra: None for what the engine cannot do without.
    """

    module: str
    distribution: str
    extra: str | None = None


LIBRARIES = (
    Library(module="av", distribution="av"),
    Library(module="numpy", distribution="numpy"),
    Library(module="scipy", distribution="scipy"),
    Library(module="cv2", distribution="opencv-python-headless"),
    Library(module="PIL", distribution="pillow"),
    Library(module="pillow_heif", distribution="pillow-heif"),
    Library(module="onnxruntime", distribution="onnxruntime"),
    Library(module="pocketsphinx", distribution="pocketsphinx"),
    Library(module="webrtcvad", distribution="webrtcvad-wheels"),
    Library(module="hibari", distribution="hibari-tts"),
    Library(module="py3langid", distribution="py3langid"),
    Library(module="soxr", distribution="soxr"),
    Library(module="c2pa", distribution="c2pa-python"),
    Library(module="cryptography", distribution="cryptography"),
    Library(module="espeakng_loader", distribution="espeakng-loader", extra="voice"),
    Library(module="fastapi", distribution="fastapi", extra="server"),
    Library(module="dbos", distribution="dbos", extra="server"),
    Library(module="yt_dlp", distribution="yt-dlp", extra="youtube"),
)


Attempt = Callable[[], "str | Finding"]
"""Uses a part; returns its finding, or the detail of one that works. Raises what goes wrong."""


def examine(
    libraries: Sequence[Library] = LIBRARIES, parts: Mapping[str, Attempt] | None = None
) -> Iterator[Finding]:
    """Try the machine, the libraries and the parts of the engine, one after the other.

    parts: by name; those of `engine_parts` when absent.
    """
    yield Finding(part="lipwright", outcome=Outcome.WORKS, detail=f"{__version__} in {_package_folder()}")
    yield _python()
    yield _processor()
    yield _memory()
    for library in libraries:
        yield try_library(library)
    for part, attempt in (engine_parts() if parts is None else parts).items():
        yield try_part(part, attempt)
    yield _disk("working folder", Path.cwd())
    yield _disk("temporary folder", Path(tempfile.gettempdir()))


def engine_parts() -> dict[str, Attempt]:
    """The parts of the engine by name, each with what uses it."""
    return {
        "face models": _face_models,
        "speech recognizer": _recognizer,
        "voices": _voices,
        "video formats": _formats,
    }


def try_part(part: str, attempt: Attempt) -> Finding:
    """The finding of an attempt: its own, WORKS with the detail that it returns, or BROKEN with its error."""
    try:
        result = attempt()
        if isinstance(result, Finding):
            return result
        return Finding(part=part, outcome=Outcome.WORKS, detail=result)
    except Exception as error:  # whatever goes wrong is the finding
        return Finding(part=part, outcome=Outcome.BROKEN, detail=f"{type(error).__name__}: {error}")


def _python() -> Finding:
    version = platform.python_version()
    fits = (3, 11) <= sys.version_info[:2] <= (3, 13)
    detail = f"{version} on {platform.system()} {platform.machine()}"
    return Finding(
        part="Python",
        outcome=Outcome.WORKS if fits else Outcome.BROKEN,
        detail=detail if fits else f"{detail}; use 3.11, 3.12 or 3.13",
    )


def _processor() -> Finding:
    usable = usable_processors()
    enough = usable > 1
    note = "" if enough else "; with a single core rendering and encoding take turns"
    return Finding(
        part="processor",
        outcome=Outcome.WORKS if enough else Outcome.NOTE,
        detail=f"{usable} cores{note}",
    )


def _memory() -> Finding:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return Finding(part="memory", outcome=Outcome.NOTE, detail="unknown on this system")
    low = total < LOW_MEMORY_BYTES
    detail = f"{total / 1e9:.1f} GB{'; large pictures may not fit' if low else ''}"
    return Finding(part="memory", outcome=Outcome.NOTE if low else Outcome.WORKS, detail=detail)


def try_library(library: Library) -> Finding:
    """Import a library. ABSENT when it belongs to an extra and is not installed."""
    part = f"library {library.distribution}"
    if library.extra is not None and importlib.util.find_spec(library.module) is None:
        detail = f"pip install 'lipwright[{library.extra}]' brings it"
        return Finding(part=part, outcome=Outcome.ABSENT, detail=detail)
    return try_part(part, partial(_load, library))


def _load(library: Library) -> str:
    importlib.import_module(library.module)
    return importlib.metadata.version(library.distribution)


def _face_models() -> str:
    import numpy as np

    from lipwright.engine.face.find.landmarks import find_faces

    found = find_faces(np.full((128, 128, 3), 128, np.uint8))
    if found:
        raise RuntimeError("a face was found in a grey picture; reinstall lipwright")
    return "load and run"


def _recognizer() -> str:
    import numpy as np

    from lipwright.engine.media.values import SPEECH_RATE_HZ, SpeechSound
    from lipwright.engine.speech.align.recognize import recognize_phones

    recognize_phones(SpeechSound(samples=np.zeros(SPEECH_RATE_HZ // 2, np.float32)))
    return "loads and listens"


def _voices() -> Finding:
    from lipwright.engine.speech.voices.speak import list_voices, speak

    available = [voice for voice in list_voices() if voice.is_available]
    if not available:
        return Finding(
            part="voices",
            outcome=Outcome.ABSENT,
            detail="none is installed; `lipwright voices` says what each needs",
        )
    spoken = speak("Hello.", available[0].name)
    return Finding(
        part="voices",
        outcome=Outcome.WORKS,
        detail=f"{len(available)} speak; {available[0].name} said a word of {spoken.duration_s:.1f} s",
    )


def _formats() -> str:
    from fractions import Fraction

    import numpy as np

    from lipwright.engine.media.pixels.planes import rgb_to_i420
    from lipwright.engine.media.reading.sound import write_wav
    from lipwright.engine.media.values import SPEECH_RATE_HZ, Container, SoundClip
    from lipwright.engine.media.writing.video_writer import VideoWriter

    frame = rgb_to_i420(np.full((64, 64, 3), 128, np.uint8))
    with tempfile.TemporaryDirectory() as folder:
        sound = SoundClip(path=Path(folder, "silence.wav"))
        write_wav(sound.path, np.zeros(SPEECH_RATE_HZ // 5, np.float32), SPEECH_RATE_HZ)
        for container in Container:
            target = Path(folder, f"try.{container}")
            heard = None if container is Container.GIF else sound
            with VideoWriter(
                target, size_wh=(64, 64), frame_rate=Fraction(10), container=container, sound=heard
            ) as writer:
                for _ in range(2):
                    writer.write(frame)
    return f"wrote {', '.join(Container)}"


def _disk(part: str, folder: Path) -> Finding:
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Finding(part=part, outcome=Outcome.BROKEN, detail=f"{folder}: {error.strerror}")
    if not os.access(folder, os.W_OK):
        return Finding(part=part, outcome=Outcome.NOTE, detail=f"{folder} may not be written to")
    low = free < LOW_DISK_BYTES
    return Finding(
        part=part,
        outcome=Outcome.NOTE if low else Outcome.WORKS,
        detail=f"{folder}, {free / 1e9:.1f} GB free",
    )


def _package_folder() -> Path:
    return Path(__file__).resolve().parent
