"""How wide a mouth is seen: its width before it rounds, and what pucker, funnel and opening take of it.

The rig draws it so (render/warp/rig.py), and people are measured so. The curves hold the width before
rounding, because lips that round for u keep some of the smile around them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.curves import CHANNEL_RANGES, Mouth

# Shares of the width that full pucker and full funnel take: with them the lips of u reach .7 of their width
# at rest as people's do, and those of o .8.
PUCKER_NARROWING = 0.32
FUNNEL_NARROWING = 0.22
# Share that an opening of one aperture takes, for the skin that goes down cannot go out, and from which
# aperture on it takes no more.
OPENING_NARROWING = 0.0475
MOST_NARROWING_APERTURE = 1.58


def visible_width(mouth: NDArray[np.float32]) -> NDArray[np.float32]:
    """Corner to corner over the width at rest, float32 (...,), of mouths (..., len(Mouth))."""
    shares = narrowing(mouth[..., Mouth.APERTURE], mouth[..., Mouth.PUCKER], mouth[..., Mouth.FUNNEL])
    return np.asarray(mouth[..., Mouth.WIDTH] * shares, dtype=np.float32)


def width_for(visible: NDArray[np.float32], mouth: NDArray[np.float32]) -> NDArray[np.float32]:
    """The channel WIDTH, float32 (...,), with which mouths (..., len(Mouth)) look so wide; in its range."""
    shares = narrowing(mouth[..., Mouth.APERTURE], mouth[..., Mouth.PUCKER], mouth[..., Mouth.FUNNEL])
    return np.clip(visible / shares, *CHANNEL_RANGES[Mouth.WIDTH]).astype(np.float32)


def narrowing(
    aperture: float | NDArray[np.floating],
    pucker: float | NDArray[np.floating],
    funnel: float | NDArray[np.floating],
) -> NDArray[np.float64]:
    """Share of the width that is left by an opening and by rounding."""
    opened = 1 - OPENING_NARROWING * np.minimum(aperture, MOST_NARROWING_APERTURE)
    rounded = (1 - PUCKER_NARROWING * np.asarray(pucker)) * (1 - FUNNEL_NARROWING * np.asarray(funnel))
    return np.asarray(opened * rounded, dtype=np.float64)
