"""What others compute for the members of a pool: scikit-learn fits, zstandard packs. One thread, each time the same.

Optional: imported where they are used, so that the card can be read, and the format audited, without them.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
from scipy import sparse

from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import phrase
from weighbridge.probekit.ports import Bools, Floats, Ints

# The recipe of 2019 (openai/gpt-2-output-dataset, baseline.py): words and pairs of words that stand in five texts at
# least, weighted by TF-IDF, in a logistic regression. Its search for C over powers of two is left out: C is fixed, at
# what did as well as any on three sets of Fast-DetectGPT.
_LEAST_TEXTS, _MOST_WORDS, _WORDS_C = 5, 1 << 21, 16.0
_CHARACTERS_C, _STEPS = 1.0, 300
_TREES, _LEAVES, _RATE = 120, 12, 0.08  # ours: small trees, since there are some thousand texts
_LEVEL = 6  # of zstandard; ours: above it the difference hardly tells more, and takes longer


class Words:
    """TF-IDF of words and pairs of words, and a logistic regression over it."""

    def __init__(self, texts: Sequence[str], is_machine: Bools, seed: int) -> None:
        text = _sklearn("feature_extraction.text")
        options = {"ngram_range": (1, 2), "max_features": _MOST_WORDS}
        self._weights: Floats | None = None
        self._intercept = 0.0
        for least in (_LEAST_TEXTS, 1):
            try:
                self.vectorizer = text.TfidfVectorizer(min_df=least, **options)
                matrix = self.vectorizer.fit_transform(texts)
                break
            except ValueError:  # no word stands in so many texts
                continue
        else:
            return
        self._weights, self._intercept = _regression(matrix, is_machine, _WORDS_C, seed)

    def score(self, texts: Sequence[str]) -> Floats:
        """Log-odds of having been written by the model; 0 for all where no word was learnt."""
        if self._weights is None or not len(texts):
            return np.zeros(len(texts))
        return np.asarray(self.vectorizer.transform(texts) @ self._weights + self._intercept, dtype=np.float64)


def support_vectors(matrix: sparse.csr_matrix, is_machine: Bools, seed: int) -> tuple[Floats, float]:
    """Weights and intercept of a linear support vector machine; both kinds weigh the same."""
    svm = _sklearn("svm")
    model = svm.LinearSVC(C=_CHARACTERS_C, class_weight="balanced", dual=True, max_iter=_STEPS, random_state=seed)
    with _quiet():
        model.fit(matrix, is_machine)
    return np.asarray(model.coef_[0], dtype=np.float64), float(model.intercept_[0])


def regression(columns: Floats, is_machine: Bools, seed: int) -> tuple[Floats, float]:
    """Weights and intercept of a logistic regression over a few columns; both kinds weigh the same."""
    return _regression(columns, is_machine, 1.0, seed)


def _regression(matrix: Any, is_machine: Bools, c: float, seed: int) -> tuple[Floats, float]:
    linear = _sklearn("linear_model")
    few = not sparse.issparse(matrix)
    options = {"solver": "lbfgs", "max_iter": 200} if few else {"solver": "liblinear", "random_state": seed}
    model = linear.LogisticRegression(C=c, class_weight="balanced", **options)
    with _quiet():
        model.fit(matrix, is_machine)
    return np.asarray(model.coef_[0], dtype=np.float64), float(model.intercept_[0])


class Trees:
    """Boosted trees over columns, in which a number may be missing."""

    def __init__(self, columns: Floats, is_machine: Bools, seed: int) -> None:
        ensemble = _sklearn("ensemble")
        self.used = np.flatnonzero(~np.isnan(columns).all(axis=0))  # where no text has a number, nothing is learnt
        self.model = ensemble.HistGradientBoostingClassifier(
            max_iter=_TREES, max_leaf_nodes=_LEAVES, learning_rate=_RATE, early_stopping=False, l2_regularization=1.0,
            class_weight="balanced", random_state=seed,
        )  # fmt: skip
        with _quiet():
            self.model.fit(columns[:, self.used], is_machine)

    def score(self, columns: Floats) -> Floats:
        """Log-odds of having been written by the model."""
        if not len(columns):
            return np.zeros(0)
        with _quiet():
            return np.asarray(self.model.decision_function(columns[:, self.used]), dtype=np.float64)


class Packer:
    """A compressor that has read a text beforehand: what is like it packs smaller."""

    def __init__(self, read: bytes) -> None:
        zstandard = _zstandard()
        known = zstandard.ZstdCompressionDict(read, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        known.precompute_compress(level=_LEVEL)
        self._packer = zstandard.ZstdCompressor(
            level=_LEVEL, dict_data=known, write_content_size=False, write_checksum=False, write_dict_id=False
        )

    def size(self, text: bytes) -> int:
        """Bytes that are left of it."""
        return len(self._packer.compress(text))


def edit_distance(before: str, after: str) -> int:
    """How many characters must be put in, taken out or exchanged to make one text of the other (Levenshtein)."""
    try:
        from rapidfuzz.distance import Levenshtein
    except ModuleNotFoundError:
        _lacking("rapidfuzz")
    return int(Levenshtein.distance(before, after))


def _zstandard() -> Any:
    try:
        import zstandard
    except ModuleNotFoundError:
        _lacking("zstandard")
    return zstandard


def _sklearn(name: str) -> Any:
    """A module of scikit-learn."""
    try:
        import sklearn.ensemble
        import sklearn.feature_extraction.text
        import sklearn.linear_model
        import sklearn.svm
    except ModuleNotFoundError:
        _lacking("scikit-learn")
    return functools.reduce(getattr, name.split("."), sklearn)


def _lacking(library: str) -> NoReturn:
    not_measured(
        phrase("the pool of detectors needs {library}, which is not installed", library=library),
        phrase("pip install 'weighbridge[detection]'"),
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """One thread, so that sums have one order; that a fit stopped after its steps is no news."""
    _sklearn("ensemble")
    with _threads().limit(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@functools.cache
def _threads() -> Any:
    """The libraries that compute in threads, looked up once: looking them up asks the system for them."""
    from threadpoolctl import ThreadpoolController  # it comes with scikit-learn

    return ThreadpoolController()


def rows_of(starts: Ints, places: npt.NDArray[np.int32], values: Floats, width: int) -> sparse.csr_matrix:
    """A sparse matrix from its three parts."""
    return sparse.csr_matrix((values, places, starts), shape=(len(starts) - 1, width))
