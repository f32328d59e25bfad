"""The ear as it is trained, and its two stages: first what the teacher hears, then mouths."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from lipwright.engine.articulation.drivers.acoustic_model import LEAST_LOG
from lipwright.engine.articulation.drivers.learned_bands import BAND_COUNT
from lipwright.engine.articulation.drivers.learned_features import FEATURE_SCALE_LOG
from lipwright.engine.articulation.drivers.learned_mouth import MouthMeasure
from lipwright.engine.articulation.drivers.learned_network import EAR_INPUTS, SHARE_SCALE
from lipwright.engine.speech.phones import BILABIAL
from training.examples import FilmedExample, HeardExample
from training.labels import SYMBOL_ORDER
from training.network import ResidualLayer, stack_arrays
from training.stages import advance
from training.teacher import COMPONENTS
from training.teacher_ridge import TeacherRidge

# 310,000 weights.
WIDTH = 96
# 0.9 s to both sides: the teacher, a recurrent net, remembers about as much.
DILATIONS = (1, 2, 4, 8, 16, 1, 2, 4, 8)
# Rows of a training crop at CURVE_RATE_HZ.
CROP_ROWS = 400
# What the measures count: the first three are what people look at.
MEASURE_WEIGHTS = {MouthMeasure.OPENING: 2.0, MouthMeasure.WIDTH: 1.5, MouthMeasure.ROUNDING: 1.5}
OTHER_WEIGHT = 0.3
# Of the ridge regression that the mouth head begins with, and the disguises of clips that it hears.
HEAD_PENALTY = 300.0
HEAD_VERSIONS = (0, 2)
IS_BILABIAL = np.array([symbol in BILABIAL for symbol in SYMBOL_ORDER])


class Ear(nn.Module):
    """Inputs (batch, EAR_INPUTS, row) to measures, closure, components of the teacher, phones."""

    def __init__(self, width: int = WIDTH, dilations: Sequence[int] = DILATIONS) -> None:
        super().__init__()
        self.dilations = tuple(dilations)
        self.front = nn.Conv1d(EAR_INPUTS, width, 1, bias=False)
        self.front_normalisation = nn.BatchNorm1d(width)
        self.halving = nn.Conv1d(width, width, 4, stride=2, padding=1, bias=False)
        self.halving_normalisation = nn.BatchNorm1d(width)
        self.layers = nn.ModuleList(ResidualLayer(dilation, width) for dilation in self.dilations)
        self.dropout = nn.Dropout(0.1)
        self.mouth = nn.Conv1d(width, len(MouthMeasure), 1)
        self.closure = nn.Conv1d(width, 1, 1)
        self.teacher = nn.Conv1d(width, COMPONENTS, 1)
        self.phones = nn.Conv1d(width, len(SYMBOL_ORDER), 1)

    def hidden(self, inputs: Tensor) -> Tensor:
        """What the heads hear, (batch, width, row / 2)."""
        rows = self.dropout(torch.relu(self.front_normalisation(self.front(inputs))))
        rows = self.dropout(torch.relu(self.halving_normalisation(self.halving(rows))))
        for layer in self.layers:
            rows = layer(rows)
        return rows

    def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        rows = self.hidden(inputs)
        return self.mouth(rows), self.closure(rows), self.teacher(rows), self.phones(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingStage:
    """How the ear learns from the teacher."""

    steps: int = 3000
    batch: int = 24
    learning_rate: float = 3e-3
    teacher_weight: float = 1.0
    width: int = WIDTH
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmedStage:
    """How the ear learns mouths. teacher_weight: what the teacher still counts meanwhile.

    told_weight: what the mouths count that the teacher's ridge tells of unfilmed speech.
    """

    steps: int = 300
    batch: int = 24
    heard_batch: int = 8
    teacher_weight: float = 0.5
    told_weight: float = 0.5
    learning_rate: float = 1e-3
    laboratory_share: float = 0.4
    noise: float = 0.1
    seed: int = 0


def learn_hearing(examples: Sequence[HeardExample], stage: HearingStage, start: Ear | None = None) -> Ear:
    """An ear that hears what the teacher hears, and phones where they are known.

    start: an ear that learns on; it is changed.
    """
    torch.manual_seed(stage.seed)
    rng = np.random.default_rng(stage.seed)
    ear = start or Ear(stage.width)
    optimiser = torch.optim.AdamW(ear.parameters(), stage.learning_rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, stage.learning_rate, stage.steps, pct_start=0.1)
    lengths = np.array([min(len(one.features), 1500) for one in examples], float)
    chances = lengths / lengths.sum()
    told = []
    for step in range(stage.steps):
        ear.train()
        chosen = [examples[place] for place in rng.choice(len(examples), stage.batch, p=chances)]
        loss, hearing = _heard_loss(ear, _heard_batch(chosen, rng), stage.teacher_weight)
        told.append(hearing)
        advance(ear, optimiser, schedule, loss)
        if step % 50 == 49:
            print(f"hearing {step + 1}/{stage.steps}: r {np.mean(told[-50:]):.3f}", flush=True)
    return ear


def learn_filmed(
    taught: Ear, filmed: Sequence[FilmedExample], heard: Sequence[HeardExample], stage: FilmedStage
) -> Ear:
    """A copy of the ear that knows mouths as well.

    It learns them of the people filmed, and of what a ridge from the teacher's components to these people
    tells of the unfilmed, who are many more voices.
    """
    torch.manual_seed(stage.seed)
    rng = np.random.default_rng(stage.seed)
    ear = copy.deepcopy(taught)
    fit_mouth_head(ear, [one for one in filmed if one.version in HEAD_VERSIONS])
    optimiser = torch.optim.AdamW(ear.parameters(), stage.learning_rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, stage.learning_rate, stage.steps, pct_start=0.15
    )
    chances = _filmed_chances(filmed, stage)
    lengths = np.array([min(len(one.features), 1500) for one in heard], float)
    mouths = list(TeacherRidge.fit(filmed).tell_all(one.teacher for one in heard))
    told = []
    for step in range(stage.steps):
        ear.train()
        chosen = [filmed[place] for place in rng.choice(len(filmed), stage.batch, p=chances)]
        batch = _filmed_batch(chosen, rng, stage.noise)
        others = rng.choice(len(heard), stage.heard_batch, p=lengths / lengths.sum())
        known = _heard_batch([heard[place] for place in others], rng, [mouths[place] for place in others])
        with _half_precision():
            told_all = ear(torch.cat([batch.inputs, known.inputs]))
        mouth, closure, teacher, phones = (one.float() for one in told_all)
        count = stage.batch
        loss = _mouth_loss(mouth[:count], batch.mouth, batch.seen)
        told.append(float(loss.detach()))
        if known.mouth is not None:
            seen = known.seen.expand_as(known.mouth)
            loss = loss + stage.told_weight * _mouth_loss(mouth[count:], known.mouth, seen)
        whole = torch.ones_like(batch.teacher[:, :1])
        loss = loss + stage.teacher_weight * _likeness(teacher[:count], batch.teacher, whole).mean()
        loss = (
            loss
            + _known_loss((closure[count:], teacher[count:], phones[count:]), known, stage.teacher_weight)[0]
        )
        advance(ear, optimiser, schedule, loss)
        if step % 100 == 99:
            print(f"mouths {step + 1}/{stage.steps}: loss {np.mean(told[-100:]):.3f}", flush=True)
    return ear


def fit_mouth_head(ear: Ear, filmed: Sequence[FilmedExample]) -> None:
    """Give the ear the mouth head that fits best what it hears now, by ridge regression.

    People count by the root of their sound.
    """
    ear.eval()
    rows_of: dict[str, int] = {}
    for one in filmed:
        rows_of[one.speaker] = rows_of.get(one.speaker, 0) + len(one.mouth)
    size = ear.mouth.in_channels
    squared, crossed = np.zeros((size + 1, size + 1)), np.zeros((size + 1, len(MouthMeasure)))
    for one in filmed:
        is_seen = one.seen.min(axis=1) > 0
        if not is_seen.any():
            continue
        with torch.no_grad():
            inputs = inputs_of(one.features.astype(np.float32))
            heard = ear.hidden(torch.from_numpy(inputs.T[None].copy()))[0].T.numpy()
        rows = np.concatenate([heard, np.ones((len(heard), 1), np.float32)], axis=1)[is_seen]
        weight = rows_of[one.speaker] ** -0.5
        squared += weight * rows.T @ rows
        crossed += weight * rows.T @ one.mouth[is_seen]
    solved = np.linalg.solve(squared + HEAD_PENALTY * np.eye(size + 1), crossed).astype(np.float32)
    with torch.no_grad():
        ear.mouth.weight.copy_(torch.from_numpy(solved[:-1].T[:, :, None].copy()))
        ear.mouth.bias.copy_(torch.from_numpy(solved[-1]))


def answers(ear: Ear, features: NDArray[np.floating]) -> tuple[NDArray[np.float32], ...]:
    """What the heads say of features (row, FEATURE_COUNT): measures, closure, components, (row / 2, ...)."""
    ear.eval()
    with torch.no_grad():
        told = ear(torch.from_numpy(inputs_of(features.astype(np.float32)).T[None].copy()))
    return tuple(np.asarray(one[0].T.numpy()) for one in told[:3])


def ear_arrays(ear: Ear, place: int) -> dict[str, NDArray[np.generic]]:
    """An ear as MouthNetwork.load reads it; the teacher's head and that of the phones stay here."""
    return stack_arrays(ear, f"ear{place}", ear.dilations, (ear.mouth, ear.closure))


