from pathlib import Path

from lipwright.engine import JobContext, ProgressEvent, SpokenLine, talking_photo


def show(event: ProgressEvent) -> None:
    print(event.stage, f"{event.fraction:.0%}")


context = JobContext(show)  # context.cancel(), from any thread, makes talking_photo raise Cancelled
talking_photo(Path("me.jpg"), SpokenLine(text="Hello there."), Path("me.mp4"), context=context)
