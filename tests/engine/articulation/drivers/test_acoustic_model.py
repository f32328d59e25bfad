"""The acoustic model of the wheel, read without its library: it must hear what that library hears."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import stft

from lipwright.engine.articulation.drivers.acoustic_model import (
    DIFFERENCE_REACH_ROWS,
    HIGHEST_HZ,
    LEAST_LOG,
    LOWEST_HZ,
    MODEL_BANDS,
    MODEL_PHONES,
    PRE_EMPHASIS,
    AcousticModel,
    load_acoustic_model,
    model_folder,
)
from lipwright.engine.media.values import SPEECH_RATE_HZ, SpeechSound
from lipwright.engine.speech.align.recognize import recognize_phones
from lipwright.engine.speech.phones import SILENCE, SYMBOLS
from tests.engine.speech.speech_sounds import said, silence, sound_of, white_noise

# Share of frames in which the likeliest phone has to be the one that is right. By chance it is .025; with no
# neighbours to go by, some .46 of a synthetic voice are reached.
HEARD = 0.35


def bands_of(sound: SpeechSound) -> NDArray[np.float32]:
    """What the model's own training took from a sound, against its mean; written down independently."""
    samples = np.append(sound.samples[:1], sound.samples[1:] - PRE_EMPHASIS * sound.samples[:-1])
    _, _, spectrum = stft(samples, SPEECH_RATE_HZ, "hamming", nperseg=410, noverlap=250, nfft=512)
    lowest_mel, highest_mel = (1127 * float(np.log1p(hz / 700)) for hz in (LOWEST_HZ, HIGHEST_HZ))
    edges_mel = np.linspace(lowest_mel, highest_mel, MODEL_BANDS + 2)
    edges_hz = 700 * np.expm1(edges_mel / 1127)
    bins_hz = np.arange(257) * SPEECH_RATE_HZ / 512
    bank = np.stack([np.interp(bins_hz, edges_hz[i : i + 3], [0, 1, 0]) for i in range(MODEL_BANDS)])
    mel_db = 10 * np.log10(bank @ np.abs(spectrum) ** 2 + 1e-12).T
    mel_db = np.maximum(mel_db, mel_db.max() - 60)
    return np.asarray(mel_db - mel_db.mean(axis=0), dtype=np.float32)


def log_phones(sound: SpeechSound) -> NDArray[np.float32]:
    reach = ((DIFFERENCE_REACH_ROWS, DIFFERENCE_REACH_ROWS), (0, 0))
    return load_acoustic_model().log_phones(np.pad(bands_of(sound), reach, mode="edge"))


def test_it_tells_the_phones_of_english_apart() -> None:
    symbols = load_acoustic_model().symbols
    assert len(symbols) == MODEL_PHONES
    assert set(symbols) >= SYMBOLS - {"UE", "OE"}


def test_every_row_is_a_set_of_log_probabilities() -> None:
    logs = log_phones(sound_of(said()))
    assert logs.min() >= LEAST_LOG
    assert logs.max() <= 0
    # Those below LEAST_LOG are counted as if they were as likely as that.
    assert np.exp(logs).sum(axis=1) == pytest.approx(1, abs=MODEL_PHONES * np.exp(LEAST_LOG))


def test_the_likeliest_phones_are_often_those_that_are_said() -> None:
    spoken = said()
    symbols = load_acoustic_model().symbols
    best = [symbols[place] for place in log_phones(sound_of(spoken)).argmax(axis=1)]
    right = [
        best[row] == phone.symbol
        for phone in spoken.phones.phones
        if phone.symbol != SILENCE
        for row in range(round(phone.start_s * 100) + 1, min(len(best), round(phone.end_s * 100)))
    ]
    assert np.mean(right) > HEARD


def test_it_agrees_with_the_library_whose_model_it_is() -> None:
    sound = sound_of(said(), silence_s=0.3)
    symbols = load_acoustic_model().symbols
    best = [symbols[place] for place in log_phones(sound).argmax(axis=1)]
    agreed = [
        best[row] == phone.symbol
        for phone in recognize_phones(sound).phones
        if phone.symbol != SILENCE
        for row in range(round(phone.start_s * 100), min(len(best), round(phone.end_s * 100)))
    ]
    assert np.mean(agreed) > HEARD


@pytest.mark.parametrize("sound", [silence(1.0), white_noise(1.0)], ids=["silence", "noise"])
def test_what_is_no_speech_gives_numbers_too(sound: SpeechSound) -> None:
    assert np.isfinite(log_phones(sound)).all()


def test_another_kind_of_model_is_refused(tmp_path: Path) -> None:
    shutil.copytree(model_folder(), tmp_path / "model")
    (tmp_path / "model" / "mdef").write_text("0.3\n42 n_base\n")
    with pytest.raises(ValueError, match="not a binary one"):
        AcousticModel.load(tmp_path / "model")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    shutil.copytree(model_folder(), tmp_path / "model")
    (tmp_path / "model" / "means").unlink()
    with pytest.raises(FileNotFoundError):
        AcousticModel.load(tmp_path / "model")
