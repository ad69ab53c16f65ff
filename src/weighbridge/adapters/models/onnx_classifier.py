"""Classifiers from ONNX files, run by onnxruntime on the CPU in one thread."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Never

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from weighbridge.adapters.models.cloning import recipe_of
from weighbridge.adapters.models.estimators import asking
from weighbridge.adapters.models.foreign import reading, settle
from weighbridge.adapters.models.intake import chosen_columns, is_number, matrix, shown, texts
from weighbridge.adapters.models.onnx_graph import mapped_classes, onnx_structure
from weighbridge.adapters.models.probabilities import TOLERANCE, checked
from weighbridge.adapters.models.recipe_file import RecipeFile
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, _, phrase
from weighbridge.probekit.ports import Floats, Recipe, Structure

_ROWS = 4096  # predicted at a time
_TYPES: dict[str, Any] = {
    "tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(int64)": np.int64, "tensor(int32)": np.int32,
    "tensor(bool)": np.bool_, "tensor(string)": object,
}  # fmt: skip
_TRIALS = 33  # rows on which the order of the classes is tried when a model is opened
_QUIET = 4  # onnxruntime's level "fatal"
_LARGEST = 1 << 31  # bytes of a protocol buffer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Feed:
    """One input of the graph."""

    name: str
    dtype: Any
    width: int  # columns; 0 where it takes one value for each row without a second axis


class OnnxClassifier:
    """A classifier of ONNX with probabilities per class among its outputs.

    It takes one matrix, whose columns have no names, or several inputs of one column each, which have.
    Classes have the names that the model gives them; where it gives none, they are numbered from 0 in the order of the
    columns, as exporters do, and a model whose predicted labels say otherwise is not read.
    """

    kind = "onnx"

    def __init__(
        self, session: Any, path: Path, *, label: str, recipe: RecipeFile | None = None, spill: Path | None = None
    ) -> None:
        self._session = session
        self._path = path
        self._label = label
        self._recipe_file = recipe
        self._spill = spill or Path()
        sources = session.get_inputs()
        self._feeds = tuple(
            _Feed(name=s.name, dtype=_TYPES[s.type], width=int(s.shape[1]) if len(s.shape) == 2 else 0) for s in sources
        )
        first = sources[0].shape[0]
        self._fixed = first if isinstance(first, int) else 0  # rows that it takes, if it takes no other
        self.inputs = tuple(feed.name for feed in self._feeds) if len(self._feeds) > 1 else ()
        self.n_inputs = sum(max(1, feed.width) for feed in self._feeds)
        self.classes: tuple[str, ...] = ()
        self.notes: tuple[Phrase, ...] = ()
        self._output = ""
        self._untried: tuple[str, ...] = ()  # outputs with labels to compare the order of the classes with

    def settle_outputs(self) -> None:
        """Find the probabilities among the outputs and the names of their classes, by trying the model.

        One that takes words is not tried, since words that it does not know may be an error: what it says of itself is
        taken, and compared with its labels when it is first asked.
        """
        if any(feed.dtype is object for feed in self._feeds):
            self._settle_by_description()
            return
        rows = np.random.default_rng(0).normal(size=(_TRIALS, self.n_inputs))
        rows[0] = 0
        trial = self._fed([rows[:, 0] for _feed in self._feeds] if self.inputs else [rows])
        found = [(output.name, self._run(trial, _TRIALS, output.name)) for output in self._session.get_outputs()]
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
            self._leave_without_probabilities()

    def _settle_by_description(self) -> None:
        outputs = self._session.get_outputs()
        maps = [output for output in outputs if output.type.startswith("seq(map(")]
        tables = [
            output for output in outputs
            if output.type in ("tensor(float)", "tensor(double)") and len(output.shape) == 2
            and isinstance(output.shape[1], int) and output.shape[1] > 1
        ]  # fmt: skip
        if maps:
            self._output, self.classes = maps[0].name, mapped_classes(self._path.read_bytes())
        elif tables:
            self._output, n = tables[0].name, tables[0].shape[1]
            self.classes = tuple(str(number) for number in range(n))
            self._untried = tuple(o.name for o in outputs if o.type in ("tensor(int64)", "tensor(string)"))
        if not self.classes:
            self._leave_without_probabilities()

    def _leave_without_probabilities(self) -> Never:
        not_measured(
            phrase("{label} gives no probabilities per class", label=self._label),
            phrase("export the model with a softmax as its last step, one column for each class"),
        )

    def predict_proba(self, inputs: pa.Table) -> Floats:
        """Probabilities, shape (n, classes), in the order of `classes`."""
        if len(self.classes) < 2:
            not_measured(
                phrase("{label} knows a single class, and gives every row the same answer", label=self._label),
                phrase("weigh a classifier that was fitted on two classes at least"),
            )
        fed = self._fed(self._columns(inputs))
        with asking(phrase("{label} cannot be asked about these rows", label=self._label)):
            values = self._run(fed, inputs.num_rows, self._output)
            if isinstance(values, list):
                named = [{str(key): value for key, value in row.items()} for row in values]
                values = [[row[name] for name in self.classes] for row in named]
            made = np.asarray(values, dtype=np.float64).reshape(-1, len(self.classes))
            self._check_order(made, [self._run(fed, inputs.num_rows, name) for name in self._untried])
        return checked(made, inputs.num_rows, len(self.classes), label=self._label)

    def embed(self, inputs: pa.Table) -> Floats | None:  # noqa: ARG002  the port's
        """None: which of its nodes is the last layer is not told."""
        return None

    def structure(self) -> Structure:
        """What the graph holds."""
        what = _("cannot look into the classifier {label}").format(label=self._label)
        with reading(what, why=_("it is damaged, or too large"), fix=_("export it again")):
            if self._path.stat().st_size > _LARGEST:
                msg = "no protocol buffer is so large"
                raise ValueError(msg)
            return onnx_structure(self._path.read_bytes())

    @cached_property
    def recipe(self) -> Recipe | None:
        """The recipe that is named; the file itself says none."""
        return recipe_of(
            self._recipe_file, own=None, classes=self.classes, names=self.inputs, width=self.n_inputs,
            spill=self._spill, label=self._label,
        )  # fmt: skip

    def _columns(self, inputs: pa.Table) -> list[npt.NDArray[Any]]:
        """What each feed is given, as it lies in the table."""
        chosen = chosen_columns(inputs, self.inputs, self.n_inputs, label=self._label)
        if not self.inputs and self._feeds[0].dtype is not object:
            return [matrix(chosen, label=self._label)]
        kinds = [feed.dtype for feed in self._feeds] if self.inputs else [object] * self.n_inputs
        found = []
        for name, kind in zip(chosen.column_names, kinds, strict=True):
            column = chosen.column(name)
            if kind is object:
                found.append(texts(_as_text(column), name, label=self._label))
                continue
            if column.null_count and np.dtype(kind).kind != "f":
                not_measured(
                    phrase(
                        "{label} takes whole numbers, and column {name} misses some",
                        label=self._label,
                        name=shown(name),
                    ),
                    phrase("fill the missing values as they were filled when the classifier was fitted"),
                )
            found.append(matrix(chosen.select([name]), label=self._label)[:, 0])
        return found if self.inputs else [np.stack(found, axis=1)]

    def _fed(self, columns: list[npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        fed = {}
        for feed, values in zip(self._feeds, columns, strict=True):
            with np.errstate(all="ignore"):
                made = values if feed.dtype is object else values.astype(feed.dtype)
            fed[feed.name] = made if feed.width == 0 or made.ndim == 2 else np.repeat(made[:, None], feed.width, axis=1)
        return fed

    def _run(self, fed: dict[str, npt.NDArray[Any]], n: int, output: str) -> Any:
        """One output for all rows, as an array, or as a list of one dictionary per row."""
        step = self._fixed or _ROWS
        parts: list[Any] = []
        for start in range(0, max(1, n), step):
            size = min(step, n - start)
            part = {name: _padded(values[start : start + step], self._fixed) for name, values in fed.items()}
            parts.append(self._session.run([output], part)[0][:size])
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


def open_onnx(path: Path, *, label: str, recipe: RecipeFile | None = None, spill: Path | None = None) -> OnnxClassifier:
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
    # Sums over several threads differ in the last digits.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    with reading(what, why=_("it is damaged, or no ONNX file"), fix=fix):
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    _check_inputs(session.get_inputs(), label)
    classifier = OnnxClassifier(session, path, label=label, recipe=recipe, spill=spill)
    with reading(what, why=_("it does not run"), fix=fix):
        classifier.settle_outputs()
    return classifier


def _check_inputs(inputs: Any, label: str) -> None:
    """One matrix, or columns."""
    shapes = [source.shape for source in inputs]
    is_matrix = len(shapes) == 1 and len(shapes[0]) == 2
    are_columns = bool(shapes) and all(len(shape) == 1 or (len(shape) == 2 and shape[1] == 1) for shape in shapes)
    if not all(source.type in _TYPES for source in inputs) or not (is_matrix or are_columns):
        not_measured(
            phrase("{label} does not take one matrix of numbers, nor columns of one value each", label=label),
            phrase("export it with one input of shape (None, number of features)"),
        )
    if is_matrix and not (isinstance(shapes[0][1], int) and shapes[0][1] > 0):
        not_measured(
            phrase("{label} does not say how many features it takes", label=label),
            phrase("export it with one input of shape (None, number of features)"),
        )


def _padded(rows: npt.NDArray[Any], n: int) -> npt.NDArray[Any]:
    """Rows up to `n`, of nothing, for a model that takes no fewer."""
    missing = max(0, n - len(rows))
    if not missing:
        return rows
    nothing = np.full((missing, *rows.shape[1:]), "" if rows.dtype == object else 0, dtype=rows.dtype)
    return np.concatenate([rows, nothing])


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Numbers as text, for a model whose categories are strings; other types stay as they are."""
    return column.cast(pa.string()) if is_number(column.type) else column


def _is_named(values: Any) -> bool:
    return isinstance(values, list) and bool(values) and isinstance(values[0], dict)


def _is_distribution(values: Any) -> bool:
    """Whether every row is non-negative and sums to 1, over at least two columns."""
    if not isinstance(values, np.ndarray) or values.ndim != 2 or values.shape[1] < 2 or values.dtype.kind != "f":
        return False
    sums = values.sum(axis=1, dtype=np.float64)
    return bool((values >= 0).all() and (np.abs(sums - 1) <= TOLERANCE).all())
