"""How well the judge of sync judges: `python -m bench.judge --assets ASSETS --work WORK [--ours] [--write]`.

WORK is the folder of training/judge.py: everybody here is heard by a regression that does not know their
mouth. A true clip is a stretch in its own voice, the clip's own offset removed; wrong is the same mouth with
somebody else's sound, shifted is its own sound 0.2 to 1 s earlier or later. --ours renders photos and lip
syncs of the assets into WORK/ours, where they are missing, and judges them as `lipwright measure` does.
--write puts the tables into docs/reference/quality.md.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.judge_kinship import kinship_table
from bench.judge_ours import ours_table
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.quality.listener.bands import heard_bands
from lipwright.engine.quality.listener.expectation import at_curve_rate
from lipwright.engine.quality.listener.regression import ListenerRegression, read_regression
from lipwright.engine.quality.verdict import judge_sync
from training.judge_clips import JudgeClip, clip_paths, load_clip

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "quality.md"
BEGIN, END = "<!-- made by bench/judge.py -->", "<!-- end of bench/judge.py -->"
LENGTHS_S = (2.0, 2.9, 4.0, 5.0, 6.5, 8.0)
# Of people with many clips so many count: all of them would make the table one man's.
MOST_CLIPS = 8
WRONG_SOUNDS, SHIFTS = 4, 2
SHIFTS_S = (0.2, 1.0)
# Cases with less of the face tell nothing of the judge.
LEAST_SEEN = 0.8

Curves = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One judgement. agreement: as things are; at_best: once the best offset is taken away."""

    kind: str
    person: str
    is_laboratory: bool
    length_s: float
    agreement: float
    at_best: float
    is_good: bool
    is_poor: bool


class Listened:
    """All clips with what the judge expects of them, heard as somebody who does not know a person."""

    def __init__(self, clips: Sequence[JudgeClip], work: Path) -> None:
        self.clips = clips
        self._folder = work / "left_out"
        self._offsets_s: dict[str, float] = json.loads((self._folder / "offsets.json").read_text())
        self._regressions: dict[str, ListenerRegression] = {}
        self._units: dict[str, Curves] = {}

    def expected(self, sound_of: JudgeClip, person: str) -> Curves:
        """What is expected of a clip's sound by whoever does not know a person's mouth."""
        if person not in self._regressions:
            self._regressions[person] = read_regression(self._folder / f"{person}.npz")
        regression = self._regressions[person]
        # All regressions have the same units and read them differently.
        if sound_of.name not in self._units:
            self._units[sound_of.name] = regression.units(heard_bands(sound_of.sound))
        return at_curve_rate(self._units[sound_of.name] @ regression.readout, sound_of.sound.duration_s)

    def own(self, clip: JudgeClip) -> Curves:
        """What is expected of a clip's own sound, in step with its mouth."""
        expected = self.expected(clip, clip.person)
        late = round(self.offset_s(clip) * CURVE_RATE_HZ)
        if late >= 0:
            return expected[late:]
        return np.concatenate([np.repeat(expected[:1], -late, axis=0), expected])

    def offset_s(self, clip: JudgeClip) -> float:
        """By how much a clip's sound is later than its mouth."""
        return self._offsets_s[clip.name]


