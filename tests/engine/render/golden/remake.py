"""Draw the contact sheet anew: `uv run python -m tests.engine.render.golden.remake`.

Look at it before it is committed.
"""

from __future__ import annotations

import cv2
import numpy as np

from tests.engine.render.golden.contact_sheet import SHEET, draw_sheet


def main() -> None:
    """Write the sheet beside this file."""
    bgr = np.ascontiguousarray(draw_sheet()[..., ::-1])
    if not cv2.imwrite(str(SHEET), bgr, [cv2.IMWRITE_PNG_COMPRESSION, 9]):
        raise SystemExit(f"{SHEET} cannot be written")
    print(f"{SHEET}: {SHEET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
