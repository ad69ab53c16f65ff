"""How far answers agree with what they should be, class by class."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from weighbridge.maths.proportions import Interval, clopper_pearson

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_IN_EACH_TAIL = 20.0  # resamples beyond each end of the interval, at least; ours
_FEWEST, _MOST = 2000, 50_000


def macro_f1(
    targets: Ints, answers: Ints, *, n_classes: int, rng: np.random.Generator, confidence: float = 0.95
) -> Interval:
    """F1 of each class that is among the targets, averaged over these classes alike.

    The interval holds the bootstrap's percentiles: the table of targets by answers is drawn anew from itself. A class
    that a draw lacks counts 0 in it, as a class that is never found does. Where all answers are right, or all wrong,
    every draw is alike; the bound is then the exact one of the share of right answers.

    Parameters
    ----------
    targets, answers : shape (n,), indices of classes, n >= 1

    References
    ----------
    F1: van Rijsbergen 1979, Information Retrieval, chapter 7. Percentiles: Efron and Tibshirani 1993, chapter 13.
    """
    cells = np.bincount(targets * n_classes + answers, minlength=n_classes**2)
    used = np.flatnonzero(cells)
    among = np.unique(targets)
    resamples = int(min(_MOST, max(_FEWEST, math.ceil(2 * _IN_EACH_TAIL / (1 - confidence)))))
    drawn = rng.multinomial(len(targets), cells[used] / len(targets), size=resamples)
    found = _macro_f1(drawn, used // n_classes, used % n_classes, among)
    value = float(_macro_f1(cells[used][None, :], used // n_classes, used % n_classes, among)[0])
    low, high = np.quantile(found, [(1 - confidence) / 2, (1 + confidence) / 2])
    right = clopper_pearson(int((targets == answers).sum()), len(targets), confidence=confidence)
    low = min(float(low), right.low) if right.value == 1 else float(low)
    high = max(float(high), right.high) if right.value == 0 else float(high)
    return Interval(value, min(value, low), max(value, high))


def _macro_f1(cells: Ints, target: Ints, answer: Ints, among: Ints) -> Floats:
    """For each row of `cells`, counts of pairs of a target and an answer."""
    total = np.zeros(len(cells))
    for of in among.tolist():
        both = cells[:, (target == of) & (answer == of)].sum(axis=1)
        either = cells[:, target == of].sum(axis=1) + cells[:, answer == of].sum(axis=1)
        total += np.divide(2 * both, either, out=np.zeros(len(cells)), where=either > 0)
    return total / len(among)
