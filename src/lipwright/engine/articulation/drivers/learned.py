"""Mouth curves out of the sound itself, in any language, by a small network trained on real mouths.

The network is in learned_network.py, what it hears in learned_features.py, how it was trained in training/.
Works through the sound in blocks: the memory does not grow with its length but for the curves themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from lipwright.engine.articulation.bands import is_narrow
from lipwright.engine.articulation.curves import ArticulationCurves, Mouth, smooth
from lipwright.engine.articulation.driver import curve_rows
from lipwright.engine.articulation.drivers.acoustic_model import load_acoustic_model
from lipwright.engine.articulation.drivers.learned_bands import log_mel_blocks
from lipwright.engine.articulation.drivers.learned_features import (
    described_blocks,
    phone_shares,
    quiet_blocks,
)
from lipwright.engine.articulation.drivers.learned_mouth import LearnedMouth, MouthMeasure
from lipwright.engine.articulation.drivers.learned_network import (
    OUTPUT_RATE_HZ,
    ROWS_PER_OUTPUT,
    MouthNetwork,
    MouthSigns,
)
from lipwright.engine.articulation.pauses import spend_pauses
from lipwright.engine.articulation.peoples_ranges import in_peoples_ranges
from lipwright.engine.articulation.plain_sounds import (
    CLOSURE,
    NARROW_CERTAINTY,
    calibrated,
    certainty_of,
    kinds_among,
    narrowing_of,
    plain_sounds,
)
from lipwright.engine.articulation.rules import narrow_lips, part_lips, shape_plain_sounds
from lipwright.engine.articulation.sung_vowels import hold_sung_vowels
from lipwright.engine.articulation.visemes import viseme_of
from lipwright.engine.articulation.width import width_for
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SpeechSound
from lipwright.engine.speech.values import PhoneTimeline, SpeechActivity

WEIGHTS_PATH = Path(__file__).with_name("learned_weights.npz")

# A voice is believed when it is certain over this many output rows (0.26 s): music has single notes that
# sound like a vowel; the shortest words last as long.
VOICE_SPAN_ROWS = 13
# Mean certainty between which the mouth wakes. Lower, music makes it babble; higher, single short words
# and speech under noise are swallowed.
VOICE_ASLEEP = 0.4
VOICE_AWAKE = 0.65
# A mouth that never comes to this much does not stir at all.
LEAST_WOKEN = 0.6
# A voice within half a second to either side keeps the mouth awake (output rows, odd). Real mouths wait half
# open in pauses, and the mouth head knows how far; a shorter hold costs .03 of the correlation with them.
VOICE_HOLD_ROWS = 51
# The activity loses the ends of soft words. The network's voice goes on for them, so far from the activity
# and no farther: both together must be silent for a pause, and music alone is none of them.
VOICE_REACH_S = 0.4
VOICE_HEARD = 0.5
# How gently the mouth falls asleep and wakes, output rows (0.18 s).
VOICE_FADE_ROWS = 9
# Overtones that come and go with a vibrato look like consonants: sounds that are sung must be twice as plain.
SUNG_DOUBT = 0.5
# How gently the slit of speaking lips opens, curve rows.
SLIT_FADE_ROWS = 9
# From the network's aperture to that of the curves. It was taught with trackers' gaps at 25 frames/s, which
# take the tops off: drawn and tracked again, they lost a fifth.
OPENING_KNOTS = np.array([[0.0, 0.5, 1.0, 1.2], [0.0, 0.5, 1.12, 1.4]])
# Share of the lip gap that comes from the chin: a low jaw at hisses, a high one at open vowels.
JAW_SHARE_RANGE = (0.2, 0.5)
# Training scales the rule head's width and rounding by these, to weigh them like the aperture.
RULE_WIDTH_SCALE, RULE_ROUNDING_SCALE = 12.0, 3.0
# How much the rule head's width counts beside the deviations of the ear: of eight people left out it lifts
# the correlation by .03 in the laboratory and leaves it in the wild; more takes it away there.
RULE_WIDTH_SAY = 0.6
# From that sum to the visible width over the width at rest, quantile to quantile of people left out.
VISIBLE_WIDTH_KNOTS = np.array(
    [
        [-2.15, -1.7, -1.1, -0.44, 0.06, 0.42, 0.67, 0.95, 1.25],
        [0.72, 0.84, 0.92, 0.967, 1.005, 1.055, 1.12, 1.18, 1.2],
    ]
)
# Rounding by the ear, in deviations, and by the rule head, both to rounding as the table of shapes has it;
# and what the ear counts. The ear knows how round people are, the rules that lips round for u at all.
EAR_ROUNDING_KNOTS = np.array([[-0.5, -0.1, 0.37, 0.95, 1.5, 1.8], [0.0, 0.05, 0.2, 0.5, 0.8, 0.95]])
RULE_ROUNDING_KNOTS = np.array([[0.06, 0.16, 0.35, 0.5], [0.0, 0.25, 0.7, 0.9]])
EAR_ROUNDING_SHARE = 0.6
# Where the likely phones are less round than this and the ear hears rounding, as in an o that is sung, the
# opening says whether lips pucker or funnel: from the first aperture on a little, from the second on wholly.
LEAST_ROUND = 0.05
FUNNEL_APERTURES = (0.15, 0.45)


class LearnedDriver:
    """Follows real mouths as the sound predicts them; needs no phones and knows no language."""

    name: ClassVar[str] = "learned"
    needs_phones: ClassVar[bool] = False
    rests_by_itself: ClassVar[bool] = True
    hears_sounds: ClassVar[bool] = True

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
        curves, sounds = self.hear(sound, activity)
        return shape_plain_sounds(curves, sounds)

    def hear(self, sound: SpeechSound, activity: SpeechActivity) -> tuple[ArticulationCurves, PhoneTimeline]:
        """The predicted curves without any guarantee, and the sounds that are plainly heard."""
        network = self._network or load_network()
        mouths: list[NDArray[np.float32]] = []
        voices: list[NDArray[np.float32]] = []
        kinds: list[NDArray[np.float32]] = []
        closures: list[NDArray[np.float32]] = []
        modelled: list[NDArray[np.float32]] = []
        for signs in hear_mouth(sound, network, modelled.append):
            mouths.append(mouth_rows(signs, network))
            voices.append(signs.voice.copy())  # a view would keep all of the signs
            kinds.append(kinds_among(network.symbols, signs.phones))
            closures.append(signs.closure.copy())
        mouth = np.concatenate(mouths)
        voice = with_singing(np.concatenate(voices), activity)
        awake = awake_rows(voice, activity)
        rest = ArticulationCurves.at_rest(0.01).values
        coarse = rest + (mouth - rest) * awake[:, None]
        curves = ArticulationCurves(values=coarse.astype(np.float32), rate_hz=OUTPUT_RATE_HZ)
        times_s = np.arange(curve_rows(sound)) / CURVE_RATE_HZ
        awake_fine = _at_curve_rate(awake, len(times_s))
        spent = spend_pauses(
            smooth(ArticulationCurves(values=curves.sample(times_s))),
            with_soft_ends(activity, voice),
            replace(activity, speaking=_at_curve_rate(voice, len(activity.speaking))),
            awake_fine,
        )
        certainty = certainty_of(np.concatenate(kinds), np.concatenate(modelled), np.concatenate(closures))
        talking = awake_fine * activity.is_speaking[: len(awake_fine)]
        if is_narrow(sound):
            certainty[:, CLOSURE] /= NARROW_CERTAINTY
        certainty = calibrated(certainty, talking)
        sung = _fitted(activity.singing, len(certainty))
        certainty *= 1 - SUNG_DOUBT * sung[:, None]
        narrowed = narrowing_of(certainty) * (1 - sung)
        spent = narrow_lips(hold_sung_vowels(spent, activity.singing), narrowed[: len(talking)] * talking)
        spent = in_peoples_ranges(spent, talking)
        spent = part_lips(spent, ndimage.uniform_filter1d(talking, SLIT_FADE_ROWS))
        return spent, plain_sounds(certainty, awake_fine)


@cache
def load_network() -> MouthNetwork:
    """The network with the weights that come with the package."""
    return MouthNetwork.load(WEIGHTS_PATH)


def hear_learned(sound: SpeechSound, network: MouthNetwork | None = None) -> LearnedMouth:
    """Everything that is heard of the mouth in a whole sound."""
    parts = [
        LearnedMouth(deviations=signs.mouth.copy(), closure=signs.closure.copy(), voice=signs.voice.copy())
        for signs in hear_mouth(sound, network or load_network())
    ]
    return LearnedMouth.joined(parts)


def hear_mouth(
    sound: SpeechSound, network: MouthNetwork, keep: Callable[[NDArray[np.float32]], None] = lambda _: None
) -> Iterator[MouthSigns]:
    """What the network tells of a sound, block by block.

    keep: gets how likely the acoustic model finds each kind of plain sound, float32 (row, kind), per block.
    """
    symbols = load_acoustic_model().symbols
    bands = log_mel_blocks(sound.samples, curve_rows(sound))

    def features() -> Iterator[NDArray[np.float32]]:
        for block in described_blocks(quiet_blocks(bands)):
            keep(kinds_among(symbols, phone_shares(block)))
            yield block

    return network.hear_blocks(features())


def mouth_rows(signs: MouthSigns, network: MouthNetwork) -> NDArray[np.float32]:
    """The mouth that the signs ask for, float32 (output row, len(Mouth)), inside the ranges of Mouth.

    Aperture and visible width come from the ear, how round the lips are from the ear and the rule head. What
    no camera measured comes from the shapes of the phones that are likely: how much of the gap is jaw,
    whether lips that are round pucker or funnel, lips pressed or tucked, the tongue.
    """
    shapes = signs.phones @ _shapes_of(network.symbols)
    opening = np.interp(signs.mouth[:, MouthMeasure.OPENING], *network.aperture_knots)
    aperture = np.interp(opening, *OPENING_KNOTS)
    jaw_share = shapes[:, Mouth.JAW] / np.maximum(0.1, shapes[:, Mouth.APERTURE])
    rows = shapes.astype(np.float32)
    rows[:, Mouth.APERTURE] = aperture
    rows[:, Mouth.JAW] = aperture * np.clip(jaw_share, *JAW_SHARE_RANGE)
    heard = np.interp(signs.mouth[:, MouthMeasure.ROUNDING], *EAR_ROUNDING_KNOTS)
    ruled = np.interp(signs.rule[:, 2] / RULE_ROUNDING_SCALE, *RULE_ROUNDING_KNOTS)
    rounding = ruled + EAR_ROUNDING_SHARE * (heard - ruled)
    roundest = shapes[:, [Mouth.PUCKER, Mouth.FUNNEL]].max(axis=1) + LEAST_ROUND
    funnelled = np.interp(aperture, FUNNEL_APERTURES, [0.0, 1.0])
    for channel, usual in ((Mouth.PUCKER, 1 - funnelled), (Mouth.FUNNEL, funnelled)):
        rows[:, channel] = np.clip(rounding * (shapes[:, channel] + LEAST_ROUND * usual) / roundest, 0, 1)
    width = signs.mouth[:, MouthMeasure.WIDTH] + RULE_WIDTH_SAY * signs.rule[:, 1]
    rows[:, Mouth.WIDTH] = width_for(np.interp(width, *VISIBLE_WIDTH_KNOTS), rows)
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
    awake = np.clip((held - VOICE_ASLEEP) / (VOICE_AWAKE - VOICE_ASLEEP), 0, 1)
    return only_woken(awake.astype(np.float32))


def only_woken(awake: NDArray[np.float32]) -> NDArray[np.float32]:
    """How awake the mouth is, without the stirrings that never come to more: music is full of them."""
    labels, _ = ndimage.label(awake > 0)
    woken = np.unique(labels[awake >= LEAST_WOKEN])
    return np.where(np.isin(labels, woken[woken > 0]), awake, 0).astype(np.float32)


def with_singing(voice: NDArray[np.float32], activity: SpeechActivity) -> NDArray[np.float32]:
    """The certainty of a voice, float32 (output row,), also where it sings, which is taken for music."""
    heard = voice.copy()
    if activity.singing is not None:
        sung = activity.singing[::ROWS_PER_OUTPUT]
        count = min(len(sung), len(heard))
        heard[:count] = np.maximum(heard[:count], sung[:count])
    return heard


def with_soft_ends(activity: SpeechActivity, voice: NDArray[np.float32]) -> SpeechActivity:
    """The activity, going on where the network hears the voice go on.

    voice: the network's certainty, output rows.
    """
    size = 2 * round(VOICE_REACH_S * CURVE_RATE_HZ) + 1
    near = ndimage.maximum_filter1d(activity.speaking, size)
    heard = _at_curve_rate(voice, len(near)) > VOICE_HEARD
    return replace(activity, speaking=np.maximum(activity.speaking, near * heard).astype(np.float32))


def _fitted(curve: NDArray[np.float32] | None, count: int) -> NDArray[np.float32]:
    """The first `count` points of a curve, zeros where there are none."""
    fitted = np.zeros(count, np.float32)
    if curve is not None:
        fitted[: len(curve)] = curve[:count]
    return fitted


def _at_curve_rate(rows: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Output rows as the first `count` points at CURVE_RATE_HZ."""
    return np.interp(np.arange(count) / ROWS_PER_OUTPUT, np.arange(len(rows)), rows).astype(np.float32)


@cache
def _shapes_of(symbols: tuple[str, ...]) -> NDArray[np.float32]:
    return np.array([viseme_of(symbol).shape.as_row() for symbol in symbols], dtype=np.float32)
