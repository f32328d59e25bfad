"""Hours of speech that nobody filmed: what packages and synthetic voices bring, in short stretches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.media.values import SPEECH_RATE_HZ
from training.flite import flite_speech
from training.recordings import PROMPT_FOLDERS, SHORTEST_S, english_dialogues, read_sound
from training.spoken_corpus import Utterance, sentences, synthetic_speech

# Short recordings of one voice are joined up to this length: a voice's level and colour need some seconds.
STRETCH_S = 12.0
# Pause between joined recordings.
PAUSE_RANGE_S = (0.15, 0.7)
# Minutes that are taken of every source at most, so that no voice rules.
MOST_MINUTES = {"prompts": 25.0, "dialogues": 20.0, "stamps": 6.0}
SYNTHETIC_SHARE = 0.4
FLITE_SHARE = 0.5

_STAMP = re.compile(r".+_desc_([a-z]+)(?:_[A-Z]+)?$")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Unfilmed:
    """A stretch of speech. source: kind and language, as `prompts fr`. samples: float32 at SPEECH_RATE_HZ.

    symbols: uint8 (row,) at CURVE_RATE_HZ, places in SYMBOL_ORDER; empty where nobody knows the phones.
    """

    source: str
    samples: NDArray[np.float32]
    symbols: NDArray[np.uint8]


def unfilmed_speech(debian: Path, assets: Path, seed: int) -> Iterator[Unfilmed]:
    """All of it, some four hours in thirty languages."""
    rng = np.random.default_rng(seed)
    for source, minutes, paths in _recorded(debian):
        order = [paths[place] for place in rng.permutation(len(paths))]
        yield from _joined(source, minutes, map(read_sound, order), rng)
    for path in sorted((assets / "audio").glob("*.*")):
        if path.suffix in (".wav", ".flac") and not re.search("music|noise|silence", path.stem):
            samples = read_sound(path)
            yield Unfilmed(source="assets", samples=samples, symbols=np.zeros(0, np.uint8))
    yield from map(_synthetic("espeak"), synthetic_speech(seed, SYNTHETIC_SHARE))
    texts = [*english_dialogues(debian), *sentences("en")]
    for place, one in enumerate(flite_speech(debian, texts, seed)):
        if (place % 100) < 100 * FLITE_SHARE:
            yield _synthetic("flite")(one)


def _synthetic(source: str) -> Callable[[Utterance], Unfilmed]:
    def of(one: Utterance) -> Unfilmed:
        return Unfilmed(source=source, samples=one.samples, symbols=one.labels.symbols)

    return of


def _recorded(debian: Path) -> Iterator[tuple[str, float, list[Path]]]:
    """Recordings by voice: source, the minutes to take, files."""
    share = debian / "usr" / "share"
    for language, folder in PROMPT_FOLDERS.items():
        paths = sorted((share / "asterisk" / "sounds" / folder).rglob("*.g722"))
        yield f"prompts {language}", MOST_MINUTES["prompts"], [p for p in paths if "silence" not in p.parts]
    by_voice: dict[str, list[Path]] = {}
    for path in sorted((share / "games" / "fillets-ng" / "sound").rglob("*.ogg")):
        if path.parent.name in ("cs", "nl") and "-" in path.stem:
            role = path.stem.split("-")[1]
            # The two fish speak most of it; all others together count as one voice more.
            role = role if role in ("m", "v") else "others"
            by_voice.setdefault(f"dialogues {path.parent.name} {role}", []).append(path)
    for voice, paths in by_voice.items():
        yield voice, MOST_MINUTES["dialogues"], paths
    by_language: dict[str, list[Path]] = {}
    for path in sorted((share / "tuxpaint" / "stamps").rglob("*_desc*.ogg")):
        named = _STAMP.fullmatch(path.stem)
        by_language.setdefault(named[1] if named else "en", []).append(path)
    for language, paths in by_language.items():
        yield f"stamps {language}", MOST_MINUTES["stamps"], paths


def _joined(
    source: str, minutes: float, sounds: Iterable[NDArray[np.float32]], rng: np.random.Generator
) -> Iterator[Unfilmed]:
    parts: list[NDArray[np.float32]] = []
    taken_s = 0.0
    for samples in sounds:
        if len(samples) < SHORTEST_S * SPEECH_RATE_HZ:
            continue
        parts += [samples[: int(3 * STRETCH_S * SPEECH_RATE_HZ)], _pause(rng)]
        length_s = sum(map(len, parts)) / SPEECH_RATE_HZ
        if length_s >= STRETCH_S:
            yield Unfilmed(source=source, samples=np.concatenate(parts), symbols=np.zeros(0, np.uint8))
            taken_s, parts = taken_s + length_s, []
        if taken_s > 60 * minutes:
            return
    if parts:
        yield Unfilmed(source=source, samples=np.concatenate(parts), symbols=np.zeros(0, np.uint8))


def _pause(rng: np.random.Generator) -> NDArray[np.float32]:
    count = int(rng.uniform(*PAUSE_RANGE_S) * SPEECH_RATE_HZ)
    return (1e-4 * rng.standard_normal(count)).astype(np.float32)
