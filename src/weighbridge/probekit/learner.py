"""A learner for questions about columns and texts: how well one thing can be told from the others.

It is no model that anybody releases: it predicts, out of fold, a target from a table or from texts, so that a probe can
say what is in the data whatever the candidate computes. scikit-learn does the fitting and is imported where it is used.

The model is the mean of two that err in different ways: a logistic regression over bins, categories and words, which is
steady on few rows and many columns, and, from a thousand rows on, boosted trees, which see what columns say together.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import pyarrow as pa

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase
from weighbridge.probekit.coding import CodedColumn, coded_columns, coded_texts
from weighbridge.probekit.design import Design, columns_of
from weighbridge.probekit.ports import Floats, Ints

# Ours: with fewer rows, trees are no better than the regression and far slower; with more classes they cost too much.
_TREES_FROM, _TREES_CLASSES = 1000, 10
_TREES, _LEAVES, _RATE = 60, 15, 0.15
_PENALTY, _STEPS = 1.0, 100  # scikit-learn's own defaults


def cross_predicted(
    inputs: pa.Table, targets: Ints, *, n_classes: int, groups: Ints | None, folds: int, seed: int
) -> Floats:
    """Probability of each class for each row, from a model trained on the other folds.

    Parameters
    ----------
    inputs : n rows; numbers, categories, booleans, dates and texts, with missing values
    targets : shape (n,), in [0, n_classes)
    groups : shape (n,); rows with equal numbers lie in one fold
    folds : at least 2; see `folds_of`

    Returns
    -------
    Shape (n, n_classes); rows sum to 1. A class that the other folds lack has probability 0.

    Raises
    ------
    ValueError
        Where fewer than two classes have two rows, or the shapes do not fit.
    Silent
        Where scikit-learn is not installed.

    Notes
    -----
    Compare rows of one fold with each other only: the model that scores a row has seen the rows of other folds, and
    has been told that they are not like those beside them, so that over all pairs a guess looks worse than chance.
    Within a fold a guess is right half the time, on average over samples. The share of each class among a fold's
    training rows is set to that among all rows, so that at least it gives nothing away.

    References
    ----------
    Parker, Guenter and Bedo 2007, Stratification bias in low signal microarray studies, BMC Bioinformatics 8: pooling.
    """
    return _cross(coded_columns(inputs), targets, n_classes=n_classes, groups=groups, folds=folds, seed=seed)


def cross_predicted_texts(
    texts: Sequence[str], targets: Ints, *, n_classes: int, groups: Ints | None, folds: int, seed: int
) -> Floats:
    """The same for texts: words and pairs of words, length, years, how well it compresses, how it is written.

    Of each text the beginning is read, 4000 characters at most and 20 million of all, and its length. See
    `cross_predicted`.
    """
    columns = (coded_texts(texts),) if len(texts) else ()
    return _cross(columns, targets, n_classes=n_classes, groups=groups, folds=folds, seed=seed)


def folds_of(targets: Ints, *, groups: Ints | None, folds: int, seed: int) -> Ints:
    """The fold of each row, shape (n,): rows of a group lie in one, and each class is spread evenly over all.

    There are fewer folds where there are fewer groups, or where the second largest class has fewer rows.
    """
    rng = np.random.default_rng([seed, 1])
    _, group = np.unique(np.arange(len(targets)) if groups is None else groups, return_inverse=True)
    group = group.ravel()
    size = np.bincount(group)
    classes, target = np.unique(targets, return_inverse=True)
    sizes = np.sort(np.bincount(target.ravel()))
    folds = max(2, min(folds, len(size), int(sizes[-2]) if len(sizes) > 1 else folds))
    fold = np.full(len(targets), -1, dtype=np.int64)
    filled = np.zeros((folds, len(classes)))
    _place_groups(fold, filled, rng, (group, size, target.ravel()))
    for one in range(len(classes)):  # who is alone is dealt out, to the emptiest folds first
        alone = rng.permutation(np.flatnonzero((fold < 0) & (target.ravel() == one)))
        order = np.argsort(filled[:, one] + rng.random(folds) / 2, kind="stable")
        lead = filled[:, one].max(initial=0) - filled[order, one]
        deal = np.repeat(order, lead.astype(np.int64))[: len(alone)]
        rest = np.resize(order, max(0, len(alone) - len(deal)))
        fold[alone] = np.concatenate([deal, rest])
        filled[:, one] += np.bincount(fold[alone], minlength=folds)
    return fold


def _place_groups(fold: Ints, filled: Floats, rng: np.random.Generator, of: tuple[Ints, Ints, Ints]) -> None:
    """Groups of several rows, the largest first, each to the fold that needs its classes most."""
    group, size, target = of
    n_classes = filled.shape[1]
    several = np.flatnonzero(size > 1)
    several = several[rng.permutation(len(several))]
    several = several[np.argsort(-size[several], kind="stable")]
    rows = np.argsort(group, kind="stable")
    ends = np.cumsum(size)
    whole = np.maximum(1, np.bincount(target, minlength=n_classes))
    for one in several.tolist():
        of_it = rows[ends[one] - size[one] : ends[one]]
        holds = np.bincount(target[of_it], minlength=n_classes)
        to = int(np.argmin((filled * holds / whole).sum(axis=1)))
        fold[of_it] = to
        filled[to] += holds


def _cross(
    columns: Sequence[CodedColumn], targets: Ints, *, n_classes: int, groups: Ints | None, folds: int, seed: int
) -> Floats:
    _check(columns, targets, n_classes, groups, folds)
    fold = folds_of(targets, groups=groups, folds=folds, seed=seed)
    prior = np.bincount(targets, minlength=n_classes) / len(targets)
    coded = columns_of(columns, len(targets))
    out = np.zeros((len(targets), n_classes))
    with _one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the regression stopped after its steps is no news
        for k in np.unique(fold).tolist():
            train, test = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
            shares = np.bincount(targets[train], minlength=n_classes) / len(train)
            guess = _fitted(Design.on(coded, train), targets[train], test, (n_classes, seed + k))
            guess *= np.divide(prior, shares, out=np.zeros(n_classes), where=shares > 0)
            out[test] = guess / guess.sum(axis=1, keepdims=True)
    return out


def _check(columns: Sequence[CodedColumn], targets: Ints, n_classes: int, groups: Ints | None, folds: int) -> None:
    n = len(targets)
    lengths = {
        len(next(v for v in (getattr(c, "values", None), getattr(c, "codes", None)) if v is not None)) for c in columns
    }
    if lengths - {n} or (groups is not None and len(groups) != n):
        msg = "inputs, targets and groups must have one length"
        raise ValueError(msg)
    if n and not 0 <= int(targets.min()) <= int(targets.max()) < n_classes:
        msg = "targets must lie in [0, n_classes)"
        raise ValueError(msg)
    if folds < 2 or int((np.bincount(targets, minlength=2) > 1).sum()) < 2:
        msg = "two folds, and two classes with two rows each, are the least"
        raise ValueError(msg)
    if groups is not None and len(np.unique(groups)) < 2:
        msg = "all rows are of one group"
        raise ValueError(msg)


def _fitted(design: Design, targets: Ints, test: Ints, of: tuple[int, int]) -> Floats:
    """Probabilities for the test rows, shape (n, classes), all positive where a class was seen."""
    n_classes, seed = of
    seen = np.unique(targets)
    out = np.zeros((len(test), n_classes))
    if len(seen) == 1 or not design.is_telling:
        out[:] = np.bincount(targets, minlength=n_classes) / len(targets)
        return out
    models = [(_regression(), design.linear)]
    if len(targets) >= _TREES_FROM and len(seen) <= _TREES_CLASSES and design.n_dense:
        models.append((_trees(design.is_category, seed), design.dense))
    for model, view in models:
        model.fit(view(design.train), targets)
        out[:, seen] += np.maximum(model.predict_proba(view(test)), 1e-12) / len(models)
    return out


def _regression() -> Any:
    linear_model = _sklearn("linear_model")
    return linear_model.LogisticRegression(C=_PENALTY, max_iter=_STEPS)


def _trees(is_category: Any, seed: int) -> Any:
    ensemble = _sklearn("ensemble")
    return ensemble.HistGradientBoostingClassifier(
        max_iter=_TREES, max_leaf_nodes=_LEAVES, learning_rate=_RATE, early_stopping=False, l2_regularization=1.0,
        categorical_features=is_category, random_state=seed,
    )  # fmt: skip


def _sklearn(name: str) -> Any:
    """A module of scikit-learn."""
    try:
        import sklearn.ensemble
        import sklearn.linear_model
    except ModuleNotFoundError:
        not_measured(
            phrase("what the data alone give away is learnt with scikit-learn, which is not installed"),
            phrase("pip install 'weighbridge[tabular]'"),
        )
    return getattr(sklearn, name)


def _one_thread() -> AbstractContextManager[Any]:
    """Numbers are added up in one order, whatever machine it is, and nobody else's cores are taken."""
    _sklearn("ensemble")
    limited: AbstractContextManager[Any] = _threads().limit(limits=1)
    return limited


@functools.cache
def _threads() -> Any:
    """The libraries that compute in threads, looked up once: looking them up asks the system for them."""
    from threadpoolctl import ThreadpoolController  # it comes with scikit-learn

    return ThreadpoolController()
