"""Train the networks of the learned driver, from packages and clips to the file of weights.

    python -m training.train --assets ../shared/assets --debian DEBIAN --work WORK

DEBIAN is a folder into which the packages of training/README.md were unpacked. What takes long is kept in
WORK, so a second run goes on where the first one ended. The nets of the table in docs/reference/quality.md,
each of which has never heard the speakers that it is measured on, are made on the way (WORK/left_out).
`--from WEIGHTS` takes the first network out of a file of weights. The ear is never taken from there: it has
met everybody on camera, and nobody could be left out of it any more.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from lipwright.engine.articulation.drivers.learned import WEIGHTS_PATH
from lipwright.engine.articulation.drivers.learned_mouth import MouthMeasure
from training.alignment import align, phones_of_text
from training.augment import Beds
from training.ear import Ear, FilmedStage, HearingStage, ear_arrays, learn_filmed, learn_hearing
from training.examples import FilmedExample, HeardExample
from training.feature_pool import (
    SpeechExample,
    features_of,
    filmed_example,
    heard_example,
    speech_example,
    voiceless_example,
)
from training.flite import flite_speech
from training.folds import FOLDS, agreements, medians, told_by_ridge, told_of_strangers, without
from training.labels import labels_of
from training.mouth_clips import (
    GRID_SPEAKER,
    MouthClip,
    MouthScale,
    clip_paths,
    rig_clip,
    rig_paths,
    video_clip,
)
from training.network import TrainedNetwork, log_phones, read_speech_network, speech_arrays
from training.recordings import english_dialogues, hold_music, recordings
from training.spoken_corpus import Utterance, sentences, synthetic_speech
from training.stages import SpeechStage, learn_speech
from training.teacher import Teacher
from training.unfilmed import Unfilmed, unfilmed_speech

Made = TypeVar("Made")

# Disguises of every clip, and processes that make them.
CLIP_VERSIONS = 5
PROCESSES = 2
VOICELESS_EXAMPLES = 300
# The first net, which only has to align the recordings.
ALIGNING_STAGE = SpeechStage(steps=900)
# Of the unfilmed speech, one stretch in so many is heard without a disguise as well.
CLEAN_STRIDE = 6
# Of the unfilmed speech, one stretch in so many goes on being heard while mouths are learned.
HEARD_STRIDE = 3
# Ears of the package, which differ in the seeds of both stages. A second one brought .00 to .01 (README.md).
EARS = 1
# A closed mouth measures a little gap; below this share of full opening the lips touch.
TOUCHING = 0.05
KNOT_SHARES = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Where things are. work: for what takes long to make."""

    assets: Path
    debian: Path
    work: Path


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ComponentScale:
    """Mean and deviation of the teacher's components over all unfilmed speech."""

    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]

    def scaled(self, examples: Sequence[Made]) -> list[Made]:
        """Examples whose components are in deviations."""
        return [replace(one, teacher=(one.teacher - self.mean) / self.deviation) for one in examples]  # type: ignore[type-var, attr-defined]


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--assets", type=Path, required=True)
    parser.add_argument("--debian", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=WEIGHTS_PATH)
    parser.add_argument(
        "--from", dest="start", type=Path, metavar="WEIGHTS", help="take the net of phones from here"
    )
    parser.add_argument("--hearing-steps", type=int, default=HearingStage().steps)
    parser.add_argument("--mouth-steps", type=int, default=FilmedStage().steps)
    parser.add_argument(
        "--unfilmed-stride", type=int, default=1, help="take one stretch in so many of the unfilmed speech"
    )
    options = parser.parse_args()
    torch.set_num_threads(PROCESSES)
    folders = Folders(assets=options.assets, debian=options.debian, work=options.work)
    folders.work.mkdir(parents=True, exist_ok=True)

    taught = (
        read_speech_network(options.start)
        if options.start
        else kept(folders.work / "taught.pickle", lambda: speech_network(folders))
    )
    heard = kept(folders.work / "heard.pickle", lambda: heard_examples(folders, options.unfilmed_stride))
    clips = kept(folders.work / "clips.pickle", lambda: load_clips(folders.assets))
    filmed = kept(folders.work / "filmed.pickle", lambda: filmed_examples(clips, folders))
    every = np.concatenate([one.teacher[::10] for one in heard])
    scale = ComponentScale(mean=every.mean(axis=0), deviation=every.std(axis=0))
    heard, filmed = scale.scaled(heard), scale.scaled(filmed)

    print("mouths of strangers by the teacher's ridge:", medians(agreements(told_by_ridge(filmed), filmed)))
    ears: list[Ear] = []
    by_fold: list[list[Ear]] = []
    for seed in range(EARS):
        hearing = kept(
            folders.work / f"hearing{seed}.pickle",
            partial(learn_hearing, heard, HearingStage(steps=options.hearing_steps, seed=seed)),
        )
        some, stage = heard[seed::HEARD_STRIDE], FilmedStage(steps=options.mouth_steps, seed=seed)
        by_fold.append(
            [
                kept(
                    folders.work / f"ear{seed}_without{fold}.pickle",
                    partial(learn_filmed, hearing, without(fold, filmed), some, stage),
                )
                for fold in range(FOLDS)
            ]
        )
        ears.append(
            kept(folders.work / f"ear{seed}.pickle", partial(learn_filmed, hearing, filmed, some, stage))
        )
    strangers = list(zip(*by_fold, strict=True))
    told = told_of_strangers(strangers, filmed)
    print("opening/width/rounding/height of strangers:", medians(agreements(told, filmed)))
    knots = aperture_knots(told, filmed, clips)
    write_weights(taught, ears, options.output, knots)
    (folders.work / "left_out").mkdir(exist_ok=True)
    for fold, each in enumerate(strangers):
        write_weights(taught, each, folders.work / "left_out" / f"fold{fold}.npz", knots)


