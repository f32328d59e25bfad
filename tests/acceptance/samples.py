"""Things to send to a server, made on the spot; nobody real is in them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.support import sounds, videos
from tests.support.portrait import PORTRAIT_PATH

# Long enough for a few syllables, short enough that the suite stays quick on two cores.
SPEECH_S = 1.2
FILM_S = 1.0
FILM_RATE = Fraction(25)
# A face in a picture of this size is found safely, and frames of it are drawn quickly.
PICTURE_PX = 480


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFiles:
    """A picture of a face that was drawn by a program, something like a voice, and a film of that face."""

    folder: Path
    picture: Path
    sound: Path
    film: Path


def make_samples(folder: Path) -> SampleFiles:
    """Write the samples into a folder."""
    portrait = Image.open(PORTRAIT_PATH).convert("RGB")
    portrait.thumbnail((PICTURE_PX, PICTURE_PX))
    portrait.save(folder / "face.png")
    width, height = (side - side % 2 for side in portrait.size)
    still = np.asarray(portrait)[:height, :width]

    def swaying(index: int, _width: int, _height: int) -> NDArray[np.uint8]:
        return np.roll(still, round(2 * np.sin(index / 4)), axis=1)

    return SampleFiles(
        folder=folder,
        picture=folder / "face.png",
        sound=sounds.write_sound(folder / "hello.mp3", sounds.voice(SPEECH_S)),
        film=videos.write_clip(
            folder / "talk.mp4",
            count=round(FILM_S * FILM_RATE),
            frame_rate=FILM_RATE,
            size_wh=(width, height),
            frame=swaying,
            sound=sounds.voice(FILM_S, seed=1),
        ),
    )
