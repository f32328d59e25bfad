"""The network in the form in which it is trained; learned_network.py runs it without torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lipwright.engine.articulation.drivers.learned_features import FEATURE_COUNT
from lipwright.engine.articulation.drivers.linear_mouth import LinearMouth
from training.labels import SYMBOL_ORDER

# 240,000 weights. Half as wide learns less of the stage on sound, twice as wide only costs time.
WIDTH = 96
# 0.4 s to both sides: a syllable and its neighbours.
DILATIONS = (1, 2, 4, 8, 1, 2)
DROPOUT = 0.1


class ResidualLayer(nn.Module):
    """Adds what it finds to what was known."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.convolution = nn.Conv1d(WIDTH, WIDTH, 3, padding=dilation, dilation=dilation, bias=False)
        self.normalisation = nn.BatchNorm1d(WIDTH)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, rows: Tensor) -> Tensor:
        return rows + self.dropout(torch.relu(self.normalisation(self.convolution(rows))))


class TrainedNetwork(nn.Module):
    """Features (batch, band, row) to phones, rule, voice and mouth, (batch, output, row / 2) each."""

    def __init__(self) -> None:
        super().__init__()
        self.front = nn.Conv1d(FEATURE_COUNT, WIDTH, 5, padding=2, bias=False)
        self.front_normalisation = nn.BatchNorm1d(WIDTH)
        self.halving = nn.Conv1d(WIDTH, WIDTH, 4, stride=2, padding=1, bias=False)
        self.halving_normalisation = nn.BatchNorm1d(WIDTH)
        self.layers = nn.ModuleList(ResidualLayer(dilation) for dilation in DILATIONS)
        self.dropout = nn.Dropout(DROPOUT)
        self.phones = nn.Conv1d(WIDTH, len(SYMBOL_ORDER), 1)
        self.rule = nn.Conv1d(WIDTH, 3, 1)
        self.voice = nn.Conv1d(WIDTH, 1, 1)
        self.mouth = nn.Conv1d(WIDTH, 3, 1)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        rows = self.dropout(torch.relu(self.front_normalisation(self.front(features))))
        rows = self.dropout(torch.relu(self.halving_normalisation(self.halving(rows))))
        for layer in self.layers:
            rows = layer(rows)
        return self.phones(rows), self.rule(rows), self.voice(rows), self.mouth(rows)


def log_phones(network: TrainedNetwork, features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log-probabilities of SYMBOL_ORDER for features (row, band), float32 (row / 2, symbol)."""
    network.eval()
    even = features[: len(features) // 2 * 2]
    with torch.no_grad():
        phones = network(torch.from_numpy(even.T[None].copy()))[0]
        return np.asarray(torch.log_softmax(phones, dim=1)[0].T.numpy())


def write_weights(
    network: TrainedNetwork,
    linear: LinearMouth,
    path: Path,
    aperture_knots: NDArray[np.floating],
) -> None:
    """The file that MouthNetwork.load reads: normalisation folded in, kernels in half precision."""
    network.eval()
    arrays: dict[str, NDArray[np.generic]] = {
        "dilations": np.array(DILATIONS),
        "symbols": np.array(SYMBOL_ORDER),
        "aperture_knots": np.asarray(aperture_knots, dtype=np.float32),
        "linear_kernel": linear.kernel.astype(np.float16),
        "linear_bias": linear.bias,
    }

    def put(name: str, kernel: Tensor, bias: Tensor) -> None:
        arrays[f"{name}_kernel"] = kernel.detach().permute(2, 1, 0).numpy().astype(np.float16)
        arrays[f"{name}_bias"] = bias.detach().numpy().astype(np.float32)

    put("front", *_folded(network.front, network.front_normalisation))
    put("halving", *_folded(network.halving, network.halving_normalisation))
    for index, layer in enumerate(network.layers):
        put(f"layer{index}", *_folded(layer.convolution, layer.normalisation))
    heads = (network.phones, network.rule, network.voice, network.mouth)
    put("heads", torch.cat([head.weight for head in heads]), torch.cat([head.bias for head in heads]))
    np.savez_compressed(path, allow_pickle=False, **arrays)


def _folded(convolution: nn.Conv1d, normalisation: nn.BatchNorm1d) -> tuple[Tensor, Tensor]:
    gain = normalisation.weight / torch.sqrt(normalisation.running_var + normalisation.eps)
    return convolution.weight * gain[:, None, None], normalisation.bias - normalisation.running_mean * gain
