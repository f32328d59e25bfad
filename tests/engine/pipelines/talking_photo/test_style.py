"""What a photo's options ask of the gestures."""

from __future__ import annotations

from lipwright.engine.gesture.mood import Mood
from lipwright.engine.pipelines.modes import PhotoMode
from lipwright.engine.pipelines.options import TalkingPhotoOptions
from lipwright.engine.pipelines.photo_acting import articulation_style_of, style_of


def test_the_prompt_counts_in_the_prompted_mode_only() -> None:
    prompted, unknown = style_of(TalkingPhotoOptions(mode=PhotoMode.PROMPTED, prompt="smiling zorp"))
    assert prompted.mood.smile > 0
    assert unknown == ("zorp",)
    realistic, unread = style_of(TalkingPhotoOptions(mode=PhotoMode.REALISTIC, prompt="smiling zorp"))
    assert realistic.mood == Mood()
    assert unread == ()


def test_intensity_counts_in_the_prompted_mode_only() -> None:
    def liveliness(mode: PhotoMode, intensity: float) -> float:
        return style_of(TalkingPhotoOptions(mode=mode, intensity=intensity))[0].liveliness

    assert liveliness(PhotoMode.REALISTIC, 0.1) == liveliness(PhotoMode.REALISTIC, 2.0) == 1
    assert liveliness(PhotoMode.PROMPTED, 0.1) < 1 < liveliness(PhotoMode.PROMPTED, 1.5)


def test_a_lively_face_speaks_with_a_larger_mouth() -> None:
    def mouth_scale(mode: PhotoMode, intensity: float, mouth: float = 1.0) -> float:
        options = TalkingPhotoOptions(mode=mode, intensity=intensity, mouth_scale=mouth)
        return articulation_style_of(options, style_of(options)[0]).mouth_scale

    assert mouth_scale(PhotoMode.REALISTIC, 1.5) == 1
    assert 0.7 < mouth_scale(PhotoMode.PROMPTED, 0.1) < 1 < mouth_scale(PhotoMode.PROMPTED, 1.5) < 1.25
    assert mouth_scale(PhotoMode.PROMPTED, 1.5, mouth=0) == 0
