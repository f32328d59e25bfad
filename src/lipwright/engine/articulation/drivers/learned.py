"""Mouth curves out of the sound itself, in any language, by a small network trained on real mouths.

The network is in learned_network.py, what it hears in learned_features.py, how it was trained in training/.
Works through the sound in blocks: the memory does not grow with its length but for the curves themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from lipwright.engine.articulation.curves import ArticulationCurves, Mouth, smooth
from lipwright.engine.articulation.driver import curve_rows
from lipwright.engine.articulation.drivers.learned_bands import log_mel_blocks
from lipwright.engine.articulation.drivers.learned_features import described_blocks, quiet_blocks
from lipwright.engine.articulation.drivers.learned_network import (
    OUTPUT_RATE_HZ,
    ROWS_PER_OUTPUT,
    MouthNetwork,
    MouthSigns,
)
from lipwright.engine.articulation.pauses import spend_pauses
from lipwright.engine.articulation.visemes import viseme_of
from lipwright.engine.articulation.width import width_for
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SpeechSound
from lipwright.engine.speech.phones import BILABIAL
from lipwright.engine.speech.values import PhoneTimeline, SpeechActivity

WEIGHTS_PATH = Path(__file__).with_name("learned_weights.npz")

# A voice is believed when it is certain over this many output rows (0.26 s): music has single notes that
# sound like a vowel; the shortest words last as long.
VOICE_SPAN_ROWS = 13
# Mean certainty between which the mouth wakes. Lower, music makes it babble; higher, single short words
# and speech under noise are swallowed.
VOICE_ASLEEP = 0.4
VOICE_AWAKE = 0.65
# A voice within half a second to either side keeps the mouth awake (output rows, odd). Real mouths wait half
# open in pauses, and the mouth head knows how far; a shorter hold costs .03 of the correlation with them.
VOICE_HOLD_ROWS = 51
# The activity loses the ends of soft words. The network's voice goes on for them, so far from the activity
# and no farther: both together must be silent for a pause, and music alone is none of them.
VOICE_REACH_S = 0.4
VOICE_HEARD = 0.5
# How gently the mouth falls asleep and wakes, output rows (0.18 s).
VOICE_FADE_ROWS = 9
# Regression never quite closes lips, so they shut where p, b or m is likely: from the first probability on a
# little, from the second on wholly. With the probability itself for a share, lips shut at 12 of the 16 stops
# of two recordings (14 with these numbers), and people never heard are followed by .01 less. With .03 and .1
# lips shut at a quarter of all other sounds, not a fifth, and .01 is lost as well.
BILABIAL_DOUBTFUL, BILABIAL_CERTAIN = 0.15, 0.35
# Lips that shut stay so for 60 ms (output rows); the network's certainty is over sooner.
SHUT_ROWS = 3
# From the network's aperture to that of the curves. It was taught with trackers' gaps at 25 frames/s, which
# take the tops off: drawn and tracked again, they lost a fifth.
OPENING_KNOTS = np.array([[0.0, 0.5, 1.0, 1.2], [0.0, 0.5, 1.12, 1.4]])
# Share of the lip gap that comes from the chin: a low jaw at hisses, a high one at open vowels.
JAW_SHARE_RANGE = (0.2, 0.5)
# Training scales the rule head's width and rounding by these, to weigh them like the aperture.
RULE_WIDTH_SCALE, RULE_ROUNDING_SCALE = 12.0, 3.0
# How much the rule head's width counts beside the deviations of the mouth head. Correlation with the visible
# width of eight people never heard: .52 at 0, .57 at 2, .58 at 3, .58 at 4.
RULE_WIDTH_SHARE = 3.0
# From that sum to the visible width over the width at rest, quantile to quantile of eighteen tracked people.
VISIBLE_WIDTH_KNOTS = np.array(
    [
        [-7.5, -4.9, -3.5, -2.6, -0.9, 0.75, 1.7, 2.4, 2.8, 3.5],
        [0.72, 0.82, 0.885, 0.925, 0.98, 1.025, 1.065, 1.10, 1.12, 1.155],
    ]
)
# Rounding by the rule head, which regression shrinks, to rounding as the table of shapes has it.
ROUNDING_KNOTS = np.array([[0.06, 0.16, 0.35, 0.5], [0.0, 0.25, 0.7, 0.9]])
# Rounding of the likely phones below which they are not asked whether lips pucker or funnel.
LEAST_ROUND = 0.05


class LearnedDriver:
    """Follows real mouths as the sound predicts them; needs no phones and knows no language."""

    name: ClassVar[str] = "learned"
    needs_phones: ClassVar[bool] = False
    rests_by_itself: ClassVar[bool] = True

    def __init__(self, network: MouthNetwork | None = None) -> None:
        """network: the one of the package when absent, read when it is first needed."""
        self._network = network

    def drive(
        self,
        sound: SpeechSound,
        activity: SpeechActivity,
        phones: PhoneTimeline | None,  # noqa: ARG002 - this driver has no use for them
    ) -> ArticulationCurves:
        """The predicted curves, at rest where the network or the activity hears no voice."""
        network = self._network or load_network()
        mouths: list[NDArray[np.float32]] = []
        voices: list[NDArray[np.float32]] = []
        bilabials: list[NDArray[np.float32]] = []
        for signs in hear_mouth(sound, network):
            mouths.append(mouth_rows(signs, network))
            voices.append(signs.voice.copy())  # a view would keep all of the signs
            bilabials.append(signs.phones @ _is_bilabial(network.symbols))
        mouth = shut_at_bilabials(np.concatenate(mouths), np.concatenate(bilabials))
        voice = np.concatenate(voices)
        awake = awake_rows(voice, activity)
        rest = ArticulationCurves.at_rest(0.01).values
        coarse = rest + (mouth - rest) * awake[:, None]
        curves = ArticulationCurves(values=coarse.astype(np.float32), rate_hz=OUTPUT_RATE_HZ)
        times_s = np.arange(curve_rows(sound)) / CURVE_RATE_HZ
        return spend_pauses(
            smooth(ArticulationCurves(values=curves.sample(times_s))),
            with_soft_ends(activity, voice),
            replace(activity, speaking=_at_curve_rate(voice, len(activity.speaking))),
            _at_curve_rate(awake, len(times_s)),
        )


@cache
def load_network() -> MouthNetwork:
    """The network with the weights that come with the package."""
    return MouthNetwork.load(WEIGHTS_PATH)


def hear_mouth(sound: SpeechSound, network: MouthNetwork) -> Iterator[MouthSigns]:
    """What the network tells of a sound, block by block."""
    bands = log_mel_blocks(sound.samples, curve_rows(sound))
    return network.hear_blocks(described_blocks(quiet_blocks(bands)))


def mouth_rows(signs: MouthSigns, network: MouthNetwork) -> NDArray[np.float32]:
    """The mouth that the signs ask for, float32 (output row, len(Mouth)), inside the ranges of Mouth.

    Aperture and visible width come from the mouth head, how round the lips are from the rule head. What no
    camera measured comes from the shapes of the phones that are likely: how much of the gap is jaw, whether
    lips that are round pucker or funnel, lips pressed or tucked, the tongue.
    """
    shapes = signs.phones @ _shapes_of(network.symbols)
    aperture = np.interp(np.interp(signs.mouth[:, 0], *network.aperture_knots), *OPENING_KNOTS)
    jaw_share = shapes[:, Mouth.JAW] / np.maximum(0.1, shapes[:, Mouth.APERTURE])
    rows = shapes.astype(np.float32)
    rows[:, Mouth.APERTURE] = aperture
    rows[:, Mouth.JAW] = aperture * np.clip(jaw_share, *JAW_SHARE_RANGE)
    rounding = np.interp(signs.rule[:, 2] / RULE_ROUNDING_SCALE, *ROUNDING_KNOTS)
    roundest = np.maximum(LEAST_ROUND, shapes[:, [Mouth.PUCKER, Mouth.FUNNEL]].max(axis=1))
    for channel in (Mouth.PUCKER, Mouth.FUNNEL):
        rows[:, channel] = np.clip(rounding * shapes[:, channel] / roundest, 0, 1)
    width = signs.mouth[:, 1] + RULE_WIDTH_SHARE * signs.rule[:, 1]
    rows[:, Mouth.WIDTH] = width_for(np.interp(width, *VISIBLE_WIDTH_KNOTS), rows)
    return rows


def shut_at_bilabials(mouth: NDArray[np.float32], bilabial: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows of a mouth with its lips together where p, b or m is likely.

    bilabial: float32 (output row,), the probability of one of them.
    """
    certainty = (bilabial - BILABIAL_DOUBTFUL) / (BILABIAL_CERTAIN - BILABIAL_DOUBTFUL)
    shut = ndimage.maximum_filter1d(np.clip(certainty, 0, 1), SHUT_ROWS)
    rows = mouth.copy()
    rows[:, [Mouth.APERTURE, Mouth.JAW]] *= (1 - shut)[:, None]
    return rows


