"""How well every moment of a sound fits each English phone, by the acoustic model in pocketsphinx's wheel.

The model was trained on very many speakers, so it hears through a voice to the sound that is meant; it
helps in other languages too, as phones that are like English ones. Only its context-free states are read
here, without a search: some twenty times faster than recognizing phones, and every frame for itself. The
files are those of CMU Sphinx: a semi-continuous model with one set of Gaussians for each phone ("PTM"), over
mel cepstra and their first and second differences (Huggins-Daines et al., "Pocketsphinx", ICASSP 2006).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
import pocketsphinx
from numpy.typing import NDArray
from scipy.fft import dct

from lipwright.engine.arrays import check_array

# How the model's own training took its mel bands (feat.params beside the model's files).
MODEL_BANDS = 25
# What it tells apart: 39 phones, silence and two kinds of noise.
MODEL_PHONES = 42
LOWEST_HZ, HIGHEST_HZ = 130.0, 6800.0
PRE_EMPHASIS = 0.97
_CEPSTRA = 13
_LIFTER = 22
# Rows before and after one that its differences reach to.
DIFFERENCE_REACH_ROWS = 3

_STATES = 3
# Logarithms in the model are of this base, mixture weights are kept in steps of 1024 of them.
_WEIGHT_STEP = 1024 * float(np.log(1.0001))
_LEAST_VARIANCE = 1e-4
_BYTE_ORDER_MARK = 0x11223344
# The three streams of features are taken for independent and are not: their likelihoods say too much. With
# a share of 1 a linear map from the phones to the mouths of ten people reaches a correlation of .55, of
# .15 to .58, of .05 to .57.
_TRUST = 0.15
# Log-probabilities below this are all "not this one".
LEAST_LOG = -6.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AcousticModel:
    """The Gaussians and their weights, ready for products of matrices.

    symbols: the phones, in the model's order and names (ARPAbet, `SIL`, two kinds of noise).
    factors: float32 (stream, 2 * coefficient, phone * Gaussian), for the coefficients and their squares;
    constants: float32 (stream, phone * Gaussian). weights: float32 (stream, phone, Gaussian, state).
    """

    symbols: tuple[str, ...]
    factors: NDArray[np.float32]
    constants: NDArray[np.float32]
    weights: NDArray[np.float32]

    def __post_init__(self) -> None:
        check_array(self, "factors", np.float32, ("stream", "coefficient", "gaussian"))
        check_array(self, "constants", np.float32, (len(self.factors), self.factors.shape[2]))
        check_array(self, "weights", np.float32, (len(self.factors), "phone", "gaussian", _STATES))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a model's folder. Raises OSError when a file is absent, ValueError when it is another kind."""
        symbols, senones = _read_definition(folder / "mdef")
        means = _read_gaussians(folder / "means")
        variances = np.maximum(_read_gaussians(folder / "variances"), _LEAST_VARIANCE)
        phones, streams, gaussians, coefficients = means.shape
        if (phones, coefficients) != (MODEL_PHONES, _CEPSTRA) or len(symbols) != phones:
            raise ValueError(f"The acoustic model in {folder.name} is not one of {MODEL_PHONES} phones.")
        packed = np.fromfile(folder / "sendump", dtype=np.uint8)[-streams * gaussians * senones :]
        logs = packed.reshape(streams, gaussians, senones)[..., : phones * _STATES] * -_WEIGHT_STEP
        weights = np.exp(logs).reshape(streams, gaussians, phones, _STATES).transpose(0, 2, 1, 3)
        by_stream = means.swapaxes(0, 1).reshape(streams, -1, coefficients)
        precisions = (1 / variances).swapaxes(0, 1).reshape(streams, -1, coefficients)
        constants = -0.5 * (by_stream**2 * precisions - np.log(precisions)).sum(axis=2)
        return cls(
            symbols=symbols,
            factors=np.concatenate([by_stream * precisions, -0.5 * precisions], axis=2)
            .swapaxes(1, 2)
            .astype(np.float32),
            constants=constants.astype(np.float32),
            weights=np.ascontiguousarray(weights, dtype=np.float32),
        )

    def log_phones(self, mel_db: NDArray[np.float32]) -> NDArray[np.float32]:
        """How likely each phone is, float32 (row, phone), natural logarithms from LEAST_LOG to 0.

        mel_db: float32 (row + 2 * DIFFERENCE_REACH_ROWS, MODEL_BANDS), 100 rows a second, against the mean
            of the voice; the rows before the first and after the last are for the differences only.
        """
        states = np.zeros((len(mel_db) - 2 * DIFFERENCE_REACH_ROWS, len(self.symbols), _STATES), np.float32)
        for rows, factors, constants, weights in zip(
            _streams(mel_db), self.factors, self.constants, self.weights, strict=True
        ):
            gaussians = np.concatenate([rows, rows**2], axis=1) @ factors + constants
            gaussians = gaussians.reshape(len(rows), len(self.symbols), -1)
            loudest = gaussians.max(axis=2, keepdims=True)
            mixed = np.matmul(np.exp(gaussians - loudest).swapaxes(0, 1), weights).swapaxes(0, 1)
            states += np.log(mixed + np.float32(1e-30)) + loudest
        scores = _TRUST * states.max(axis=2)
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return np.asarray(np.maximum(logs, LEAST_LOG), dtype=np.float32)


