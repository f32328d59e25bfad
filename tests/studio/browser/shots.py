"""Screenshots for a person to look at. They are compared with nothing."""

from __future__ import annotations

import os
import re
from pathlib import Path

from playwright.sync_api import Page

VARIABLE = "LIPWRIGHT_STUDIO_SHOTS"


def keep_shot(page: Page, name: str, *, whole: bool = True) -> Path | None:
    """A picture of the page in the folder that LIPWRIGHT_STUDIO_SHOTS names; None where none is named.

    name: of the view and its state; size and colours of the page are added. whole: with what lies below.
    """
    folder = os.environ.get(VARIABLE)
    if not folder:
        return None
    size = page.viewport_size or {"width": 0, "height": 0}
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    clean = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    path = Path(folder) / f"{clean}-{size['width']}-{'dark' if dark else 'light'}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.evaluate("scrollTo(0, 0)")  # What sticks to the top would cover the middle of the picture.
    page.screenshot(path=str(path), full_page=whole)
    return path
