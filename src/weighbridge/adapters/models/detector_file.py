"""A pool of detectors as a file that scikit-learn alone can read: skops, without code and without a word of the texts.

Three detectors, whose probabilities are averaged: strings of two to five characters; words and pairs of words; and how
it is written, by marks and words of at most three letters, up to four in a row. Each is hashed into 2^18 places and
weighed by a logistic regression. A place is a number: no word stands in the file.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from weighbridge.adapters.models.skops_file import read_skops
from weighbridge.core.errors import Outside, Unusable
from weighbridge.core.wording import _
from weighbridge.probekit.ports import Bools, Floats

_PLACES = 1 << 18
_MARKS_AND_SHORT_WORDS = r"\b\w{1,3}\b|[^\w\s]"
_C = 16.0  # as the pool's words have it
_ROUNDING = 1e-9
_STEPS = 200


def fit_detector(texts: Sequence[str], is_machine: Bools, seed: int) -> Any:
    """Fit all three to texts of people and of a model, and join them.

    Raises
    ------
    Unusable
        Where scikit-learn is not installed.
    """
    try:
        from sklearn.ensemble import VotingClassifier
    except ModuleNotFoundError:
        raise Unusable(
            _("cannot make a detector"),
            _("it needs packages that are not installed"),
            "pip install 'weighbridge[detection,tabular]'",
        ) from None
    members = [
        ("words", _member(seed, ngram_range=(1, 2))),
        ("characters", _member(seed, analyzer="char", ngram_range=(2, 5), lowercase=False)),
        ("style", _member(seed, token_pattern=_MARKS_AND_SHORT_WORDS, ngram_range=(1, 4), lowercase=False)),
    ]
    made = VotingClassifier(members, voting="soft")
    made.fit(list(texts), np.asarray(is_machine))
    del made.named_estimators_  # a second name for what it holds, of a class that safe readers do not know
    return made


def _member(seed: int, **options: Any) -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline

    return Pipeline(
        [
            ("places", HashingVectorizer(n_features=_PLACES, alternate_sign=False, norm=None, **options)),
            ("weights", TfidfTransformer(sublinear_tf=True)),
            (
                "regression",
                LogisticRegression(
                    C=_C, solver="liblinear", class_weight="balanced", max_iter=_STEPS, random_state=seed
                ),
            ),
        ]
    )


def detected(detector: Any, texts: Sequence[str]) -> Floats:
    """How likely each text is the model's, shape (n,)."""
    if not len(texts):
        return np.zeros(0)
    return np.asarray(detector.predict_proba(list(texts))[:, 1], dtype=np.float64)


def write_detector(detector: Any, path: Path, texts: Sequence[str]) -> None:
    """Save it, read it back as anybody would who trusts nothing, and compare what both say of these texts.

    Raises
    ------
    Outside
        Where it cannot be written, or what was read back says something else.
    """
    import skops.io

    try:
        skops.io.dump(detector, path, compression=zipfile.ZIP_DEFLATED)
    except OSError as error:
        raise Outside(
            _("cannot write {path}").format(path=path),
            error.strerror or type(error).__name__,
            _("free some space, or name another folder"),
        ) from error
    apart = np.abs(detected(read_detector(path), texts) - detected(detector, texts)).max(initial=0.0)
    if not apart <= _ROUNDING:
        raise Outside(
            _("the detector that was written is not the one that was made"),
            _("read back, it gives other scores: they differ by up to {apart:.2g}").format(apart=apart),
            _("check the disk, and make it again"),
        )


def read_detector(path: Path) -> Any:
    """The detector in a file; nothing in it is run."""
    return read_skops(path, label=path.name).estimator
