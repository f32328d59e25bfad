"""A photo driven by a clip: what the clip gives to the curves of a talking photo, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.articulate import scale_mouth
from lipwright.engine.articulation.curves import ArticulationCurves
from lipwright.engine.gesture.curves import GestureCurves
from lipwright.engine.gesture.from_clip import ClipFollowing, ClipGestures, driven_gestures
from lipwright.engine.gesture.gestures import EYES_OPEN_S
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.gesture.style import GestureStyle
from lipwright.engine.pipelines.clip_mouth import clip_mouth, performed_share
from lipwright.engine.pipelines.motion_clip import MotionClip, clip_gestures, follow_clip
from lipwright.engine.pipelines.options import MotionSource, SpeechSource, SpokenLine
from lipwright.engine.pipelines.speech_input import TAIL_S, check_voice
from lipwright.engine.progress import JobContext

# Eyes that open at the beginning do not blink before this has passed since they are open, seconds.
AFTER_OPENING_S = 0.8
# No voice takes longer for a text; of a clip no more is looked at.
LONGEST_S_PER_CHARACTER = 0.2
# Less of the time beyond a limit is not worth a remark.
TOLD_SHARE = 0.02


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PhotoDriver:
    """A clip that was followed, ready to drive a photo."""

    source: MotionSource
    clip: MotionClip
    gestures: ClipGestures

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the person who asked should know of the clip."""
        return self.clip.warnings

    def sound_warnings(self, warnings: tuple[str, ...]) -> tuple[str, ...]:
        """What is to be said of the sound: nothing of a performance, whose mouth does not follow it."""
        return () if self.source.takes_mouth else warnings

    def drive(
        self, held: GestureCurves, style: GestureStyle, *, limits: HeadLimits | None, opens_eyes: bool
    ) -> tuple[GestureCurves, ClipFollowing]:
        """The clip's gestures over those that a mood holds, and how far they are followed."""
        return driven_gestures(
            self.gestures,
            held,
            limits=limits,
            head_scale=style.head_scale,
            expression_scale=style.expression_scale,
            blinks=style.blink_scale > 0,
            eyes_open_s=EYES_OPEN_S[1] + AFTER_OPENING_S if opens_eyes else 0.0,
        )

    def speak(
        self, spoken: ArticulationCurves, gesture: GestureCurves, mouth_scale: float
    ) -> ArticulationCurves:
        """The mouth: that of the sound, or of a performance, scaled as that of the sound is."""
        if not self.source.takes_mouth:
            return spoken
        return scale_mouth(clip_mouth(self.clip.motion, spoken, gesture), mouth_scale)

    def mouth_shares(
        self, shares: NDArray[np.float32], times_s: NDArray[np.float64], mouth_scale: float
    ) -> NDArray[np.float32]:
        """How much the mouth takes over from the photo's own in each frame; shares: for that of the sound."""
        if not self.source.takes_mouth or mouth_scale == 0:
            return shares
        return performed_share(times_s)


def load_driver(source: MotionSource, voice: SpeechSource, context: JobContext) -> PhotoDriver:
    """Follow the clip as far as the voice needs it.

    Raises what check_voice and follow_clip raise.
    """
    length_s = check_voice(voice)
    if length_s is None and isinstance(voice, SpokenLine):
        length_s = len(voice.text) * LONGEST_S_PER_CHARACTER + TAIL_S
    clip = follow_clip(source.stretch_of(length_s), context)
    return PhotoDriver(source=source, clip=clip, gestures=clip_gestures(clip.motion))


def held_style(style: GestureStyle) -> GestureStyle:
    """The style of a face that only holds the mood of its prompt: what it does comes from a clip."""
    mood = replace(style.mood, nods=0.0, shakes=0.0, tilts=0.0, winks=0.0, wander=0.0)
    return replace(style, liveliness=0.0, blink_scale=0.0, mood=mood)


def following_warnings(following: ClipFollowing | None, limits: HeadLimits | None) -> Iterator[str]:
    """Where a photo does not follow its clip, in words."""
    if following is None or limits is None:
        return
    for share, moves, most in (
        (following.beyond_yaw_share, "turns farther", f"{limits.yaw_deg:.0f} degrees"),
        (following.beyond_pitch_share, "nods farther", f"{limits.pitch_deg:.0f} degrees"),
        (following.beyond_roll_share, "leans farther", f"{limits.roll_deg:.0f} degrees"),
        (following.beyond_shift_share, "goes farther aside or nearer", "about a twelfth of its size"),
    ):
        if share > TOLD_SHARE:
            yield (
                f"For {share:.0%} of the time the head of the clip {moves} than this picture bears "
                f"({most}); there it is held back."
            )
