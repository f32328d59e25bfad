"""Voice activity, loudness and pitch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soxr

from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SPEECH_RATE_HZ, SpeechSound
from lipwright.engine.speech.activity import detect_activity
from lipwright.engine.speech.features import MEL_BANDS, SILENCE_DB, log_mel, loudness_db, track_pitch
from lipwright.engine.speech.phones import SILENCE
from tests.engine.speech.speech_sounds import (
    chords,
    mixed,
    said,
    silence,
    sound_of,
    symbols_at,
    white_noise,
)
from tests.support.sounds import voice

# Share of rows that may be wrong in clear cases: the edges of words.
SOME = 0.1


def share_speaking(sound: SpeechSound) -> float:
    return float(np.mean(detect_activity(sound).speaking > 0.5))


def tone(frequency_hz: float, duration_s: float, level: float = 0.3) -> SpeechSound:
    times_s = np.arange(round(duration_s * SPEECH_RATE_HZ)) / SPEECH_RATE_HZ
    return SpeechSound(samples=(level * np.sin(2 * np.pi * frequency_hz * times_s)).astype(np.float32))


@pytest.mark.parametrize("duration_s", [0.0, 0.001, 0.01, 0.1, 0.3, 1.0])
def test_the_shortest_sounds_have_an_activity(duration_s: float) -> None:
    activity = detect_activity(silence(duration_s))
    assert len(activity.speaking) == max(1, round(duration_s * CURVE_RATE_HZ))
    assert not activity.speaking.any()
    assert (activity.loudness_db == SILENCE_DB).all()


def test_speech_is_heard_as_speech() -> None:
    spoken = said()
    activity = detect_activity(sound_of(spoken, silence_s=1.0))
    times_s = np.arange(len(activity.speaking)) / CURVE_RATE_HZ - 1.0
    is_said = np.array([symbol != SILENCE for symbol in symbols_at(spoken.phones, times_s)])
    is_said &= (times_s > 0) & (times_s < spoken.duration_s)
    assert np.mean(activity.speaking[is_said] > 0.5) > 1 - SOME
    outside = (times_s < -0.3) | (times_s > spoken.duration_s + 0.3)
    assert np.mean(activity.speaking[outside] > 0.5) == 0


@pytest.mark.parametrize("word", ["it", "at", "up", "no"])
def test_one_short_word_in_digital_silence_is_speech(word: str) -> None:
    speaking = detect_activity(sound_of(said(word), silence_s=1.5)).speaking
    assert speaking.max() > 0.5
    assert np.mean(speaking[:120] > 0.5) == 0


@pytest.mark.parametrize(
    "sound",
    [
        white_noise(5),
        white_noise(5, level_db=-50),
        chords(5),
        mixed(chords(5), white_noise(5), below_db=10),
        tone(220, 5),
        tone(50, 5),
    ],
    ids=["noise", "soft noise", "music", "music and noise", "tone", "hum"],
)
def test_music_and_noise_are_not_speech(sound: SpeechSound) -> None:
    assert share_speaking(sound) < SOME


@pytest.mark.parametrize("other", [white_noise(5), chords(5)], ids=["noise", "music"])
def test_a_voice_is_heard_over_music_and_noise(other: SpeechSound) -> None:
    spoken = said()
    activity = detect_activity(mixed(sound_of(spoken), other, below_db=10))
    assert np.mean(activity.speaking > 0.5) > 0.75


def test_activity_does_not_depend_on_the_recording_level() -> None:
    sound = sound_of(said(), silence_s=0.5)
    soft = SpeechSound(samples=sound.samples * np.float32(0.05))
    loud_rows = detect_activity(sound, quiet_mouth_db=-90).speaking > 0.5
    soft_rows = detect_activity(soft, quiet_mouth_db=-90).speaking > 0.5
    assert np.mean(loud_rows == soft_rows) > 1 - SOME / 2


def test_below_the_quiet_mouth_level_nobody_speaks() -> None:
    sound = sound_of(said())
    assert share_speaking(sound) > 0.7
    assert not (detect_activity(sound, quiet_mouth_db=0.0).speaking > 0.5).any()


def test_activity_stays_between_0_and_1_on_broken_levels() -> None:
    for samples in (np.ones(16_000), np.sign(np.sin(np.arange(16_000))), np.eye(1, 16_000)[0]):
        speaking = detect_activity(SpeechSound(samples=samples.astype(np.float32))).speaking
        assert speaking.min() >= 0
        assert speaking.max() <= 1


def test_loudness_is_in_decibels_of_full_scale() -> None:
    rows = loudness_db(tone(1000, 1.0, level=0.1))
    # A sine of 0.1 has a power of 0.005.
    assert rows[20:80] == pytest.approx(10 * np.log10(0.005), abs=0.1)


def test_loudness_rows_are_centred_on_their_time() -> None:
    samples = tone(1000, 1.0).samples.copy()
    samples[: SPEECH_RATE_HZ // 2] = 0
    rows = loudness_db(SpeechSound(samples=samples))
    edge_s = float(np.argmax(rows > rows.max() - 3.1)) / CURVE_RATE_HZ
    assert edge_s == pytest.approx(0.5, abs=0.011)


def test_a_tone_is_loudest_in_its_mel_band() -> None:
    low, high = (log_mel(tone(hz, 0.5))[25].argmax() for hz in (300, 3000))
    assert 0 < low < high < MEL_BANDS


def test_blocks_do_not_show_in_long_features() -> None:
    sound = white_noise(35)  # longer than one block of 30 s
    middle = SpeechSound(samples=sound.samples[29 * SPEECH_RATE_HZ : 31 * SPEECH_RATE_HZ])
    assert log_mel(sound)[2910:3090] == pytest.approx(log_mel(middle)[10:190], abs=1e-3)


@pytest.mark.parametrize("frequency_hz", [80, 120, 220, 380])
def test_the_pitch_of_a_voiced_sound_is_found(frequency_hz: float) -> None:
    times_s = np.arange(SPEECH_RATE_HZ) / SPEECH_RATE_HZ
    buzz = sum(np.sin(2 * np.pi * frequency_hz * k * times_s) / k for k in range(1, 9))
    pitch = track_pitch(SpeechSound(samples=np.asarray(buzz * 0.2, dtype=np.float32)))
    assert pitch.f0_hz[10:90] == pytest.approx(frequency_hz, rel=0.02)


def test_noise_has_no_pitch() -> None:
    assert np.mean(track_pitch(white_noise(2)).f0_hz > 0) < SOME


@pytest.mark.assets
@pytest.mark.parametrize(
    ("name", "lowest", "highest"),
    [
        ("audio/music_only_15s.wav", 0.0, 0.02),
        ("audio/noise_only.wav", 0.0, 0.02),
        ("audio/silence_3s.wav", 0.0, 0.0),
        ("audio/en_ivr_congrats.wav", 0.8, 1.0),
        ("audio/fr_ivr_congrats.wav", 0.8, 1.0),
        ("audio/es_ivr_congrats.wav", 0.8, 1.0),
        ("audio/zh_poem1.wav", 0.5, 0.9),
        ("audio/en_jfk_11s.flac", 0.5, 0.9),
    ],
)
def test_real_sounds_are_told_apart(assets: Path, name: str, lowest: float, highest: float) -> None:
    import av

    resampler = av.AudioResampler("flt", "mono", SPEECH_RATE_HZ)
    with av.open(str(assets / name)) as container:
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    samples = np.concatenate([frame.to_ndarray()[0] for frame in frames + resampler.resample(None)])
    assert lowest <= share_speaking(SpeechSound(samples=samples)) <= highest


@pytest.mark.parametrize("silence_s", [0.5, 3.0, 6.0])
def test_a_word_before_a_long_digital_silence_is_heard_and_then_nothing(silence_s: float) -> None:
    word = voice(0.8, SPEECH_RATE_HZ)
    samples = np.pad(word, (0, round(silence_s * SPEECH_RATE_HZ)))
    speaking = detect_activity(SpeechSound(samples=samples)).speaking
    assert np.isfinite(speaking).all()
    assert speaking[:80].max() > 0.5
    assert speaking[-20:].max() < 0.5


@pytest.mark.parametrize("edge_hz", [3000, 3400, 4000, 5500])
def test_a_narrow_band_is_heard_as_speech_where_the_full_one_is(edge_hz: float) -> None:
    sound = sound_of(said(), silence_s=0.5)
    low = soxr.resample(sound.samples, SPEECH_RATE_HZ, 2 * edge_hz)
    narrow = soxr.resample(low, 2 * edge_hz, SPEECH_RATE_HZ).astype(np.float32)
    full = detect_activity(sound).speaking
    found = detect_activity(SpeechSound(samples=narrow)).speaking
    count = min(len(full), len(found))
    assert np.mean((full[:count] > 0.5) == (found[:count] > 0.5)) > 1 - SOME / 2


@pytest.mark.parametrize("edge_hz", [3000, 4000])
def test_narrow_music_and_noise_are_not_speech(edge_hz: float) -> None:
    for sound in (white_noise(5), chords(5)):
        low = soxr.resample(sound.samples, SPEECH_RATE_HZ, 2 * edge_hz)
        narrow = soxr.resample(low, 2 * edge_hz, SPEECH_RATE_HZ).astype(np.float32)
        assert share_speaking(SpeechSound(samples=narrow)) < SOME
