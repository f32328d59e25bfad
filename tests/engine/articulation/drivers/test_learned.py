"""The learned driver: what it must keep in any language and with any weights that training may bring."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import soxr
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import CHANNEL_RANGES, ArticulationCurves, Mouth
from lipwright.engine.articulation.driver import curve_rows
from lipwright.engine.articulation.drivers.learned import (
    WEIGHTS_PATH,
    LearnedDriver,
    hear_learned,
    load_network,
)
from lipwright.engine.articulation.drivers.learned_bands import log_mel_blocks, log_mel_db
from lipwright.engine.articulation.drivers.learned_features import (
    FEATURE_COUNT,
    described_blocks,
    quiet_blocks,
)
from lipwright.engine.articulation.drivers.learned_mouth import CLOSURE_SHUT, LearnedMouth, MouthMeasure
from lipwright.engine.articulation.drivers.learned_network import OUTPUT_RATE_HZ
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SPEECH_RATE_HZ, SpeechSound
from lipwright.engine.speech.espeak import library as espeak
from lipwright.engine.speech.phones import BILABIAL
from lipwright.engine.speech.values import SpeechActivity
from lipwright.engine.speech.words.ipa import sounds_of_ipa

# A mouth that moves by less than this is seen as closed.
SHUT = 0.12
# Real lips meet up to so long before or after the sound begins.
NEAR_S = 0.06
OPEN_VOWELS = {"AA", "AE", "EH", "AY", "AO"}
# Correlation of a mouth with itself under noise 10 dB below: lower, and closures are lost.
LIKE_ITSELF = 0.7
# And through a telephone, which takes nothing that lips depend on.
LIKE_ITSELF_BY_TELEPHONE = 0.9
# Shares of p, b and m, and of the sounds far from them, at which lips shut; synthetic voices are clear.
FOUND_CLOSURES, FALSE_CLOSURES = 0.8, 0.15
# Weights in a repository: everybody downloads them with every clone.
MOST_BYTES = 2_000_000

SENTENCES = {
    "en-us": "My mother made a big apple pie, but Bob broke the blue plate before we came home.",
    "fr-fr": "Ma mère a fait une belle tarte aux pommes, mais Paul a cassé le plat bleu.",
    "es": "Mi madre preparó una tarta de manzana, pero mi primo rompió un plato pequeño.",
    "it": "Mia mamma ha preparato una bella torta, ma Beppe ha rotto un piatto blu.",
    "ru": "Моя мама приготовила большой пирог, но папа разбил мою любимую тарелку.",
    "cmn": "我妈妈做了一个苹果派,爸爸把盘子打破了。",
}


def drive(samples: NDArray[np.float32]) -> ArticulationCurves:
    sound = SpeechSound(samples=samples.astype(np.float32))
    rows = curve_rows(sound)
    # The driver hears voices for itself; an activity that says "speech" must not wake the mouth.
    speaking = SpeechActivity(speaking=np.ones(rows, np.float32), loudness_db=np.zeros(rows, np.float32))
    return LearnedDriver().drive(sound, speaking, None)


def say(language: str, voice: str = "") -> tuple[NDArray[np.float32], list[tuple[str, float, float]]]:
    """A sentence and its symbols with start and end in seconds."""
    pytest.importorskip("espeakng_loader")
    name = "fr" if language == "fr-fr" else language
    speech = espeak.synthesize(SENTENCES[language], voice=name + voice, rate_wpm=150)
    ends = [mark.sample for mark in speech.phonemes[1:]] + [len(speech.samples)]
    spans = [
        (part.symbol, mark.sample / speech.sample_rate_hz, end / speech.sample_rate_hz)
        for mark, end in zip(speech.phonemes, ends, strict=True)
        for part in (sounds_of_ipa(mark.ipa, language) if mark.ipa else ())[:1]
    ]
    samples = soxr.resample(speech.samples, speech.sample_rate_hz, SPEECH_RATE_HZ)
    return np.asarray(samples, dtype=np.float32), spans


def noise(duration_s: float, level: float = 0.1) -> NDArray[np.float32]:
    samples = np.random.default_rng(5).standard_normal(round(duration_s * SPEECH_RATE_HZ))
    return (level * samples).astype(np.float32)


def organ(duration_s: float) -> NDArray[np.float32]:
    """Chords that change twice a second, without a voice."""
    times_s = np.arange(round(duration_s * SPEECH_RATE_HZ)) / SPEECH_RATE_HZ
    steps = np.floor(times_s * 2).astype(int) % 4
    roots_hz = np.array([220.0, 174.6, 261.6, 196.0])[steps]
    chord = sum(
        np.sin(2 * np.pi * np.cumsum(roots_hz * ratio) / SPEECH_RATE_HZ) for ratio in (1, 1.25, 1.5, 2)
    )
    return np.asarray(0.08 * chord, dtype=np.float32)


def test_curves_cover_the_sound_and_stay_inside_the_ranges_of_the_mouth() -> None:
    samples, _ = say("en-us")
    curves = drive(samples)
    assert len(curves.values) == curve_rows(SpeechSound(samples=samples))
    assert np.isfinite(curves.values).all()
    for channel, (low, high) in CHANNEL_RANGES.items():
        assert curves.channel(channel).min() >= low
        assert curves.channel(channel).max() <= high


@pytest.mark.parametrize("sample_count", [0, 1, 159, 161, 400, 16_001])
def test_sounds_of_any_length_are_heard(sample_count: int) -> None:
    curves = drive(noise(2.0)[:sample_count])
    assert len(curves.values) == max(1, round(sample_count / SPEECH_RATE_HZ * CURVE_RATE_HZ))


@pytest.mark.parametrize("language", sorted(SENTENCES))
def test_the_mouth_moves_in_every_language(language: str) -> None:
    samples, _ = say(language)
    aperture = drive(samples).channel(Mouth.APERTURE)
    assert np.percentile(aperture, 90) > 0.5
    assert np.percentile(aperture, 90) - np.percentile(aperture, 10) > 0.35


@pytest.mark.parametrize("language", sorted(SENTENCES))
def test_lips_come_together_when_p_b_or_m_is_heard(language: str) -> None:
    samples, spans = say(language)
    curves = drive(samples)
    aperture = curves.channel(Mouth.APERTURE)

    def span(start_s: float, end_s: float, margin_s: float) -> NDArray[np.float32]:
        first, last = round((start_s - margin_s) * CURVE_RATE_HZ), round((end_s + margin_s) * CURVE_RATE_HZ)
        return aperture[max(0, first) : last + 1]

    shut = [span(start, end, NEAR_S).min() for symbol, start, end in spans if symbol in BILABIAL]
    open_wide = [span(start, end, 0).max() for symbol, start, end in spans if symbol in OPEN_VOWELS]
    assert np.mean(shut) < 0.5 * np.mean(open_wide)


def test_closure_is_heard_at_most_bilabials_and_at_few_other_sounds() -> None:
    bilabial: list[bool] = []
    others: list[bool] = []
    for language in sorted(SENTENCES):
        samples, spans = say(language)
        closure = hear_learned(SpeechSound(samples=samples)).closure
        for before, (symbol, start_s, end_s), after in zip(spans, spans[1:], spans[2:], strict=False):
            first, last = (round(at_s * OUTPUT_RATE_HZ) for at_s in (start_s, end_s))
            is_shut = bool(closure[max(0, first - 1) : last + 2].max() > CLOSURE_SHUT)
            if symbol in BILABIAL:
                bilabial.append(is_shut)
            elif not BILABIAL & {before[0], after[0]}:  # neighbours of a closure are shut in part
                others.append(is_shut)
    assert np.mean(bilabial) >= FOUND_CLOSURES
    assert np.mean(others) <= FALSE_CLOSURES


def test_everything_that_is_heard_of_a_mouth_has_one_length() -> None:
    samples, _ = say("es")
    heard = hear_learned(SpeechSound(samples=samples))
    rows = len(heard.voice)
    assert heard.deviations.shape == (rows, len(MouthMeasure))
    assert abs(rows / OUTPUT_RATE_HZ - len(samples) / SPEECH_RATE_HZ) < 0.05
    np.testing.assert_array_equal(
        LearnedMouth.joined([heard, heard]).of(MouthMeasure.WIDTH)[rows:], heard.of(MouthMeasure.WIDTH)
    )


def test_a_telephone_hardly_changes_the_mouth() -> None:
    samples, _ = say("en-us")
    low = soxr.resample(samples, SPEECH_RATE_HZ, 8000)
    steps = np.round(127 * np.sign(low) * np.log1p(255 * np.abs(low)) / np.log(256)) / 127
    line = np.sign(steps) * np.expm1(np.abs(steps) * np.log(256)) / 255
    heard = np.resize(soxr.resample(line, 8000, SPEECH_RATE_HZ), len(samples)).astype(np.float32)
    clean, narrow = (drive(sound).channel(Mouth.APERTURE) for sound in (samples, heard))
    assert np.corrcoef(clean, narrow)[0, 1] > LIKE_ITSELF_BY_TELEPHONE


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda seconds: np.zeros(round(seconds * SPEECH_RATE_HZ), np.float32), id="silence"),
        pytest.param(lambda seconds: noise(seconds), id="noise"),
        pytest.param(lambda seconds: noise(seconds, level=1e-4), id="hiss of a cheap converter"),
        pytest.param(organ, id="music"),
    ],
)
def test_the_mouth_rests_when_nobody_speaks(make: Callable[[float], NDArray[np.float32]]) -> None:
    curves = drive(make(6.0))
    assert np.percentile(curves.channel(Mouth.APERTURE), 95) < SHUT


def test_loudness_of_the_recording_does_not_matter() -> None:
    samples, _ = say("en-us")
    loud = drive(samples).channel(Mouth.APERTURE)
    soft = drive(samples * np.float32(0.1)).channel(Mouth.APERTURE)
    assert np.abs(loud - soft).mean() < SHUT / 2


def test_noise_that_never_ceases_hardly_changes_the_mouth() -> None:
    samples, _ = say("en-us")
    level = 10 ** (-10 / 20) * float(np.sqrt(np.mean(samples**2)))
    clean = drive(samples).channel(Mouth.APERTURE)
    noisy = drive(samples + noise(len(samples) / SPEECH_RATE_HZ + 1, level)[: len(samples)]).channel(
        Mouth.APERTURE
    )
    assert np.corrcoef(clean, noisy)[0, 1] > LIKE_ITSELF


def test_the_same_sound_gives_the_same_curves() -> None:
    samples, _ = say("es")
    np.testing.assert_array_equal(drive(samples).values, drive(samples.copy()).values)


def test_features_in_blocks_equal_features_of_the_whole() -> None:
    samples = noise(3.37)
    rows = len(samples) // 160
    in_blocks = np.concatenate(list(log_mel_blocks(samples, rows)))
    np.testing.assert_allclose(in_blocks, log_mel_db(samples, rows), atol=1e-3)


def test_phones_at_the_edges_of_blocks_are_heard_as_in_the_middle() -> None:
    samples, _ = say("en-us")
    bands = log_mel_db(samples, len(samples) // 160)
    foresight_s = len(samples) / SPEECH_RATE_HZ + 1
    whole, in_blocks = (
        np.concatenate(list(described_blocks(np.array_split(bands, parts), foresight_s))) for parts in (1, 7)
    )
    # Features reach from -2 to 2; more blocks forget a little more of what was heard before.
    np.testing.assert_allclose(in_blocks, whole, atol=0.1)


def test_the_network_hears_a_stream_as_it_hears_the_whole() -> None:
    network = load_network()
    samples, _ = say("en-us")
    blocks = list(described_blocks(quiet_blocks(log_mel_blocks(samples, len(samples) // 160))))
    whole = network.hear(np.concatenate(blocks))
    streamed = list(network.hear_blocks(iter(blocks)))
    np.testing.assert_allclose(np.concatenate([part.mouth for part in streamed]), whole.mouth, atol=1e-3)
    np.testing.assert_allclose(np.concatenate([part.phones for part in streamed]), whole.phones, atol=1e-3)


def test_a_stream_is_answered_within_a_second() -> None:
    assert load_network().reach_rows <= CURVE_RATE_HZ


def test_a_stream_keeps_only_what_it_needs_of_the_past() -> None:
    network = load_network()
    counted: list[int] = []

    def endless() -> Iterator[NDArray[np.float32]]:
        for _ in range(40):
            counted.append(1)
            yield np.zeros((CURVE_RATE_HZ, FEATURE_COUNT), np.float32)

    told = 0
    for part in network.hear_blocks(endless()):
        told += 2 * len(part.voice)
        # Signs follow the sound block by block instead of waiting for its end.
        assert told >= CURVE_RATE_HZ * len(counted) - 2 * network.reach_rows


def test_weights_are_small() -> None:
    assert WEIGHTS_PATH.stat().st_size < MOST_BYTES
