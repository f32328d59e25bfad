"""The mouth of a finished video does what is heard, and nothing where nothing is heard."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from lipwright.engine.articulation.articulate import articulate
from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.media.reading.sound import write_wav
from lipwright.engine.media.values import SoundClip
from lipwright.engine.pipelines.options import SpokenLine
from lipwright.engine.pipelines.speech_input import SpeechInput, load_voice_track
from lipwright.engine.progress import JobContext
from lipwright.engine.quality.mouth import CLOSED_GAP
from lipwright.engine.quality.observe import MouthRecord
from lipwright.engine.quality.speech_fit import closure_share
from lipwright.engine.speech.voices.speak import DEFAULT_VOICE, speak
from lipwright.engine.timeline import frame_times_s
from tests.engine.pipelines.talking_photo.finished_videos import Made, Make, mouths, play
from tests.support.sounds import silence, tone, write_sound

pytest.importorskip("espeakng_loader")

# The first frame is the picture, whatever is heard in it: a sound that shuts the lips does not come first.
TEXT = "Her mama may bake a big apple pie."
# A closure lasts two or three frames at this rate.
FRAME_RATE = Fraction(25)
# The bar of the product: how well the mouth that is seen follows the one that was asked for.
LEAST_CORRELATION = 0.8
LEAST_CLOSED_SHARE = 0.95
# Lips that do not speak, seen through the encoder and the tracker in a head that moves, face heights.
STILL_LIPS = 0.010


@pytest.fixture(scope="module")
def spoken(large_head: Path, make: Make) -> Made:
    return make(large_head, SpokenLine(text=TEXT), frame_rate=FRAME_RATE)


@pytest.fixture(scope="module")
def seen(spoken: Made) -> MouthRecord:
    return mouths(spoken.path)


@pytest.fixture(scope="module")
def heard() -> SpeechInput:
    """What the pipeline hears of the text."""
    with load_voice_track(
        SpokenLine(text=TEXT), transcript=None, language=None, context=JobContext()
    ) as heard:
        return heard


def closed_share(heard: SpeechInput, record: MouthRecord) -> float:
    """The share of m, b and p at which the lips are seen to meet."""
    assert heard.phones is not None
    gap, is_seen = record.at_curve_rate(record.gap), record.seen_at_curve_rate()
    share = closure_share(gap, is_seen, heard.phones)
    assert share is not None
    return share


def test_the_lips_are_closed_when_m_is_heard(heard: SpeechInput, seen: MouthRecord) -> None:
    assert closed_share(heard, seen) >= LEAST_CLOSED_SHARE


def test_the_mouth_opens_for_vowels(heard: SpeechInput, seen: MouthRecord) -> None:
    times_s = frame_times_s(len(seen.gap), seen.frame_rate)
    assert heard.phones is not None
    vowels = [phone for phone in heard.phones.phones if phone.symbol in ("AA", "AE", "AY", "EY")]
    assert len(vowels) >= 4
    for vowel in vowels:
        during = (times_s > vowel.start_s) & (times_s < vowel.end_s)
        assert seen.gap[during].max() > 2 * CLOSED_GAP, vowel


def test_the_mouth_that_is_seen_is_the_mouth_that_was_asked_for(
    heard: SpeechInput, seen: MouthRecord
) -> None:
    asked = articulate(heard.sound, heard.activity, heard.phones)
    times_s = frame_times_s(len(seen.gap), seen.frame_rate)
    wanted = asked.sample(times_s)[:, Mouth.APERTURE]
    correlations = {
        lag: np.corrcoef(np.roll(seen.gap, -lag)[3:-3], wanted[3:-3])[0, 1] for lag in range(-3, 4)
    }
    assert correlations[0] >= LEAST_CORRELATION
    # Sound and mouth are in step: no shift by frames fits better.
    assert max(correlations, key=lambda lag: correlations[lag]) == 0


def test_sound_and_picture_end_together(heard: SpeechInput, spoken: Made) -> None:
    film, sound_s = play(spoken.path), heard.sound.duration_s
    assert sound_s <= film.picture_end_s + 1e-3
    assert film.picture_end_s - sound_s < 1 / FRAME_RATE
    # One block of AAC.
    assert film.sound_end_s == pytest.approx(film.picture_end_s, abs=0.03)


def test_the_report_tells_what_was_made(spoken: Made) -> None:
    film, report = play(spoken.path), spoken.report
    assert film.frames.shape == (report.frame_count, report.height_px, report.width_px, 3)
    assert film.frame_rate == report.frame_rate == FRAME_RATE
    assert report.duration_s == pytest.approx(film.picture_end_s)
    assert report.elapsed_s > 0
    assert report.warnings == ()


def test_a_transcript_shuts_the_lips_of_a_recording_where_its_words_need_it(
    large_head: Path, make: Make, heard: SpeechInput, tmp_path: Path
) -> None:
    spoken = speak(TEXT, DEFAULT_VOICE)
    write_wav(tmp_path / "voice.wav", spoken.samples, spoken.sample_rate_hz)
    made = make(large_head, SoundClip(path=tmp_path / "voice.wav"), frame_rate=FRAME_RATE, transcript=TEXT)
    # Aligned times are a few hundredths off: one of the closures may fall outside the reach.
    assert closed_share(heard, mouths(made.path)) >= 0.8


@pytest.mark.parametrize("kind", ["silence", "hum"])
def test_a_sound_without_speech_keeps_the_mouth_still(
    large_head: Path, make: Make, tmp_path: Path, kind: str
) -> None:
    samples = silence(1.0) if kind == "silence" else tone(1.0)
    path = write_sound(tmp_path / "sound.wav", samples)
    made = make(large_head, SoundClip(path=path))
    # The portrait shows parted lips, which stay as they are; only a smile may pass over them.
    gap = mouths(made.path).gap
    assert gap.min() > CLOSED_GAP
    assert np.ptp(gap) < STILL_LIPS
    if kind == "silence":
        assert made.report.warnings == ("No speech was heard in the sound, so the mouth rests.",)
