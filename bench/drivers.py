"""How closely each articulation driver follows real mouths, clip by clip.

    python -m bench.drivers [--assets ../shared/assets] [--work WORK] [--before FIGURES] [--write]

Tracks the mouth in every clip with its own voice, lets each driver predict it from the sound alone (in two
columns from the known words too), and correlates the two with the clip's true offset removed. `--work` names
the folder of training/train.py, in which the clips are tracked already and the ears of every fold lie, which
never heard the people they are measured on; without it the net of the package is measured on clips that it
was trained on, and the table says so. `--before` names the figures of an earlier driver, `--figures` says
where those of this one go. `--write` puts the tables into docs/reference/quality.md.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.driver_people import people_figures, people_tables
from lipwright.engine.articulation.articulate import drive_by_the_rules, only_heard
from lipwright.engine.articulation.curves import Mouth
from lipwright.engine.articulation.driver import ArticulationDriver
from lipwright.engine.articulation.drivers.combined import CombinedDriver
from lipwright.engine.articulation.drivers.energy import EnergyDriver
from lipwright.engine.articulation.drivers.learned import LearnedDriver, load_network
from lipwright.engine.articulation.drivers.learned_network import MouthNetwork
from lipwright.engine.articulation.drivers.phones import PhonesDriver
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.reading.sound import load_speech
from lipwright.engine.media.values import SPEECH_RATE_HZ, SoundClip, SpeechSound
from lipwright.engine.speech.activity import detect_activity
from lipwright.engine.speech.align.recognize import recognize_phones
from lipwright.engine.speech.align.transcript import align_transcript
from training.folds import fold_of
from training.mouth_clips import VIDEO_CLIPS, MouthClip
from training.train import load_clips

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "quality.md"
BEGIN, END = "<!-- made by bench/drivers.py -->", "<!-- end of bench/drivers.py -->"
SNR_DB = 10.0

Samples = NDArray[np.float32]


def main() -> None:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = Path(os.environ.get("LIPWRIGHT_ASSETS", ROOT.parent / "shared" / "assets"))
    parser.add_argument("--assets", type=Path, default=default)
    parser.add_argument("--work", type=Path, default=None)
    parser.add_argument("--before", type=Path, default=None)
    parser.add_argument("--figures", type=Path, default=None)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    music = load_speech(SoundClip(path=options.assets / "audio" / "music_only_15s.wav")).samples
    beds: dict[str, Callable[[Samples], Samples]] = {
        "noise at 10 dB": lambda samples: under(samples, white_noise(len(samples))),
        "music at 10 dB": lambda samples: under(samples, np.resize(music, len(samples))),
    }
    everybody = tracked_clips(options.assets, options.work)
    left_out = options.work / "left_out" if options.work else None
    figures = people_figures(everybody, beds, left_out)
    if options.figures:
        options.figures.write_text(json.dumps(figures, indent=1) + "\n")
    lines = [] if left_out else ["The figures are of the shipped net, which was trained on these clips.", ""]
    lines += people_tables(figures, everybody, options.before)
    names = {Path(name).stem for name in VIDEO_CLIPS}
    clips = [clip for clip in everybody if clip.name in names]
    folds = fold_of([clip.speaker for clip in everybody])
    lines += ["", *table(clips, transcripts(options.assets / "transcripts.txt"), left_out, folds)]
    lines += rest_table(options.assets, music)
    lines += ["", speed_line(clips)]
    text = "\n".join(lines)
    print(text)
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def transcripts(path: Path) -> dict[str, str]:
    """What is said in the English clips whose words are known, by the clip's name."""
    pairs = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if "\t" in line]
    return {Path(name).stem: text for name, text in pairs}


def tracked_clips(assets: Path, work: Path | None) -> list[MouthClip]:
    """The filmed clips, tracked now or when the nets were trained."""
    kept = work / "clips.pickle" if work else None
    if kept and kept.exists():
        clips: list[MouthClip] = pickle.loads(kept.read_bytes())
        return clips
    return load_clips(assets)


def white_noise(count: int) -> Samples:
    """The same noise every time."""
    return np.random.default_rng(1).standard_normal(count).astype(np.float32)


