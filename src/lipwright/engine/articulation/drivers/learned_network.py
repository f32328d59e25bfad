"""The networks of the learned driver, run with NumPy: stacks of convolutions over time.

One hears phones, the rules' mouth and voices; the ears hear the mouths of people. Each is a stack of two
plain layers, the second halving the rate, then residual layers of growing reach, then heads. Training
(training/network.py) builds the same stacks, and folds their normalisation into the weights kept here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array, read_only
from lipwright.engine.articulation.drivers.acoustic_model import MODEL_PHONES, load_acoustic_model
from lipwright.engine.articulation.drivers.learned_features import FEATURE_COUNT, broad, phone_shares
from lipwright.engine.articulation.drivers.learned_mouth import MouthMeasure
from lipwright.engine.curves import CURVE_RATE_HZ
from lipwright.engine.speech.phones import BILABIAL

# One output row for this many feature rows. Mouths move below 10 Hz; 50 Hz holds that and halves the work.
ROWS_PER_OUTPUT = 2
OUTPUT_RATE_HZ = CURVE_RATE_HZ // ROWS_PER_OUTPUT
# What the three witnesses of lips that shut for p, b and m count: the ears, the phones of the network, and
# those of the acoustic model. Each errs in other sounds.
EAR_SAY, PHONES_SAY, MODEL_SAY = 0.5, 0.15, 0.35

# Brings shares to about unit size.
SHARE_SCALE = 3.0
EAR_INPUTS = FEATURE_COUNT + MODEL_PHONES

_KernelAndBias = tuple[NDArray[np.float32], NDArray[np.float32]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MouthSigns:
    """What the networks tell of a stretch of sound, float32 (output row, ...), at OUTPUT_RATE_HZ.

    phones: (row, symbol), probabilities that sum to one. rule: (row, 3), aperture, width and rounding as the
    table of shapes had them in training, scaled (learned.py). voice: (row,), 0 to 1, that somebody speaks or
    sings. mouth: (row, len(MouthMeasure)), real mouths, in deviations from a speaker's mean. closure: (row,),
    0 to 1, that lips are together for p, b or m.
    """

    phones: NDArray[np.float32]
    rule: NDArray[np.float32]
    voice: NDArray[np.float32]
    mouth: NDArray[np.float32]
    closure: NDArray[np.float32]

    def __post_init__(self) -> None:
        rows = len(self.voice)
        check_array(self, "phones", np.float32, (rows, "symbol"))
        check_array(self, "rule", np.float32, (rows, 3))
        check_array(self, "voice", np.float32, (rows,))
        check_array(self, "mouth", np.float32, (rows, len(MouthMeasure)))
        check_array(self, "closure", np.float32, (rows,))

    def cut(self, first: int, last: int) -> Self:
        """The rows from first up to last, views."""
        return type(self)(
            phones=self.phones[first:last],
            rule=self.rule[first:last],
            voice=self.voice[first:last],
            mouth=self.mouth[first:last],
            closure=self.closure[first:last],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConvolutionStack:
    """Weights of one stack, float32. Kernels are (tap, input, output).

    dilations: reach of each residual layer.
    """

    front: _KernelAndBias
    halving: _KernelAndBias
    layers: tuple[_KernelAndBias, ...]
    heads: _KernelAndBias
    dilations: tuple[int, ...]

    def __post_init__(self) -> None:
        for name in ("front", "halving", "heads"):
            object.__setattr__(self, name, _read_only_pair(getattr(self, name)))
        object.__setattr__(self, "layers", tuple(map(_read_only_pair, self.layers)))

    @classmethod
    def read(cls, stored: Mapping[str, NDArray[np.float16]], name: str) -> Self:
        """The stack that training wrote under a name. Raises KeyError when there is none."""

        def pair(part: str) -> _KernelAndBias:
            kernel, bias = stored[f"{name}_{part}_kernel"], stored[f"{name}_{part}_bias"]
            return kernel.astype(np.float32), bias.astype(np.float32)

        dilations = tuple(int(step) for step in stored[f"{name}_dilations"])
        return cls(
            front=pair("front"),
            halving=pair("halving"),
            layers=tuple(pair(f"layer{index}") for index in range(len(dilations))),
            heads=pair("heads"),
            dilations=dilations,
        )

    @property
    def reach_rows(self) -> int:
        """How many rows before and after a row have a say in it, even."""
        front = len(self.front[0]) // 2 + len(self.halving[0])
        return 2 * ((front + 1) // 2) + ROWS_PER_OUTPUT * sum(self.dilations)

    def hear(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the heads say of an even number of rows, float32 (row / 2, output). Around them is nothing."""
        rows = np.maximum(0, _convolve(rows, *self.front))
        rows = np.maximum(0, _halve(rows, *self.halving))
        for layer, dilation in zip(self.layers, self.dilations, strict=True):
            rows = rows + np.maximum(0, _convolve(rows, *layer, dilation=dilation))
        kernel, bias = self.heads
        return np.asarray(rows @ kernel[0] + bias)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MouthNetwork:
    """All the networks of the driver.

    speech: hears broad features; its heads are the symbols, the rule and the voice. ears: hear `ear_inputs`;
    their heads are every MouthMeasure, then the closure. Their answers are averaged. symbols: what the phone
    head tells apart. aperture_knots: (2, knot), from the deviation of the opening to aperture, rising; they
    give the curves the spread of real mouths, which regression shrinks.
    """

    speech: ConvolutionStack
    ears: tuple[ConvolutionStack, ...]
    symbols: tuple[str, ...]
    aperture_knots: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "aperture_knots", np.float32, (2, "knot"))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the weights that training wrote. Raises OSError or KeyError when they are damaged."""
        with np.load(path, allow_pickle=False) as stored:
            return cls(
                speech=ConvolutionStack.read(stored, "speech"),
                ears=tuple(
                    ConvolutionStack.read(stored, f"ear{place}") for place in range(int(stored["ear_count"]))
                ),
                symbols=tuple(str(symbol) for symbol in stored["symbols"]),
                aperture_knots=stored["aperture_knots"].astype(np.float32),
            )

    @property
    def reach_rows(self) -> int:
        """How many feature rows before and after a row have a say in it, even; also the delay of a stream."""
        return max(stack.reach_rows for stack in (self.speech, *self.ears))

    def hear(self, features: NDArray[np.float32]) -> MouthSigns:
        """The signs of a whole stretch: half as many rows as features, rounded up. Around it is nothing."""
        odd = len(features) % ROWS_PER_OUTPUT
        even = np.pad(features, ((0, odd), (0, 0)), mode="edge")
        speech = self.speech.hear(broad(even))
        count = len(self.symbols)
        phones = _softmax(speech[:, :count])
        inputs = ear_inputs(even)
        heard = np.mean([ear.hear(inputs) for ear in self.ears], axis=0)
        by_model = phone_shares(even)[:, _model_bilabials()].sum(axis=1).reshape(-1, ROWS_PER_OUTPUT)
        by_phones = phones[:, [symbol in BILABIAL for symbol in self.symbols]].sum(axis=1)
        closure = (
            EAR_SAY * _logistic(heard[:, len(MouthMeasure)])
            + PHONES_SAY * by_phones
            + MODEL_SAY * by_model.mean(axis=1)
        )
        return MouthSigns(
            phones=phones,
            rule=speech[:, count : count + 3],
            voice=_logistic(speech[:, count + 3]),
            mouth=heard[:, : len(MouthMeasure)],
            closure=closure.astype(np.float32),
        )

    def hear_blocks(self, blocks: Iterable[NDArray[np.float32]]) -> Iterator[MouthSigns]:
        """The signs of a stream of feature blocks, the same as of the whole, `reach_rows` behind it.

        Blocks are of even length but for the last one.
        """
        reach = self.reach_rows
        kept: NDArray[np.float32] | None = None
        done = 0  # rows at the front of `kept` whose signs were told already
        for block in blocks:
            kept = block if kept is None else np.concatenate((kept, block))
            ready = len(kept) - reach
            if ready <= done:
                continue
            ready -= ready % ROWS_PER_OUTPUT
            yield self.hear(kept).cut(done // ROWS_PER_OUTPUT, ready // ROWS_PER_OUTPUT)
            drop = max(0, ready - reach)
            kept, done = kept[drop:], ready - drop
        if kept is not None and done < len(kept):
            yield self.hear(kept).cut(done // ROWS_PER_OUTPUT, len(kept))


def ear_inputs(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """What an ear hears of features: all of them, and the shares of the phones, float32 (row, EAR_INPUTS)."""
    return np.concatenate([features, SHARE_SCALE * phone_shares(features)], axis=1).astype(np.float32)


def _convolve(
    rows: NDArray[np.float32], kernel: NDArray[np.float32], bias: NDArray[np.float32], dilation: int = 1
) -> NDArray[np.float32]:
    """A convolution that keeps the length; around the rows there are zeros."""
    margin = len(kernel) // 2 * dilation
    padded = np.pad(rows, ((margin, margin), (0, 0)))
    result = np.tile(bias, (len(rows), 1))
    for tap, weights in enumerate(kernel):
        result += padded[tap * dilation : tap * dilation + len(rows)] @ weights
    return result


def _halve(
    rows: NDArray[np.float32], kernel: NDArray[np.float32], bias: NDArray[np.float32]
) -> NDArray[np.float32]:
    """A convolution that gives one row for every two."""
    margin = (len(kernel) - ROWS_PER_OUTPUT) // 2
    padded = np.pad(rows, ((margin, margin), (0, 0)))
    count = len(rows) // ROWS_PER_OUTPUT
    result = np.tile(bias, (count, 1))
    for tap, weights in enumerate(kernel):
        result += padded[tap : tap + ROWS_PER_OUTPUT * count : ROWS_PER_OUTPUT][:count] @ weights
    return result


def _logistic(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))), dtype=np.float32)


def _model_bilabials() -> list[int]:
    """Where the acoustic model tells p, b and m."""
    return [place for place, name in enumerate(load_acoustic_model().symbols) if name in BILABIAL]


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def _read_only_pair(pair: _KernelAndBias) -> _KernelAndBias:
    kernel, bias = pair
    return read_only(kernel), read_only(bias)
