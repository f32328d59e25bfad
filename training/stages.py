"""The first stage of training: what is said, in which mouth of the rules, and whether there is a voice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from lipwright.engine.articulation.drivers.learned import RULE_ROUNDING_SCALE, RULE_WIDTH_SCALE
from lipwright.engine.articulation.drivers.learned_features import BROAD_COUNT
from training.feature_pool import SpeechExample, crop, masked, shares
from training.labels import RULE_REST
from training.network import TrainedNetwork

# Rows of a training crop: two to three words, the span over which a mouth's correlation is asked for.
CROP_ROWS = 240
# Scales that bring the channels of the rule head to like size (the driver knows those of width and rounding).
RULE_SCALES = (3.0, RULE_WIDTH_SCALE, RULE_ROUNDING_SCALE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechStage:
    """How the first stage learns phones, rules and voice.

    steps: after 900 the nets follow mouths of people never heard by .04 less than after 3000; what more
        steps bring is hardly more than chance.
    """

    steps: int = 8000
    batch: int = 24
    learning_rate: float = 3e-3
    seed: int = 0


def learn_speech(
    examples: Sequence[SpeechExample], stage: SpeechStage, start: TrainedNetwork | None = None
) -> TrainedNetwork:
    """A network that knows phones, rule shapes and voices, but no real mouth yet.

    start: a network that learns on; it is changed.
    """
    torch.manual_seed(stage.seed)
    rng = np.random.default_rng(stage.seed)
    network = start or TrainedNetwork()
    optimiser = torch.optim.AdamW(network.parameters(), stage.learning_rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, stage.learning_rate, stage.steps, pct_start=0.15
    )
    chances = shares([min(len(example.features), 1500) for example in examples])
    for step in range(stage.steps):
        network.train()
        batch = _speech_batch(examples, rng.choice(len(examples), stage.batch, p=chances), rng)
        phones, rule, voice = network(batch.features)
        loss = _speech_loss(phones, rule, voice, batch)
        advance(network, optimiser, schedule, loss)
        if step % 250 == 0 or step == stage.steps - 1:
            print(f"speech {step + 1}/{stage.steps}: loss {loss.item():.3f}", flush=True)
    return network


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _SpeechBatch:
    features: Tensor
    symbols: Tensor
    shapes: Tensor
    known: Tensor


def _speech_batch(
    examples: Sequence[SpeechExample], chosen: NDArray[np.intp], rng: np.random.Generator
) -> _SpeechBatch:
    count, half = len(chosen), CROP_ROWS // 2
    features = np.zeros((count, BROAD_COUNT, CROP_ROWS), dtype=np.float32)
    symbols = np.zeros((count, half), dtype=np.int64)
    shapes = np.zeros((count, 3, half), dtype=np.float32)
    known = np.zeros((count, half), dtype=np.float32)
    for place, index in enumerate(chosen):
        example = examples[index]
        cut = crop(len(example.features), CROP_ROWS, rng)
        length = cut.stop - cut.start
        features[place, :, :length] = masked(example.features[cut], rng, 0.0).T
        symbols[place, : length // 2] = example.labels.symbols[cut][::2]
        shapes[place, :, : length // 2] = (example.labels.shapes[cut][::2] - RULE_REST).T
        known[place, : length // 2] = 1
    scales = np.array(RULE_SCALES, dtype=np.float32)[None, :, None]
    return _SpeechBatch(
        features=torch.from_numpy(features),
        symbols=torch.from_numpy(symbols),
        shapes=torch.from_numpy(shapes * scales),
        known=torch.from_numpy(known),
    )


def _speech_loss(phones: Tensor, rule: Tensor, voice: Tensor, batch: _SpeechBatch) -> Tensor:
    total = batch.known.sum()
    by_phone = (cross_entropy(phones, batch.symbols, reduction="none") * batch.known).sum() / total
    by_rule = ((rule - batch.shapes).square().mean(dim=1) * batch.known).sum() / total
    is_voice = (batch.symbols > 0).float()
    by_voice = binary_cross_entropy_with_logits(voice[:, 0], is_voice, reduction="none")
    return by_phone + 0.5 * by_rule + 0.5 * (by_voice * batch.known).sum() / total


def advance(
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    loss: Tensor,
) -> None:
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 2.0)
    optimiser.step()
    schedule.step()