def model_folder() -> Path:
    """Where the English model of the wheel lies."""
    return Path(pocketsphinx.get_model_path()) / "en-us" / "en-us"


@cache
def load_acoustic_model() -> AcousticModel:
    """The English model of the wheel."""
    return AcousticModel.load(model_folder())


def _streams(mel_db: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
    """Cepstra and their first and second differences, float32 (row, coefficient) each."""
    cepstra = dct(mel_db * np.float32(np.log(10) / 10), norm="ortho", axis=1)[:, :_CEPSTRA]
    cepstra *= (1 + _LIFTER / 2 * np.sin(np.pi * np.arange(_CEPSTRA) / _LIFTER)).astype(np.float32)
    reach = DIFFERENCE_REACH_ROWS

    def at(shift: int) -> NDArray[np.float32]:
        return np.asarray(cepstra[reach + shift : len(cepstra) - reach + shift], dtype=np.float32)

    return at(0), at(2) - at(-2), (at(3) - at(-1)) - (at(1) - at(-3))


def _read_definition(path: Path) -> tuple[tuple[str, ...], int]:
    """The names of the phones and the number of all states ("senones"), from a binary `mdef`."""
    data = path.read_bytes()
    if data[:4] != b"BMDF":
        raise ValueError(f"{path.name} of the acoustic model is not a binary one.")
    start = 12 + int(struct.unpack_from("<i", data, 8)[0])
    counts = struct.unpack_from("<10i", data, start)
    phones, states, context_free, senones = counts[0], counts[2], counts[3], counts[4]
    if states != _STATES or context_free != phones * _STATES:
        raise ValueError(f"{path.name} of the acoustic model does not have {_STATES} states a phone.")
    names = data[start + 40 :].split(b"\0", phones)[:phones]
    return tuple(name.decode("ascii") for name in names), senones


def _read_gaussians(path: Path) -> NDArray[np.float32]:
    """Means or variances, float32 (phone, stream, Gaussian, coefficient)."""
    data = path.read_bytes()
    start = data.index(b"endhdr\n") + len(b"endhdr\n")
    mark, phones, streams, gaussians = struct.unpack_from("<4I", data, start)
    if mark != _BYTE_ORDER_MARK:
        raise ValueError(f"{path.name} of the acoustic model was written on another kind of machine.")
    lengths = struct.unpack_from(f"<{streams}I", data, start + 16)
    if len(set(lengths)) != 1:
        raise ValueError(f"{path.name} of the acoustic model has streams of unequal length.")
    values = np.frombuffer(data, "<f4", phones * streams * gaussians * lengths[0], start + 20 + 4 * streams)
    return values.reshape(phones, streams, gaussians, lengths[0])
