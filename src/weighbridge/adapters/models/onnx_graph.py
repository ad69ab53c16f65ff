"""What an ONNX file holds: read from its protocol buffers, without a schema and without running it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from weighbridge.probekit.ports import Structure
from weighbridge.probekit.wire import FIXED32, LENGTH, VARINT, Field, end_of, next_field

# Fields of onnx.proto: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
_GRAPH, _NODE, _INITIALIZER = 7, 1, 5
_INPUT, _OP, _ATTRIBUTE = 1, 4, 5
_NAME, _TENSOR, _SUBGRAPH, _FLOATS, _INTS, _STRINGS = 1, 5, 6, 7, 8, 9
_DIMS, _TYPE, _FLOAT_DATA, _INT32, _STRING_DATA, _INT64, _TENSOR_NAME, _RAW, _DOUBLE = 1, 2, 4, 5, 6, 7, 8, 9, 10
_DTYPES = {1: "<f4", 2: "u1", 3: "i1", 4: "<u2", 5: "<i2", 6: "<i4", 7: "<i8", 10: "<f2", 11: "<f8", 12: "<u4"}
_TREES = frozenset({"TreeEnsembleClassifier", "TreeEnsembleRegressor", "TreeEnsemble"})
# What is measured against the rows it is given: nearest neighbours and Gaussian processes are exported so.
_DISTANCES = frozenset({"CDist", "Scan"})
_NO_WORDS = frozenset({"classlabels_strings", "classlabels_string", "nodes_modes"})
_DEEPEST = 16  # graphs within graphs; ours


@dataclass(slots=True)
class _Found:
    tensors: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    rows: list[npt.NDArray[Any]] = field(default_factory=list)
    measured_against: list[str] = field(default_factory=list)
    untold: bool = False
    words: dict[str, None] = field(default_factory=dict)
    arrays: list[npt.NDArray[Any]] = field(default_factory=list)


def onnx_structure(data: bytes) -> Structure:
    """Support vectors, rows that others are measured against, words and categories, initialisers.

    Raises
    ------
    ValueError
        Where the bytes are no protocol buffer.
    """
    found = _Found()
    for part in _fields(data):
        if part.number == _GRAPH and part.wire == LENGTH:
            _take_graph(_content(data, part), found, 0)
    found.rows += [
        found.tensors[name] for name in found.measured_against
        if name in found.tensors and found.tensors[name].ndim == 2 and len(found.tensors[name]) > 1
    ]  # fmt: skip
    held = {id(rows) for rows in found.rows[:1]}
    return Structure(
        instances=found.rows[0] if found.rows else np.zeros((0, 0)),
        names_instances=bool(found.rows),
        leaves=np.zeros(0, dtype=np.int64),
        untold_leaves=found.untold,
        vocabulary=tuple(found.words),
        arrays=tuple(
            a for a in (*found.arrays, *found.rows[1:], *found.tensors.values()) if a.size and id(a) not in held
        ),
    )  # fmt: skip


def mapped_classes(data: bytes) -> tuple[str, ...]:
    """The names of the classes that the graph's last step maps its probabilities to; () where it has no such step."""
    for graph in (part for part in _fields(data) if part.number == _GRAPH and part.wire == LENGTH):
        content = _content(data, graph)
        for node in (part for part in _fields(content) if part.number == _NODE and part.wire == LENGTH):
            inner = _content(content, node)
            parts = [part for part in _fields(inner) if part.wire == LENGTH]
            if any(part.number == _OP and _text(inner, part) == "ZipMap" for part in parts):
                return tuple(
                    name for part in parts if part.number == _ATTRIBUTE for name in _labels(_content(inner, part))
                )  # fmt: skip
    return ()


def _labels(data: bytes) -> Iterator[str]:
    for part in _fields(data):
        if part.number == _STRINGS and part.wire == LENGTH:
            yield _text(data, part)
        elif part.number == _INTS and part.wire == VARINT:
            yield str(part.value - (1 << 64) if part.value >> 63 else part.value)
        elif part.number == _INTS and part.wire == LENGTH:
            yield from (str(value) for value in _varints(_content(data, part)))


def _fields(data: bytes) -> Iterator[Field]:
    at = 0
    while at < len(data):
        found = next_field(data, at)
        if found is None or end_of(found) > len(data):
            msg = "no protocol buffer"
            raise ValueError(msg)
        yield found
        at = end_of(found)


def _content(data: bytes, part: Field) -> bytes:
    return data[part.start : part.start + part.value]


def _take_graph(data: bytes, found: _Found, depth: int) -> None:
    if depth > _DEEPEST:
        msg = "graphs within graphs, too deep"
        raise ValueError(msg)
    for part in _fields(data):
        if part.number == _INITIALIZER and part.wire == LENGTH:
            name, tensor = _tensor(_content(data, part), found)
            if tensor is not None:
                found.tensors[name] = tensor
        elif part.number == _NODE and part.wire == LENGTH:
            _take_node(_content(data, part), found, depth)


