"""Kokoro voices: `kokoro*.onnx`, `voices*.bin` and `config.json` in the folder of voices.

The network takes phonemes, a row of style for the voice, and a speed. Its times are found by alignment.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.errors import VoiceUnavailable
from lipwright.engine.speech.espeak import library as espeak
from lipwright.engine.speech.voices.catalogue import Gender, SpokenPart, TtsVoice, VoiceFamily
from lipwright.engine.speech.voices.manner import SpeakingManner
from lipwright.engine.speech.voices.neural import (
    joined,
    load_network,
    phonemes_with_punctuation,
    run_network,
    sentences_with_pauses,
    spoken_text,
    with_level,
)
from lipwright.engine.speech.words.acted_text import ActedText

_PREFIX = "kokoro:"
_SAMPLE_RATE_HZ = 24_000
# The network reads 510 phonemes at once, between two pads.
_MOST_TOKENS = 510
_STYLE_SIZE = 256

# The first letter of a voice is its language, the second whether a woman or a man speaks.
_LANGUAGES = {
    "a": ("en-us", "en-us"), "b": ("en-gb", "en"), "e": ("es", "es"), "f": ("fr", "fr"), "h": ("hi", "hi"),
    "i": ("it", "it"), "j": ("ja", "ja"), "p": ("pt-br", "pt-br"), "z": ("zh", "cmn"),
}  # fmt: skip
_GENDERS = {"f": Gender.FEMALE, "m": Gender.MALE}
_NEEDS = "kokoro*.onnx, voices*.bin and config.json in the folder of voices, and " + espeak.ESPEAK_NEEDS


class KokoroVoices:
    """A `VoiceKind` over the Kokoro files of one folder."""

    def __init__(self, voices_path: Path) -> None:
        """voices_path: the folder; it need not exist."""
        self._voices_path = voices_path

    def list_voices(self) -> tuple[TtsVoice, ...]:
        """One voice for each style in the file of styles."""
        try:
            names = _style_names(self._file("voices*.bin"))
        except VoiceUnavailable:
            return ()
        is_available = espeak.is_installed() and self._has("kokoro*.onnx") and self._has("config.json")
        return tuple(
            TtsVoice(
                name=f"{_PREFIX}{name}",
                language=_LANGUAGES[name[0]][0],
                gender=_GENDERS.get(name[1], Gender.NEUTRAL),
                description=f"{name}, neural (Kokoro)",
                needs=_NEEDS,
                is_available=is_available,
                family=VoiceFamily.NEURAL,
            )
            for name in names
            if len(name) > 2 and name[0] in _LANGUAGES
        )

    def speak(self, text: ActedText, voice: TtsVoice, manner: SpeakingManner) -> Iterator[SpokenPart]:
        """See `VoiceKind.speak`."""
        name = voice.name.removeprefix(_PREFIX)
        session = load_network(self._file("kokoro*.onnx"))
        vocabulary = _read_vocabulary(self._file("config.json"))
        styles = _read_styles(self._file("voices*.bin"), name)
        pieces: list[tuple[NDArray[np.float32], float]] = []
        for sentence, pause_s in sentences_with_pauses(text):
            phonemes = phonemes_with_punctuation(sentence, _LANGUAGES[name[0]][1])
            ids = [vocabulary[character] for character in phonemes if character in vocabulary]
            for first in range(0, len(ids), _MOST_TOKENS):
                tokens = ids[first : first + _MOST_TOKENS]
                row = np.array([[0, *tokens, 0]], dtype=np.int64)
                inputs: dict[str, NDArray[np.generic]] = {
                    "tokens": row,
                    "input_ids": row,  # its name in newer exports
                    "style": styles[min(len(tokens), len(styles) - 1)].reshape(1, _STYLE_SIZE),
                    "speed": np.array([manner.rate], dtype=np.float32),
                }
                samples = with_level(run_network(session, inputs, voice.name)[0].reshape(-1))
                pieces.append((samples, pause_s / manner.rate))
        spoken = spoken_text(joined(pieces, _SAMPLE_RATE_HZ), _SAMPLE_RATE_HZ, text.spoken, voice.language)
        yield SpokenPart(speech=spoken, characters=len(text.spoken))

    def _has(self, pattern: str) -> bool:
        return self._voices_path.is_dir() and any(self._voices_path.glob(pattern))

    def _file(self, pattern: str) -> Path:
        found = sorted(self._voices_path.glob(pattern)) if self._voices_path.is_dir() else []
        if not found:
            raise VoiceUnavailable(f"There is no {pattern} in the folder of voices. Kokoro needs {_NEEDS}.")
        return found[0]


@lru_cache(maxsize=8)
def _style_names(path: Path) -> tuple[str, ...]:
    try:
        with np.load(path, allow_pickle=False) as styles:
            return tuple(sorted(styles.files))
    except (OSError, ValueError, AttributeError, EOFError) as error:
        raise VoiceUnavailable(f"{path.name} is not a file of Kokoro styles. Download it again.") from error


def _read_styles(path: Path, name: str) -> NDArray[np.float32]:
    """The styles of one voice, float32 (length of the text, _STYLE_SIZE)."""
    try:
        with np.load(path, allow_pickle=False) as styles:
            return np.asarray(styles[name], dtype=np.float32).reshape(-1, _STYLE_SIZE)
    except (OSError, ValueError, KeyError) as error:
        raise VoiceUnavailable(f"{path.name} does not hold the voice {name}. Download it again.") from error


def _read_vocabulary(path: Path) -> dict[str, int]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {str(character): int(number) for character, number in content["vocab"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise VoiceUnavailable(f"{path.name} has no Kokoro vocabulary. Download it again.") from error
