"""A picture speaks a recording in moods that change."""

from pathlib import Path

from lipwright.engine import Cue, SoundClip, TalkingPhotoOptions, talking_photo

acts = (Cue(start_s=0, end_s=2.5, prompt="happy:0.6, nodding"), Cue(start_s=2.5, prompt="sad"))
talking_photo(
    Path("me.jpg"), SoundClip(path=Path("speech.mp3")), Path("me.mp4"), TalkingPhotoOptions(direction=acts)
)
