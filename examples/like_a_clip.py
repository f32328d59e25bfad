"""A picture speaks a recording and moves like the person of a clip."""

from pathlib import Path

from lipwright.engine import MotionSource, SoundClip, TalkingPhotoOptions, talking_photo

clip = MotionSource(path=Path("clip.mp4"), start_s=4, end_s=12)
talking_photo(
    Path("me.jpg"), SoundClip(path=Path("speech.mp3")), Path("me.mp4"), TalkingPhotoOptions(motion=clip)
)
