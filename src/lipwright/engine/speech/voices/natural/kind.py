"""The natural voices of English: one comes with Lipwright, the others are installed by name.

They know when each of their sounds is heard, as the lengths come out of the network itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
from hibari.tts import ASSETS
from hibari.voices import VOICES
from numpy.typing import NDArray

from lipwright.engine.errors import BadParameters
from lipwright.engine.speech.phones import fill_timeline, shift_phones
from lipwright.engine.speech.values import SpokenText, SpokenWord
from lipwright.engine.speech.voices.catalogue import Gender, SpokenPart, TtsVoice, VoiceFamily
from lipwright.engine.speech.voices.level import RunningLevel
from lipwright.engine.speech.voices.manner import SpeakingManner
from lipwright.engine.speech.voices.natural.network import (
    SAMPLE_RATE_HZ,
    NaturalNetwork,
    load_natural_network,
)
from lipwright.engine.speech.voices.natural.reading import Reading, read_sentence
from lipwright.engine.speech.voices.natural.times import phones_of_signs, words_of_signs
from lipwright.engine.speech.words.acted_text import ActedText, TextSpan
from lipwright.engine.speech.words.sentences import sentences_with_places
from lipwright.engine.speech.words.text import check_script

NATURAL_LICENCE = "Apache-2.0"
_SCRIPTS = frozenset({"LATIN", "FULLWIDTH", "MODIFIER", "FEMININE", "MASCULINE", "MICRO"})
# What stays of the silence before the first and after the last sound of a sentence.
_BEFORE_S, _AFTER_S = 0.05, 0.12
# The mark that stands before and after the signs of a sentence.
_EDGE = 0


class NaturalVoices:
    """A `VoiceKind` over the networks of `hibari-tts`."""

    def __init__(self, data_path: Path) -> None:
        """data_path: the folder of voices that were installed by name; it need not exist."""
        self._data_path = data_path

    def list_voices(self) -> tuple[TtsVoice, ...]:
        """The voice that comes with Lipwright, then those that can be installed."""
        return tuple(self._voice_of(key) for key in VOICES)

    def speak(self, text: ActedText, voice: TtsVoice, manner: SpeakingManner) -> Iterator[SpokenPart]:
        """See `VoiceKind.speak`."""
        key = next(key for key in VOICES if name_of(key) == voice.name)
        check_script(text.spoken, _SCRIPTS, voice.name)
        network = load_natural_network(self._path_of(key))
        level = RunningLevel()
        has_spoken = False
        done = 0
        for sentence in sentences_with_places(text):
            readings = read_sentence(text, sentence.span, _signs(), is_british=bool(VOICES[key]["british"]))
            for place, reading in enumerate(readings):
                is_last = place == len(readings) - 1
                pause_s = sentence.pause_s / manner.rate if is_last else 0.0
                speech = _spoken(network, reading, manner.rate, pause_s, level)
                after = sentence.span.after if is_last else done
                yield SpokenPart(speech=speech, characters=after - done)
                done = after
                has_spoken = True
        if not has_spoken:
            raise BadParameters(f"The voice {voice.name} finds nothing to say in this text. Write words.")

    def _voice_of(self, key: str) -> TtsVoice:
        entry = VOICES[key]
        is_bundled = bool(entry.get("bundled"))
        gender, accent = Gender(entry["gender"]), str(entry["accent"])
        return TtsVoice(
            name=name_of(key),
            language=str(entry["language"]).lower(),
            gender=gender,
            description=f"{accent} English, {gender.value}, natural",
            needs="" if is_bundled else f"`lipwright voices install {name_of(key)}`, a download of 8 MB",
            is_available=is_bundled or self._path_of(key).is_file(),
            family=VoiceFamily.NATURAL,
            accent=accent,
            licence=NATURAL_LICENCE,
            download_bytes=None if is_bundled else int(entry["bytes"]),
        )

    def _path_of(self, key: str) -> Path:
        folder = Path(ASSETS) if VOICES[key].get("bundled") else self._data_path
        return folder / str(VOICES[key]["file"])


def name_of(key: str) -> str:
    """The name of a voice of the package, from its key there."""
    return f"{str(VOICES[key]['language']).lower()}-{key}"


@cache
def _vocabulary() -> dict[str, int]:
    content = (Path(ASSETS) / "vocab.json").read_text(encoding="utf-8")
    return {str(sign): int(number) for sign, number in json.loads(content).items()}


@cache
def _signs() -> frozenset[str]:
    return frozenset(_vocabulary())


def _spoken(
    network: NaturalNetwork, reading: Reading, rate: float, pause_s: float, level: RunningLevel
) -> SpokenText:
    """One reading as sound, without the silence that the network lays around it, and with the pause after."""
    ids = [_EDGE, *(_vocabulary()[sign] for sign in reading.signs), _EDGE]
    # The first id is the edge, so each sign lies one further.
    stresses = [
        TextSpan(first=word.first + 1, after=word.after + 1) for word in reading.words if word.is_stressed
    ]
    sound = network.sound_of(ids, rate, stresses)
    edges_s = sound.edges_s[1:-1]
    phones = phones_of_signs(reading.signs, edges_s, sound.samples, SAMPLE_RATE_HZ)
    words = words_of_signs(reading.words, edges_s, phones)
    start_s = max(0.0, phones[0].start_s - _BEFORE_S)
    first, after = round(start_s * SAMPLE_RATE_HZ), round((phones[-1].end_s + _AFTER_S) * SAMPLE_RATE_HZ)
    pause = np.zeros(round(pause_s * SAMPLE_RATE_HZ), dtype=np.float32)
    samples = np.concatenate([_faded(level.levelled(sound.samples[first:after])), pause])
    return SpokenText(
        samples=samples,
        sample_rate_hz=SAMPLE_RATE_HZ,
        phones=fill_timeline(shift_phones(phones, -start_s), len(samples) / SAMPLE_RATE_HZ),
        words=tuple(
            SpokenWord(text=word.text, start_s=word.start_s - start_s, end_s=word.end_s - start_s)
            for word in words
        ),
    )


def _faded(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same with soft edges, so that a cut in the room's noise is no click."""
    size = min(len(samples) // 2, round(0.005 * SAMPLE_RATE_HZ))
    faded = samples.copy()
    ramp = np.linspace(0, 1, size, dtype=np.float32)
    faded[:size] *= ramp
    faded[len(faded) - size :] *= ramp[::-1]
    return faded
