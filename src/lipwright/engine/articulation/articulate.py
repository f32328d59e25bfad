"""From speech to the mouth: chooses a driver and lays over its curves what every mouth must do."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.acoustic_closures import close_lips_on_stops
from lipwright.engine.articulation.curves import ArticulationCurves, Mouth, limit
from lipwright.engine.articulation.driver import ArticulationDriver
from lipwright.engine.articulation.drivers import DRIVERS
from lipwright.engine.articulation.effort import with_effort
from lipwright.engine.articulation.rest import rest_in_silence
from lipwright.engine.articulation.rules import keep_sounds_visible, limit_speed
from lipwright.engine.articulation.strength import open_for_shouts
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.media.values import SpeechSound
from lipwright.engine.speech.phones import SILENCE, fill_timeline
from lipwright.engine.speech.values import Phone, PhoneTimeline, SpeechActivity

# Phones with less certainty would shut lips at the wrong time; the sound itself knows better. Transcripts
# that fit their sound reach 0.35 to 0.95, recognized phones 0.6 to 0.75.
MIN_PHONE_CONFIDENCE = 0.3
# The gate of `quiet_mouth_db` opens over this many dB, so that speech near the threshold does not flutter.
_GATE_WIDTH_DB = 3.0
# A p that opens a sentence is itself silent: speech this near makes it heard.
_HEARD_REACH_S = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticulationStyle:
    """How the mouth is to speak.

    mouth_scale: 1 is natural, 0 keeps the mouth shut. quiet_mouth_db: below this loudness (dB full
    scale) the mouth rests; None leaves it to the speech activity.
    """

    mouth_scale: float = 1.0
    quiet_mouth_db: float | None = None


def articulate(
    sound: SpeechSound,
    activity: SpeechActivity,
    phones: PhoneTimeline | None = None,
    style: ArticulationStyle | None = None,
) -> ArticulationCurves:
    """The mouth's curves for a sound."""
    style = style or ArticulationStyle()
    if phones is not None and phones.confidence < MIN_PHONE_CONFIDENCE:
        phones = None
    activity = gate(activity, style.quiet_mouth_db)
    if phones is not None:
        phones = only_heard(phones, activity)
    curves = drive_by_the_rules(choose_driver(phones), sound, activity, phones)
    return scale_mouth(curves, style.mouth_scale)


def drive_by_the_rules(
    driver: ArticulationDriver, sound: SpeechSound, activity: SpeechActivity, phones: PhoneTimeline | None
) -> ArticulationCurves:
    """A driver's curves with rest in silence and shut lips laid over them, no faster than lips can move."""
    curves = open_for_shouts(driver.drive(sound, activity, phones), activity)
    curves = with_effort(curves, activity)
    if not driver.rests_by_itself:
        curves = rest_in_silence(curves, activity)
    if phones is not None:
        curves = keep_sounds_visible(curves, phones)
    elif not driver.hears_sounds:
        curves = close_lips_on_stops(curves, sound)
    return limit_speed(curves)


def choose_driver(phones: PhoneTimeline | None) -> ArticulationDriver:
    """The best driver that can work with what is known."""
    return next(driver for driver in DRIVERS if phones is not None or not driver.needs_phones)


def gate(activity: SpeechActivity, quiet_mouth_db: float | None) -> SpeechActivity:
    """The activity with everything quieter than a level taken for silence."""
    if quiet_mouth_db is None:
        return activity
    loud = np.clip((activity.loudness_db - quiet_mouth_db) / _GATE_WIDTH_DB + 0.5, 0, 1)
    return replace(activity, speaking=np.minimum(activity.speaking, loud).astype(np.float32))


def only_heard(phones: PhoneTimeline, activity: SpeechActivity) -> PhoneTimeline:
    """The timeline with silence in the place of phones around which nobody speaks."""
    speaking = activity.is_speaking
    spoken_before = np.concatenate(([0], np.cumsum(speaking)))

    def is_heard(phone: Phone) -> bool:
        first = int(max(0.0, phone.start_s - _HEARD_REACH_S) * CURVE_RATE_HZ)
        last = int((phone.end_s + _HEARD_REACH_S) * CURVE_RATE_HZ) + 1
        limits = np.clip([first, last], 0, len(speaking))
        return bool(spoken_before[limits[1]] > spoken_before[limits[0]])

    heard = [phone if is_heard(phone) else replace(phone, symbol=SILENCE) for phone in phones.phones]
    return fill_timeline(heard, phones.phones[-1].end_s if phones.phones else 0.0, phones.confidence)


def scale_mouth(curves: ArticulationCurves, scale: float | NDArray[np.floating]) -> ArticulationCurves:
    """The curves with larger or smaller movements around the mouth at rest.

    scale: one factor, or one for each point, (time,).
    """
    if np.all(scale == 1):
        return curves
    if isinstance(scale, np.ndarray):
        scale = scale[:, None].astype(np.float32)
    rest = ArticulationCurves.at_rest(0.01).values[0]
    values = rest + (curves.values - rest) * scale
    # A tongue between the teeth is there or not; a large one would stick out.
    unscaled = [Mouth.TONGUE_UP, Mouth.TONGUE_OUT]
    values[:, unscaled] = curves.values[:, unscaled] * np.minimum(1.0, scale)
    return limit(curves.with_values(values))