def inputs_of(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """As learned_network.ear_inputs, for features whose phones training has blotted out in part."""
    logs = features[:, BAND_COUNT:] * FEATURE_SCALE_LOG + LEAST_LOG / 2
    return np.concatenate([features, SHARE_SCALE * np.exp(np.minimum(logs, 0))], axis=1).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _HeardBatch:
    inputs: Tensor
    teacher: Tensor
    seen: Tensor
    symbols: Tensor
    known: Tensor
    mouth: Tensor | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _FilmedBatch:
    inputs: Tensor
    mouth: Tensor
    seen: Tensor
    teacher: Tensor


def _crop(rows: int, rng: np.random.Generator) -> tuple[int, int]:
    length = min(rows, CROP_ROWS) // 2 * 2
    return 2 * int(rng.integers(0, (rows - length) // 2 + 1)), length


def _blotted(features: NDArray[np.float16], rng: np.random.Generator, noise: float) -> NDArray[np.float32]:
    """Inputs with small errors, and with groups of bands, of phones and of moments blotted out."""
    rows = features.astype(np.float32)
    bands, phones = rows[:, :BAND_COUNT], rows[:, BAND_COUNT:]
    bands *= np.float32(rng.uniform(0.85, 1.15))
    bands += np.float32(rng.normal(0, 0.1))
    for part, most in ((bands, 8), (phones, 6)):
        first = rng.integers(0, part.shape[1] - 1)
        part[:, first : first + rng.integers(0, most)] = part.mean()
    if rng.random() < 0.3:
        first = int(rng.integers(0, len(rows)))
        rows[first : first + int(rng.integers(2, 12))] = rows.mean(axis=0)
    if rng.random() < 0.1:
        bands[:] = 0
    if noise:
        rows += noise * rng.standard_normal(rows.shape).astype(np.float32)
    return inputs_of(rows)


def _heard_batch(
    chosen: Sequence[HeardExample], rng: np.random.Generator, mouths: Sequence[NDArray[np.float16]] = ()
) -> _HeardBatch:
    """A batch of unfilmed speech. mouths: (row / 2, len(MouthMeasure)) for each example, or none at all."""
    count, half = len(chosen), CROP_ROWS // 2
    inputs = np.zeros((count, EAR_INPUTS, CROP_ROWS), np.float32)
    teacher = np.zeros((count, COMPONENTS, half), np.float32)
    seen, known = np.zeros((count, 1, half), np.float32), np.zeros((count, half), np.float32)
    symbols = np.zeros((count, half), np.int64)
    mouth = np.zeros((count, len(MouthMeasure), half), np.float32)
    for place, one in enumerate(chosen):
        first, length = _crop(len(one.features), rng)
        inputs[place, :, :length] = _blotted(one.features[first : first + length], rng, 0.0).T
        if mouths:
            mouth[place, :, : length // 2] = mouths[place][first // 2 : (first + length) // 2].T
        teacher[place, :, : length // 2] = one.teacher[first // 2 : (first + length) // 2].T
        seen[place, 0, : length // 2] = 1
        if len(one.symbols):
            told = one.symbols[first : first + length : 2]
            symbols[place, : len(told)] = told
            known[place, : len(told)] = 1
    return _HeardBatch(
        inputs=torch.from_numpy(inputs),
        teacher=torch.from_numpy(teacher),
        seen=torch.from_numpy(seen),
        symbols=torch.from_numpy(symbols),
        known=torch.from_numpy(known),
        mouth=torch.from_numpy(mouth) if mouths else None,
    )


def _filmed_batch(chosen: Sequence[FilmedExample], rng: np.random.Generator, noise: float) -> _FilmedBatch:
    count, half = len(chosen), CROP_ROWS // 2
    inputs = np.zeros((count, EAR_INPUTS, CROP_ROWS), np.float32)
    mouth = np.zeros((count, len(MouthMeasure), half), np.float32)
    seen = np.zeros((count, len(MouthMeasure), half), np.float32)
    teacher = np.zeros((count, COMPONENTS, half), np.float32)
    for place, one in enumerate(chosen):
        first, length = _crop(len(one.features), rng)
        rows = slice(first // 2, (first + length) // 2)
        inputs[place, :, :length] = _blotted(one.features[first : first + length], rng, noise).T
        mouth[place, :, : length // 2] = one.mouth[rows].T
        seen[place, :, : length // 2] = one.seen[rows].T
        teacher[place, :, : length // 2] = one.teacher[rows].T
    return _FilmedBatch(
        inputs=torch.from_numpy(inputs),
        mouth=torch.from_numpy(mouth),
        seen=torch.from_numpy(seen),
        teacher=torch.from_numpy(teacher),
    )


def _filmed_chances(filmed: Sequence[FilmedExample], stage: FilmedStage) -> NDArray[np.float64]:
    """Kinds have their shares; inside a kind people count by the root of their sound."""
    totals: dict[str, float] = {}
    for one in filmed:
        totals[one.speaker] = totals.get(one.speaker, 0.0) + len(one.features)
    weights = np.array([len(one.features) / np.sqrt(totals[one.speaker]) for one in filmed])
    is_laboratory = np.array([one.is_laboratory for one in filmed])
    weights[is_laboratory] *= stage.laboratory_share / weights[is_laboratory].sum()
    weights[~is_laboratory] *= (1 - stage.laboratory_share) / weights[~is_laboratory].sum()
    chances: NDArray[np.float64] = weights / weights.sum()
    return chances


def _half_precision() -> torch.autocast:
    """Products in half precision: twice as fast where processors know it, a seventh as fast where not."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=_knows_half_precision())


@cache
def _knows_half_precision() -> bool:
    """Whether the processor multiplies in bfloat16 by itself."""
    return bool(torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported())


def _heard_loss(ear: Ear, batch: _HeardBatch, teacher_weight: float) -> tuple[Tensor, float]:
    with _half_precision():
        _, closure, teacher, phones = ear(batch.inputs)
    closure, teacher, phones = closure.float(), teacher.float(), phones.float()
    return _known_loss((closure, teacher, phones), batch, teacher_weight)


def _known_loss(
    told: tuple[Tensor, Tensor, Tensor], batch: _HeardBatch, teacher_weight: float
) -> tuple[Tensor, float]:
    closure, teacher, phones = told
    total = batch.known.sum() + 1
    by_phone = (cross_entropy(phones, batch.symbols, reduction="none") * batch.known).sum() / total
    shut = torch.from_numpy(IS_BILABIAL.astype(np.float32))[batch.symbols]
    by_closure = binary_cross_entropy_with_logits(closure[:, 0], shut, reduction="none")
    loss = 0.3 * by_phone + (by_closure * batch.known).sum() / total
    likeness = _likeness(teacher, batch.teacher, batch.seen)
    heard = 1 - float(_unlike(teacher.detach(), batch.teacher, batch.seen).mean())
    return loss + teacher_weight * likeness.mean(), heard


def _likeness(told: Tensor, wanted: Tensor, seen: Tensor) -> Tensor:
    squared = ((told - wanted).square() * seen).sum(dim=2) / (seen.sum(dim=2) + 1)
    return 0.5 * squared + _unlike(told, wanted, seen)


def _mouth_loss(told: Tensor, wanted: Tensor, seen: Tensor) -> Tensor:
    weights = torch.tensor([MEASURE_WEIGHTS.get(one, OTHER_WEIGHT) for one in MouthMeasure])
    known = (seen.sum(dim=2) > 0).float() * weights
    return (_likeness(told, wanted, seen) * known).sum() / (known.sum() + 1e-3)


def _unlike(one: Tensor, other: Tensor, seen: Tensor) -> Tensor:
    """One minus the correlation over the crop."""
    count = seen.sum(dim=2, keepdim=True) + 1e-3
    one = (one - (one * seen).sum(dim=2, keepdim=True) / count) * seen
    other = (other - (other * seen).sum(dim=2, keepdim=True) / count) * seen
    return 1 - (one * other).sum(dim=2) / (one.norm(dim=2) * other.norm(dim=2) + 1e-3)
