"""What a mouth must do, whatever drove it: the passes that come after every smoothing.

Lips meet on p, b and m; the lower lip meets the teeth on f and v; teeth come together on hisses; lips
round before the vowel is heard; a mouth rests when nobody speaks. Each pass takes curves and returns
curves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import ArticulationCurves, Mouth, smooth
from lipwright.engine.articulation.hold import Hold, hold_weights
from lipwright.engine.articulation.visemes import MouthShape, SoundClass, viseme_of
from lipwright.engine.articulation.width import visible_width, width_for
from lipwright.engine.speech.values import Phone, PhoneTimeline

# A label shorter than this is an error of the aligner rather than a sound that was spoken.
SHORTEST_SOUND_S = 0.025

# Lips meet before the burst of p, b, m is heard and stay for two frames at 25 frames/s, so that some
# frame shows them shut whatever the phase. Shorter, a frame rate of 24 misses it; longer looks dubbed.
# The way in and out is what real lips take: a ramp of 0.12 s costs 0.02 of correlation with them.
LIPS_SHUT = Hold(lead_s=0.015, duration_s=0.07, ramp_s=0.07)
# Where the sound alone is heard lips meet for a moment, on a way as long as people's: held for the whole of
# what seems to be a closure they are shut in half as many other sounds more; a way of .05 s flickers.
PLAIN_LIPS_SHUT = Hold(lead_s=0.0, duration_s=0.02, ramp_s=0.06)
# What is heard without words comes and goes with every doubt. Between closures lips are no faster than the
# first, wide and round ones no faster than the second: without this two lip syncs flickered 1.22 and 1.33
# times as much as their sources, with it 1.10 and 1.15. Below 6 Hz short vowels do not open.
PLAIN_APERTURE_HZ, PLAIN_WIDTH_HZ = 6.7, 5.5
# The lower lip stays at the teeth for an f or v, at least for one frame of any rate.
LIP_AT_TEETH = Hold(lead_s=0.01, duration_s=0.06, ramp_s=0.07, whole_sound=True)
# Hisses keep the teeth together for their length: the sound is made by that gap.
TEETH_TOGETHER = Hold(lead_s=0.01, duration_s=0.05, ramp_s=0.08, whole_sound=True)
# The tongue is seen at the teeth for most of its sound.
TONGUE_AT_TEETH = Hold(lead_s=0.01, duration_s=0.05, ramp_s=0.06, whole_sound=True)
# Rounding begins this long before its sound: later, "two" begins with a spread mouth.
ROUND_AHEAD = Hold(lead_s=0.04, duration_s=0.08, ramp_s=0.14, whole_sound=True)
# The driver hears the vowels around: a longer way in would narrow them.
PLAIN_ROUND = Hold(lead_s=0.03, duration_s=0.06, ramp_s=0.09, whole_sound=True)
# An ee is spread for most of its sound.
SPREAD = Hold(lead_s=0.0, duration_s=0.05, ramp_s=0.09, whole_sound=True)
# How wide it is seen at least, over the width at rest, and what it leaves of a rounding.
SPREAD_WIDTH, SPREAD_UNROUNDS = 1.11, 0.6

CONTACT_TUCK = 0.75
# Lips over tucked lip: the upper teeth show and nothing more.
TUCKED_APERTURE = 0.21
HISS_JAW = 0.14
# The chin is on its way behind shut lips, and not farther.
SHUT_JAW = 0.10
# Lips that shut in the middle of a smile come back to their width at rest: a wide line is a grin.
SHUT_WIDTH, TUCKED_WIDTH = 1.0, 1.05
# Teeth that touch behind closed lips hiss at nobody: a hiss shows at least this slit.
HISS_APERTURE = 0.25
# ... and opens no further than this: between teeth that touch, wider lips are a grin.
WIDEST_HISS_APERTURE = 0.8
# Speaking lips that do not shut are at least this far apart: .016 of the face's height. A network that
# follows the mean of many mouths hangs below it at every r and w, and that is seen as a closure: with .010, a
# third more of the sounds that are not p, b or m are seen shut.
SPEAKING_SLIT = 0.17
# Lips of real speakers exceed one face height a second in one frame of a hundred; in apertures (0.095 of
# it) a second. Faster is seen as a twitch, a limit below 8 blurs fast talkers.
FASTEST_APERTURE_PER_S = 10.5
# Share of the table's rounding that must be reached whatever the neighbours want.
ROUNDING_SHARE = 0.75
# The most that rounded lips keep of a smile beside them: at 1.15, u after ee is hardly seen as round.
ROUND_WIDTH = 1.04


def keep_sounds_visible(curves: ArticulationCurves, timeline: PhoneTimeline) -> ArticulationCurves:
    """Lay every guarantee of known phones over the curves. The closures come last: nothing undoes them."""
    curves = spread_lips(round_ahead(curves, timeline), timeline)
    curves = bring_teeth_together(curves, timeline)
    curves = tuck_lip(curves, timeline)
    return close_lips(curves, timeline)


def shape_plain_sounds(curves: ArticulationCurves, timeline: PhoneTimeline) -> ArticulationCurves:
    """Lay the same over the curves where only the plain sounds are known (plain_sounds.py)."""
    curves = round_ahead(show_tongue(curves, timeline), timeline, PLAIN_ROUND)
    curves = spread_lips(curves, timeline)
    curves = bring_teeth_together(curves, timeline)
    curves = calm_lips(tuck_lip(curves, timeline))
    return close_lips(curves, timeline, PLAIN_LIPS_SHUT)


def calm_lips(curves: ArticulationCurves) -> ArticulationCurves:
    """The curves with lips no faster than people's are; closures come after it."""
    values = curves.values.copy()
    for cutoff_hz, channels in (
        (PLAIN_APERTURE_HZ, [Mouth.APERTURE, Mouth.JAW]),
        (PLAIN_WIDTH_HZ, [Mouth.WIDTH, Mouth.PUCKER, Mouth.FUNNEL]),
    ):
        values[:, channels] = smooth(curves, cutoff_hz).values[:, channels]
    return curves.with_values(values)


