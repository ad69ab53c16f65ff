"""Whether what scikit-learn's compiled code takes for granted holds for an estimator that came out of a file.

Support vectors, neighbours, vocabularies and sparse matrices are followed by compiled code without a look at bounds.
What is not looked at here is computed by numpy and scipy, or by code that looks itself. Trees have a module of their
own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from weighbridge.adapters.models.trees import held_by


class Unbound(Exception):
    """Something that could lead compiled code beside its arrays, or have it read files; the message says what."""


def check_bounds(estimator: Any) -> None:
    """Raise Unbound unless all that this estimator holds stays within its arrays.

    Search trees over neighbours, which cannot be looked through, are built anew from the rows they stand for.
    """
    from scipy import sparse
    from sklearn.metrics import DistanceMetric
    from sklearn.neighbors import BallTree, KDTree
    from sklearn.neighbors._base import NeighborsBase
    from sklearn.preprocessing import OneHotEncoder
    from sklearn.svm._base import BaseLibSVM

    found = list(held_by(estimator))
    for _holder, held in found:
        if isinstance(held, NeighborsBase):
            _check_neighbours(held)
        elif isinstance(held, BaseLibSVM):
            _check_support(held)
        elif isinstance(held, OneHotEncoder):
            _check_encoder(held)
        elif sparse.issparse(held):
            held.check_format(full_check=True)
        elif hasattr(held, "__dict__"):
            _check_words(vars(held))
    _check_search(found, (KDTree, BallTree), DistanceMetric)


def _check_encoder(held: Any) -> None:
    """Its columns are those of its categories."""
    if not hasattr(held, "categories_"):
        return
    if list(held._n_features_outs) != list(held._compute_n_features_outs()):  # noqa: SLF001  what it counts by
        raise Unbound("an encoder says that it gives another number of columns than it does")


def _check_search(found: list[tuple[Any, Any]], trees: tuple[type, ...], distance: type) -> None:
    """Search trees stand where they were built anew, and nowhere else."""
    from sklearn.neighbors._base import NeighborsBase

    for holder, held in found:
        if isinstance(held, trees) and not isinstance(holder, NeighborsBase):
            raise Unbound("a search tree does not belong to an estimator of neighbours")
        if isinstance(held, distance):
            raise Unbound("a distance does not belong to a search tree")


def _check_words(attributes: dict[str, Any]) -> None:
    """A vocabulary numbers its words from 0, each once; and texts are texts, not names of files to be read."""
    if attributes.get("input", "content") in ("filename", "file"):
        raise Unbound("it reads files whose names stand in the data")
    for name in ("vocabulary_", "vocabulary"):
        words = attributes.get(name)
        if isinstance(words, dict):
            numbers = list(words.values())
            is_whole = all(isinstance(n, (int, np.integer)) and not isinstance(n, bool) for n in numbers)
            if not is_whole or sorted(int(n) for n in numbers) != list(range(len(numbers))):
                raise Unbound("a vocabulary does not number its words one after the other")


def _check_neighbours(held: Any) -> None:
    """Rows and labels that fit together; the search tree is built anew."""
    from scipy import sparse
    from sklearn import neighbors

    rows = getattr(held, "_fit_X", None)
    if rows is None:
        return
    known = (
        neighbors.KNeighborsClassifier, neighbors.RadiusNeighborsClassifier, neighbors.KNeighborsRegressor,
        neighbors.RadiusNeighborsRegressor, neighbors.NearestNeighbors,
    )  # fmt: skip
    is_rows = sparse.issparse(rows) or (isinstance(rows, np.ndarray) and rows.dtype.kind in "fiu")
    if type(held) not in known or not is_rows or rows.ndim != 2 or not rows.shape[0]:
        raise Unbound("an estimator of neighbours is of a kind that is not known, or holds no rows")
    n, width = rows.shape
    if held.n_samples_fit_ != n or held.n_features_in_ != width or not isinstance(held.effective_metric_, str):
        raise Unbound("an estimator of neighbours disagrees with the rows it holds")
    if held.effective_metric_ == "precomputed" or not 1 <= (held.n_neighbors or 1) <= n:
        raise Unbound("an estimator of neighbours asks for more neighbours than it has")
    classes = getattr(held, "classes_", None)
    if classes is not None and not held.outputs_2d_:
        labels = held._y  # noqa: SLF001  compiled code counts by them
        if not _is_whole(labels, n) or not (labels.min() >= 0 and labels.max() < len(classes)):
            raise Unbound("an estimator of neighbours has a label that is none of its classes")
    kinds = {"kd_tree": neighbors.KDTree, "ball_tree": neighbors.BallTree}
    method = held._fit_method  # noqa: SLF001  the search it was fitted with
    if method in kinds:
        params = held.effective_metric_params_ or {}
        held._tree = kinds[method](rows, held.leaf_size, metric=held.effective_metric_, **params)  # noqa: SLF001
    elif method == "brute" and held._tree is None:  # noqa: SLF001
        return
    else:
        raise Unbound("an estimator of neighbours searches in a way that is not known")


def _is_whole(values: Any, n: int) -> bool:
    return isinstance(values, np.ndarray) and values.dtype.kind in "iu" and values.shape == (n,)


def _check_support(held: Any) -> None:
    """What libsvm takes: as many coefficients and limits as there are support vectors and pairs of classes."""
    from scipy import sparse
    from sklearn import svm

    vectors = getattr(held, "support_vectors_", None)
    if vectors is None:
        return
    if type(held) not in (svm.SVC, svm.NuSVC) or not isinstance(held.kernel, str) or held.kernel == "precomputed":
        raise Unbound("a support vector machine is of a kind that is not known")
    counts, coefficients = held._n_support, held._dual_coef_  # noqa: SLF001  what libsvm is given
    n_classes, n = len(held.classes_), vectors.shape[0]
    pairs = n_classes * (n_classes - 1) // 2
    fits = (
        vectors.ndim == 2 and vectors.shape[1] == held.n_features_in_ and n > 0 and n_classes > 1
        and sparse.issparse(vectors) == sparse.issparse(coefficients) == bool(held._sparse)  # noqa: SLF001
        and _is_whole(counts, n_classes) and bool((counts >= 0).all()) and int(counts.sum()) == n
        and _is_whole(held.support_, n) and coefficients.shape == (n_classes - 1, n)
        and np.shape(held._intercept_) == (pairs,)
        and (not sparse.issparse(coefficients) or coefficients.nnz == (n_classes - 1) * n)
        and all(_is_none_or(values, pairs) for values in (held._probA, held._probB))  # noqa: SLF001
        and len(held._probA) == len(held._probB)  # noqa: SLF001
    )  # fmt: skip
    if not fits:
        raise Unbound("a support vector machine disagrees with the support vectors it holds")


def _is_none_or(values: npt.NDArray[Any], n: int) -> bool:
    return np.shape(values) in ((0,), (n,))
