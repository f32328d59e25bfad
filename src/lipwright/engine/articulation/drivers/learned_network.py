"""The network of the learned driver, run with NumPy: a stack of convolutions over time.

Two plain layers, the second halving the rate, then residual layers of growing reach, then heads. Training
(training/network.py) builds the same stack, and folds its normalisation into the weights kept here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.arrays import check_array, read_only
from lipwright.engine.articulation.drivers.linear_mouth import ROWS_PER_ANSWER, LinearMouth
from lipwright.engine.curves import CURVE_RATE_HZ

# One output row for this many feature rows. Mouths move below 10 Hz; 50 Hz holds that and halves the work.
ROWS_PER_OUTPUT = ROWS_PER_ANSWER
OUTPUT_RATE_HZ = CURVE_RATE_HZ // ROWS_PER_OUTPUT


_KernelAndBias = tuple[NDArray[np.float32], NDArray[np.float32]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MouthSigns:
    """What the network tells of a stretch of sound, float32 (output row, ...), at OUTPUT_RATE_HZ.

    phones: (row, symbol), probabilities that sum to one. rule: (row, 3), aperture, width and rounding as the
    table of shapes had them in training, scaled (learned.py). voice: (row,), 0 to 1, that somebody speaks or
    sings. mouth: (row, 3), inner-lip gap, width and outer height of real mouths, in deviations from a
    speaker's mean.
    """

    phones: NDArray[np.float32]
    rule: NDArray[np.float32]
    voice: NDArray[np.float32]
    mouth: NDArray[np.float32]

    def __post_init__(self) -> None:
        rows = len(self.voice)
        check_array(self, "phones", np.float32, (rows, "symbol"))
        check_array(self, "rule", np.float32, (rows, 3))
        check_array(self, "voice", np.float32, (rows,))
        check_array(self, "mouth", np.float32, (rows, 3))

    def cut(self, first: int, last: int) -> Self:
        """The rows from first up to last, views."""
        return type(self)(
            phones=self.phones[first:last],
            rule=self.rule[first:last],
            voice=self.voice[first:last],
            mouth=self.mouth[first:last],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MouthNetwork:
    """Weights of the stack, float32. Kernels are (tap, input, output).

    linear: a second opinion on the mouth, whose answer is added to that of the heads.
    dilations: reach of each residual layer. symbols: what the phone head tells apart.
    aperture_knots: (2, knot), from the mouth head's deviations to aperture, rising; they give the curves the
    spread of real mouths, which regression shrinks.
    """

    front: _KernelAndBias
    halving: _KernelAndBias
    layers: tuple[_KernelAndBias, ...]
    heads: _KernelAndBias
    linear: LinearMouth
    dilations: tuple[int, ...]
    symbols: tuple[str, ...]
    aperture_knots: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "aperture_knots", np.float32, (2, "knot"))
        for name in ("front", "halving", "heads"):
            object.__setattr__(self, name, _read_only_pair(getattr(self, name)))
        object.__setattr__(self, "layers", tuple(map(_read_only_pair, self.layers)))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the weights that training wrote. Raises OSError or KeyError when they are damaged."""
        with np.load(path, allow_pickle=False) as stored:

            def pair(name: str) -> _KernelAndBias:
                return stored[f"{name}_kernel"].astype(np.float32), stored[f"{name}_bias"].astype(np.float32)

            dilations = tuple(int(step) for step in stored["dilations"])
            return cls(
                front=pair("front"),
                halving=pair("halving"),
                layers=tuple(pair(f"layer{index}") for index in range(len(dilations))),
                heads=pair("heads"),
                linear=LinearMouth(kernel=pair("linear")[0], bias=pair("linear")[1]),
                dilations=dilations,
                symbols=tuple(str(symbol) for symbol in stored["symbols"]),
                aperture_knots=stored["aperture_knots"].astype(np.float32),
            )

    @property
    def reach_rows(self) -> int:
        """How many feature rows before and after a row have a say in it, even; also the delay of a stream."""
        front = len(self.front[0]) // 2 + len(self.halving[0])
        deep = 2 * ((front + 1) // 2) + ROWS_PER_OUTPUT * sum(self.dilations)
        return max(deep, self.linear.reach_rows)

    def hear(self, features: NDArray[np.float32]) -> MouthSigns:
        """The signs of a whole stretch: half as many rows as features, rounded up. Around it is nothing."""
        odd = len(features) % ROWS_PER_OUTPUT
        even = np.pad(features, ((0, odd), (0, 0)), mode="edge")
        rows = np.maximum(0, _convolve(even, *self.front))
        rows = np.maximum(0, _halve(rows, *self.halving))
        for layer, dilation in zip(self.layers, self.dilations, strict=True):
            rows = rows + np.maximum(0, _convolve(rows, *layer, dilation=dilation))
        kernel, bias = self.heads
        outputs = rows @ kernel[0] + bias
        count = len(self.symbols)
        return MouthSigns(
            phones=_softmax(outputs[:, :count]),
            rule=outputs[:, count : count + 3],
            voice=1 / (1 + np.exp(-np.clip(outputs[:, count + 3], -30, 30))),
            mouth=outputs[:, count + 4 : count + 7] + self.linear.read(even),
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


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def _read_only_pair(pair: _KernelAndBias) -> _KernelAndBias:
    kernel, bias = pair
    return read_only(kernel), read_only(bias)
