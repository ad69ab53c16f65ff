"""Classifiers of scikit-learn from skops files."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from weighbridge.adapters.models.foreign import reading, settle
from weighbridge.adapters.models.trees import UnsafeTree, check_trees
from weighbridge.core.errors import Unusable
from weighbridge.core.evidence import not_applicable, not_measured
from weighbridge.core.wording import Phrase, _, phrase
from weighbridge.probekit.ports import Floats

# What skops does not vouch for, and we do. Trees, since `check_trees` looks at every node before the first prediction;
# the others are plain Python objects whose methods do arithmetic on arrays that numpy checks.
_TREE = "sklearn.tree._tree.Tree"
_VOUCHED = frozenset(
    {
        _TREE,
        "sklearn.calibration._CalibratedClassifier",
        "sklearn.calibration._SigmoidCalibration",
        "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
        "sklearn.neural_network._stochastic_optimizers.SGDOptimizer",
    }
)
_ROWS = 4096  # predicted at a time
_TO_ONNX = (
    "onnx = skl2onnx.to_onnx(model, X[:1].astype('float32')); open('model.onnx', 'wb').write(onnx.SerializeToString())"
)


class SkopsClassifier:
    """A fitted classifier of scikit-learn.

    `kind` is the class name of the estimator; of a pipeline, that of its last step. `notes` say what should be told
    beside every number that comes from it.
    """

    def __init__(self, estimator: Any, *, label: str, notes: tuple[Phrase, ...]) -> None:
        self._estimator = estimator
        self._label = label
        self.notes = notes
        self.kind = type(_last_step(estimator)).__name__
        self.n_features = int(estimator.n_features_in_)
        self.classes = tuple(str(name) for name in estimator.classes_)

    def predict_proba(self, features: npt.NDArray[Any]) -> Floats:
        """Probabilities, shape (n, classes), in the order of `classes`."""
        if features.ndim != 2 or features.shape[1] != self.n_features:
            msg = f"features of shape {features.shape}; the classifier takes (n, {self.n_features})"
            raise ValueError(msg)
        found = np.empty((len(features), len(self.classes)))
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # fitted with names of columns, asked without: the order is the caller's to keep
            for start in range(0, len(features), _ROWS):
                found[start : start + _ROWS] = self._estimator.predict_proba(features[start : start + _ROWS])
        return found


def open_skops(path: Path, *, label: str) -> SkopsClassifier:
    """Open a skops file; see `open_classifier`."""
    settle()
    try:
        import sklearn
        from skops import io
    except ImportError:
        not_measured(
            phrase("classifiers in skops files need packages that are not installed"),
            phrase("pip install 'weighbridge[tabular]'"),
        )
    what = _("cannot open the classifier {label}").format(label=label)
    fix = _("save it again: skops.io.dump(model, 'model.skops')")
    with reading(what, why=_("it is damaged, or no skops file"), fix=fix):
        named = io.get_untrusted_types(file=path)
    _refuse_unknown(named, what)
    with reading(what, why=_("it cannot be put together again"), fix=fix):
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            estimator = io.load(path, trusted=named)
        _check_trees(estimator, what)
        _check_classifier(estimator, sklearn.base.is_classifier(estimator), label)
        return SkopsClassifier(estimator, label=label, notes=_notes(said, sklearn.__version__))


def _refuse_unknown(named: list[str], what: str) -> None:
    unknown = [name for name in named if name not in _VOUCHED]
    if unknown:
        raise Unusable(
            what,
            _("it holds {n} types that are not known to be safe, the first is {first}").format(
                n=len(unknown), first=unknown[0][:100]
            ),
            _("if you trust the file, convert it to ONNX where it was made: {command}").format(command=_TO_ONNX),
        )


def _check_trees(estimator: Any, what: str) -> None:
    try:
        check_trees(estimator)
    except UnsafeTree as error:
        raise Unusable(
            what,
            _("it holds a decision tree that cannot be followed safely: {why}").format(why=error),
            _("convert it to ONNX where it was made: {command}").format(command=_TO_ONNX),
        ) from error


def _check_classifier(estimator: Any, is_classifier: bool, label: str) -> None:  # noqa: FBT001  asked of a library
    if not is_classifier:
        not_applicable(phrase("{label} is no classifier but a {kind}", label=label, kind=type(estimator).__name__))
    if not hasattr(estimator, "predict_proba"):
        not_measured(
            phrase("{label} ({kind}) gives no probabilities", label=label, kind=type(_last_step(estimator)).__name__),
            phrase("weigh it as CalibratedClassifierCV(FrozenEstimator(model)), fitted on data of its own"),
        )
    if not hasattr(estimator, "n_features_in_"):
        not_measured(
            phrase("{label} does not take a matrix of numbers", label=label),
            phrase("weigh the classifier behind the step that makes numbers of its input"),
        )
    if np.ndim(estimator.classes_[0]) > 0:
        not_measured(
            phrase("{label} has several outputs", label=label),
            phrase("weigh one classifier for each output"),
        )


def _last_step(estimator: Any) -> Any:
    steps = getattr(estimator, "steps", None)
    return _last_step(steps[-1][1]) if steps else estimator


def _notes(said: list[warnings.WarningMessage], version: str) -> tuple[Phrase, ...]:
    """A note where scikit-learn says that the model was saved by another version of it."""
    for warning in said:
        saved = getattr(warning.message, "original_sklearn_version", None)
        if saved:
            return (
                phrase(
                    "the model was saved by scikit-learn {saved} and read by {version}; its numbers may differ",
                    saved=str(saved)[:20],
                    version=version,
                ),
            )
    return ()
