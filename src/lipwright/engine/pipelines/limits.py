"""The ranges and defaults of what a person can ask for."""

from __future__ import annotations

from fractions import Fraction

# Below 5 frames/s lips cannot be read; above 60 no browser shows more and every cost doubles.
MIN_FRAME_RATE = Fraction(5)
MAX_FRAME_RATE = Fraction(60)
# The Magic Hour API's range and default of `intensity`.
MIN_INTENSITY = 0.1
MAX_INTENSITY = 2.0
DEFAULT_INTENSITY = 1.5
# A scale beyond 3 tears the mesh; 0 switches a movement off.
MAX_SCALE = 3.0
# Smaller pictures leave no pixels for teeth; larger ones exceed H.264 level 5.2.
MIN_RESOLUTION_PX = 64
MAX_RESOLUTION_PX = 4096
