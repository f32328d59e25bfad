"""Where the phones of a known text lie in a recording, found with the network's own phone head.

The most likely path through the text, with pauses allowed between words.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lipwright.engine.articulation.drivers.learned_network import OUTPUT_RATE_HZ
from lipwright.engine.speech.espeak import library as espeak
from lipwright.engine.speech.phones import SILENCE, fill_timeline
from lipwright.engine.speech.values import Phone, PhoneTimeline
from lipwright.engine.speech.words.ipa import sounds_of_ipa
from training.labels import SYMBOL_INDEX

# Entering a pause between words costs this much log-likelihood: words mostly run on.
PAUSE_COST = 1.0
# No row may veto a path: dialects and slips of the tongue happen.
LEAST_LOG = -8.0
# Mean log-likelihood of a row below which the words are not those of the recording.
WORST_SCORE = -2.6
# A phone takes at least so many rows on average; less room means that the text is not what is said.
ROWS_PER_PHONE = 1.2


def phones_of_text(text: str, language: str) -> list[str]:
    """The symbols of a text as its language says it, SILENCE where a word begins."""
    speech = espeak.synthesize(text, voice=language, rate_wpm=160)
    word_starts = sorted({mark.sample for mark in speech.words}, reverse=True)
    symbols: list[str] = []
    for mark in speech.phonemes:
        while word_starts and mark.sample >= word_starts[-1] - 1:
            word_starts.pop()
            if symbols and symbols[-1] != SILENCE:
                symbols.append(SILENCE)
        symbols += [part.symbol for part in (sounds_of_ipa(mark.ipa, language) if mark.ipa else ())]
    return symbols


def align(log_phones: NDArray[np.float32], symbols: list[str]) -> PhoneTimeline | None:
    """When each symbol sounds; None where they do not fit.

    log_phones: float32 (row, symbol), log-probabilities at OUTPUT_RATE_HZ.
    """
    if len(symbols) * ROWS_PER_PHONE > len(log_phones):
        return None
    states = [SILENCE, *symbols, SILENCE]
    is_pause = np.array([state == SILENCE for state in states])
    scores = np.maximum(log_phones, LEAST_LOG)[:, [SYMBOL_INDEX[state] for state in states]]
    path, score = _best_path(scores, is_pause)
    if score < WORST_SCORE:
        return None
    changes = np.flatnonzero(np.diff(path)) + 1
    edges = [0, *changes.tolist(), len(path)]
    return fill_timeline(
        [
            Phone(symbol=states[path[start]], start_s=start / OUTPUT_RATE_HZ, end_s=end / OUTPUT_RATE_HZ)
            for start, end in pairwise(edges)
        ],
        len(path) / OUTPUT_RATE_HZ,
    )


def _best_path(scores: NDArray[np.float32], is_pause: NDArray[np.bool_]) -> tuple[NDArray[np.intp], float]:
    """The state of every row and the mean score. Each state is visited in turn; a pause may be skipped."""
    count = scores.shape[1]
    entry = np.where(is_pause, -PAUSE_COST, 0.0)
    may_skip = np.concatenate(([False], is_pause[:-1]))
    best = np.full(count, -np.inf)
    best[:2] = scores[0, :2]
    came_by = np.zeros(scores.shape, dtype=np.int8)
    choices = np.full((3, count), -np.inf)
    for row in range(1, len(scores)):
        choices[0] = best
        choices[1, 1:] = best[:-1] + entry[1:]
        choices[2, 2:] = np.where(may_skip[2:], best[:-2], -np.inf)
        came_by[row] = choices.argmax(axis=0)
        best = choices.max(axis=0) + scores[row]
    state = count - 1 if best[-1] >= best[-2] else count - 2
    mean = float(best[state]) / len(scores)
    path = np.empty(len(scores), dtype=np.intp)
    for row in range(len(scores) - 1, -1, -1):
        path[row] = state
        state -= int(came_by[row, state])
    return path, mean
