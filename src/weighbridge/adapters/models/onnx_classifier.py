"""Classifiers from ONNX files, run by onnxruntime on the CPU in one thread."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from weighbridge.adapters.models.foreign import reading, settle
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import _, phrase
from weighbridge.probekit.ports import Floats

_ROWS = 4096  # predicted at a time
_TYPES: dict[str, Any] = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(int64)": np.int64}
_TRIALS = 33  # rows on which the order of the classes is tried when a model is opened
_SUM_TOLERANCE = 1e-3  # fp16 and quantised models round
_QUIET = 4  # onnxruntime's level "fatal"


class OnnxClassifier:
    """A classifier of ONNX with one matrix as its input and probabilities per class among its outputs.

    Classes have the names that the model gives them; where it gives none, they are numbered from 0 in the order of the
    columns, as exporters do, and a model whose predicted labels say otherwise is not read.
    """

    kind = "onnx"

    def __init__(self, session: Any, *, label: str) -> None:
        self._session = session
        self._label = label
        source = session.get_inputs()[0]
        self._input: str = source.name
        self._dtype = _TYPES[source.type]
        self._fixed = (
            source.shape[0] if isinstance(source.shape[0], int) else 0
        )  # rows that it takes, if it takes no other
        self.n_features = int(source.shape[1])
        self.classes: tuple[str, ...] = ()
        self._output = ""

    def settle_outputs(self) -> None:
        """Find the probabilities among the outputs and the names of their classes, by trying the model."""
        rows = np.random.default_rng(0).normal(size=(_TRIALS, self.n_features))
        rows[0] = 0
        found = [(output.name, self._run(rows, output.name)) for output in self._session.get_outputs()]
        named = [(name, values) for name, values in found if _is_named(values)]
        tables = [(name, values) for name, values in found if _is_distribution(values)]
        labels = [values for _name, values in found if isinstance(values, np.ndarray) and values.ndim == 1]
        if named:
            self._output = named[0][0]
            self.classes = tuple(str(key) for key in named[0][1][0])
        elif tables:
            self._output, table = tables[0]
            self.classes = tuple(str(number) for number in range(table.shape[1]))
            self._check_order(table, labels)
        else:
            not_measured(
                phrase("{label} gives no probabilities per class", label=self._label),
                phrase("export the model with a softmax as its last step, one column for each class"),
            )

    def predict_proba(self, features: npt.NDArray[Any]) -> Floats:
        """Probabilities, shape (n, classes), in the order of `classes`."""
        if features.ndim != 2 or features.shape[1] != self.n_features:
            msg = f"features of shape {features.shape}; the classifier takes (n, {self.n_features})"
            raise ValueError(msg)
        values = self._run(features, self._output)
        if isinstance(values, list):
            return np.asarray([list(row.values()) for row in values], dtype=np.float64).reshape(-1, len(self.classes))
        return np.asarray(values, dtype=np.float64).reshape(-1, len(self.classes))

    def _run(self, features: npt.NDArray[Any], output: str) -> Any:
        """One output for all rows, as an array, or as a list of one dictionary per row."""
        step = self._fixed or _ROWS
        parts: list[Any] = []
        for start in range(0, max(1, len(features)), step):
            rows = features[start : start + step].astype(self._dtype)
            padding = max(0, self._fixed - len(rows))
            padded = np.concatenate([rows, np.zeros((padding, rows.shape[1]), self._dtype)]) if padding else rows
            parts.append(self._session.run([output], {self._input: padded})[0][: len(rows)])
        if isinstance(parts[0], np.ndarray):
            return np.concatenate(parts)
        return [row for part in parts for row in part]

    def _check_order(self, table: Floats, labels: list[Any]) -> None:
        """Predicted labels must be the numbers of the likeliest columns, or nothing says which class a column is of."""
        top = np.sort(table, axis=1)
        clear = top[:, -1] > top[:, -2] if table.shape[1] > 1 else np.ones(len(table), dtype=bool)
        said = [np.asarray(values) for values in labels if len(values) == len(table)]
        if any(
            [str(name) for name in values[clear]] != [str(n) for n in table.argmax(axis=1)[clear]] for values in said
        ):
            not_measured(
                phrase("the probabilities of {label} do not say which class they are of", label=self._label),
                phrase("export it with named classes, as skl2onnx.to_onnx(model, X[:1]) does without further options"),
            )


def open_onnx(path: Path, *, label: str) -> OnnxClassifier:
    """Open an ONNX file; see `open_classifier`."""
    settle()
    try:
        import onnxruntime
    except ImportError:
        not_measured(
            phrase("classifiers in ONNX need packages that are not installed"),
            phrase("pip install 'weighbridge[tabular]'"),
        )
    what = _("cannot open the classifier {label}").format(label=label)
    fix = _("export it again, for example with skl2onnx.to_onnx(model, X[:1].astype('float32'))")
    onnxruntime.set_default_logger_severity(_QUIET)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _QUIET
    options.intra_op_num_threads = options.inter_op_num_threads = (
        1  # sums over several threads differ in the last digits
    )
    with reading(what, why=_("it is damaged, or no ONNX file"), fix=fix):
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    inputs = session.get_inputs()
    if len(inputs) != 1 or inputs[0].type not in _TYPES or len(inputs[0].shape) != 2:
        not_measured(
            phrase("{label} does not take one matrix of numbers", label=label),
            phrase("export it with one input of shape (None, number of features)"),
        )
    if not isinstance(inputs[0].shape[1], int):
        not_measured(
            phrase("{label} does not say how many features it takes", label=label),
            phrase("export it with one input of shape (None, number of features)"),
        )
    classifier = OnnxClassifier(session, label=label)
    with reading(what, why=_("it does not run"), fix=fix):
        classifier.settle_outputs()
    return classifier


def _is_named(values: Any) -> bool:
    return isinstance(values, list) and bool(values) and isinstance(values[0], dict)


def _is_distribution(values: Any) -> bool:
    """Whether every row is non-negative and sums to 1, over at least two columns."""
    if not isinstance(values, np.ndarray) or values.ndim != 2 or values.shape[1] < 2 or values.dtype.kind != "f":
        return False
    sums = values.sum(axis=1, dtype=np.float64)
    return bool((values >= 0).all() and (np.abs(sums - 1) <= _SUM_TOLERANCE).all())
