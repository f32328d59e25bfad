"""The two stages of training: first what is said, then the mouths that say it."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from lipwright.engine.articulation.drivers.learned import RULE_ROUNDING_SCALE, RULE_WIDTH_SCALE
from lipwright.engine.articulation.drivers.learned_features import FEATURE_COUNT
from training.feature_pool import MouthExample, SpeechExample, crop, masked, shares
from training.labels import RULE_REST
from training.mouth_clips import GRID_SPEAKER, RIG_SPEAKER
from training.network import TrainedNetwork

# Rows of a training crop: two to three words, the span over which a mouth's correlation is asked for.
CROP_ROWS = 240
# Scales that bring the channels of the rule head to like size (the driver knows those of width and rounding).
RULE_SCALES = (3.0, RULE_WIDTH_SCALE, RULE_ROUNDING_SCALE)
# What a row counts in the pauses of the people with most of the sound, and how far a voice reaches (0.3 s).
PAUSE_WEIGHT = 0.2
PAUSE_MARGIN_ROWS = 15


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


@dataclass(frozen=True, slots=True, kw_only=True)
class MouthStage:
    """How the second stage learns real mouths.

    rig_share, grid_share: chance that a crop is of the capture rig or of the one GRID speaker with much
        sound; the rest goes to the other people. speech_batch: crops of the first stage, so that closures
        in other languages are not forgotten, and speech_weight: what they count.
    """

    steps: int = 220
    batch: int = 16
    speech_batch: int = 8
    speech_weight: float = 0.3
    learning_rate: float = 1.5e-3
    rig_share: float = 0.05
    grid_share: float = 0.1
    noise: float = 0.1
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
        phones, rule, voice, _ = network(batch.features)
        loss = _speech_loss(phones, rule, voice, batch)
        _advance(network, optimiser, schedule, loss)
        if step % 250 == 0 or step == stage.steps - 1:
            print(f"speech {step + 1}/{stage.steps}: loss {loss.item():.3f}", flush=True)
    return network


def learn_mouths(
    taught: TrainedNetwork,
    mouths: Sequence[MouthExample],
    speech: Sequence[SpeechExample],
    stage: MouthStage,
) -> TrainedNetwork:
    """A copy of the network that knows real mouths as well."""
    torch.manual_seed(stage.seed)
    rng = np.random.default_rng(stage.seed)
    network = copy.deepcopy(taught)
    others = [part for name, part in network.named_parameters() if not name.startswith("mouth")]
    rates = [stage.learning_rate, 5 * stage.learning_rate]  # the new head has everything to learn
    optimiser = torch.optim.AdamW(
        [{"params": others, "lr": rates[0]}, {"params": network.mouth.parameters(), "lr": rates[1]}],
        weight_decay=0.02,
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, stage.steps, pct_start=0.2)
    chances = _mouth_chances(mouths, stage)
    speech_chances = shares([min(len(example.features), 1500) for example in speech])
    for step in range(stage.steps):
        network.train()
        mouth_features, wanted, seen = _mouth_batch(
            mouths, rng.choice(len(mouths), stage.batch, p=chances), rng, stage.noise
        )
        batch = _speech_batch(speech, rng.choice(len(speech), stage.speech_batch, p=speech_chances), rng)
        phones, rule, voice, mouth = network(torch.cat([mouth_features, batch.features]))
        rest = slice(stage.batch, None)
        loss = _mouth_loss(mouth[: stage.batch], wanted, seen)
        loss = loss + stage.speech_weight * _speech_loss(phones[rest], rule[rest], voice[rest], batch)
        _advance(network, optimiser, schedule, loss)
        if step % 100 == 0 or step == stage.steps - 1:
            print(f"mouths {step + 1}/{stage.steps}: loss {loss.item():.3f}", flush=True)
    return network


def discount_pauses(taught: TrainedNetwork, examples: Sequence[MouthExample]) -> list[MouthExample]:
    """The examples, with the pauses of the two people who have most of the sound counting little.

    Both shut their mouth whenever they pause; most others do not, and there are seconds of them only.
    """
    taught.eval()
    discounted: list[MouthExample] = []
    for example in examples:
        if example.clip.speaker in (GRID_SPEAKER, RIG_SPEAKER):
            with torch.no_grad():
                features = torch.from_numpy(example.features.astype(np.float32).T[None].copy())
                voice = torch.sigmoid(taught(features)[2])[0, 0].numpy()
            weight = np.where(ndimage.maximum_filter1d(voice, PAUSE_MARGIN_ROWS) > 0.5, 1, PAUSE_WEIGHT)
            example = replace(example, seen=(example.seen * weight).astype(np.float32))
        discounted.append(example)
    return discounted


def mouth_deviations(network: TrainedNetwork, features: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the mouth head says of features (row, band), float32 (row / 2, 3)."""
    network.eval()
    with torch.no_grad():
        outputs = network(torch.from_numpy(features.T[None].copy()))
        return np.asarray(outputs[3][0].T.numpy())


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
    features = np.zeros((count, FEATURE_COUNT, CROP_ROWS), dtype=np.float32)
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