def table(
    clips: list[MouthClip], words: dict[str, str], left_out: Path | None, folds: Mapping[str, int]
) -> list[str]:
    """Opening: one row for each clip of the test assets, one column for each driver."""
    names = [
        "learned",
        "phones",
        "energy",
        "whole chain: learned",
        "phones of the transcript",
        "combined with the transcript",
    ]
    lines = ["| opening in | " + " | ".join(names) + " |", "| --- |" + " ---: |" * len(names)]
    rows: list[list[float]] = []
    for clip in clips:
        network = (
            MouthNetwork.load(left_out / f"fold{folds[clip.speaker]}.npz") if left_out else load_network()
        )
        learned = LearnedDriver(network)
        row = [
            correlation(clip, driver, clip.samples) for driver in (learned, PhonesDriver(), EnergyDriver())
        ]
        row.append(whole_chain(clip, learned))
        text = words.get(clip.name)
        row += [
            np.nan if text is None else whole_chain(clip, driver, text)
            for driver in (PhonesDriver(), CombinedDriver(network))
        ]
        rows.append(row)
        lines.append(f"| {clip.name} | " + " | ".join(_figure(value) for value in row) + " |")
    medians, means = np.nanmedian(rows, axis=0), np.nanmean(rows, axis=0)
    lines.append("| **median** | " + " | ".join(f"**{value:.2f}**" for value in medians) + " |")
    lines.append("| mean | " + " | ".join(f"{value:.2f}" for value in means) + " |")
    return lines


def correlation(clip: MouthClip, driver: ArticulationDriver, samples: Samples) -> float:
    """Pearson correlation of the driver's aperture with the tracked one."""
    sound = SpeechSound(samples=samples)
    phones = recognize_phones(sound) if driver.needs_phones else None
    curves = driver.drive(sound, detect_activity(sound), phones)
    return _agreement(clip, curves.sample(clip.times_s)[:, Mouth.APERTURE])


def whole_chain(clip: MouthClip, driver: ArticulationDriver, transcript: str | None = None) -> float:
    """The same after the rules that articulate() lays over every driver."""
    sound = SpeechSound(samples=clip.samples)
    activity = detect_activity(sound)
    phones = None if transcript is None else only_heard(align_transcript(sound, transcript, "en"), activity)
    curves = drive_by_the_rules(driver, sound, activity, phones)
    return _agreement(clip, curves.sample(clip.times_s)[:, Mouth.APERTURE])


def _figure(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.2f}"


def _agreement(clip: MouthClip, aperture: NDArray[np.float32]) -> float:
    if aperture.std() == 0:
        return 0.0
    return float(np.corrcoef(aperture, clip.mouth[:, 0])[0, 1])


def under(samples: Samples, below: Samples) -> Samples:
    """The sound with noise or music under it, SNR_DB below it."""
    gain = np.sqrt(np.mean(samples**2) / np.mean(below**2)) * 10 ** (-SNR_DB / 20)
    return np.asarray(samples + gain * below, dtype=np.float32)


def rest_table(assets: Path, music: Samples) -> list[str]:
    """How far the mouth opens where there is no voice."""
    noise = np.random.default_rng(2).standard_normal(5 * SPEECH_RATE_HZ).astype(np.float32)
    sounds = {
        "digital silence": np.zeros(5 * SPEECH_RATE_HZ, np.float32),
        "white noise": 0.1 * noise,
        "music": music,
        "recorded noise": load_speech(SoundClip(path=assets / "audio" / "noise_only.wav")).samples,
    }
    lines = [
        "",
        "| sound without a voice | aperture, mean | aperture, 95th percentile |",
        "| --- | ---: | ---: |",
    ]
    for name, samples in sounds.items():
        sound = SpeechSound(samples=np.asarray(samples, dtype=np.float32))
        curves = LearnedDriver().drive(sound, detect_activity(sound), None)
        aperture = curves.channel(Mouth.APERTURE)
        lines.append(f"| {name} | {aperture.mean():.3f} | {np.percentile(aperture, 95):.3f} |")
    return lines


def speed_line(clips: list[MouthClip]) -> str:
    """How fast the learned driver is on one core."""
    samples = np.concatenate([clip.samples for clip in clips])
    sound = SpeechSound(samples=samples)
    activity = detect_activity(sound)
    start_s = time.process_time()
    curves = LearnedDriver().drive(sound, activity, None)
    spent_s = time.process_time() - start_s
    per_second_ms = 1000 * spent_s / (len(curves.values) / CURVE_RATE_HZ)
    return f"Processor time for one second of sound: {per_second_ms:.0f} ms."


if __name__ == "__main__":
    main()