def kept(path: Path, make: Callable[[], Made]) -> Made:
    """What was made before, or what is made now and kept."""
    if not path.exists():
        made = make()
        path.write_bytes(pickle.dumps(made))
    made_before: Made = pickle.loads(path.read_bytes())
    return made_before


def speech_network(folders: Folders) -> TrainedNetwork:
    """The net of phones, rule and voice: by synthetic speech, then by recordings that it has aligned."""
    synthetic = kept(folders.work / "synthetic.pickle", lambda: synthetic_examples(folders))
    aligning = kept(folders.work / "aligning.pickle", lambda: learn_speech(synthetic, ALIGNING_STAGE))
    recorded = kept(folders.work / "recorded.pickle", lambda: recorded_examples(aligning, folders))
    return learn_speech([*synthetic, *recorded], SpeechStage(), aligning)


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


def heard_examples(folders: Folders, stride: int = 1) -> list[HeardExample]:
    """Unfilmed speech in disguises, with what the teacher hears in it before they are put on.

    stride: one stretch in so many is taken.
    """
    speech = list(unfilmed_speech(folders.debian, folders.assets, seed=1))[::stride]
    beds = Beds(music=hold_music(folders.debian), voices=[one.samples for one in speech[::23]])
    jobs = [(one, True) for one in speech] + [(one, False) for one in speech[::CLEAN_STRIDE]]
    make = partial(_heard, teacher=_teacher(folders), beds=beds)
    with _pool() as pool:
        return list(pool.map(make, jobs, range(10_001, 10_001 + len(jobs)), chunksize=64))


def _pool() -> ProcessPoolExecutor:
    """Fresh processes: copies of one that has computed with threads may hang."""
    return ProcessPoolExecutor(
        PROCESSES, mp_context=get_context("spawn"), initializer=torch.set_num_threads, initargs=(1,)
    )


def _heard(job: tuple[Unfilmed, bool], seed: int, teacher: Teacher, beds: Beds) -> HeardExample:
    speech, is_disguised = job
    return heard_example(speech, teacher, beds, seed, is_disguised=is_disguised)


def load_clips(assets: Path) -> list[MouthClip]:
    """All clips under the assets folder; some five minutes of tracking."""
    paths = clip_paths(assets)
    with _pool() as pool:
        filmed = list(pool.map(video_clip, paths.keys(), paths.values()))
    return [*filmed, *map(rig_clip, rig_paths(assets))]


def filmed_examples(clips: Sequence[MouthClip], folders: Folders) -> list[FilmedExample]:
    """Every clip as it is and in disguises."""
    voices = [clip.samples for clip in clips if clip.speaker == GRID_SPEAKER][::3]
    beds = Beds(music=hold_music(folders.debian), voices=voices)
    scales, teacher = MouthScale.by_speaker(clips), _teacher(folders)
    return [
        filmed_example(clip, scales[clip.speaker], teacher, beds, version, 1000 * version + place)
        for version in range(CLIP_VERSIONS)
        for place, clip in enumerate(clips)
    ]


def _teacher(folders: Folders) -> Teacher:
    return Teacher(folders.assets / "teacher" / "audio_lstm.npz")


def _beds(folders: Folders, spoken: Sequence[Utterance]) -> Beds:
    return Beds(music=hold_music(folders.debian), voices=[one.samples for one in spoken[::9]])


def aperture_knots(
    told: dict[str, NDArray[np.float32]], filmed: Sequence[FilmedExample], clips: Sequence[MouthClip]
) -> NDArray[np.float64]:
    """From the deviations told of strangers to their apertures, quantile to quantile."""
    speakers = {clip.name: clip.speaker for clip in clips}
    gaps: dict[str, list[NDArray[np.float32]]] = {}
    deviations: dict[str, list[NDArray[np.float32]]] = {}
    for clip in clips:
        gaps.setdefault(clip.speaker, []).append(clip.mouth[:, MouthMeasure.OPENING])
    for one in filmed:
        if one.version == 0 and one.name in told:
            rows = told[one.name][one.seen[:, 0] > 0, MouthMeasure.OPENING]
            deviations.setdefault(speakers[one.name], []).append(rows)
    even = np.linspace(0.005, 0.995, 100)
    predicted, true = [], []
    for speaker, rows in deviations.items():
        gap = np.concatenate(gaps[speaker])
        aperture = gap / np.percentile(gap, 95)
        predicted.append(np.quantile(np.concatenate(rows), even))
        true.append(np.quantile(np.maximum(0, aperture - TOUCHING) / (1 - TOUCHING), even))
    return np.array([np.quantile(predicted, KNOT_SHARES), np.minimum(1.2, np.quantile(true, KNOT_SHARES))])


def write_weights(
    speech: TrainedNetwork, ears: Sequence[Ear], path: Path, knots: NDArray[np.floating]
) -> None:
    """The file that MouthNetwork.load reads."""
    arrays = speech_arrays(speech)
    for place, ear in enumerate(ears):
        arrays |= ear_arrays(ear, place)
    arrays["ear_count"] = np.array(len(ears))
    arrays["aperture_knots"] = np.asarray(knots, dtype=np.float32)
    np.savez_compressed(path, allow_pickle=False, **arrays)


if __name__ == "__main__":
    main()
