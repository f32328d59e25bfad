"""The same deeds, in a process that is forked from one with libraries that have started threads."""

from __future__ import annotations

from tests.support import sandboxed_deeds


def load() -> None:
    """Load what a render has loaded."""
    import cv2
    import numpy as np

    np.linalg.inv(np.eye(400))
    cv2.blur(np.zeros((600, 600), np.uint8), (5, 5))


def main(arguments: list[str]) -> None:
    """The deeds after the number of the file for answers, which is not used."""
    sandboxed_deeds.main(arguments[1:])
