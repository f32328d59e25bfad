"""Piper voices: a network `NAME.onnx` and its settings `NAME.onnx.json` in the folder of voices.

The phonemes come from eSpeak NG, as they did when the networks were trained.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.errors import VoiceUnavailable
from lipwright.engine.speech.espeak import library as espeak
from lipwright.engine.speech.phones import fill_timeline
from lipwright.engine.speech.values import Phone
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
from lipwright.engine.speech.words.ipa import sounds_of_ipa

_PREFIX = "piper:"
_BEGIN, _END, _PAD = "^", "$", "_"
# A settings file is a few kilobytes; this is somebody else's file.
_LARGEST_SETTINGS_BYTES = 2_000_000
_LOWEST_RATE_HZ, _HIGHEST_RATE_HZ = 8_000, 96_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    """What a settings file says. ids: for each phoneme character the ids of the network."""

    espeak_voice: str
    sample_rate_hz: int
    ids: dict[str, tuple[int, ...]]
    noise_scale: float
    length_scale: float
    noise_w: float


class PiperVoices:
    """A `VoiceKind` over the Piper files of one folder."""

    def __init__(self, voices_path: Path) -> None:
        """voices_path: the folder; it need not exist."""
        self._voices_path = voices_path

    def list_voices(self) -> tuple[TtsVoice, ...]:
        """One voice for each settings file, also where its network is missing."""
        found = sorted(self._voices_path.glob("*.onnx.json")) if self._voices_path.is_dir() else []
        return tuple(self._voice_of(path) for path in found)

    def speak(self, text: ActedText, voice: TtsVoice, manner: SpeakingManner) -> Iterator[SpokenPart]:
        """See `VoiceKind.speak`."""
        settings_path = self._settings_path(voice.name)
        settings = _read_settings(settings_path)
        session = load_network(settings_path.with_suffix(""))
        pieces: list[tuple[NDArray[np.float32], float]] = []
        phones: list[Phone] = []
        knows_times = True
        now_s = 0.0
        for sentence, usual_pause_s in sentences_with_pauses(text):
            pause_s = usual_pause_s / manner.rate
            phonemes = phonemes_with_punctuation(sentence, settings.espeak_voice)
            marks, ids = _ids_of(phonemes, settings.ids)
            inputs: dict[str, NDArray[np.generic]] = {
                "input": np.array([ids], dtype=np.int64),
                "input_lengths": np.array([len(ids)], dtype=np.int64),
                "scales": np.array(
                    [settings.noise_scale, settings.length_scale / manner.rate, settings.noise_w],
                    dtype=np.float32,
                ),
                "sid": np.array([0], dtype=np.int64),
            }
            outputs = run_network(session, inputs, voice.name)
            samples = with_level(outputs[0].reshape(-1))
            counts = outputs[1].reshape(-1) if len(outputs) > 1 else np.zeros(0, dtype=np.float32)
            if len(counts) == len(ids) and counts.sum() > 0:
                # Counts are in samples or in frames of the network; their sum is the sound's length.
                seconds = counts / counts.sum() * len(samples) / settings.sample_rate_hz
                phones.extend(_phones_of(marks, seconds, now_s, voice.language))
            else:
                knows_times = False
            pieces.append((samples, pause_s))
            now_s += len(samples) / settings.sample_rate_hz + pause_s
        whole = joined(pieces, settings.sample_rate_hz)
        known = fill_timeline(phones, len(whole) / settings.sample_rate_hz) if knows_times else None
        spoken = spoken_text(whole, settings.sample_rate_hz, text.spoken, voice.language, known)
        yield SpokenPart(speech=spoken, characters=len(text.spoken))

    def _settings_path(self, name: str) -> Path:
        return self._voices_path / f"{name.removeprefix(_PREFIX)}.onnx.json"

    def _voice_of(self, settings_path: Path) -> TtsVoice:
        stem = settings_path.name.removesuffix(".onnx.json")
        try:
            language = _read_settings(settings_path).espeak_voice
            is_available = settings_path.with_suffix("").is_file() and espeak.is_installed()
        except VoiceUnavailable:
            language, is_available = stem.split("-")[0].replace("_", "-").lower(), False
        return TtsVoice(
            name=f"{_PREFIX}{stem}",
            language=language,
            gender=Gender.NEUTRAL,
            description=f"{stem}, neural (Piper)",
            needs=f"{stem}.onnx and {stem}.onnx.json in the folder of voices, and {espeak.ESPEAK_NEEDS}",
            is_available=is_available,
            family=VoiceFamily.NEURAL,
        )


@lru_cache(maxsize=64)
def _read_settings(path: Path) -> _Settings:
    """Raises VoiceUnavailable when the file is not what Piper writes."""
    try:
        if path.stat().st_size > _LARGEST_SETTINGS_BYTES:
            raise ValueError("too large")
        content: Any = json.loads(path.read_text(encoding="utf-8"))
        inference = content.get("inference", {})
        settings = _Settings(
            espeak_voice=str(content["espeak"]["voice"]),
            sample_rate_hz=int(content["audio"]["sample_rate"]),
            ids={str(key): tuple(int(one) for one in ids) for key, ids in content["phoneme_id_map"].items()},
            noise_scale=float(inference.get("noise_scale", 0.667)),
            length_scale=float(inference.get("length_scale", 1.0)),
            noise_w=float(inference.get("noise_w", 0.8)),
        )
        if not _LOWEST_RATE_HZ <= settings.sample_rate_hz <= _HIGHEST_RATE_HZ:
            raise ValueError("sample rate")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise VoiceUnavailable(f"{path.name} is not a settings file of Piper. Download it again.") from error
    return settings


def _ids_of(phonemes: str, table: dict[str, tuple[int, ...]]) -> tuple[list[str], list[int]]:
    """The characters and their ids, a pad after each, between begin and end; unknown ones are left out."""
    characters = [_BEGIN, *(character for character in phonemes if character in table), _END]
    marks: list[str] = []
    ids: list[int] = []
    for place, character in enumerate(characters):
        own = table.get(character, ())
        marks.extend([character] * len(own))
        ids.extend(own)
        if place < len(characters) - 1:
            pad = table.get(_PAD, ())
            marks.extend([_PAD] * len(pad))
            ids.extend(pad)
    return marks, ids


def _phones_of(marks: list[str], seconds: NDArray[np.floating], start_s: float, language: str) -> list[Phone]:
    """Phones from the time of each character: a letter of IPA with its marks and pads is one sound."""
    edges = start_s + np.concatenate([[0.0], np.cumsum(seconds)])
    phones: list[Phone] = []
    stress = ""
    for place, mark in enumerate(marks):
        if mark in "ˈˌ":
            stress = mark
            continue
        parts = sounds_of_ipa(stress + mark, language)
        start, end = float(edges[place]), float(edges[place + 1])
        for part in parts[:1]:
            phones.append(Phone(symbol=part.symbol, start_s=start, end_s=end, stress=part.stress))
            stress = "" if part.stress else stress
        if not parts and phones and mark not in (" ", _BEGIN, _END) and not mark.isspace():
            is_sound = mark == _PAD or not mark.isascii()
            if is_sound:  # a pad or a length mark lengthens the sound before
                last = phones[-1]
                phones[-1] = Phone(symbol=last.symbol, start_s=last.start_s, end_s=end, stress=last.stress)
    return phones
