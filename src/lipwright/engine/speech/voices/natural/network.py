"""The network of a natural voice: symbols in, sound and the time of each symbol out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from hibari import dsp
from numpy.typing import NDArray
from scipy import ndimage

from lipwright.engine.arrays import check_array
from lipwright.engine.errors import VoiceUnavailable
from lipwright.engine.speech.voices.natural.graph_output import with_durations
from lipwright.engine.speech.words.acted_text import TextSpan

SAMPLE_RATE_HZ: int = dsp.SR
# The network thinks in steps of this length; its spectra have two rows for each.
_STEP_S = 0.025
_ROW_S = dsp.HOP / dsp.SR
# What is heard comes earlier than the durations say: measured on 50 sentences against the onsets of hisses
# and stops, 55 ms at the usual pace, 70 at half and 48 at double. Without this the lips are late by two
# frames.
_LEAD_S, _LEAD_OF_PACE_S = 0.040, 0.015
# Where words are stressed the voice rises and is louder. A tenth more is heard as a stress; from a quarter
# on it sounds like a question.
_STRESS_PITCH, _STRESS_LOG_GAIN = 0.14, 0.40
_STRESS_EDGE_S = 0.04
# The hiss of the voice is noise; its seed is fixed so that a text is always the same sound.
_NOISE_SEED = 0
# Two voices in memory are enough for a dialogue; each takes some 60 MB.
_NETWORKS_KEPT = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkSound:
    """What a network made of a row of symbols.

    samples: float32 (sample,) at SAMPLE_RATE_HZ. edges_s: when each symbol begins, and at last when the last
    one ends, float64 (symbol + 1,).
    """

    samples: NDArray[np.float32]
    edges_s: NDArray[np.float64]

    def __post_init__(self) -> None:
        check_array(self, "samples", np.float32, ("sample",))
        check_array(self, "edges_s", np.float64, ("edge",))


class NaturalNetwork:
    """One loaded network."""

    def __init__(self, path: Path) -> None:
        """Raises VoiceUnavailable when the file cannot be read or is another network."""
        options = onnxruntime.SessionOptions()
        # One thread gives the same sums in the same order on every machine, and is fast enough.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            found = with_durations(path.read_bytes())
            if found is None:
                raise ValueError("no durations")
            model, self._durations = found
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's errors have no common class but this
            raise VoiceUnavailable(
                f"The voice file {path.name} cannot be loaded. Remove it and install the voice again."
            ) from error
        self._name = path.name

    def sound_of(self, ids: Sequence[int], rate: float, stresses: Sequence[TextSpan]) -> NetworkSound:
        """Speak symbols. rate: 1 is the voice's own pace. stresses: spans of ids that are stressed.

        Raises VoiceUnavailable when the network does not work as one of these voices does.
        """
        inputs = {"ids": np.array([ids], dtype=np.int64), "speed": np.array([rate], dtype=np.float32)}
        names = ["lh", "theta", "ln", "lr", "phi", "f0", self._durations]
        try:
            harmonic, theta, noise, free, phi, f0_hz, steps = self._session.run(names, inputs)
        except Exception as error:  # as above
            raise VoiceUnavailable(f"The voice file {self._name} is not that of a natural voice.") from error
        steps = steps.reshape(-1)
        lead_s = _LEAD_S + _LEAD_OF_PACE_S / rate
        edges_s = np.concatenate([[0.0], np.cumsum(steps, dtype=np.float64)]) * _STEP_S - lead_s
        strength = _strength(stresses, edges_s, f0_hz.shape[-1])
        louder = _STRESS_LOG_GAIN * strength
        samples = dsp.synth(
            harmonic[0] + louder,
            theta[0],
            noise[0] + louder,
            free[0] + louder,
            phi[0],
            f0_hz[0] * (1 + _STRESS_PITCH * strength),
            np.random.default_rng(_NOISE_SEED),
        )
        if len(steps) != len(ids) or not np.isfinite(samples).all():
            raise VoiceUnavailable(f"The voice file {self._name} gives no sound. Install the voice again.")
        return NetworkSound(samples=samples.astype(np.float32), edges_s=np.maximum(edges_s, 0.0))


def _strength(
    stresses: Sequence[TextSpan], edges_s: NDArray[np.float64], row_count: int
) -> NDArray[np.float32]:
    """How strongly each row of the spectra is stressed, float32 (row,), 0 to 1, soft at the edges."""
    strength = np.zeros(row_count, dtype=np.float32)
    for span in stresses:
        first, after = round(edges_s[span.first] / _ROW_S), round(edges_s[span.after] / _ROW_S)
        strength[first:after] = 1.0
    return ndimage.gaussian_filter1d(strength, _STRESS_EDGE_S / _ROW_S / 2) if stresses else strength


@lru_cache(maxsize=_NETWORKS_KEPT)
def load_natural_network(path: Path) -> NaturalNetwork:
    """A network, kept for the next text. Raises VoiceUnavailable as NaturalNetwork does."""
    return NaturalNetwork(path)
