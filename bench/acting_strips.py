"""Strips of acting faces to look at: `uv run python -m bench.acting_strips --assets FOLDER --out DIR`.

Lets each picture of FOLDER/images act with several voices, manners and prompts, and writes one PNG file for
each picture: of every clip each third frame over three seconds. The acts rotate over the pictures, so that
together they show every voice in every manner and with every prompt. `--eyes` shows the eyes from near by.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from bench.pictures import Subject, add_picture_options, chosen_pictures, read_subject
from bench.sheets import GAP_PX, SHEET_WIDTH_PX, View, cut, tiled
from lipwright.engine import SoundClip, SpokenLine, TalkingPhotoOptions, talking_photo
from lipwright.engine.boxes import Box
from lipwright.engine.errors import EngineError
from lipwright.engine.face.find.landmarks import Mesh, refine
from lipwright.engine.face.measures import face_height_px
from lipwright.engine.face.mesh import FACE_OVAL
from lipwright.engine.media.reading.images import save_png
from lipwright.engine.pipelines.modes import PhotoMode
from lipwright.engine.pipelines.options import SpeechSource

FRAME_RATE = Fraction(25)
# Every how many frames, from when on, and for how long a strip shows; a clip ends a second later.
STEP, START_S, LENGTH_S, AFTER_S = 3, 1.0, 3.0, 1.0
# Small pictures are drawn quickly, and a tile is smaller still.
MAX_RESOLUTION_PX = 640
TILES_ACROSS = 9
# Room around the face, face heights: what a head that turns needs.
ROOM = 0.24
ACTS_A_PICTURE = 3

# What is heard, by name: a calm and a lively recording, and texts whose signs the voice and the face read.
CALM = "audio/en_jfk_11s.flac"
LIVELY = "audio/es_ivr_congrats.wav"
ANGRY = "No! I told you not to touch it! How dare you come back here! Get out of my house, now!"
ASKING = "Did you really mean what you said? Yes, I did. And will you come with us? Of course I will."
PROMPTS = ("happy", "sad", "angry", "surprised", "doubtful", "shy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a picture is to do. intensity: None is the mode REALISTIC, and the prompt is empty."""

    voice: str
    intensity: float | None = None
    prompt: str = ""

    @property
    def name(self) -> str:
        """As a strip calls it."""
        manner = "realistic" if self.intensity is None else f"expressive {self.intensity:g}"
        return " | ".join(word for word in (self.voice, manner, self.prompt) if word)

    def options(self, **others: object) -> TalkingPhotoOptions:
        """The options that ask for it."""
        options = TalkingPhotoOptions(frame_rate=FRAME_RATE, **others)  # type: ignore[arg-type]
        if self.intensity is None:
            return options
        return replace(options, mode=PhotoMode.PROMPTED, intensity=self.intensity, prompt=self.prompt)


def acts() -> Iterator[Act]:
    """Every voice in every manner and with every prompt, over and over, neighbours unlike each other."""
    voices = ("calm", "lively", "angry", "asking")
    manners = [
        (None, ""),
        (2.0, ""),
        *((1.0, prompt) for prompt in PROMPTS[:3]),
        (1.0, ""),
        *((1.0, prompt) for prompt in PROMPTS[3:]),
    ]
    place = 0
    while True:
        # 9 manners and 4 voices have no common divisor: 36 steps show all of them together.
        intensity, prompt = manners[place % len(manners)]
        yield Act(voice=voices[place % len(voices)], intensity=intensity, prompt=prompt)
        place += 1


