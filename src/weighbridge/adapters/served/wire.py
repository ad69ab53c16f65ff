"""The two forms in which a classifier is asked over HTTP: rows by name (V1), and tensors (V2).

References
----------
TensorFlow Serving, RESTful API, section "Predict API" (V1).
KServe, Open Inference Protocol, sections "Model Metadata" and "Inference" (V2).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.ports import Floats

_MOST_CLASSES, _LONGEST_NAME = 10_000, 200
_PROBABILITIES = ("predict_proba", "probabilities", "probability", "output_probability", "scores")
_NAMES = ("classes", "labels", "class_names")
_FLOATS = ("FP16", "FP32", "FP64")


class NoAnswer(Exception):
    """What came back tells no probabilities; `says` is why."""

    def __init__(self, says: Phrase) -> None:
        super().__init__(str(says))
        self.says = says


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """An input or output of a V2 model."""

    name: str
    datatype: str
    shape: tuple[int, ...]  # -1 where a length is not said

    @property
    def is_wide(self) -> bool:
        """Whether a row of it may be more than one value."""
        return len(self.shape) > 1 and self.shape[-1] != 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a server says of a model. Empty where it says nothing."""

    classes: tuple[str, ...] = ()
    inputs: tuple[Tensor, ...] = ()
    outputs: tuple[Tensor, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that it takes; empty where it takes a matrix, or does not say."""
        return () if self.matrix is not None else tuple(tensor.name for tensor in self.inputs)

    @property
    def matrix(self) -> Tensor | None:
        """The one wide input that takes all columns by position."""
        return self.inputs[0] if len(self.inputs) == 1 and self.inputs[0].is_wide else None


class Form(Protocol):
    """How rows are put into a request, and probabilities found in an answer."""

    path: str
    metadata: Metadata

    def body(self, rows: pa.Table) -> Mapping[str, object]:
        """The request about these rows."""
        ...

    def table(self, answer: object, n: int) -> tuple[Floats, tuple[str, ...]]:
        """The numbers in an answer about n rows, shape (n, columns), and the columns' names if it says them.

        Raises
        ------
        NoAnswer
            Where there is no such table in it.
        """
        ...

    def plainer(self) -> bool:
        """Ask in a plainer way from now on; False where there is none."""
        ...


class RowsForm:
    """V1: a list of rows, each an object with the values of its columns."""

    def __init__(self, path: str, metadata: Metadata) -> None:
        self.path, self.metadata = path, metadata

    def body(self, rows: pa.Table) -> Mapping[str, object]:
        """The request about these rows."""
        return {"instances": [{name: _plain(value) for name, value in row.items()} for row in rows.to_pylist()]}

    def table(self, answer: object, n: int) -> tuple[Floats, tuple[str, ...]]:
        """The numbers in an answer; see `Form`."""
        rows = answer.get("predictions") if isinstance(answer, dict) else None
        if not isinstance(rows, list):
            raise NoAnswer(phrase("it sends no list of predictions"))
        if len(rows) != n:
            raise NoAnswer(phrase("it was asked about {n} rows and answers about {m}", n=n, m=len(rows)))
        names: tuple[str, ...] = ()
        if all(isinstance(row, dict) for row in rows):
            names, rows = _unfolded(rows)
        return _numbers(rows), names

    def plainer(self) -> bool:
        """False: there is one way only."""
        return False


class TensorsForm:
    """V2: a tensor for each column, or one matrix."""

    def __init__(self, path: str, metadata: Metadata) -> None:
        self.path, self.metadata = path, metadata
        named = [t.name for t in metadata.outputs if t.name in _PROBABILITIES]
        wide = [t.name for t in metadata.outputs if t.datatype in _FLOATS and t.is_wide]
        # Servers of scikit-learn give probabilities only where they are asked for by this name.
        self._output = next(iter([*named, *wide]), _PROBABILITIES[0] if not metadata.outputs else "")

    def body(self, rows: pa.Table) -> Mapping[str, object]:
        """The request about these rows."""
        matrix = self.metadata.matrix
        if matrix is not None:
            columns = [_as(column, "FP64") for column in rows.columns]
            values = [value for row in zip(*columns, strict=True) for value in row]
            inputs = [_input(matrix.name, matrix.datatype, [rows.num_rows, rows.num_columns], _in_kind(values, matrix))]
            made: dict[str, object] = {"inputs": inputs}
        else:
            said = {tensor.name: tensor for tensor in self.metadata.inputs}
            made = {"inputs": [self._column(said.get(n), n, rows.column(n)) for n in rows.column_names]}
            if not said:  # names of columns are names of tensors for servers that make a frame of them
                made["parameters"] = {"content_type": "pd"}
        return {**made, "outputs": [{"name": self._output}]} if self._output else made

    def table(self, answer: object, n: int) -> tuple[Floats, tuple[str, ...]]:
        """The numbers in an answer; see `Form`."""
        outputs = answer.get("outputs") if isinstance(answer, dict) else None
        if not isinstance(outputs, list) or not all(isinstance(output, dict) for output in outputs):
            raise NoAnswer(phrase("it sends no list of outputs"))
        named = [output for output in outputs if output.get("name") in (self._output, *_PROBABILITIES)]
        floats = [output for output in outputs if output.get("datatype") in _FLOATS and _is_table(output.get("shape"))]
        found = next(iter([*named, *floats]), None)
        if found is None:
            raise NoAnswer(phrase("none of its outputs holds a probability for each class"))
        shape = found.get("shape")
        if not _is_table(shape) or shape[0] != n:
            raise NoAnswer(phrase("it was asked about {n} rows and answers in another shape", n=n))
        flat = _flat(found.get("data"))
        if len(flat) != math.prod(shape):
            raise NoAnswer(phrase("it says a shape that its numbers do not have"))
        return flat.reshape(shape), names_in(found.get("parameters"))

    def plainer(self) -> bool:
        """Name no output, once."""
        had, self._output = bool(self._output), ""
        return had

    @staticmethod
    def _column(said: Tensor | None, name: str, column: pa.ChunkedArray) -> dict[str, object]:
        datatype = said.datatype if said is not None else _datatype(column.type)
        shape = [len(column), 1] if said is not None and len(said.shape) > 1 else [len(column)]
        values = _as(column, datatype)
        told = _input(name, datatype, shape, values)
        return {**told, "parameters": {"content_type": "str"}} if datatype == "BYTES" else told


def read_metadata(told: object) -> Metadata:
    """What metadata tells that is understood here; the rest is passed over."""
    if not isinstance(told, dict):
        return Metadata()
    outputs = told.get("outputs")
    held = [told, told.get("parameters"), told.get("metadata")]
    held += (
        [output.get("parameters") for output in outputs if isinstance(output, dict)]
        if isinstance(outputs, list)
        else []
    )
    classes = next((names for names in map(names_in, held) if names), ())
    return Metadata(classes=classes, inputs=_tensors(told.get("inputs")), outputs=_tensors(outputs))


def names_in(told: object) -> tuple[str, ...]:
    """The names of classes in an object, if it has a proper list of them."""
    if not isinstance(told, dict):
        return ()
    for key in _NAMES:
        names = told.get(key)
        if isinstance(names, list) and are_names(names):
            return tuple(_name(name) for name in names)
    return ()


def are_names(names: list[Any]) -> bool:
    """Whether these can be names of classes: short, printable, all different, not too many."""
    if not 0 < len(names) <= _MOST_CLASSES or not all(isinstance(name, (str, int, float, bool)) for name in names):
        return False
    texts = [_name(name) for name in names]
    return len(set(texts)) == len(texts) and all(0 < len(t) <= _LONGEST_NAME and t.isprintable() for t in texts)


def _name(name: float | str) -> str:
    return str(int(name)) if isinstance(name, float) and name.is_integer() else str(name)


def _tensors(told: object) -> tuple[Tensor, ...]:
    """Inputs or outputs: with shapes and types as in V2, or names alone."""
    found = []
    for one in told if isinstance(told, list) else ():
        match one:
            case {"name": str(name), "datatype": str(datatype), "shape": list(shape)} if all(
                isinstance(side, int) for side in shape
            ):
                found.append(Tensor(name=name, datatype=datatype, shape=tuple(shape)))
            case str(name):
                found.append(Tensor(name=name, datatype="", shape=(-1,)))
            case _:
                return ()
    return tuple(found) if all(t.name.isprintable() and 0 < len(t.name) <= _LONGEST_NAME for t in found) else ()


def _unfolded(rows: list[dict[str, Any]]) -> tuple[tuple[str, ...], list[Any]]:
    """Rows that are objects: of class and probability, or with a list of probabilities under a usual name."""
    if not rows:
        return (), []
    listed = next((key for key in _PROBABILITIES if isinstance(rows[0].get(key), list)), None)
    if listed is not None:
        names = {names_in(row) for row in rows}
        if len(names) > 1:
            raise NoAnswer(phrase("it names other classes from row to row"))
        return names.pop(), [row.get(listed) for row in rows]
    keys = list(rows[0])
    if not are_names(keys):
        raise NoAnswer(phrase("its classes have no names that can be used"))
    if any(row.keys() != rows[0].keys() for row in rows):
        raise NoAnswer(phrase("it names other classes from row to row"))
    return tuple(keys), [[row[key] for key in keys] for row in rows]


def _numbers(rows: list[Any]) -> Floats:
    """A table of numbers from nested lists."""
    if not all(isinstance(row, list) and len(row) == len(rows[0]) for row in rows):
        raise NoAnswer(phrase("it gives an answer, but no list of probabilities for each row"))
    return _flat([value for row in rows for value in row]).reshape(len(rows), -1 if rows and rows[0] else 0)


def _flat(data: object) -> Floats:
    """Numbers, in whatever lists they lie."""
    waiting, found = [data], []
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(reversed(one))
        elif isinstance(one, (int, float)) and not isinstance(one, bool) and abs(one) < 1e300:  # NaN fails this too
            found.append(float(one))
        else:
            raise NoAnswer(phrase("it gives something else than finite numbers as probabilities"))
    return np.asarray(found, dtype=np.float64)


def _is_table(shape: object) -> bool:
    return isinstance(shape, list) and len(shape) == 2 and all(isinstance(side, int) and side >= 0 for side in shape)


def _input(name: str, datatype: str, shape: list[int], data: list[object]) -> dict[str, object]:
    return {"name": name, "datatype": datatype, "shape": shape, "data": data}


def _datatype(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "BOOL"
    if pa.types.is_integer(kind):
        return "INT64"
    return "FP64" if pa.types.is_floating(kind) or pa.types.is_decimal(kind) else "BYTES"


def _as(column: pa.ChunkedArray, datatype: str) -> list[object]:
    """A column's values in a V2 type."""
    values = [_plain(value) for value in column.to_pylist()]
    if datatype == "BYTES":
        return [None if value is None else str(value) for value in values]
    if datatype == "BOOL":
        return [None if value is None else bool(value) for value in values]
    return [None if value is None else _number(value, is_whole=datatype not in _FLOATS) for value in values]


def _number(value: object, *, is_whole: bool) -> float | int:
    try:
        if isinstance(value, (bool, int, float, str)):
            return int(value) if is_whole else float(value)
    except ValueError:
        pass
    raise NoAnswer(phrase("it takes numbers, and a column of the data holds none"))


def _in_kind(values: list[object], matrix: Tensor) -> list[object]:
    if matrix.datatype in _FLOATS:
        return values
    return [int(value) if isinstance(value, float) else value for value in values]


def _plain(value: object) -> object:
    """A value as JSON takes it: what is missing or no number is null, dates are written as ISO 8601 does."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, int, bool)):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)
