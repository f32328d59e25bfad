"""The mouth alone: from a voice to curves over time, to animate elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from lipwright.engine.articulation.articulate import articulate
from lipwright.engine.articulation.curves import ArticulationCurves
from lipwright.engine.pipelines.options import SpeechSource
from lipwright.engine.pipelines.speech_input import load_voice_track
from lipwright.engine.progress import JobContext, Stage
from lipwright.engine.speech.values import PhoneTimeline


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MouthCurves:
    """How a mouth moves to a voice.

    phones: None where the words are not known.
    warnings: sentences about what may surprise, e.g. that nobody speaks.
    """

    curves: ArticulationCurves
    phones: PhoneTimeline | None
    warnings: tuple[str, ...] = ()


def mouth_curves(
    voice: SpeechSource,
    *,
    transcript: str | None = None,
    language: str | None = None,
    context: JobContext | None = None,
) -> MouthCurves:
    """The mouth of a recording or of a text, at 100 points a second.

    transcript: the words of a recording; makes the times exact. language: of the transcript; None takes
    English. Raises what a sound, a text or a transcript that cannot be used raises, and Cancelled.
    """
    context = context or JobContext()
    context.enter(Stage.LISTENING)
    with load_voice_track(voice, transcript=transcript, language=language, context=context) as heard:
        return MouthCurves(
            curves=articulate(heard.sound, heard.activity, heard.phones),
            phones=heard.phones,
            warnings=heard.warnings,
        )
