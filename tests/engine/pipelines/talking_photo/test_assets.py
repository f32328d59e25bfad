"""Real pictures and voices: every usable face speaks, in step, and what is no speech moves no mouth."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lipwright.engine.articulation.articulate import articulate
from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.errors import NoFaceFound
from lipwright.engine.media.values import SoundClip
from lipwright.engine.pipelines.options import SpokenLine
from lipwright.engine.pipelines.speech_input import SpeechInput, load_voice_track
from lipwright.engine.progress import JobContext
from lipwright.engine.quality.mouth import CLOSED_GAP
from lipwright.engine.quality.observe import MouthRecord
from lipwright.engine.speech.phones import BILABIAL
from lipwright.engine.timeline import frame_times_s
from tests.engine.pipelines.talking_photo.finished_videos import Make, mouths

pytestmark = [pytest.mark.assets, pytest.mark.timeout(900)]

TEXT = "Mama may bake a big apple pie."
FRAME_RATE = Fraction(25)
# Large pictures are made smaller: the mouth moves alike and the suite ends in minutes.
MAX_RESOLUTION_PX = 900
# Taken in the middle of a sentence or a breath: the lips are apart, the eyes shut or half shut.
PARTED_LIPS = (
    "eyes_shut_woman.jpg",
    "eyes_shut_woman_2.jpg",
    "eyes_half_woman.jpg",
    "eyes_half_man.jpg",
)
PICTURES = (
    "real_woman_smile_teeth_512.png",
    "ai_man_grey_suit_closed.jpg",
    "ai_man_open_smile.jpg",
    "ai_woman_curly_closed_large.jpg",
    "ai_man_half_body_1036.jpg",
    "ai_woman_glasses_hand.jpg",
    "painting_pearl_earring_3q.jpg",
    "painting_child_reading.jpg",
    "painting_dark_skin.png",
    "painting_glasses_goatee.png",
    "cartoon3d_boy.png",
    "anime_full_body.png",
    "two_people_car.png",
    *PARTED_LIPS,
)
# The bars of the product.
LEAST_CORRELATION = 0.8
LEAST_CLOSED_SHARE = 0.95
CLOSURE_REACH_S = 0.06
# Of sounds that hold no speech, how far a mouth may open, in units of the speaker's range: a murmur.
MOST_MURMUR = 0.15


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spoken:
    """A picture that spoke. closures: for each p, b and m, whether the lips met."""

    correlation: float
    closures: tuple[bool, ...]


@pytest.fixture(scope="module")
def heard() -> SpeechInput:
    pytest.importorskip("espeakng_loader")
    with load_voice_track(
        SpokenLine(text=TEXT), transcript=None, language=None, context=JobContext()
    ) as heard:
        return heard


@pytest.fixture(scope="module")
def all_spoken(assets: Path, heard: SpeechInput, make: Make) -> dict[str, Spoken]:
    """Every picture with a usable face."""
    asked = articulate(heard.sound, heard.activity, heard.phones).channel(Mouth.APERTURE)
    found = {}
    for name in PICTURES:
        made = make(
            assets / "images" / name,
            SpokenLine(text=TEXT),
            frame_rate=FRAME_RATE,
            max_resolution_px=None if name == "two_people_car.png" else MAX_RESOLUTION_PX,
        )
        found[name] = compare(mouths(made.path), asked, heard)
    return found


def compare(record: MouthRecord, asked: NDArray[np.float32], heard: SpeechInput) -> Spoken:
    """The mouth that is seen against the one that was asked for and the sounds that are heard."""
    times_s = frame_times_s(len(record.gap), record.frame_rate)
    wanted = np.interp(times_s, np.arange(len(asked)) / 100, asked)
    assert heard.phones is not None
    closures = tuple(
        bool(
            record.gap[
                (times_s > phone.start_s - CLOSURE_REACH_S) & (times_s < phone.end_s + CLOSURE_REACH_S)
            ].min()
            < CLOSED_GAP
        )
        for phone in heard.phones.phones
        if phone.symbol in BILABIAL
    )
    return Spoken(correlation=float(np.corrcoef(record.gap, wanted)[0, 1]), closures=closures)


def test_every_picture_of_the_folder_is_known(assets: Path) -> None:
    without_face = {"animal_dog.jpg", "no_face_coffee.png"}
    assert {path.name for path in (assets / "images").iterdir()} == {*PICTURES, *without_face}


@pytest.mark.parametrize("name", PICTURES)
def test_the_mouth_of_every_picture_follows_what_was_asked(all_spoken: dict[str, Spoken], name: str) -> None:
    assert all_spoken[name].correlation >= LEAST_CORRELATION


def test_the_lips_of_all_pictures_meet_on_p_b_and_m(all_spoken: dict[str, Spoken]) -> None:
    met = {name: np.mean(spoken.closures) for name, spoken in all_spoken.items() if name not in PARTED_LIPS}
    assert np.mean(list(met.values())) >= LEAST_CLOSED_SHARE, met


def test_lips_that_a_photo_shows_apart_meet_on_p_b_and_m(all_spoken: dict[str, Spoken]) -> None:
    met = {name: np.mean(all_spoken[name].closures) for name in PARTED_LIPS}
    assert np.mean(list(met.values())) >= LEAST_CLOSED_SHARE, met


@pytest.mark.parametrize("name", ["animal_dog.jpg", "no_face_coffee.png"])
def test_a_picture_without_a_person_is_refused(assets: Path, make: Make, sound: SoundClip, name: str) -> None:
    with pytest.raises(NoFaceFound):
        make(assets / "images" / name, sound)


@pytest.mark.parametrize("name", ["silence_3s.wav", "noise_only.wav", "music_only_15s.wav"])
def test_what_is_no_speech_leaves_the_mouth_as_in_the_picture(
    assets: Path, large_head: Path, make: Make, name: str
) -> None:
    made = make(large_head, SoundClip(path=assets / "audio" / name, end_s=8.0))
    gap = mouths(made.path).gap
    moved = np.abs(gap - gap[0])
    assert np.median(moved) < CLOSED_GAP
    assert moved.max() < max(CLOSED_GAP, MOST_MURMUR * 0.095)