def narrow_lips(curves: ArticulationCurves, share: NDArray[np.float32]) -> ArticulationCurves:
    """Narrow the lips and the jaw by a share, float32 (row,), of what they are open."""
    values = curves.values.copy()
    values[:, [Mouth.APERTURE, Mouth.JAW]] *= 1 - share[:, None]
    return curves.with_values(values)


def part_lips(curves: ArticulationCurves, talking: NDArray[np.float32]) -> ArticulationCurves:
    """Open the lips by a slit where they hang shut by chance in speech; closures come after it.

    talking: float32 (row,), 0 to 1, that somebody speaks.
    """
    values = curves.values.copy()
    values[:, Mouth.APERTURE] = np.maximum(values[:, Mouth.APERTURE], SPEAKING_SLIT * talking)
    return curves.with_values(values)


def show_tongue(curves: ArticulationCurves, timeline: PhoneTimeline) -> ArticulationCurves:
    """Bring the tongue between the teeth for th, and to the ridge behind them for l, n, t and d."""
    rows = len(curves.values)
    values = curves.values.copy()
    for channel, sound_class in (
        (Mouth.TONGUE_OUT, SoundClass.TONGUE_BETWEEN_TEETH),
        (Mouth.TONGUE_UP, SoundClass.TONGUE_RIDGE),
    ):
        sounds = _sounds_of(timeline, sound_class)
        if sounds:
            values[:, channel] = np.maximum(values[:, channel], hold_weights(TONGUE_AT_TEETH, sounds, rows))
    return curves.with_values(values)


def close_lips(
    curves: ArticulationCurves, timeline: PhoneTimeline, hold: Hold = LIPS_SHUT
) -> ArticulationCurves:
    """Shut the lips on every p, b and m: aperture 0 around the start of the sound."""
    sounds = _sounds_of(timeline, SoundClass.LIPS_SHUT)
    if not sounds:
        return curves
    shut = hold_weights(hold, sounds, len(curves.values))
    values = curves.values.copy()
    for channel in (Mouth.APERTURE, Mouth.TUCK, Mouth.RAISE, Mouth.LOWER):
        values[:, channel] *= 1 - shut
    values[:, Mouth.JAW] = _pull_down(values[:, Mouth.JAW], SHUT_JAW, shut)
    values[:, Mouth.WIDTH] = _pull_down(values[:, Mouth.WIDTH], SHUT_WIDTH, shut)
    rows = np.array([viseme_of(sound.symbol).shape.as_row() for sound in sounds], dtype=np.float32)
    for channel in (Mouth.PRESS, Mouth.ROLL):
        held = hold_weights(hold, sounds, len(values), rows[:, channel])
        values[:, channel] = np.maximum(values[:, channel], held)
    return curves.with_values(values)


def tuck_lip(curves: ArticulationCurves, timeline: PhoneTimeline) -> ArticulationCurves:
    """Bring the lower lip to the upper teeth on every f and v."""
    sounds = _sounds_of(timeline, SoundClass.LIP_TO_TEETH)
    if not sounds:
        return curves
    held = hold_weights(LIP_AT_TEETH, sounds, len(curves.values))
    values = curves.values.copy()
    values[:, Mouth.TUCK] = np.maximum(values[:, Mouth.TUCK], CONTACT_TUCK * held)
    values[:, Mouth.APERTURE] = _pull_down(values[:, Mouth.APERTURE], TUCKED_APERTURE, held)
    values[:, Mouth.JAW] = _pull_down(values[:, Mouth.JAW], SHUT_JAW, held)
    values[:, Mouth.WIDTH] = _pull_down(values[:, Mouth.WIDTH], TUCKED_WIDTH, held)
    values[:, [Mouth.PUCKER, Mouth.FUNNEL]] *= 1 - 0.5 * held[:, None]
    values[:, Mouth.PRESS] *= 1 - held
    return curves.with_values(values)


