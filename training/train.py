"""Train the network of the learned driver, from packages and clips to the file of weights.

    python -m training.train --assets ../shared/assets --debian DEBIAN --work WORK

DEBIAN is a folder into which the packages of training/README.md were unpacked. What takes long is kept in
WORK, so a second run goes on where the first one ended. With --leave-out the nets of the table in
docs/reference/quality.md are made as well: each has never heard the speakers that it is measured on.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from lipwright.engine.articulation.drivers.learned import WEIGHTS_PATH
from lipwright.engine.articulation.drivers.linear_mouth import LinearMouth
from training.alignment import align, phones_of_text
from training.augment import Beds
from training.feature_pool import (
    MouthExample,
    SpeechExample,
    features_of,
    mouth_example,
    speech_example,
    voiceless_example,
)
from training.flite import flite_speech
from training.labels import labels_of
from training.linear_fit import Sums
from training.mouth_clips import GRID_SPEAKER, VIDEO_CLIPS, MouthClip, load_clips
from training.network import TrainedNetwork, log_phones, write_weights
from training.recordings import english_dialogues, hold_music, recordings
from training.spoken_corpus import Utterance, sentences, synthetic_speech
from training.stages import (
    MouthStage,
    SpeechStage,
    discount_pauses,
    learn_mouths,
    learn_speech,
    mouth_deviations,
)

Made = TypeVar("Made")

# People who are left out one at a time: with two at a time the nets of the table would know an eighth of the
# people fewer than the shipped one.
LEFT_OUT = tuple(Path(name).stem for name in VIDEO_CLIPS)
# Disguises of every clip, and of every utterance.
CLIP_VERSIONS = 8
VOICELESS_EXAMPLES = 300
# The first net, which only has to align the recordings.
ALIGNING_STAGE = SpeechStage(steps=900)
# A closed mouth measures a little gap; below this share of full opening the lips touch.
TOUCHING = 0.05
KNOT_SHARES = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Where things are. work: for what takes long to make."""

    assets: Path
    debian: Path
    work: Path


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--assets", type=Path, required=True)
    parser.add_argument("--debian", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--leave-out", action="store_true", help="also make the nets of the table")
    parser.add_argument("--output", type=Path, default=WEIGHTS_PATH)
    options = parser.parse_args()
    torch.use_deterministic_algorithms(True)
    folders = Folders(assets=options.assets, debian=options.debian, work=options.work)
    folders.work.mkdir(parents=True, exist_ok=True)

    synthetic = kept(folders.work / "synthetic.pickle", lambda: synthetic_examples(folders))
    aligning = kept(folders.work / "aligning.pickle", lambda: learn_speech(synthetic, ALIGNING_STAGE))
    recorded = kept(folders.work / "recorded.pickle", lambda: recorded_examples(aligning, folders))
    speech = [*synthetic, *recorded]
    taught = kept(folders.work / "taught.pickle", lambda: learn_speech(speech, SpeechStage(), aligning))
    clips = kept(folders.work / "clips.pickle", lambda: load_clips(folders.assets))
    mouths = kept(folders.work / "mouths.pickle", lambda: mouth_examples(clips, folders))
    mouths = discount_pauses(taught, mouths)
    sums = Sums.over(mouths[: len(clips)])  # every clip as it is; then come the disguises
    knots = folders.work / "aperture_knots.npy"
    if options.leave_out or not knots.exists():
        np.save(knots, leave_out(taught, mouths, speech, sums, folders.work))
    final = learn_mouths(taught, mouths, speech, MouthStage())
    write_weights(final, sums.solve(), options.output, np.load(knots))


def kept(path: Path, make: Callable[[], Made]) -> Made:
    """What was made before, or what is made now and kept."""
    if not path.exists():
        made = make()
        path.write_bytes(pickle.dumps(made))
    made_before: Made = pickle.loads(path.read_bytes())
    return made_before


def synthetic_examples(folders: Folders) -> list[SpeechExample]:
    """Synthetic speech, and sounds without a voice; voices made of real ones come in two disguises."""
    spoken = list(synthetic_speech(seed=1))
    texts = [*english_dialogues(folders.debian), *sentences("en")]
    realistic = list(flite_speech(folders.debian, texts, seed=2))
    beds = _beds(folders, spoken)
    examples = [speech_example(one, beds, seed) for seed, one in enumerate([*spoken, *realistic, *realistic])]
    return examples + [voiceless_example(beds, 1_000_000 + seed) for seed in range(VOICELESS_EXAMPLES)]


def recorded_examples(aligning: TrainedNetwork, folders: Folders) -> list[SpeechExample]:
    """The recordings where the network hears their text, each in a disguise."""
    spoken = aligned_recordings(aligning, folders.debian)
    beds = _beds(folders, spoken)
    return [speech_example(one, beds, 2_000_000 + seed) for seed, one in enumerate(spoken)]


def aligned_recordings(network: TrainedNetwork, debian: Path) -> list[Utterance]:
    """The recordings with their phones where the network hears them."""
    found: list[Utterance] = []
    for recording in recordings(debian):
        # A little silence before and after, so that the path can begin and end with it.
        samples = np.pad(recording.samples, (3200, 3200))
        heard = log_phones(network, features_of(samples))
        timeline = align(heard, phones_of_text(recording.text, recording.language))
        if timeline is not None:
            found.append(Utterance(samples=samples, labels=labels_of(timeline, 2 * len(heard))))
    return found


def _beds(folders: Folders, spoken: Sequence[Utterance]) -> Beds:
    return Beds(music=hold_music(folders.debian), voices=[one.samples for one in spoken[::9]])


def mouth_examples(clips: Sequence[MouthClip], folders: Folders) -> list[MouthExample]:
    """Every clip as it is and in disguises."""
    voices = [clip.samples for clip in clips if clip.speaker == GRID_SPEAKER][::3]
    beds = Beds(music=hold_music(folders.debian), voices=voices)
    return [
        mouth_example(clip, beds, None if version == 0 else 1000 * version + place)
        for version in range(CLIP_VERSIONS)
        for place, clip in enumerate(clips)
    ]


def leave_out(
    taught: TrainedNetwork,
    mouths: Sequence[MouthExample],
    speech: Sequence[SpeechExample],
    sums: Sums,
    work: Path,
) -> NDArray[np.float64]:
    """Make and save the weights for every speaker left out, and return the aperture knots.

    The knots bring predictions for people never heard to the spread of real mouths: quantile to quantile.
    """
    folder = work / "left_out"
    folder.mkdir(exist_ok=True)
    made: dict[str, tuple[TrainedNetwork, LinearMouth]] = {}
    for speaker in LEFT_OUT:
        others = [one for one in mouths if one.clip.speaker != speaker]
        made[speaker] = learn_mouths(taught, others, speech, MouthStage()), sums.solve(left_out=speaker)
    predicted, true = [], []
    even = np.linspace(0.005, 0.995, 100)
    for speaker, (net, linear) in made.items():
        clip = next(one.clip for one in mouths if one.clip.speaker == speaker)
        features = features_of(clip.samples)
        gap = mouth_deviations(net, features)[:, 0] + linear.read(features)[:, 0]
        predicted.append(np.quantile(gap, even))
        aperture = clip.mouth[:, 0] / np.percentile(clip.mouth[:, 0], 95)
        true.append(np.quantile(np.maximum(0, aperture - TOUCHING) / (1 - TOUCHING), even))
    knots = np.array([np.quantile(predicted, KNOT_SHARES), np.minimum(1.2, np.quantile(true, KNOT_SHARES))])
    for speaker, (net, linear) in made.items():
        write_weights(net, linear, folder / f"{speaker}.npz", knots)
    return knots


if __name__ == "__main__":
    main()