def _take_node(data: bytes, found: _Found, depth: int) -> None:
    parts = [part for part in _fields(data) if part.wire == LENGTH]
    kind = next((_text(data, part) for part in parts if part.number == _OP), "")
    found.untold |= kind in _TREES
    if kind in _DISTANCES:
        found.measured_against += [_text(data, part) for part in parts if part.number == _INPUT]
    floats: dict[str, npt.NDArray[Any]] = {}
    counts: dict[str, int] = {}
    for part in parts:
        if part.number == _ATTRIBUTE:
            _take_attribute(_content(data, part), found, depth, floats, counts)
    vectors, n = floats.pop("support_vectors", None), counts.get("vectors_per_class", 0)
    if kind == "SVMClassifier" and vectors is not None and n > 0 and len(vectors) % n == 0:
        found.rows.append(vectors.reshape(n, -1))
    elif vectors is not None:
        found.arrays.append(vectors)
    found.arrays += list(floats.values())


def _take_attribute(
    data: bytes, found: _Found, depth: int, floats: dict[str, npt.NDArray[Any]], counts: dict[str, int]
) -> None:
    parts, runs = _attribute(data)
    name = next((_text(data, part) for part in parts if part.number == _NAME and part.wire == LENGTH), "")
    if runs:
        floats[name] = np.concatenate(runs)
    for part in parts:
        if part.number == _INTS and part.wire == VARINT:
            counts[name] = counts.get(name, 0) + part.value
        elif part.number == _STRINGS and part.wire == LENGTH and name not in _NO_WORDS:
            found.words[_text(data, part)] = None
        elif part.number == _TENSOR and part.wire == LENGTH:
            _name, tensor = _tensor(_content(data, part), found)
            found.arrays += [tensor] if tensor is not None else []
        elif part.number == _SUBGRAPH and part.wire == LENGTH:
            _take_graph(_content(data, part), found, depth + 1)


def _attribute(data: bytes) -> tuple[list[Field], list[npt.NDArray[Any]]]:
    """The fields of an attribute, and its floats, which may be millions with a tag before each."""
    at, parts, runs = 0, [], []
    while at < len(data):
        part = next_field(data, at)
        if part is None or end_of(part) > len(data):
            msg = "no protocol buffer"
            raise ValueError(msg)
        if part.number == _FLOATS and part.wire == FIXED32:
            run, at = _run(data, at)
            runs.append(run)
            continue
        if part.number == _FLOATS and part.wire == LENGTH:
            runs.append(np.frombuffer(_content(data, part), "<f4", count=part.value // 4))
        parts.append(part)
        at = end_of(part)
    return parts, runs


def _run(data: bytes, at: int) -> tuple[npt.NDArray[Any], int]:
    """Floats that each have a tag of one byte before them, as many as follow each other; and where they end."""
    n = (len(data) - at) // 5
    table = np.frombuffer(data, np.uint8, count=5 * n, offset=at).reshape(n, 5)
    others = np.flatnonzero(table[:, 0] != data[at])
    length = int(others[0]) if len(others) else n
    return np.ascontiguousarray(table[:length, 1:]).view("<f4").ravel(), at + 5 * length


def _tensor(data: bytes, found: _Found) -> tuple[str, npt.NDArray[Any] | None]:
    """A tensor's name and numbers; None for one of strings, which become words, and for one kept elsewhere."""
    dims: list[int] = []
    kind, name = 0, ""
    parts = list(_fields(data))
    for part in parts:
        if part.number == _DIMS:
            dims += [part.value] if part.wire == VARINT else _varints(_content(data, part))
        elif part.number == _TYPE:
            kind = part.value
        elif part.number == _TENSOR_NAME:
            name = _text(data, part)
        elif part.number == _STRING_DATA:
            found.words[_text(data, part)] = None
    dtype = np.dtype(_DTYPES[kind]) if kind in _DTYPES else None
    content = _numbers_of(data, parts, dtype) if dtype is not None else b""
    if dtype is None or not content or len(content) % dtype.itemsize:
        return name, None
    values = np.frombuffer(content, dtype)
    return name, values.reshape(dims) if math.prod(dims) == len(values) else values


def _numbers_of(data: bytes, parts: list[Field], dtype: np.dtype[Any]) -> bytes:
    """A tensor's numbers as they lie in memory, from whichever field holds them."""
    for part in parts:
        if part.number in (_RAW, _FLOAT_DATA, _DOUBLE) and part.wire == LENGTH:
            return _content(data, part)
        if part.number in (_INT32, _INT64) and part.wire == LENGTH:
            return np.array(_varints(_content(data, part)), dtype=np.int64).astype(dtype).tobytes()
    return b""


def _varints(data: bytes) -> list[int]:
    """Packed whole numbers, negative ones as two's complement of 64 bits."""
    found, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            value &= (1 << 64) - 1
            found.append(value - (1 << 64) if value >> 63 else value)
            value, shift = 0, 0
    return found


def _text(data: bytes, part: Field) -> str:
    return _content(data, part).decode("utf-8", "replace")
