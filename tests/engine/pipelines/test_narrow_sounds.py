"""The mouth follows a voice as people have it: through a telephone, a codec, in one channel of many."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soxr
from numpy.typing import NDArray
from scipy import signal

from lipwright.engine.articulation.articulate import articulate
from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.media.reading.sound import load_speech, write_wav
from lipwright.engine.media.values import SPEECH_RATE_HZ, SoundClip
from lipwright.engine.pipelines.mouth_curves import mouth_curves
from lipwright.engine.pipelines.speech_input import NO_SPEECH_WARNING, UNSURE_WARNING
from lipwright.engine.speech.activity import detect_activity
from tests.engine.speech.speech_sounds import chords, said, sound_of
from tests.support.sounds import write_sound

Samples = NDArray[np.float32]
# The aperture against that of the same voice in full.
LIKE_IN_FULL = 0.9
# Channels by FFmpeg's order; a WAV file of more than two says nothing of their places here.
COUNTS = (2, 3, 4, 6, 8, 16)


@cache
def spoken() -> Samples:
    return sound_of(said(), silence_s=0.3).samples


def aperture(path: Path) -> NDArray[np.float32]:
    return mouth_curves(SoundClip(path=path)).curves.channel(Mouth.APERTURE)


@cache
def full_aperture() -> NDArray[np.float32]:
    sound = sound_of(said(), silence_s=0.3)
    return articulate(sound, detect_activity(sound), None).channel(Mouth.APERTURE)


def likeness(path: Path) -> float:
    found, full = aperture(path), full_aperture()
    count = min(len(found), len(full))
    return float(np.corrcoef(found[:count], full[:count])[0, 1])


def wav(path: Path, samples: Samples, rate_hz: int = SPEECH_RATE_HZ) -> Path:
    write_wav(path, np.asarray(samples, np.float32), rate_hz)
    return path


def telephone(samples: Samples) -> Samples:
    """300 to 3400 Hz with steep edges, logarithmic steps."""
    band = signal.butter(8, (300, 3400), "bandpass", fs=SPEECH_RATE_HZ, output="sos")
    low = signal.sosfilt(band, samples)
    steps = np.round(127 * np.sign(low) * np.log1p(255 * np.abs(low)) / np.log(256)) / 127
    return np.asarray(np.sign(steps) * np.expm1(np.abs(steps) * np.log(256)) / 255, np.float32)


@pytest.mark.parametrize("rate_hz", [6_000, 8_000, 11_025, 12_000, 22_050, 48_000])
def test_a_low_sample_rate_costs_the_mouth_little(tmp_path: Path, rate_hz: int) -> None:
    low = soxr.resample(spoken(), SPEECH_RATE_HZ, rate_hz)
    assert likeness(wav(tmp_path / "s.wav", low, rate_hz)) > LIKE_IN_FULL


@pytest.mark.parametrize("rate_hz", [8_000, 48_000])
def test_a_telephone_costs_the_mouth_little(tmp_path: Path, rate_hz: int) -> None:
    heard = soxr.resample(telephone(spoken()), SPEECH_RATE_HZ, rate_hz)
    assert likeness(wav(tmp_path / "s.wav", heard, rate_hz)) > LIKE_IN_FULL


@pytest.mark.parametrize("kind", ["mp3", "opus", "amr", "m4a"])
def test_a_codec_costs_the_mouth_little(tmp_path: Path, kind: str) -> None:
    path = write_sound(tmp_path / f"s.{kind}", spoken(), SPEECH_RATE_HZ)
    assert likeness(path) > LIKE_IN_FULL


@pytest.mark.parametrize(
    "second",
    [lambda s: -s, lambda s: -0.5 * s, lambda s: -np.roll(s, 4), lambda s: 0 * s],
    ids=["upside down", "softer and upside down", "a little later and upside down", "silent"],
)
def test_a_second_channel_takes_nothing_away(tmp_path: Path, second: Callable[[Samples], Samples]) -> None:
    planes = np.stack([spoken(), second(spoken())], axis=1)
    assert likeness(wav(tmp_path / "s.wav", planes)) > LIKE_IN_FULL


@pytest.mark.parametrize(("count", "place"), [(n, p) for n in COUNTS for p in sorted({0, n // 2, n - 1})])
def test_a_voice_is_heard_in_any_channel(tmp_path: Path, count: int, place: int) -> None:
    planes = np.zeros((len(spoken()), count), np.float32)
    planes[:, place] = spoken()
    samples = load_speech(SoundClip(path=wav(tmp_path / "s.wav", planes))).samples
    # Loud enough for the level at which a mouth rests.
    assert np.std(samples) > 0.2 * np.std(spoken())


@pytest.mark.parametrize(("count", "place"), [(2, 1), (6, 2), (6, 3), (16, 12)])
@pytest.mark.parametrize("louder_db", [0, 6, 12])
def test_music_in_the_other_channels_does_not_drown_it(
    tmp_path: Path, count: int, place: int, louder_db: float
) -> None:
    music = np.resize(chords(4).samples, len(spoken()))
    music *= np.std(spoken()) / np.std(music) * 10 ** (louder_db / 20)
    planes = np.zeros((len(spoken()), count), np.float32)
    for channel in range(min(count, place + 2)):
        planes[:, channel] = spoken() if channel == place else music
    planes /= np.abs(planes).max()
    assert likeness(wav(tmp_path / "s.wav", planes)) > LIKE_IN_FULL


def test_two_people_at_microphones_of_their_own_are_both_heard(tmp_path: Path) -> None:
    nothing = np.zeros_like(spoken())
    planes = np.stack([np.concatenate([spoken(), nothing]), np.concatenate([nothing, spoken()])], axis=1)
    found = aperture(wav(tmp_path / "s.wav", planes))
    first, second = found[: len(found) // 2], found[len(found) // 2 :]
    assert first.mean() > 0.1
    assert second.mean() > 0.1


def test_a_clear_voice_has_no_warning_and_one_under_loud_music_has(tmp_path: Path) -> None:
    clear = mouth_curves(SoundClip(path=wav(tmp_path / "clear.wav", spoken())))
    assert clear.warnings == ()
    hiss = np.random.default_rng(5).standard_normal(len(spoken())).astype(np.float32)
    drowned = spoken() + hiss * np.std(spoken())
    found = mouth_curves(SoundClip(path=wav(tmp_path / "drowned.wav", drowned / np.abs(drowned).max())))
    assert found.warnings in ((UNSURE_WARNING,), (NO_SPEECH_WARNING,))


@pytest.mark.assets
@pytest.mark.parametrize("name", ["en_jfk_11s.flac", "es_ivr_congrats.wav", "zh_poem1.wav"])
def test_a_voice_alone_is_not_called_unsure_however_old_the_recording(assets: Path, name: str) -> None:
    found = mouth_curves(SoundClip(path=assets / "audio" / name, end_s=11.0))
    assert found.warnings == ()


@pytest.mark.assets
@pytest.mark.parametrize("name", ["en_ivr_monkeys_short.wav", "es_ivr_congrats.wav", "fr_ivr_congrats.wav"])
def test_a_voice_under_music_as_loud_as_it_is_called_unsure(assets: Path, tmp_path: Path, name: str) -> None:
    said_alone = load_speech(SoundClip(path=assets / "audio" / name, end_s=6.0)).samples
    music = load_speech(SoundClip(path=assets / "audio" / "music_only_15s.wav")).samples
    music = np.resize(music, len(said_alone))
    mixed = said_alone + music * (np.std(said_alone) / np.std(music))
    found = mouth_curves(SoundClip(path=wav(tmp_path / "mixed.wav", mixed / np.abs(mixed).max())))
    assert found.warnings == (UNSURE_WARNING,)


@pytest.mark.assets
@pytest.mark.parametrize(("name", "least"), [("en_jfk_11s.flac", 0.8), ("en_news_RD_Radio31.wav", 0.9)])
def test_real_voices_at_8_khz_move_the_mouth_as_in_full(
    assets: Path, tmp_path: Path, name: str, least: float
) -> None:
    full = load_speech(SoundClip(path=assets / "audio" / name, end_s=6.0)).samples
    low = soxr.resample(full, SPEECH_RATE_HZ, 8_000)
    one = aperture(wav(tmp_path / "full.wav", full))
    other = aperture(wav(tmp_path / "low.wav", low, 8_000))
    count = min(len(one), len(other))
    assert float(np.corrcoef(one[:count], other[:count])[0, 1]) > least
    assert other.mean() > 0.5 * one.mean()