def main() -> None:
    """Make the strips."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_picture_options(parser)
    parser.add_argument("--out", type=Path, required=True, help="the folder that the strips go to")
    parser.add_argument("--eyes", action="store_true", help="the eyes instead of the head")
    parser.add_argument("--only", help="this act alone: voice, intensity (0 is realistic), prompt")
    parser.add_argument("--start", type=float, default=START_S, help="the second at which a strip begins")
    parser.add_argument("--videos", action="store_true", help="keep the videos beside them")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    all_acts = acts()
    for seed, path in enumerate(chosen_pictures(options)):
        try:
            subject = read_subject(path)
        except EngineError as error:
            print(f"{path.name} is left out: {error}", file=sys.stderr)
            continue
        chosen = [_act(options.only)] if options.only else list(islice(all_acts, ACTS_A_PICTURE))
        view = View.EYES if options.eyes else View.HEAD
        strips = []
        for act in chosen:
            with tempfile.TemporaryDirectory() as folder:
                name = f"{path.stem}-{act.name.replace(' | ', '-').replace(' ', '_')}.mp4"
                video = (options.out if options.videos else Path(folder)) / name
                frames = perform(subject, act, options.assets, video, seed, options.start)
            strips += [_title(act.name), strip(frames, subject, view)]
        out = options.out / f"{path.stem}{'-eyes' if options.eyes else ''}.png"
        save_png(out, np.concatenate(strips))
        print(out, flush=True)


def perform(
    subject: Subject, act: Act, assets: Path, video: Path, seed: int, start_s: float
) -> list[NDArray[np.uint8]]:
    """Let a picture act, and give the frames of the strip's seconds."""
    options = act.options(seed=seed, max_resolution_px=_cap(subject))
    talking_photo(subject.path, heard(act.voice, assets, start_s), video, options)
    first, last = (round((start_s + each) * FRAME_RATE) for each in (0, LENGTH_S))
    with av.open(str(video)) as container:
        frames = (
            np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
            for frame in container.decode(container.streams.video[0])
        )
        return list(islice(frames, first, last, STEP))


def heard(voice: str, assets: Path, start_s: float) -> SpeechSource:
    """A voice by its name."""
    if voice in ("calm", "lively"):
        end_s = start_s + LENGTH_S + AFTER_S
        return SoundClip(path=assets / (CALM if voice == "calm" else LIVELY), end_s=end_s)
    return SpokenLine(text=ANGRY if voice == "angry" else ASKING)


def strip(frames: Sequence[NDArray[np.uint8]], subject: Subject, view: View) -> NDArray[np.uint8]:
    """Frames side by side; eyes are followed, the head moves in its tile."""
    scale = frames[0].shape[1] / subject.rgb.shape[1]
    tiles = []
    for frame in frames:
        whole = cv2.resize(frame, subject.rgb.shape[1::-1], interpolation=cv2.INTER_CUBIC)
        whole = whole if scale != 1 else frame
        points = subject.face.landmarks_px
        if view is not View.HEAD:
            points = refine(np.asarray(whole, np.uint8), Mesh(points_px=points, confidence=1.0)).points_px
        box = _head(points) if view is View.HEAD else view.box(points, subject)
        tiles.append(cut(np.asarray(whole, np.uint8), box))
    return tiled(tiles, TILES_ACROSS)


def _act(words: str) -> Act:
    voice, intensity, *prompt = (word.strip() for word in words.split(","))
    return Act(voice=voice, intensity=float(intensity) or None, prompt=" ".join(prompt))


def _cap(subject: Subject) -> int | None:
    """A picture whose face is small keeps its size."""
    return None if subject.max_resolution_px is None else min(MAX_RESOLUTION_PX, subject.max_resolution_px)


def _head(points_px: NDArray[np.float32]) -> Box:
    oval = points_px[list(FACE_OVAL), :2]
    room_px = ROOM * face_height_px(points_px)
    return Box.holding(*(oval.min(axis=0) - room_px), *(oval.max(axis=0) + room_px))


def _title(words: str) -> NDArray[np.uint8]:
    page = np.full((18 + GAP_PX, SHEET_WIDTH_PX, 3), 255, np.uint8)
    cv2.putText(page, words, (4, 15), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    return page


if __name__ == "__main__":
    main()
