"""Speech whose phones are known because eSpeak NG speaks it, in many languages.

The texts are Django's own translated messages: sentences by native speakers in some ninety languages, in an
ordinary package.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from lipwright.engine.errors import VoiceUnavailable
from lipwright.engine.media.values import SPEECH_RATE_HZ
from lipwright.engine.speech.espeak import library as espeak
from lipwright.engine.speech.phones import fill_timeline
from lipwright.engine.speech.values import Phone, PhoneTimeline
from lipwright.engine.speech.words.ipa import sounds_of_ipa
from training.labels import SpeechLabels, labels_of

# eSpeak voice: Django's catalogue. English texts are the keys of any catalogue.
LANGUAGES = {
    "en-us": "en", "en-gb-x-rp": "en", "de": "de", "es": "es", "fr": "fr", "it": "it", "ru": "ru", "cmn":
    "zh_Hans", "hi": "hi", "ar": "ar", "ja": "ja", "pt-br": "pt_BR", "pl": "pl", "tr": "tr", "nl": "nl",
    "ko": "ko", "cs": "cs", "fi": "fi", "sv": "sv", "hu": "hu", "el": "el", "uk": "uk", "id": "id", "ca":
    "ca", "fa": "fa", "bn": "bn", "vi": "vi", "sw": "sw",
}  # fmt: skip
# The languages that the product is measured in get more than the rest.
MAIN_LANGUAGES = frozenset({"en-us", "es", "fr", "it", "ru", "cmn"})
MAIN_MINUTES, OTHER_MINUTES = 9.0, 4.0
VARIANTS = (
    "", "+m1", "+m2", "+m3", "+m4", "+m5", "+m6", "+m7", "+m8", "+f1", "+f2", "+f3", "+f4", "+f5",
    "+croak", "+klatt", "+klatt2", "+klatt4", "+steph", "+belinda", "+linda", "+anika", "+adam", "+Alex",
    "+Andy", "+Annie", "+Gene", "+Mario", "+Michael", "+boris", "+grandma", "+grandpa", "+whisper",
)  # fmt: skip
SHORTEST_S, LONGEST_S = 1.5, 30.0

_MARKUP = re.compile(r"%\([^)]*\)[a-z]|%[a-z]|<[^>]*>|&[a-z#0-9]+;|[{}\"“”«»%/_*|]|\.\.\.|…")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Utterance:
    """A sound with its answers. samples: float32 at SPEECH_RATE_HZ."""

    samples: NDArray[np.float32]
    labels: SpeechLabels


def synthetic_speech(seed: int, share: float = 1.0) -> Iterator[Utterance]:
    """Sentences by the voices of eSpeak NG, about two and a half hours at a share of 1."""
    rng = np.random.default_rng(seed)
    for language, catalogue in LANGUAGES.items():
        texts = sentences(catalogue)
        left_s = 60 * share * (MAIN_MINUTES if language in MAIN_LANGUAGES else OTHER_MINUTES)
        while left_s > 0:
            text = ". ".join(texts[place] for place in rng.integers(0, len(texts), 2))
            try:
                samples, timeline = synthesize(text, language, rng)
            except VoiceUnavailable:  # not every variant fits every language
                continue
            length_s = len(samples) / SPEECH_RATE_HZ
            if SHORTEST_S < length_s < LONGEST_S:
                left_s -= length_s
                yield Utterance(samples=samples, labels=labels_of(timeline, label_rows(samples)))


def sentences(catalogue: str) -> list[str]:
    """What a catalogue of Django says, without markup."""
    spec = find_spec("django")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            "Training needs Django's translations: pip install -r training/requirements.txt"
        )
    base = Path(spec.origin).parent
    found: dict[str, None] = {}
    locale = "de" if catalogue == "en" else catalogue
    for path in sorted(base.glob(f"**/locale/{locale}/LC_MESSAGES/django.mo")):
        with path.open("rb") as stream:
            # Its whole table has no public name.
            entries = gettext.GNUTranslations(stream)._catalog  # type: ignore[attr-defined]
        for key, translated in sorted(entries.items(), key=str):
            original = key if isinstance(key, str) else key[0]
            text = re.sub(
                r"\s+", " ", _MARKUP.sub(" ", original if catalogue == "en" else translated)
            ).strip()
            if original and 8 <= len(text) <= 220 and not re.search(r"[\\=<>\[\]]", text):
                found[text] = None
    return list(found)


def synthesize(
    text: str, language: str, rng: np.random.Generator
) -> tuple[NDArray[np.float32], PhoneTimeline]:
    """A text by a voice drawn at random, and when each of its phones sounds."""
    speech = espeak.synthesize(
        text,
        voice=language + VARIANTS[rng.integers(len(VARIANTS))],
        rate_wpm=int(rng.integers(120, 210)),
        pitch=int(rng.integers(20, 80)),
        pitch_range=int(rng.integers(30, 80)),
    )
    marks = speech.phonemes
    ends = [mark.sample for mark in marks[1:]] + [len(speech.samples)]
    phones: list[Phone] = []
    for mark, end in zip(marks, ends, strict=True):
        parts = sounds_of_ipa(mark.ipa, language) if mark.ipa else ()
        total = sum(part.weight for part in parts)
        now_s, length_s = mark.sample / speech.sample_rate_hz, (end - mark.sample) / speech.sample_rate_hz
        for part in parts:
            end_s = now_s + length_s * part.weight / total
            phones.append(Phone(symbol=part.symbol, start_s=now_s, end_s=end_s, stress=part.stress))
            now_s = end_s
    timeline = fill_timeline(phones, len(speech.samples) / speech.sample_rate_hz)
    samples = soxr.resample(speech.samples, speech.sample_rate_hz, SPEECH_RATE_HZ)
    return np.asarray(samples, dtype=np.float32), timeline


def label_rows(samples: NDArray[np.float32]) -> int:
    """How many rows of labels belong to a sound."""
    return len(samples) * 100 // SPEECH_RATE_HZ + 1
