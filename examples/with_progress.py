from pathlib import Path

from lipwright.engine import ProgressEvent, SpokenLine, Watch, talking_photo


def show(event: ProgressEvent) -> None:
    print(event.stage, f"{event.fraction:.0%}")


watch = Watch(show)  # watch.cancel(), from any thread, makes talking_photo raise Cancelled
talking_photo(Path("me.jpg"), SpokenLine(text="Hello there."), Path("me.mp4"), watch=watch)
