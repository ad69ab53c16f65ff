"""A linear reader of many numbers inside a model: which direction among them tells a value."""

from __future__ import annotations

import numpy as np

from weighbridge.probekit.ports import Floats, Ints

_STRENGTHS = 10.0 ** np.arange(-3, 5)  # of the penalty, by the mean spread of the numbers; the best is chosen by itself


def read_linearly(values: Floats, targets: Ints, fold: Ints, n_classes: int) -> Floats:
    """How much each row looks like each class, told by what was learnt on the other folds; shape (n, n_classes).

    Ridge regression of each class, with the strength of its penalty chosen on the training rows alone by generalised
    cross-validation. A direction that varies little counts as much as one that varies much.

    References
    ----------
    Golub, Heath and Wahba 1979, Generalized cross-validation as a method for choosing a good ridge parameter,
    Technometrics 21. Alain and Bengio 2017, Understanding intermediate layers using linear classifier probes, ICLR.
    """
    wanted = (targets[:, None] == np.arange(n_classes)).astype(np.float64)
    found = np.zeros((len(targets), n_classes))
    for k in np.unique(fold):
        train, test = fold != k, fold == k
        centre, spread = values[train].mean(axis=0), values[train].std(axis=0)
        scaled = (values - centre) / np.where(spread > 0, spread, np.inf)
        means = wanted[train].mean(axis=0)
        found[test] = means + scaled[test] @ _ridge(scaled[train], wanted[train] - means)
    return found


def _ridge(values: Floats, wanted: Floats) -> Floats:
    """Weights, shape (width, classes); each class has its own penalty."""
    n = len(values)
    sizes, turned = np.linalg.eigh(values.T @ values)
    sizes = np.maximum(sizes, 0.0)
    along = turned.T @ (values.T @ wanted)
    held, whole = along**2 / np.maximum(sizes, np.finfo(np.float64).tiny)[:, None], (wanted**2).sum(axis=0)
    held[sizes <= sizes.max(initial=0.0) * 1e-10] = 0.0  # directions in which nothing varies
    strengths = _STRENGTHS * max(float(sizes.mean()) if len(sizes) else 0.0, np.finfo(np.float64).tiny)
    kept = sizes / (sizes + strengths[:, None])  # shape (strengths, width)
    left = whole - (2 * kept - kept**2) @ held
    error = left / (1 - np.minimum(kept.sum(axis=1) / n, 1 - 1 / n))[:, None] ** 2
    best = strengths[error.argmin(axis=0)]
    return np.asarray(turned @ (along / (sizes[:, None] + best)), dtype=np.float64)


def narrowed(values: Floats, most: int, random: np.random.Generator) -> Floats:
    """At most so many numbers, each a random mixture of all, so that no direction is dropped."""
    if values.shape[1] <= most:
        return values
    return np.asarray(values @ random.normal(size=(values.shape[1], most)) / np.sqrt(most), dtype=np.float64)
