"""A mouth renderer for the mode `pro` of lip sync, and how it is asked. This one only darkens the face."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from lipwright.engine import SpeechSound


class DarkRenderer:
    """Draws the mouth of one person through one video."""

    def draw(
        self, rgb: NDArray[np.uint8], landmarks_px: NDArray[np.float32], index: int
    ) -> NDArray[np.uint8]:
        """rgb: (height, width, 3), the face with air around it, in the pixels of the video.

        landmarks_px: (478, 3), MediaPipe's points in these pixels. index: the frame of the video.
        Returns the same shape with the mouth re-made for that frame.
        """
        del landmarks_px, index  # a real one needs both
        return rgb // 2


def make_renderer(sound: SpeechSound, frame_rate: Fraction, frame_count: int, seed: int) -> DarkRenderer:
    """For one person and what is said. The same seed gives the same frames."""
    del sound, frame_rate, frame_count, seed  # a real one listens to the sound
    return DarkRenderer()


if __name__ == "__main__":
    silence = SpeechSound(samples=np.zeros(16_000, np.float32))
    renderer = make_renderer(silence, Fraction(25), 25, 0)
    drawn = renderer.draw(np.full((256, 256, 3), 200, np.uint8), np.zeros((478, 3), np.float32), 0)
    print(drawn.shape, drawn.mean())
