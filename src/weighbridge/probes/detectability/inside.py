"""What the model itself says of a text, in one pass: for its owner the model is a white box, and so a detector."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from weighbridge.probekit.ports import Bools, Floats, Ints, LanguageModel, Scores, Signal
from weighbridge.probekit.served import pass_seconds, taken

STEP = 16  # windows are cut to a multiple of it, so that many have one length
MOST_TOKENS = 256  # of a text; ours: as many as other probes of language models read
WANTED = (Signal.RANK, Signal.ENTROPY, Signal.MEAN, Signal.VARIANCE)
_CHARACTERS_PER_TOKEN = 16  # more than any tokenizer needs for running text
_AT_ONCE = 64
_LEAST_VARIANCE = 1e-12


def cost(model: LanguageModel) -> float:
    """Nominal seconds for one text."""
    return pass_seconds(model, min(MOST_TOKENS, model.context_tokens)) + 1e-3


def columns(model: LanguageModel, texts: Sequence[str], tick: Callable[[], None] = lambda: None) -> Floats:
    """Numbers about each text, shape (n, k), all high where the text reads like the model's own.

    Mean log-probability; less the mean log-rank; less the mean entropy; and how far the log-probability lies above what
    the model expects of its own text, in standard deviations (the analytic curvature of Fast-DetectGPT, with the model
    as its own reference). Columns that a served model does not tell are left out. A text of fewer than 17 tokens is
    given the middle of all others.

    References
    ----------
    Gehrmann, Strobelt and Rush 2019, GLTR (1906.04043). Bao et al. 2024, Fast-DetectGPT (2310.05130), equation 8.
    """
    most = min(MOST_TOKENS, model.context_tokens) // STEP * STEP
    signals = tuple(signal for signal in WANTED if signal in model.signals)
    encoded = model.encode([text[: _CHARACTERS_PER_TOKEN * MOST_TOKENS] for text in texts])
    lengths: Ints = np.asarray([min(most, len(tokens) // STEP * STEP) for tokens in encoded], dtype=np.int64)
    found = np.full((len(texts), _width(signals)), np.nan)
    for length in sorted(set(lengths[lengths > 0].tolist())):
        rows: Ints = np.flatnonzero(lengths == length)
        for start in range(0, len(rows), _AT_ONCE):
            some: Ints = rows[start : start + _AT_ONCE]
            windows: Ints = np.stack([encoded[row][:length] for row in some.tolist()]).astype(np.int64)
            reaches = taken(model, windows)
            there: Ints = np.flatnonzero(reaches).astype(np.int64)
            if len(there):
                found[some[there]] = _told(model.score(windows[there], first=1, signals=signals), signals)
            tick()
    return _without_gaps(found)


def _width(signals: Sequence[Signal]) -> int:
    return 1 + (Signal.RANK in signals) + (Signal.ENTROPY in signals) + ({*signals} >= {Signal.MEAN, Signal.VARIANCE})


def _told(scores: Scores, signals: Sequence[Signal]) -> Floats:
    """The columns of some windows."""
    logs = scores.log_probability
    made = [logs.mean(axis=1)]
    if Signal.RANK in signals:
        made.append(-np.log1p(scores.signals[Signal.RANK]).mean(axis=1))
    if Signal.ENTROPY in signals:
        made.append(-scores.signals[Signal.ENTROPY].mean(axis=1))
    if {*signals} >= {Signal.MEAN, Signal.VARIANCE}:
        expected, spread = (scores.signals[s].sum(axis=1) for s in (Signal.MEAN, Signal.VARIANCE))
        made.append((logs.sum(axis=1) - expected) / np.sqrt(np.maximum(spread, _LEAST_VARIANCE)))
    return np.stack(made, axis=1)


def _without_gaps(found: Floats) -> Floats:
    """Every number finite: what is missing is the middle of the rest, so that it says nothing either way."""
    known: Bools = np.asarray(np.isfinite(found).all(axis=1))
    middle = np.median(found[known], axis=0) if known.any() else np.zeros(found.shape[1])
    return np.where(known[:, None], found, middle)
