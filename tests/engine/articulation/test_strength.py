"""Loud vowels open the jaw, crisp consonants move the lips, and a flat voice stays as the table says."""

from __future__ import annotations

import numpy as np

from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.articulation.segments import Segments, segments_of
from lipwright.engine.articulation.strength import open_for_shouts, with_strength
from lipwright.engine.media.values import SPEECH_RATE_HZ, SpeechSound
from lipwright.engine.speech.values import SpeechActivity
from tests.engine.articulation.speech_builders import activity, rows_of, timeline, wide_open

PHONES = timeline("SIL 0.2 AA 0.3 T 0.1 AA 0.3 S 0.2 AA 0.3 S 0.2 SIL 0.2")
FIRST_AA, SECOND_AA, THIRD_AA = 1, 3, 5


def with_loudness(*levels_db: tuple[float, float, float]) -> SpeechActivity:
    """start_s, end_s, level in dB for stretches that differ from the rest."""
    speech = activity(PHONES)
    loudness_db = speech.loudness_db.copy()
    for start_s, end_s, level_db in levels_db:
        loudness_db[round(start_s * 100) : round(end_s * 100)] = level_db
    return SpeechActivity(speaking=speech.speaking, loudness_db=loudness_db)


def apertures(segments: Segments) -> list[float]:
    return [float(segments.targets[index, Mouth.APERTURE]) for index in (FIRST_AA, SECOND_AA, THIRD_AA)]


def test_the_louder_of_two_vowels_opens_wider() -> None:
    segments = segments_of(PHONES)
    quiet, loud, _ = apertures(
        with_strength(segments, with_loudness((0.2, 0.5, -28), (0.6, 0.9, -12)), sound=None)
    )
    assert loud > 1.2 * quiet


def test_no_vowel_is_whispered_away() -> None:
    segments = segments_of(PHONES)
    quiet, _, _ = apertures(with_strength(segments, with_loudness((0.2, 0.5, -60)), sound=None))
    assert quiet > 0.6 * segments.targets[FIRST_AA, Mouth.APERTURE]


def test_the_level_of_the_whole_recording_does_not_count() -> None:
    segments = segments_of(PHONES)
    loud = with_strength(segments, activity(PHONES, loud_db=-10), sound=None)
    quiet = with_strength(segments, activity(PHONES, loud_db=-40), sound=None)
    np.testing.assert_allclose(loud.targets, quiet.targets)


def test_loudness_scales_vowels_and_leaves_consonants_alone() -> None:
    segments = segments_of(PHONES)
    scaled = with_strength(segments, with_loudness((0.2, 0.5, -5)), sound=None)
    np.testing.assert_array_equal(scaled.targets[~segments.is_vowel], segments.targets[~segments.is_vowel])


def test_a_crisp_f_tucks_the_lip_more_than_a_dull_one() -> None:
    phones = timeline("SIL 0.2 F 0.2 AA 0.3 F 0.2 SIL 0.2")
    rng = np.random.default_rng(0)
    noise = rng.standard_normal(rows_of(phones) * SPEECH_RATE_HZ // 100).astype(np.float32)
    level = np.full(rows_of(phones), 1e-4, dtype=np.float32)
    level[20:40], level[70:90] = 0.2, 0.004
    sound = SpeechSound(samples=noise * np.repeat(level, SPEECH_RATE_HZ // 100))
    crisp, dull = with_strength(segments_of(phones), activity(phones), sound).targets[[1, 3], Mouth.TUCK]
    assert crisp > dull + 0.1


def test_silence_alone_has_no_strength_to_find() -> None:
    silence = timeline("SIL 1.0")
    segments = segments_of(silence)
    scaled = with_strength(segments, activity(silence), sound=None)
    np.testing.assert_array_equal(scaled.targets, segments.targets)


def test_a_shout_opens_the_mouth_by_nearly_a_fifth_of_the_face() -> None:
    usual = wide_open(rows_of(PHONES))
    shouted = open_for_shouts(usual, with_loudness((1.0, 1.3, 0)))
    assert shouted.channel(Mouth.APERTURE)[110:120].min() * 0.095 > 0.17
    assert shouted.channel(Mouth.JAW)[115] / usual.channel(Mouth.JAW)[115] > 1.5
    np.testing.assert_array_equal(shouted.values[:90], usual.values[:90])


def test_stressed_words_are_no_shouts() -> None:
    usual = wide_open(rows_of(PHONES))
    stressed = open_for_shouts(usual, with_loudness((1.0, 1.3, -10)))
    np.testing.assert_array_equal(stressed.values, usual.values)


def test_a_shout_opens_no_lips_that_are_shut() -> None:
    shut = ArticulationCurves.at_rest(rows_of(PHONES) / 100)
    np.testing.assert_array_equal(open_for_shouts(shut, with_loudness((1.0, 1.3, 0))).values, shut.values)
