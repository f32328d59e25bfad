"""What a mouth must do, whatever drove it: the passes that come after every smoothing.

Lips meet on p, b and m; the lower lip meets the teeth on f and v; teeth come together on hisses; lips
round before the vowel is heard; a mouth rests when nobody speaks. Each pass takes curves and returns
curves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import ArticulationCurves, Mouth
from lipwright.engine.articulation.hold import Hold, hold_weights
from lipwright.engine.articulation.visemes import MouthShape, SoundClass, viseme_of
from lipwright.engine.speech.values import Phone, PhoneTimeline

# A label shorter than this is an error of the aligner rather than a sound that was spoken.
SHORTEST_SOUND_S = 0.025

# Lips meet before the burst of p, b, m is heard and stay for two frames at 25 frames/s, so that some
# frame shows them shut whatever the phase. Shorter, a frame rate of 24 misses it; longer looks dubbed.
# The way in and out is what real lips take: a ramp of 0.12 s costs 0.02 of correlation with them.
LIPS_SHUT = Hold(lead_s=0.015, duration_s=0.07, ramp_s=0.07)
# The lower lip stays at the teeth for an f or v, at least for one frame of any rate.
LIP_AT_TEETH = Hold(lead_s=0.01, duration_s=0.06, ramp_s=0.07, whole_sound=True)
# Hisses keep the teeth together for their length: the sound is made by that gap.
TEETH_TOGETHER = Hold(lead_s=0.01, duration_s=0.05, ramp_s=0.08, whole_sound=True)
# Rounding begins this long before its sound: later, "two" begins with a spread mouth.
ROUND_AHEAD = Hold(lead_s=0.04, duration_s=0.08, ramp_s=0.14, whole_sound=True)

CONTACT_TUCK = 0.75
# Lips over tucked lip: the upper teeth show and nothing more.
TUCKED_APERTURE = 0.21
HISS_JAW = 0.14
# Teeth that touch behind closed lips hiss at nobody: a hiss shows at least this slit.
HISS_APERTURE = 0.25
# ... and opens no further than this: between teeth that touch, wider lips are a grin.
WIDEST_HISS_APERTURE = 0.8
# Lips of real speakers exceed one face height a second in one frame of a hundred; in apertures (0.095 of
# it) a second. Faster is seen as a twitch, a limit below 8 blurs fast talkers.
FASTEST_APERTURE_PER_S = 10.5
# Share of the table's rounding that must be reached whatever the neighbours want.
ROUNDING_SHARE = 0.75
# The most that rounded lips keep of a smile beside them: at 1.15, u after ee is hardly seen as round.
ROUND_WIDTH = 1.04


def keep_sounds_visible(curves: ArticulationCurves, timeline: PhoneTimeline) -> ArticulationCurves:
    """Lay every guarantee of known phones over the curves. The closures come last: nothing undoes them."""
    curves = round_ahead(curves, timeline)
    curves = bring_teeth_together(curves, timeline)
    curves = tuck_lip(curves, timeline)
    return close_lips(curves, timeline)


def close_lips(curves: ArticulationCurves, timeline: PhoneTimeline) -> ArticulationCurves:
    """Shut the lips on every p, b and m: aperture 0 around the start of the sound."""
    sounds = _sounds_of(timeline, SoundClass.LIPS_SHUT)
    if not sounds:
        return curves
    shut = hold_weights(LIPS_SHUT, sounds, len(curves.values))
    values = curves.values.copy()
    for channel in (Mouth.APERTURE, Mouth.TUCK, Mouth.RAISE, Mouth.LOWER):
        values[:, channel] *= 1 - shut
    rows = np.array([viseme_of(sound.symbol).shape.as_row() for sound in sounds], dtype=np.float32)
    for channel in (Mouth.PRESS, Mouth.ROLL):
        held = hold_weights(LIPS_SHUT, sounds, len(values), rows[:, channel])
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


def round_ahead(curves: ArticulationCurves, timeline: PhoneTimeline) -> ArticulationCurves:
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
        held = hold_weights(ROUND_AHEAD, sounds, rows, ROUNDING_SHARE * np.array(wanted, dtype=np.float32))
        values[:, channel] = np.maximum(values[:, channel], held)
    held = hold_weights(ROUND_AHEAD, sounds, rows, np.array([shape.rounding for shape in shapes], np.float32))
    values[:, Mouth.WIDTH] = _pull_down(values[:, Mouth.WIDTH], ROUND_WIDTH, held)
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
