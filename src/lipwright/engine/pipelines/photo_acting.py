"""How a photo acts: its gestures and the reach of its mouth, from prompt, directions and text."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lipwright.engine.articulation.articulate import ArticulationStyle, articulate, scale_mouth
from lipwright.engine.articulation.curves import ArticulationCurves
from lipwright.engine.gesture.cue import Cue
from lipwright.engine.gesture.curves import GestureCurves
from lipwright.engine.gesture.direction import Direction, directed_gestures, read_direction
from lipwright.engine.gesture.gestures import gestures
from lipwright.engine.gesture.limits import HeadLimits
from lipwright.engine.gesture.mood import Mood
from lipwright.engine.gesture.style import GestureStyle
from lipwright.engine.gesture.text_acts import act_text, exclaimed, with_stresses
from lipwright.engine.pipelines.driven_photo import held_style
from lipwright.engine.pipelines.modes import PhotoMode
from lipwright.engine.pipelines.options import TalkingPhotoOptions
from lipwright.engine.pipelines.speech_input import SpeechInput
from lipwright.engine.speech.prosody import find_prosody
from lipwright.engine.speech.questions import find_questions
from lipwright.engine.speech.values import TextActs
from lipwright.engine.speech.words.timed_text import stressed_moment_s

# Prompted motion is 0.6, 1.3 and 2.1 times realistic motion at intensity 0.1, 1 and 2.
_PROMPTED_BASE = 0.5
_PROMPTED_PER_INTENSITY = 0.8
# A face that moves more also speaks with a larger mouth: by this power of its liveliness, 10 to 15 % at the
# upper end. More and it shouts, its lips rounder than lips get; without it the head of a mumbler dances.
_MOUTH_PER_LIVELINESS = 0.2
# Every seed moves in a manner of its own, and a few seconds of some are nearly still. Whoever asks for none
# gets one whose short clips are as lively as a calm speaker's: manners are counted from it.
_FIRST_MANNER = 14
# An exclamation is spoken with a mouth this much larger.
_EXCLAIMED_MOUTH = 0.08


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PhotoActing:
    """What a photo is to do while it speaks.

    style: without the mood, which the direction holds. stressed_s: the moments of the text's stresses.
    Where no words are known, questions are heard in the tone of the voice.
    """

    options: TalkingPhotoOptions
    heard: SpeechInput
    style: GestureStyle
    direction: Direction
    stressed_s: tuple[float, ...]

    @property
    def head_moves(self) -> bool:
        """Whether the head moves in any of its moods."""
        return any(self._styled(mood).head_moves for mood in self.direction.distinct)

    def mouth(self) -> ArticulationCurves:
        """The mouth, as far as each mood moves it."""
        heard, moods = self.heard, self.direction.distinct
        styles = {mood: articulation_style_of(self.options, self._styled(mood)) for mood in moods}
        if len(moods) == 1 and not heard.acts.exclamations:
            return articulate(heard.sound, heard.activity, heard.phones, styles[moods[0]])
        curves = articulate(
            heard.sound, heard.activity, heard.phones, replace(styles[moods[0]], mouth_scale=1.0)
        )
        rows = len(curves.values)
        scales = 1 + _EXCLAIMED_MOUTH * exclaimed(heard.acts, rows)
        scales *= sum(
            styles[mood].mouth_scale * weight for mood, weight in self.direction.weights(rows).items()
        )
        return scale_mouth(curves, np.asarray(scales))

    def gestures(self, limits: HeadLimits | None, *, opens_eyes: bool, is_driven: bool) -> GestureCurves:
        """Head, brows, eyes and smile; of a face that a clip drives only what its moods hold."""
        heard, seed = self.heard, self.options.seed + _FIRST_MANNER
        melody = find_prosody(heard.sound, heard.activity, heard.phones)
        prosody = with_stresses(melody, self.stressed_s)

        def plan(mood: Mood) -> GestureCurves:
            style = self._styled(mood)
            return gestures(
                heard.activity,
                prosody,
                heard.sound.duration_s,
                held_style(style) if is_driven else style,
                seed,
                limits=limits if style.head_moves else None,
                opens_eyes=opens_eyes,
            )

        lean_scale = 0.0 if limits is None else self.style.head_scale * limits.leaning_share
        directed = directed_gestures(plan, self.direction, lean_scale=lean_scale)
        if is_driven:
            return directed
        acts = heard.acts
        if heard.phones is None:
            questions = find_questions(heard.sound, heard.activity, melody.phrases)
            acts = replace(acts, questions=questions)
        return act_text(directed, acts, self.stressed_s, self.style, seed, limits)

    def _styled(self, mood: Mood) -> GestureStyle:
        return replace(self.style, mood=mood)


def plan_acting(options: TalkingPhotoOptions, heard: SpeechInput) -> PhotoActing:
    """What the options and the text ask of a photo."""
    style, _ = style_of(options)
    return PhotoActing(
        options=options,
        heard=heard,
        style=style,
        direction=direction_of(options, heard.acts),
        stressed_s=tuple(stressed_moment_s(stress, heard.phones) for stress in heard.acts.stresses),
    )


def direction_of(options: TalkingPhotoOptions, acts: TextActs) -> Direction:
    """The moods of a photo over time: of its prompt, of its directions and of the marks in its text.

    The prompt counts in the mode PROMPTED, the others in every mode.
    """
    marks = [Cue(start_s=mark.start_s, end_s=mark.end_s, prompt=mark.words) for mark in acts.directions]
    return read_direction(_prompt(options), (*options.direction, *marks))


def style_of(options: TalkingPhotoOptions) -> tuple[GestureStyle, tuple[str, ...]]:
    """The style that a photo's options ask for, and the words of the prompt that were not understood.

    The prompt and the intensity count in the mode PROMPTED; in the mode REALISTIC they are not read.
    """
    is_prompted = options.mode is PhotoMode.PROMPTED
    direction = read_direction(_prompt(options))
    style = GestureStyle(
        liveliness=_PROMPTED_BASE + _PROMPTED_PER_INTENSITY * options.intensity if is_prompted else 1.0,
        still=options.still,
        head_scale=options.head_scale,
        blink_scale=options.blink_scale,
        expression_scale=options.expression_scale,
        mood=direction.moods[0],
    )
    return style, direction.unknown_words


def articulation_style_of(options: TalkingPhotoOptions, style: GestureStyle) -> ArticulationStyle:
    """The style of a mouth that goes with the style of a face."""
    liveliness = style.liveliness * style.mood.energy
    return ArticulationStyle(
        mouth_scale=options.mouth_scale * liveliness**_MOUTH_PER_LIVELINESS * style.mood.mouth,
        quiet_mouth_db=options.quiet_mouth_db,
    )


def _prompt(options: TalkingPhotoOptions) -> str:
    return options.prompt if options.mode is PhotoMode.PROMPTED else ""
