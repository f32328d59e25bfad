"""Where the voices lie that are not part of a package."""

from __future__ import annotations

import os
from pathlib import Path

# Names the folder of voices that were installed by name or laid there; without it a folder of the user's.
VOICES_PATH_VARIABLE = "LIPWRIGHT_VOICES_DIR"


def voices_path() -> Path:
    """The folder of the voices that are not part of a package; it need not exist."""
    named = os.environ.get(VOICES_PATH_VARIABLE, "")
    if named:
        return Path(named)
    share = os.environ.get("XDG_DATA_HOME", "")
    return (Path(share) if share else Path.home() / ".local" / "share") / "lipwright" / "voices"