def _mouth_batch(
    examples: Sequence[MouthExample], chosen: NDArray[np.intp], rng: np.random.Generator, noise: float
) -> tuple[Tensor, Tensor, Tensor]:
    count, half = len(chosen), CROP_ROWS // 2
    features = np.zeros((count, FEATURE_COUNT, CROP_ROWS), dtype=np.float32)
    mouth = np.zeros((count, 3, half), dtype=np.float32)
    seen = np.zeros((count, 1, half), dtype=np.float32)
    for place, index in enumerate(chosen):
        example = examples[index]
        cut = crop(len(example.features), CROP_ROWS, rng)
        coarse = slice(cut.start // 2, cut.stop // 2)
        length = cut.stop - cut.start
        features[place, :, :length] = masked(example.features[cut], rng, noise).T
        mouth[place, :, : length // 2] = example.mouth[coarse].T
        seen[place, 0, : length // 2] = example.seen[coarse]
    return torch.from_numpy(features), torch.from_numpy(mouth), torch.from_numpy(seen)


def _mouth_chances(examples: Sequence[MouthExample], stage: MouthStage) -> NDArray[np.float64]:
    """Every group has its share; inside the rest, people with more sound count by its root."""
    speakers = np.array([example.clip.speaker for example in examples])
    weights = np.array([len(example.features) ** -0.5 for example in examples])
    for speaker in set(speakers):
        own = speakers == speaker
        if speaker in (RIG_SPEAKER, GRID_SPEAKER):
            weights[own] = 1 / own.sum()
        else:
            rows = max(len(example.features) for example in examples if example.clip.speaker == speaker)
            weights[own] = np.sqrt(rows) / own.sum()
    groups = {RIG_SPEAKER: stage.rig_share, GRID_SPEAKER: stage.grid_share}
    is_other = ~np.isin(speakers, list(groups))
    for speaker, share in groups.items():
        weights[speakers == speaker] *= share
    weights[is_other] *= (1 - sum(groups.values())) / weights[is_other].sum()
    return shares(weights)


def _speech_loss(phones: Tensor, rule: Tensor, voice: Tensor, batch: _SpeechBatch) -> Tensor:
    total = batch.known.sum()
    by_phone = (cross_entropy(phones, batch.symbols, reduction="none") * batch.known).sum() / total
    by_rule = ((rule - batch.shapes).square().mean(dim=1) * batch.known).sum() / total
    is_voice = (batch.symbols > 0).float()
    by_voice = binary_cross_entropy_with_logits(voice[:, 0], is_voice, reduction="none")
    return by_phone + 0.5 * by_rule + 0.5 * (by_voice * batch.known).sum() / total


def _mouth_loss(mouth: Tensor, wanted: Tensor, seen: Tensor) -> Tensor:
    """Squared error for the size, correlation over the crop for the shape; the gap counts double."""
    weights = torch.tensor([1.0, 0.5, 0.5])
    squared = ((mouth - wanted).square() * seen).sum(dim=2) / (seen.sum(dim=2) + 1)
    return ((0.5 * squared + 1 - _correlation(mouth, wanted, seen)) * weights).mean()


def _correlation(one: Tensor, other: Tensor, seen: Tensor) -> Tensor:
    count = seen.sum(dim=2, keepdim=True) + 1e-3
    one = (one - (one * seen).sum(dim=2, keepdim=True) / count) * seen
    other = (other - (other * seen).sum(dim=2, keepdim=True) / count) * seen
    return (one * other).sum(dim=2) / (one.norm(dim=2) * other.norm(dim=2) + 1e-3)


def _advance(
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