def awake_rows(voice: NDArray[np.float32], activity: SpeechActivity) -> NDArray[np.float32]:
    """How awake the mouth is in every output row, 0 to 1, where two witnesses hear a voice.

    voice: the network's certainty. The activity is mistaken in other sounds than the network.
    """
    active = ndimage.maximum_filter1d(activity.speaking, VOICE_HOLD_ROWS)[::ROWS_PER_OUTPUT]
    witnessed = voice.copy()
    count = min(len(active), len(voice))
    witnessed[:count] *= active[:count]
    believed = ndimage.uniform_filter1d(witnessed, VOICE_SPAN_ROWS)
    held = ndimage.uniform_filter1d(ndimage.maximum_filter1d(believed, VOICE_HOLD_ROWS), VOICE_FADE_ROWS)
    return np.asarray(np.clip((held - VOICE_ASLEEP) / (VOICE_AWAKE - VOICE_ASLEEP), 0, 1), dtype=np.float32)


def with_soft_ends(activity: SpeechActivity, voice: NDArray[np.float32]) -> SpeechActivity:
    """The activity, going on where the network hears the voice go on.

    voice: the network's certainty, output rows.
    """
    size = 2 * round(VOICE_REACH_S * CURVE_RATE_HZ) + 1
    near = ndimage.maximum_filter1d(activity.speaking, size)
    heard = _at_curve_rate(voice, len(near)) > VOICE_HEARD
    return replace(activity, speaking=np.maximum(activity.speaking, near * heard).astype(np.float32))


def _at_curve_rate(rows: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Output rows as the first `count` points at CURVE_RATE_HZ."""
    return np.interp(np.arange(count) / ROWS_PER_OUTPUT, np.arange(len(rows)), rows).astype(np.float32)


@cache
def _is_bilabial(symbols: tuple[str, ...]) -> NDArray[np.float32]:
    return np.array([symbol in BILABIAL for symbol in symbols], dtype=np.float32)


@cache
def _shapes_of(symbols: tuple[str, ...]) -> NDArray[np.float32]:
    return np.array([viseme_of(symbol).shape.as_row() for symbol in symbols], dtype=np.float32)
