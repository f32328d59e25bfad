"""The pocketsphinx decoder with the English model of its wheel, set up for phones."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pocketsphinx
from numpy.typing import NDArray

# Frames of the acoustic model.
MODEL_RATE_HZ = 100


def pcm_of(samples: NDArray[np.float32]) -> bytes:
    """Samples as the decoder takes them: 16-bit little-endian."""
    return (np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()


def model_path() -> Path:
    """The folder of the English model."""
    return Path(pocketsphinx.get_model_path()) / "en-us"


def make_decoder(**settings: object) -> pocketsphinx.Decoder:
    """A decoder that keeps silent on the terminal. settings: as pocketsphinx names them."""
    return pocketsphinx.Decoder(loglevel="FATAL", logfn=os.devnull, **settings)
