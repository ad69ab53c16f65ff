"""From next-token logits to log-probabilities under every decoding scheme. Arrays in, arrays out; no model, no torch.

Top-k keeps the 40 likeliest tokens. Top-p keeps a token if the mass of all likelier ones is below 0.95, so that the
token that crosses the line is still in, and the likeliest always is. Tokens of equal logit are ordered by their id, so
that exactly so many are kept. What is kept is scaled to sum to 1; what is not kept has log-probability -inf.

References
----------
Fan et al. 2018, Hierarchical Neural Story Generation, ACL (top-k).
Holtzman et al. 2020, The Curious Case of Neural Text Degeneration, ICLR (top-p).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from weighbridge.probekit.ports import Bools, Decoding, Floats, Ints, Scores, Signal

Logits = npt.NDArray[np.float32]

TOP_K = 40  # as the name of Decoding.TOP_K says
TOP_P = 0.95  # as the name of Decoding.TOP_P says

_BLOCK = 64  # sums over blocks find the nucleus without a running sum over the whole vocabulary
_CHUNK = 1 << 18  # numbers handled at a time: 1 MiB stays in a core's cache


class NotFinite(ArithmeticError):
    """Logits that are infinite or not numbers: nothing can be said about the model."""


def empty_scores(shape: tuple[int, int], under: Sequence[Decoding], signals: Sequence[Signal]) -> Scores:
    """Scores to be filled in."""
    return Scores(
        log_probability=np.empty(shape), is_argmax=np.empty(shape, dtype=bool),
        under={decoding: np.empty(shape) for decoding in under},
        signals={signal: np.empty(shape) for signal in signals},
    )  # fmt: skip


def fill(scores: Scores, rows: slice, logits: Logits, targets: Ints) -> None:
    """Write the scores of some windows.

    Parameters
    ----------
    scores : of shape (windows, tokens)
    rows : which windows these are
    logits : shape (windows in rows, tokens, vocabulary), C-contiguous
    targets : shape (windows in rows, tokens)

    Raises
    ------
    NotFinite
        Where no log-probability can be told.
    """
    shape, vocabulary = targets.shape, logits.shape[-1]
    flat, wanted = logits.reshape(-1, vocabulary), targets.reshape(-1)
    parts: list[_Rows] = []
    step = max(1, _CHUNK // vocabulary)
    for start in range(0, len(flat), step):
        part = _Rows(flat[start : start + step], wanted[start : start + step])
        part.work_out(tuple(scores.under), tuple(scores.signals))
        parts.append(part)
    scores.log_probability[rows] = np.concatenate([part.log_probability for part in parts]).reshape(shape)
    scores.is_argmax[rows] = np.concatenate([part.is_argmax for part in parts]).reshape(shape)
    for decoding, held in scores.under.items():
        held[rows] = np.concatenate([part.under[decoding] for part in parts]).reshape(shape)
    for signal, values in scores.signals.items():
        values[rows] = np.concatenate([part.signals[signal] for part in parts]).reshape(shape)


def draw(logits: Logits, decoding: Decoding, uniform: Floats) -> Ints:
    """One token per row, by the inverse of the cumulative distribution at `uniform`, of shape (rows,) in [0, 1)."""
    _check_finite(logits.max(axis=1))
    if decoding is Decoding.GREEDY:
        return np.asarray(logits.argmax(axis=1), dtype=np.int64)
    order = np.argsort(-logits, axis=1, kind="stable")  # stable: equal logits by id
    ordered = np.take_along_axis(logits, order, axis=1).astype(np.float64)
    masses = np.exp(ordered - ordered[:, :1])
    masses /= masses.sum(axis=1, keepdims=True)
    upto = np.cumsum(masses, axis=1)
    if decoding is Decoding.TOP_K:
        masses[:, TOP_K:] = 0
    elif decoding is Decoding.TOP_P:
        masses[:, 1:][upto[:, :-1] >= TOP_P] = 0
    upto = np.cumsum(masses, axis=1)
    place = (upto <= uniform[:, None] * upto[:, -1:]).sum(axis=1)
    return np.asarray(np.take_along_axis(order, place[:, None], axis=1)[:, 0], dtype=np.int64)


class _Rows:
    """Some positions, each with the logits over the vocabulary and the token that was there."""

    def __init__(self, logits: Logits, targets: Ints) -> None:
        self._logits = logits
        self._targets = targets
        self._at: Any = (np.arange(len(targets)), targets)
        top = logits.argmax(axis=1)
        likeliest = logits[self._at[0], top]
        _check_finite(likeliest)
        self._target_logit = logits[self._at]
        shifted = logits - likeliest[:, None]
        np.exp(shifted, out=shifted)
        self._normaliser: npt.NDArray[np.float32] = likeliest + np.log(shifted.sum(axis=1))
        self.is_argmax: Bools = top == targets
        self.log_probability: Floats = self._target_logit.astype(np.float64) - self._normaliser
        self.under: dict[Decoding, Floats] = {}
        self.signals: dict[Signal, Floats] = {}

    def work_out(self, under: tuple[Decoding, ...], signals: tuple[Signal, ...]) -> None:
        """Fill `under` and `signals`."""
        if Signal.RANK in signals:
            self.signals[Signal.RANK] = self._ranks(np.arange(len(self._targets))).astype(np.float64)
        if not {Signal.ENTROPY, Signal.MEAN, Signal.VARIANCE}.isdisjoint(signals):
            self._moments()
        if Decoding.GREEDY in under:
            self.under[Decoding.GREEDY] = np.where(self.is_argmax, 0.0, -np.inf)
        if Decoding.SAMPLED in under:
            self.under[Decoding.SAMPLED] = self.log_probability
        if Decoding.TOP_K in under or Decoding.TOP_P in under:
            self._truncated(under)

    def _ranks(self, rows: Ints) -> Ints:
        """How many tokens come before the target, equal logits by id; for the given rows."""
        logits, target = self._logits[rows], self._target_logit[rows, None]
        earlier = np.arange(logits.shape[1]) < self._targets[rows, None]
        before = (logits > target) | ((logits == target) & earlier)
        return np.asarray(np.count_nonzero(before, axis=1), dtype=np.int64)

    def _moments(self) -> None:
        """Mean and variance of the log-probability over the vocabulary, each token weighted by its probability."""
        logs = (self._logits - self._normaliser[:, None]).astype(np.float64)
        weights = np.exp(logs)
        logs[weights == 0] = 0.0  # 0 times -inf counts nothing
        mean = (weights * logs).sum(axis=1)
        self.signals[Signal.MEAN] = mean
        self.signals[Signal.ENTROPY] = -mean
        self.signals[Signal.VARIANCE] = (weights * (logs - mean[:, None]) ** 2).sum(axis=1)

    def _truncated(self, under: tuple[Decoding, ...]) -> None:
        """Top-k and top-p from one sort of the values; no order of the tokens is needed.

        Where the target has exactly the last kept value, others may share it: there the rank is counted, beforehand.
        """
        ascending = np.sort(self._logits, axis=1)
        cuts: list[tuple[Decoding, Ints, Floats]] = []
        if Decoding.TOP_K in under:
            kept = min(TOP_K, ascending.shape[1])
            top = ascending[:, -kept:].astype(np.float64) - self._normaliser[:, None]
            cuts.append((Decoding.TOP_K, np.full(len(top), kept), np.log(np.exp(top).sum(axis=1))))
        if Decoding.TOP_P in under:
            n_kept, mass = _nucleus(ascending, self._normaliser)
            cuts.append((Decoding.TOP_P, n_kept, np.log(mass)))
        for decoding, n_kept, log_mass in cuts:
            last = ascending[self._at[0], ascending.shape[1] - n_kept]
            inside = self._target_logit > last
            on_line = np.flatnonzero(self._target_logit == last)
            inside[on_line] = self._ranks(on_line) < n_kept[on_line]
            self.under[decoding] = np.where(inside, self.log_probability - log_mass, -np.inf)


def _check_finite(largest: Logits) -> None:
    """The largest logits of some rows; a NaN anywhere in a row counts as its largest."""
    if not np.isfinite(largest).all():
        msg = "logits are not finite"
        raise NotFinite(msg)


def _nucleus(ascending: Logits, normaliser: npt.NDArray[np.float32]) -> tuple[Ints, Floats]:
    """How many tokens top-p keeps in each row of sorted logits, and their mass.

    Sums over blocks of tokens, from the likeliest down, find the block in which the mass crosses the line; only that
    block is summed token by token.
    """
    rows, vocabulary = ascending.shape
    at = np.arange(rows)
    masses = np.exp(ascending - normaliser[:, None])
    n_blocks, rest = divmod(vocabulary, _BLOCK)
    blocks = masses[:, rest:].reshape(rows, n_blocks, _BLOCK).sum(axis=2)[:, ::-1]
    before = np.zeros((rows, n_blocks + 1))  # mass of all blocks before this one; the last is the rest
    np.cumsum(blocks, axis=1, out=before[:, 1:])
    block = (before[:, 1:] < TOP_P).sum(axis=1)
    places = vocabulary - 1 - (block[:, None] * _BLOCK + np.arange(_BLOCK))
    inside = np.where(places >= 0, np.take_along_axis(masses, np.maximum(places, 0), axis=1), 0)
    upto = before[at, block][:, None] + np.cumsum(inside, axis=1, dtype=np.float64)
    within = np.minimum((upto < TOP_P).sum(axis=1), _BLOCK - 1)
    kept = np.minimum(block * _BLOCK + within + 1, vocabulary)
    return kept, upto[at, within]
