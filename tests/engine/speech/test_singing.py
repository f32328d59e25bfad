"""What sounds sung and is plainly speech is no song."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.articulation.articulate import articulate
from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.media.reading.sound import load_speech
from lipwright.engine.media.values import SoundClip
from lipwright.engine.speech.activity import detect_activity
from lipwright.engine.speech.singing import without_speech

ROWS = 200


def kept(*, spoken: float, held: float, in_pauses: float = 0.0) -> NDArray[np.float32]:
    """What is left of a stretch that sounds sung; the second half of it is a pause of the voice."""
    audible = np.arange(ROWS) < ROWS // 2
    sung = np.ones(ROWS, np.float32)
    return without_speech(
        sung, np.where(audible, spoken, in_pauses), np.full(ROWS, held, dtype=np.float64), audible
    )


def test_speech_with_a_hum_in_its_pauses_is_no_song() -> None:
    assert kept(spoken=0.9, held=0.0).max() == 0


def test_a_song_that_is_hardly_heard_as_speech_stays_whole() -> None:
    assert kept(spoken=0.5, held=0.0, in_pauses=1.0).min() == 1


def test_who_is_heard_as_a_speaker_and_holds_notes_sings() -> None:
    assert kept(spoken=0.95, held=0.68).min() == 1


def test_where_nothing_sounds_sung_nothing_is_sung() -> None:
    nothing = np.zeros(ROWS, np.float32)
    assert without_speech(nothing, nothing, nothing, np.ones(ROWS, np.bool_)).max() == 0


@pytest.mark.assets
def test_an_old_recording_of_a_speech_is_no_song_and_its_pauses_are_shut(assets: Path) -> None:
    sound = load_speech(SoundClip(path=assets / "audio" / "en_jfk_11s.flac", end_s=4.0))
    activity = detect_activity(sound)
    assert activity.singing is not None
    assert activity.singing.max() == 0
    aperture = articulate(sound, activity).channel(Mouth.APERTURE)
    # "And so, my fellow Americans": a pause of a second follows.
    assert aperture[240:280].max() < 0.1
    # The speaker raises his voice above the hum, not above himself.
    assert aperture.max() < 1.3