def main() -> None:
    """Print the tables, and write them where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--assets", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--ours", action="store_true", help="also judge videos that are made here")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    clips = [load_clip(path, options.work / "tracks") for path in clip_paths(options.assets)]
    heard = Listened(clips, options.work)
    cases = list(judged_cases(heard))
    lines = [*length_table(cases), "", *people_table(heard, cases), ""]
    lines += kinship_table(clips, heard.own, heard.offset_s, options.assets / "teacher")
    if options.ours:
        lines += ["", *ours_table(options.assets, options.work / "ours")]
    text = "\n".join(lines)
    print(text)
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def judged_cases(heard: Listened) -> Iterator[Case]:
    """True, wrong and shifted stretches of every length."""
    rng = np.random.default_rng(0)
    chosen = _chosen(heard.clips)
    for length_s in LENGTHS_S:
        rows = round(length_s * CURVE_RATE_HZ)
        pool = [clip for clip in chosen if len(clip.mouth) >= 0.97 * rows]
        for clip in pool:
            own = heard.own(clip)
            count = min(len(clip.mouth), len(own))
            # Half overlapping, so that the few long clips tell more.
            for start in range(0, max(1, count - rows + 1), max(1, rows // 2))[:6]:
                part = slice(start, start + rows)
                yield from _case("true", clip, length_s, clip.mouth[part], own[part], part)
                for _ in range(SHIFTS):
                    shift = int(rng.choice([-1, 1]) * round(rng.uniform(*SHIFTS_S) * CURVE_RATE_HZ))
                    moved = np.roll(own[:count], shift, axis=0)
                    yield from _case("shifted", clip, length_s, clip.mouth[part], moved[part], part)
                for _ in range(WRONG_SOUNDS):
                    other = pool[rng.integers(len(pool))]
                    if other.person == clip.person:
                        continue
                    strange = heard.expected(other, clip.person)
                    first = int(rng.integers(max(1, len(strange) - rows)))
                    yield from _case(
                        "wrong", clip, length_s, clip.mouth[part], strange[first : first + rows], part
                    )


def _chosen(clips: Sequence[JudgeClip]) -> list[JudgeClip]:
    """Up to MOST_CLIPS of each person."""
    people: dict[str, list[JudgeClip]] = {}
    for clip in clips:
        people.setdefault(clip.person, []).append(clip)
    return [
        theirs[place]
        for theirs in people.values()
        for place in np.unique(np.linspace(0, len(theirs) - 1, min(len(theirs), MOST_CLIPS)).astype(int))
    ]


def _case(
    kind: str, clip: JudgeClip, length_s: float, mouth: Curves, expected: Curves, part: slice
) -> Iterator[Case]:
    """The case, where it can be judged."""
    is_seen = clip.is_seen[part]
    if is_seen.mean() < LEAST_SEEN or len(expected) < 0.9 * length_s * CURVE_RATE_HZ:
        return
    verdict = judge_sync(mouth, expected, is_seen, length_s)
    if verdict is None:
        return
    agreement = verdict.sync.as_seen
    yield Case(
        kind=kind,
        person=clip.person,
        is_laboratory=clip.is_laboratory,
        length_s=length_s,
        agreement=agreement,
        at_best=verdict.sync.correlation,
        is_good=agreement >= verdict.sure,
        is_poor=agreement < verdict.least,
    )


def length_table(cases: Sequence[Case]) -> Iterator[str]:
    """What is found of each kind by the length of the stretch."""
    yield (
        "| seconds | true: cases | good | too short to tell | poor | wrong: cases | poor | good "
        "| shifted: poor | good | agreement of true ones, 5 % | of wrong ones, 95 % "
        "| of wrong ones at their best offset, 95 % |"
    )
    yield "| ---: |" + " ---: |" * 12
    for length_s in LENGTHS_S:
        true, wrong, shifted = (
            [case for case in cases if case.kind == kind and case.length_s == length_s]
            for kind in ("true", "wrong", "shifted")
        )
        good, poor = (_share(true, name) for name in ("is_good", "is_poor"))
        cells = [
            f"{length_s:g}",
            str(len(true)),
            _percent(good),
            _percent(max(0.0, 1 - good - poor)),
            _percent(poor),
            str(len(wrong)),
            *(_percent(_share(kind, name)) for kind in (wrong, shifted) for name in ("is_poor", "is_good")),
            f"{np.percentile([case.agreement for case in true], 5):.2f}",
            f"{np.percentile([case.agreement for case in wrong], 95):.2f}",
            f"{np.percentile([case.at_best for case in wrong], 95):.2f}",
        ]
        yield "| " + " | ".join(cells) + " |"


def _share(cases: Sequence[Case], name: str) -> float:
    return float(np.mean([getattr(case, name) for case in cases])) if cases else float("nan")


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def people_table(heard: Listened, cases: Sequence[Case]) -> Iterator[str]:
    """Every person: the agreement of whole clips and of wrong and shifted stretches of 2.9 s."""
    yield "| person | clips | seconds | own offset, ms | true | wrong | shifted |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    people = sorted({clip.person for clip in heard.clips})
    for person in people:
        theirs = [clip for clip in heard.clips if clip.person == person]
        offsets_ms = [1000 * heard.offset_s(clip) for clip in theirs]
        whole = [judge_sync(clip.mouth, heard.own(clip), clip.is_seen, 3.0) for clip in theirs]
        true = [verdict.sync.as_seen for verdict in whole if verdict is not None]
        others = {
            kind: [
                case.agreement
                for case in cases
                if case.kind == kind and case.person == person and case.length_s == 2.9
            ]
            for kind in ("wrong", "shifted")
        }
        cells = [
            person,
            str(len(theirs)),
            f"{sum(len(clip.mouth) for clip in theirs) / CURVE_RATE_HZ:.0f}",
            f"{np.median(offsets_ms):+.0f}",
            *(f"{np.median(found):.2f}" if found else "-" for found in (true, *others.values())),
        ]
        yield "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
