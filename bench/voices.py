"""How well the voices speak: understood words, speed, and when each sound is heard; a table for the page.

    python -m bench.voices                         every voice that is here of those below
    python -m bench.voices --voice en-us-heart
    python -m bench.voices --write                 put the table into docs/reference/voices.md

Each voice says the sentences of bench/voice_sentences.txt. Words are understood by the recognizer in the
wheel of pocketsphinx, which knows people and makes mistakes of its own: a recording of a person whose words
are known (--human SOUND WORDS, a file each) shows how many.
"""

from __future__ import annotations

import argparse
import difflib
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soxr

from lipwright.engine.articulation.articulate import articulate
from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.errors import BadTranscript
from lipwright.engine.media.reading.sound import load_speech
from lipwright.engine.media.values import SPEECH_RATE_HZ, SoundClip, SpeechSound
from lipwright.engine.speech.activity import detect_activity
from lipwright.engine.speech.align.decoder import make_decoder, model_path, pcm_of
from lipwright.engine.speech.align.transcript import align_transcript
from lipwright.engine.speech.phones import BILABIAL, SILENCE
from lipwright.engine.speech.values import PhoneTimeline, SpokenText
from lipwright.engine.speech.voices.speak import list_voices, speak

PROJECT = Path(__file__).resolve().parents[1]
SENTENCES = PROJECT / "bench" / "voice_sentences.txt"
PAGE = PROJECT / "docs" / "reference" / "voices.md"
BEGIN, END = "<!-- figures of bench/voices.py -->", "<!-- end of the figures -->"
# Below this share of its range a mouth is seen to be shut.
SHUT_APERTURE = 0.05
ESPEAK_VOICES = ("en-us-female", "en-us-male")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of one voice. word_errors: share. times_ms: median and 95th percentile against forced alignment."""

    name: str
    word_errors: float
    real_time: float | None = None
    times_ms: tuple[float, float] | None = None
    closed: float | None = None

    @property
    def row(self) -> str:
        """The row of the table."""
        speed = "" if self.real_time is None else f"{1 / self.real_time:.0f} times"
        times = "" if self.times_ms is None else f"{self.times_ms[0]:.0f} / {self.times_ms[1]:.0f} ms"
        closed = "" if self.closed is None else f"{100 * self.closed:.1f} %"
        return f"| {self.name} | {100 * self.word_errors:.0f} % | {speed} | {times} | {closed} |"


def measure_voice(name: str, sentences: Sequence[str]) -> Figures:
    """Let a voice say all sentences."""
    speak("Ready.", name)
    errors = words = closures = closed = 0.0
    misses: list[float] = []
    speaking_s = sound_s = 0.0
    for sentence in sentences:
        began_s = time.perf_counter()
        spoken = speak(sentence, name)
        speaking_s += time.perf_counter() - began_s
        sound_s += spoken.duration_s
        sound = heard(spoken)
        wrong, count = word_errors(sound, sentence)
        errors, words = errors + wrong, words + count
        misses += start_misses_s(spoken.phones, sound, sentence)
        curves = articulate(sound, detect_activity(sound), spoken.phones)
        gap = curves.channel(Mouth.APERTURE)
        for phone in spoken.phones.phones:
            if phone.symbol in BILABIAL:
                during = gap[round(phone.start_s * CURVE_RATE_HZ) : round(phone.end_s * CURVE_RATE_HZ) + 1]
                closures += 1
                closed += float(during.min()) < SHUT_APERTURE
    times = np.abs(misses) * 1000
    return Figures(
        name=f"`{name}`",
        word_errors=errors / words,
        real_time=speaking_s / sound_s,
        times_ms=(float(np.median(times)), float(np.percentile(times, 95))),
        closed=closed / closures,
    )


def measure_recording(path: Path, words: str) -> Figures:
    """How well the recognizer understands a person."""
    wrong, count = word_errors(load_speech(SoundClip(path=path)), words)
    return Figures(name=f"a person ({path.name})", word_errors=wrong / count)


def heard(spoken: SpokenText) -> SpeechSound:
    """What a listener hears."""
    samples = soxr.resample(spoken.samples, spoken.sample_rate_hz, SPEECH_RATE_HZ).astype(np.float32)
    return SpeechSound(samples=samples)


def word_errors(sound: SpeechSound, text: str) -> tuple[float, int]:
    """Words that are missing, added or wrong in what the recognizer understands, and how many there are."""
    decoder = recognizer()
    decoder.start_utt()
    decoder.process_raw(pcm_of(sound.samples), full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    understood = bare_words(found.hypstr if found else "")
    said = bare_words(text)
    distance = list(range(len(understood) + 1))
    for word in said:
        before, distance[0] = distance[0], distance[0] + 1
        for place, other in enumerate(understood, start=1):
            before, distance[place] = (
                distance[place],
                min(distance[place] + 1, distance[place - 1] + 1, before + (word != other)),
            )
    return distance[-1], len(said)


@cache
def recognizer() -> Any:
    """The decoder with its own language model; loading it takes a second."""
    return make_decoder(
        hmm=str(model_path() / "en-us"),
        dict=str(model_path() / "cmudict-en-us.dict"),
        lm=str(model_path() / "en-us.lm.bin"),
    )


def bare_words(text: str) -> list[str]:
    """The words of a text, lower case."""
    return re.findall(r"[a-z']+", text.lower())


def start_misses_s(told: PhoneTimeline, sound: SpeechSound, text: str) -> list[float]:
    """For each phone that both name in order: how much later the voice says that it begins."""
    try:
        aligned = align_transcript(sound, text)
    except BadTranscript:
        return []
    ours = [phone for phone in told.phones if phone.symbol != SILENCE]
    theirs = [phone for phone in aligned.phones if phone.symbol != SILENCE]
    same = difflib.SequenceMatcher(
        a=[phone.symbol for phone in ours], b=[phone.symbol for phone in theirs], autojunk=False
    )
    return [
        ours[block.a + step].start_s - theirs[block.b + step].start_s
        for block in same.get_matching_blocks()
        for step in range(block.size)
    ]


def table(rows: Sequence[Figures]) -> str:
    """The table of the page."""
    head = (
        "| voice | words misunderstood | speed against real time "
        "| phone starts against alignment, median / 95 % | lips shut on p b m |\n"
        "| --- | --- | --- | --- | --- |"
    )
    return "\n".join([head, *(row.row for row in rows)])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voice", action="append", help="a voice; may be given several times")
    parser.add_argument("--human", nargs=2, action="append", metavar=("SOUND", "WORDS"), default=[])
    parser.add_argument("--sentences", type=int, default=50)
    parser.add_argument("--write", action="store_true", help=f"into {PAGE.name}")
    arguments = parser.parse_args()
    sentences = SENTENCES.read_text(encoding="utf-8").splitlines()[: arguments.sentences]
    names = arguments.voice or [
        voice.name
        for voice in list_voices()
        if voice.is_available
        and ((voice.is_natural and voice.language.startswith("en")) or voice.name in ESPEAK_VOICES)
    ]
    rows = []
    for name in names:
        rows.append(measure_voice(name, sentences))
        print(rows[-1].row, flush=True)
    for sound, words in arguments.human:
        rows.append(measure_recording(Path(sound), Path(words).read_text(encoding="utf-8")))
        print(rows[-1].row, flush=True)
    if arguments.write:
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN)
        after = rest.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n\n{table(rows)}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