def bring_teeth_together(curves: ArticulationCurves, timeline: PhoneTimeline) -> ArticulationCurves:
    """Narrow the jaw on every hiss and keep the lips a slit apart."""
    sounds = _sounds_of(timeline, SoundClass.HISS, SoundClass.ROUNDED_HISS)
    if not sounds:
        return curves
    held = hold_weights(TEETH_TOGETHER, sounds, len(curves.values))
    values = curves.values.copy()
    values[:, Mouth.JAW] = _pull_down(values[:, Mouth.JAW], HISS_JAW, held)
    values[:, Mouth.APERTURE] = _pull_down(values[:, Mouth.APERTURE], WIDEST_HISS_APERTURE, held)
    values[:, Mouth.APERTURE] = np.maximum(values[:, Mouth.APERTURE], HISS_APERTURE * held)
    return curves.with_values(values)


def round_ahead(
    curves: ArticulationCurves, timeline: PhoneTimeline, hold: Hold = ROUND_AHEAD
) -> ArticulationCurves:
    """Round the lips before the sounds that need it are heard, and let no smile undo it."""
    sounds = [phone for phone in timeline.phones if viseme_of(phone.symbol).is_rounded and _is_spoken(phone)]
    if not sounds:
        return curves
    rows = len(curves.values)
    shapes = [_rounder_of(sound.symbol) for sound in sounds]
    values = curves.values.copy()
    for channel, wanted in (
        (Mouth.PUCKER, [shape.pucker for shape in shapes]),
        (Mouth.FUNNEL, [shape.funnel for shape in shapes]),
    ):
        held = hold_weights(hold, sounds, rows, ROUNDING_SHARE * np.array(wanted, dtype=np.float32))
        values[:, channel] = np.maximum(values[:, channel], held)
    held = hold_weights(hold, sounds, rows, np.array([shape.rounding for shape in shapes], np.float32))
    values[:, Mouth.WIDTH] = _pull_down(values[:, Mouth.WIDTH], ROUND_WIDTH, held)
    return curves.with_values(values)


def spread_lips(curves: ArticulationCurves, timeline: PhoneTimeline) -> ArticulationCurves:
    """Draw the corners out on every ee, and let no rounding beside it undo that."""
    sounds = [phone for phone in timeline.phones if phone.symbol == "IY" and _is_spoken(phone)]
    if not sounds:
        return curves
    held = hold_weights(SPREAD, sounds, len(curves.values))
    values = curves.values.copy()
    values[:, [Mouth.PUCKER, Mouth.FUNNEL]] *= 1 - SPREAD_UNROUNDS * held[:, None]
    width = visible_width(values)
    wide = width + held * np.maximum(0, SPREAD_WIDTH - width)
    values[:, Mouth.WIDTH] = width_for(wide, values)
    return curves.with_values(values)


def limit_speed(curves: ArticulationCurves) -> ArticulationCurves:
    """The curves with an aperture that neither opens nor closes faster than lips can.

    Only ever lowers the aperture: what is shut stays shut, and closing begins early enough to arrive in time.
    """
    ramp = np.arange(len(curves.values)) * (FASTEST_APERTURE_PER_S / curves.rate_hz)
    aperture = curves.channel(Mouth.APERTURE).astype(np.float64)
    opening = np.minimum.accumulate(aperture - ramp) + ramp
    closing = np.minimum.accumulate((aperture + ramp)[::-1])[::-1] - ramp
    values = curves.values.copy()
    values[:, Mouth.APERTURE] = np.minimum(opening, closing)
    return curves.with_values(values)


def _rounder_of(symbol: str) -> MouthShape:
    """The shape that is held: of a diphthong the less round end; the blend knows which comes when."""
    viseme = viseme_of(symbol)
    return min(viseme.shape, viseme.glide_to or viseme.shape, key=lambda shape: shape.rounding)


def _sounds_of(timeline: PhoneTimeline, *classes: SoundClass) -> list[Phone]:
    return [
        phone
        for phone in timeline.phones
        if viseme_of(phone.symbol).sound_class in classes and _is_spoken(phone)
    ]


def _is_spoken(phone: Phone) -> bool:
    return phone.end_s - phone.start_s >= SHORTEST_SOUND_S


def _pull_down(
    curve: NDArray[np.float32], ceiling: float, weight: NDArray[np.float32]
) -> NDArray[np.float32]:
    lowered: NDArray[np.float32] = curve - weight * np.maximum(0, curve - ceiling)
    return lowered
