"""From speech to the mouth, whole: what a person who uses the engine can rely on."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from lipwright.engine.articulation.articulate import (
    ArticulationStyle,
    articulate,
    choose_driver,
    drive_by_the_rules,
    gate,
    only_heard,
)
from lipwright.engine.articulation.curves import CHANNEL_RANGES, ArticulationCurves, Mouth
from lipwright.engine.articulation.driver import ArticulationDriver
from lipwright.engine.articulation.drivers import DRIVERS
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.speech.values import PhoneTimeline, SpeechActivity
from lipwright.engine.timeline import frame_times_s
from tests.engine.articulation.speech_builders import (
    LOUD_DB,
    SENTENCE,
    activity,
    end_s,
    rows_of,
    sound,
    timeline,
)
from tests.engine.speech.speech_sounds import said, sound_of

PHONES = timeline(SENTENCE)
# Face heights; what a median speaker's 95th percentile of the inner-lip gap is.
A95_FACE_HEIGHTS = 0.095


def speak(style: ArticulationStyle | None = None) -> ArticulationCurves:
    return articulate(sound(PHONES), activity(PHONES), PHONES, style)


def test_the_curves_last_as_long_as_the_sound() -> None:
    assert len(speak().values) == rows_of(PHONES)


def test_lips_are_closed_when_m_is_heard() -> None:
    m = next(phone for phone in PHONES.phones if phone.symbol == "M")
    heard = speak().sample(np.linspace(m.start_s, m.start_s + 0.04, 5))
    assert heard[:, Mouth.APERTURE].min() <= 0.02


def test_the_same_speech_gives_the_same_curves() -> None:
    np.testing.assert_array_equal(speak().values, speak().values)


def test_a_natural_mouth_opens_as_wide_and_as_fast_as_real_ones() -> None:
    times_s = frame_times_s(int(end_s(PHONES) * 25), Fraction(25))
    gap = speak().sample(times_s)[:, Mouth.APERTURE] * A95_FACE_HEIGHTS
    spoken = gap[gap > 0.008]
    assert 0.065 < np.percentile(gap, 95) < 0.13
    assert 0.03 < spoken.mean() < 0.07
    assert np.percentile(np.abs(np.diff(gap)) * 25, 95) < 1.0


@pytest.mark.parametrize("frame_rate", [Fraction(24), Fraction(25), Fraction(30)], ids=str)
def test_curves_agree_at_every_frame_rate(frame_rate: Fraction) -> None:
    curves = speak()

    def shown(rate: Fraction) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        """What a viewer sees at 60 frames/s, played from frames at a lower rate."""
        times_s = frame_times_s(int(end_s(PHONES) * rate), rate)
        frames = curves.sample(times_s)
        steady = np.linspace(0.5, end_s(PHONES) - 0.5, 1000)
        return np.stack([np.interp(steady, times_s, frames[:, channel]) for channel in Mouth], axis=1).astype(
            np.float32
        )

    # Mean over time; single closures are sharper at higher rates, which is the point of having them.
    difference = np.abs(shown(frame_rate) - shown(Fraction(60))).mean(axis=0)
    assert difference.max() < 0.02


def test_scale_zero_is_a_mouth_that_does_not_speak() -> None:
    curves = speak(ArticulationStyle(mouth_scale=0))
    np.testing.assert_allclose(curves.values, ArticulationCurves.at_rest(end_s(PHONES)).values, atol=1e-6)


def test_a_larger_scale_opens_wider_and_still_shuts_the_lips() -> None:
    plain, large = speak(), speak(ArticulationStyle(mouth_scale=1.5))
    assert large.channel(Mouth.APERTURE).mean() > 1.2 * plain.channel(Mouth.APERTURE).mean()
    assert large.channel(Mouth.APERTURE).max() <= CHANNEL_RANGES[Mouth.APERTURE][1]
    shut = plain.channel(Mouth.APERTURE) < 0.005
    assert large.channel(Mouth.APERTURE)[shut].max() < 0.01


def test_below_the_quiet_level_the_mouth_rests() -> None:
    curves = speak(ArticulationStyle(quiet_mouth_db=LOUD_DB + 10))
    assert curves.channel(Mouth.APERTURE).max() == 0


def test_phones_guessed_in_silence_move_nothing() -> None:
    silent = SpeechActivity(
        speaking=np.zeros(rows_of(PHONES), dtype=np.float32),
        loudness_db=np.full(rows_of(PHONES), -80, dtype=np.float32),
    )
    curves = articulate(sound(PHONES), silent, PHONES)
    np.testing.assert_allclose(curves.values, ArticulationCurves.at_rest(end_s(PHONES)).values, atol=1e-6)


def test_a_p_that_opens_a_sentence_is_heard_though_it_is_silent() -> None:
    phones = timeline("SIL 0.5 P 0.08 AA 0.4 SIL 0.5")
    speaking = activity(phones).speaking.copy()
    speaking[50:58] = 0
    speech = replace(activity(phones), speaking=speaking)
    pressed = articulate(sound(phones), speech, phones).channel(Mouth.PRESS)
    assert pressed[50:54].max() > 0.4


def test_the_quiet_level_leaves_louder_speech_alone() -> None:
    np.testing.assert_allclose(
        speak(ArticulationStyle(quiet_mouth_db=LOUD_DB - 30)).values, speak().values, atol=1e-6
    )


def test_the_gate_never_makes_speech_of_silence() -> None:
    speech = activity(PHONES)
    assert (gate(speech, -100).speaking <= speech.speaking).all()


def test_doubtful_phones_are_not_believed() -> None:
    doubtful = timeline(SENTENCE, confidence=0.1)
    heard = articulate(sound(PHONES), activity(PHONES), doubtful)
    unknown = articulate(sound(PHONES), activity(PHONES), None)
    np.testing.assert_array_equal(heard.values, unknown.values)


def test_a_driver_that_needs_phones_is_not_chosen_without_them() -> None:
    assert choose_driver(PHONES) is DRIVERS[0]
    assert not choose_driver(None).needs_phones


@pytest.mark.parametrize("driver", DRIVERS, ids=lambda driver: driver.name)
class TestEveryDriver:
    """One suite over every implementation of the interface."""

    def test_it_gives_one_row_for_every_hundredth_second(self, driver: ArticulationDriver) -> None:
        curves = drive(driver)
        assert len(curves.values) == rows_of(PHONES)
        assert np.isfinite(curves.values).all()
        assert 0 <= curves.channel(Mouth.APERTURE).min() <= curves.channel(Mouth.APERTURE).max() <= 1.9

    def test_it_opens_the_mouth_in_speech(self, driver: ArticulationDriver) -> None:
        spoken = said()
        speech = activity(spoken.phones)
        curves = driver.drive(sound_of(spoken), speech, spoken.phones)
        opening = curves.sample(np.flatnonzero(speech.speaking) / CURVE_RATE_HZ)[:, Mouth.APERTURE]
        assert opening.mean() > 0.2

    def test_under_the_rules_its_mouth_rests_in_silence(self, driver: ArticulationDriver) -> None:
        # A mouth may open half a second before it speaks.
        phones = timeline("SIL 0.5 " + SENTENCE)
        curves = drive_under_rules(driver, phones, activity(phones))
        assert curves.channel(Mouth.APERTURE)[:35].max() < 0.01
        assert curves.channel(Mouth.APERTURE)[-40:].max() < 0.01

    def test_a_sound_of_one_sample_is_a_mouth_at_rest(self, driver: ArticulationDriver) -> None:
        phones = timeline("SIL 0.01")
        speech = SpeechActivity(
            speaking=np.zeros(1, dtype=np.float32), loudness_db=np.full(1, -100, dtype=np.float32)
        )
        curves = drive_under_rules(driver, phones, speech)
        assert curves.values.shape == (1, len(Mouth))
        assert curves.duration_s == 1 / CURVE_RATE_HZ


def drive(driver: ArticulationDriver) -> ArticulationCurves:
    return driver.drive(sound(PHONES), activity(PHONES), PHONES)


def drive_under_rules(
    driver: ArticulationDriver, phones: PhoneTimeline, speech: SpeechActivity
) -> ArticulationCurves:
    """What articulate() does with the driver that it chooses."""
    return drive_by_the_rules(driver, sound(phones), speech, only_heard(phones, speech))
