"""The teacher: a small recurrent network of another project that hears how people's mouths move.

Its weights come by path and stay out of the package (assets `teacher/`, where origin and licence stand). It
gives names to hours of speech that nobody filmed; what the package runs has learned from these.
"""

from __future__ import annotations

from pathlib import Path

import kaldi_native_fbank as knf
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import batch_norm, leaky_relu, linear

from lipwright.engine.articulation.drivers.learned_network import OUTPUT_RATE_HZ
from lipwright.engine.media.values import SPEECH_RATE_HZ

# Components of the mouth that it tells, and how often.
COMPONENTS = 6
TEACHER_RATE_HZ = 25
# It tells a frame after it has heard so many frames more.
LOOK_AHEAD_FRAMES = 4
_FRAME_SAMPLES = SPEECH_RATE_HZ // TEACHER_RATE_HZ
_HIDDEN, _LAYERS, _BANDS = 192, 2, 80
_SLOPE = 0.2


class Teacher:
    """Hears the components of a sound. Raises OSError or KeyError when the weights are not the teacher's."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as stored:
            self._weights = {name: torch.from_numpy(stored[name].astype(np.float32)) for name in stored.files}
        self._recurrent = nn.LSTM(self._weights["LSTM.weight_ih_l0"].shape[1], _HIDDEN, _LAYERS)
        self._recurrent.load_state_dict(
            {name.removeprefix("LSTM."): kept for name, kept in self._weights.items() if "LSTM." in name}
        )

    def hear(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """The components, float32 (frame, COMPONENTS) at TEACHER_RATE_HZ.

        samples: float32 at SPEECH_RATE_HZ.
        """
        ahead = np.zeros(_FRAME_SAMPLES * LOOK_AHEAD_FRAMES, np.float32)
        with torch.no_grad():
            rows = torch.from_numpy(_filter_bank(np.concatenate([samples, ahead])))
            rows = leaky_relu(self._norm(self._linear(rows, "downsample.0"), "downsample.1"), _SLOPE)
            rows = self._linear(rows, "downsample.3")
            rows = self._recurrent(rows[:, None])[0][:, 0]
            for dense, norm in (("fc.0", "fc.1"), ("fc.3", "fc.4")):
                rows = leaky_relu(self._norm(self._linear(rows, dense), norm), _SLOPE)
            return np.asarray(self._linear(rows, "fc.6")[LOOK_AHEAD_FRAMES:].numpy())

    def at_output_rows(self, samples: NDArray[np.float32], rows: int) -> NDArray[np.float32]:
        """The components at OUTPUT_RATE_HZ, float32 (rows, COMPONENTS)."""
        told = self.hear(samples)
        times_s = (np.arange(rows) + 0.5) / OUTPUT_RATE_HZ
        told_s = (np.arange(len(told)) + 0.5) / TEACHER_RATE_HZ
        return np.stack([np.interp(times_s, told_s, part) for part in told.T], axis=1).astype(np.float32)

    def _linear(self, rows: Tensor, name: str) -> Tensor:
        return linear(rows, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

    def _norm(self, rows: Tensor, name: str) -> Tensor:
        kept = [self._weights[f"{name}.{part}"] for part in ("running_mean", "running_var", "weight", "bias")]
        return batch_norm(rows, *kept)


def _filter_bank(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logarithmic mel bands as Kaldi takes them, two windows a frame, float32 (frame, 2 * band)."""
    options = knf.FbankOptions()
    options.frame_opts.dither, options.frame_opts.snip_edges = 0, False
    options.frame_opts.frame_length_ms, options.frame_opts.frame_shift_ms = 50, 20
    options.mel_opts.num_bins = _BANDS
    bank = knf.OnlineFbank(options)
    bank.accept_waveform(SPEECH_RATE_HZ, samples.tolist())
    count = bank.num_frames_ready // 2
    rows = np.stack([bank.get_frame(place) for place in range(2 * count)])
    return rows.reshape(count, 2 * _BANDS).astype(np.float32)
