"""English by the voices of Flite: three of them are models of real speakers, and all know their timing.

Debian's package flite; nothing of it is part of Lipwright.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.media.values import SPEECH_RATE_HZ
from lipwright.engine.speech.phones import SILENCE, SYMBOLS, fill_timeline
from lipwright.engine.speech.values import Phone, PhoneTimeline
from training.labels import labels_of
from training.recordings import read_sound
from training.spoken_corpus import Utterance, label_rows

# Minutes of each voice: two men and a woman, and one built of single sounds, which is heard to be a machine.
MINUTES = {"awb": 14.0, "rms": 14.0, "slt": 14.0, "kal16": 8.0}
# Slowest and fastest, as shares of the voice's own durations.
STRETCH_RANGE = (0.85, 1.25)
SHORTEST_S, LONGEST_S = 1.0, 30.0
# Flite's names where they are not those of the project.
_SYMBOLS = {"pau": SILENCE, "ssil": SILENCE, "ax": "AH", "axr": "ER", "ix": "IH"}


def flite_speech(debian_path: Path, texts: Sequence[str], seed: int) -> Iterator[Utterance]:
    """Pairs of texts by every voice in turn. Raises CalledProcessError when Flite cannot speak."""
    rng = np.random.default_rng(seed)
    for voice, minutes in MINUTES.items():
        left_s = 60 * minutes
        while left_s > 0:
            text = " ".join(texts[place] for place in rng.integers(0, len(texts), 2))
            samples, timeline = speak(debian_path, text, voice, float(rng.uniform(*STRETCH_RANGE)))
            length_s = len(samples) / SPEECH_RATE_HZ
            if SHORTEST_S < length_s < LONGEST_S:
                left_s -= length_s
                yield Utterance(samples=samples, labels=labels_of(timeline, label_rows(samples)))


def speak(
    debian_path: Path, text: str, voice: str, stretch: float
) -> tuple[NDArray[np.float32], PhoneTimeline]:
    """A text by a voice, and when each of its phones sounds."""
    (libraries,) = (debian_path / "usr" / "lib").glob("*-linux-gnu")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        command: list[str | Path] = [debian_path / "usr" / "bin" / "flite", "-voice", voice, "-psdur"]
        command += ["--setf", f"duration_stretch={stretch}", "-t", text, "-o", path]
        told = subprocess.run(
            command, env={"LD_LIBRARY_PATH": str(libraries)}, capture_output=True, text=True, check=True
        ).stdout
        samples = read_sound(path)
    phones: list[Phone] = []
    now_s = 0.0
    for word in told.split():
        name, end = word.rsplit(":", 1)
        symbol = _SYMBOLS.get(name, name.upper())
        if symbol not in SYMBOLS:
            raise ValueError(f"Flite told a phone that is not known here: {name}")
        phones.append(Phone(symbol=symbol, start_s=now_s, end_s=float(end)))
        now_s = float(end)
    return samples, fill_timeline(phones, len(samples) / SPEECH_RATE_HZ)
