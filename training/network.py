"""The network in the form in which it is trained; learned_network.py runs it without torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lipwright.engine.articulation.drivers.learned_features import BROAD_COUNT, broad
from training.labels import SYMBOL_ORDER

# 240,000 weights. Half as wide learns less of the stage on sound, twice as wide only costs time.
WIDTH = 96
# 0.4 s to both sides: a syllable and its neighbours.
DILATIONS = (1, 2, 4, 8, 1, 2)
DROPOUT = 0.1


class ResidualLayer(nn.Module):
    """Adds what it finds to what was known."""

    def __init__(self, dilation: int, width: int) -> None:
        super().__init__()
        self.convolution = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation, bias=False)
        self.normalisation = nn.BatchNorm1d(width)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, rows: Tensor) -> Tensor:
        return rows + self.dropout(torch.relu(self.normalisation(self.convolution(rows))))


class TrainedNetwork(nn.Module):
    """Broad features (batch, band, row) to phones, rule and voice, (batch, output, row / 2) each."""

    def __init__(self) -> None:
        super().__init__()
        self.front = nn.Conv1d(BROAD_COUNT, WIDTH, 5, padding=2, bias=False)
        self.front_normalisation = nn.BatchNorm1d(WIDTH)
        self.halving = nn.Conv1d(WIDTH, WIDTH, 4, stride=2, padding=1, bias=False)
        self.halving_normalisation = nn.BatchNorm1d(WIDTH)
        self.layers = nn.ModuleList(ResidualLayer(dilation, WIDTH) for dilation in DILATIONS)
        self.dropout = nn.Dropout(DROPOUT)
        self.phones = nn.Conv1d(WIDTH, len(SYMBOL_ORDER), 1)
        self.rule = nn.Conv1d(WIDTH, 3, 1)
        self.voice = nn.Conv1d(WIDTH, 1, 1)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        rows = self.dropout(torch.relu(self.front_normalisation(self.front(features))))
        rows = self.dropout(torch.relu(self.halving_normalisation(self.halving(rows))))
        for layer in self.layers:
            rows = layer(rows)
        return self.phones(rows), self.rule(rows), self.voice(rows)


def log_phones(network: TrainedNetwork, features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log-probabilities of SYMBOL_ORDER for features (row, FEATURE_COUNT), float32 (row / 2, symbol)."""
    network.eval()
    even = broad(features[: len(features) // 2 * 2])
    with torch.no_grad():
        phones = network(torch.from_numpy(even.T[None].copy()))[0]
        return np.asarray(torch.log_softmax(phones, dim=1)[0].T.numpy())


def stack_arrays(
    network: nn.Module, name: str, dilations: Sequence[int], heads: Sequence[nn.Conv1d]
) -> dict[str, NDArray[np.generic]]:
    """A stack as ConvolutionStack.read reads it: normalisation folded in, kernels in half precision."""
    network.eval()
    arrays: dict[str, NDArray[np.generic]] = {f"{name}_dilations": np.array(dilations)}

    def put(part: str, kernel: Tensor, bias: Tensor) -> None:
        arrays[f"{name}_{part}_kernel"] = kernel.detach().permute(2, 1, 0).numpy().astype(np.float16)
        arrays[f"{name}_{part}_bias"] = bias.detach().numpy().astype(np.float32)

    put("front", *_folded(network.front, network.front_normalisation))
    put("halving", *_folded(network.halving, network.halving_normalisation))
    for index, layer in enumerate(network.layers):
        put(f"layer{index}", *_folded(layer.convolution, layer.normalisation))
    put("heads", torch.cat([head.weight for head in heads]), torch.cat([head.bias for head in heads]))
    return arrays


def speech_arrays(network: TrainedNetwork) -> dict[str, NDArray[np.generic]]:
    """The net of phones, rule and voice as MouthNetwork.load reads it."""
    return stack_arrays(network, "speech", DILATIONS, (network.phones, network.rule, network.voice)) | {
        "symbols": np.array(SYMBOL_ORDER)
    }


def read_speech_network(path: Path) -> TrainedNetwork:
    """The net of phones, rule and voice out of a file of weights, as if it had just been trained.

    Its normalisation was folded into the kernels, so it tells the same as before but cannot learn on. Raises
    OSError or KeyError when the file holds no such net.
    """
    network = TrainedNetwork()
    with np.load(path, allow_pickle=False) as stored, torch.no_grad():
        _unfold(network.front, network.front_normalisation, stored, "speech_front")
        _unfold(network.halving, network.halving_normalisation, stored, "speech_halving")
        for index, layer in enumerate(network.layers):
            _unfold(layer.convolution, layer.normalisation, stored, f"speech_layer{index}")
        kernel, bias = stored["speech_heads_kernel"], stored["speech_heads_bias"]
        first = 0
        for head in (network.phones, network.rule, network.voice):
            last = first + head.out_channels
            head.weight.copy_(_kernel(kernel[:, :, first:last]))
            head.bias.copy_(torch.from_numpy(bias[first:last]))
            first = last
    return network.eval()


def _kernel(stored: NDArray[np.float16]) -> Tensor:
    """A kernel (tap, input, output) as torch has it."""
    return torch.from_numpy(stored.astype(np.float32).transpose(2, 1, 0).copy())


def _unfold(
    convolution: nn.Conv1d,
    normalisation: nn.BatchNorm1d,
    stored: Mapping[str, NDArray[np.generic]],
    name: str,
) -> None:
    """A convolution whose normalisation only adds the bias."""
    convolution.weight.copy_(_kernel(stored[f"{name}_kernel"]))
    normalisation.running_mean.zero_()
    normalisation.running_var.fill_(1 - normalisation.eps)
    normalisation.weight.fill_(1)
    normalisation.bias.copy_(torch.from_numpy(stored[f"{name}_bias"]))


def _folded(convolution: nn.Conv1d, normalisation: nn.BatchNorm1d) -> tuple[Tensor, Tensor]:
    gain = normalisation.weight / torch.sqrt(normalisation.running_var + normalisation.eps)
    return convolution.weight * gain[:, None, None], normalisation.bias - normalisation.running_mean * gain
