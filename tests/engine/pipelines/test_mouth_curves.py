"""The mouth of a sound or of a text, without a picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from lipwright.engine import (
    BadAudioPath,
    Cancelled,
    JobContext,
    Mouth,
    SoundClip,
    SpokenLine,
    Stage,
    mouth_curves,
)
from tests.support.sounds import silence, voice, write_sound


def test_a_voice_moves_the_mouth_for_as_long_as_it_sounds(tmp_path: Path) -> None:
    made = mouth_curves(SoundClip(path=write_sound(tmp_path / "voice.wav", voice(1.0))))
    assert made.curves.duration_s == pytest.approx(1.0, abs=0.02)
    assert made.curves.channel(Mouth.APERTURE).max() > 0.1
    assert made.phones is None


def test_silence_leaves_the_mouth_at_rest_and_is_said_so(tmp_path: Path) -> None:
    made = mouth_curves(SoundClip(path=write_sound(tmp_path / "quiet.wav", silence(0.5))))
    assert made.curves.channel(Mouth.APERTURE).max() < 0.01
    assert made.warnings == ("No speech was heard in the sound, so the mouth rests.",)


def test_the_phones_of_a_spoken_text_are_known() -> None:
    pytest.importorskip("espeakng_loader")
    made = mouth_curves(SpokenLine(text="Papa."))
    assert made.phones is not None
    assert [phone.symbol for phone in made.phones.phones].count("P") == 2
    assert made.warnings == ()


def test_it_tells_its_stage_and_can_be_stopped(tmp_path: Path) -> None:
    sound = SoundClip(path=write_sound(tmp_path / "voice.wav", voice(0.5)))
    stages: list[Stage] = []
    mouth_curves(sound, context=JobContext(lambda event: stages.append(event.stage)))
    assert stages == [Stage.LISTENING]
    stopped = JobContext()
    stopped.cancel()
    with pytest.raises(Cancelled):
        mouth_curves(sound, context=stopped)


def test_a_sound_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadAudioPath):
        mouth_curves(SoundClip(path=tmp_path / "absent.wav"))
