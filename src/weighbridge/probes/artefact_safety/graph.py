"""ONNX graphs, read field by field: which operators they ask for, and which files outside they point to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from weighbridge.probekit.archives import leaves_folder
from weighbridge.probekit.wire import LENGTH, Field, end_of, next_field

_KNOWN = frozenset({
    "", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training",
    "com.microsoft", "com.microsoft.nchwc", "com.microsoft.experimental", "com.ms.internal.nhwc",
})  # fmt: skip
"""Operators that onnxruntime brings with it. Anything else is a library of its own that must be loaded."""

_MAX_DEPTH = 32
_MAX_FIELDS = 20_000_000  # ours: several times what a graph of 2 GiB, the format's limit, has in practice
_MAX_NAME = 4096

# Fields of onnx.proto, by message; "graph" is GraphProto and so on.
_INSIDE = {
    ("model", 7): "graph", ("model", 25): "function", ("model", 20): "training",
    ("training", 1): "graph", ("training", 2): "graph",
    ("graph", 1): "node", ("graph", 5): "tensor", ("graph", 15): "sparse",
    ("function", 7): "node", ("node", 5): "attribute", ("sparse", 1): "tensor", ("sparse", 2): "tensor",
    ("attribute", 5): "tensor", ("attribute", 6): "graph", ("attribute", 10): "tensor", ("attribute", 11): "graph",
    ("attribute", 22): "sparse", ("attribute", 23): "sparse", ("tensor", 13): "external",
}  # fmt: skip
_NAMED = {("node", 4): "name", ("node", 7): "domain", ("function", 1): "name", ("function", 10): "domain",
          ("external", 1): "name", ("external", 2): "value"}  # fmt: skip


@dataclass(slots=True)
class GraphReport:
    """What a graph asks for besides numbers."""

    operators: set[tuple[str, str]] = field(default_factory=set)  # domain and name of each that it uses
    defined: set[tuple[str, str]] = field(default_factory=set)  # of each that it makes itself out of others
    points_outside: bool = False  # to a file outside its folder

    @property
    def is_custom(self) -> bool:
        """Whether it needs operators that do not come with onnxruntime."""
        return any(domain not in _KNOWN for domain, _ in self.operators - self.defined)


def graph_report(stream: BinaryIO) -> GraphReport:
    """Read a model without loading it; tensors are passed over.

    Raises ValueError where the bytes are no ONNX model.
    """
    size = stream.seek(0, 2)
    report, waiting, n_fields = GraphReport(), [("model", 0, size, 0)], 0
    while waiting:
        message, start, end, depth = waiting.pop()
        named: dict[str, str] = {}
        for found in _fields(stream, start, end):
            n_fields += 1
            inner = _INSIDE.get((message, found.number))
            if found.wire == LENGTH and inner:
                waiting.append((inner, found.start, end_of(found), depth + 1))
            elif found.wire == LENGTH and (message, found.number) in _NAMED:
                named[_NAMED[message, found.number]] = _content(stream, found)
        if depth > _MAX_DEPTH or n_fields > _MAX_FIELDS:
            raise ValueError("a graph beyond reason")
        _note(report, message, named)
    return report


def _note(report: GraphReport, message: str, named: dict[str, str]) -> None:
    operator = named.get("domain", ""), named.get("name", "")
    if message == "node":
        report.operators.add(operator)
    elif message == "function":
        report.defined.add(operator)
    elif message == "external" and named.get("name") == "location":
        report.points_outside |= leaves_folder(named.get("value", ""))


def _fields(stream: BinaryIO, start: int, end: int) -> Iterator[Field]:
    """The fields of one message, which lies between two places of the stream."""
    at = start
    window, base = b"", start
    while at < end:
        if at - base > len(window) - 20 and base + len(window) < end:
            stream.seek(at)
            window, base = stream.read(min(1 << 14, end - at)), at
        found = next_field(window, at - base)
        if found is None:
            raise ValueError("a field that is none")
        placed = Field(found.number, found.wire, found.value, found.start + base)
        at = end_of(placed)
        if at > end:
            raise ValueError("a field beyond its message")
        yield placed


def _content(stream: BinaryIO, found: Field) -> str:
    stream.seek(found.start)
    return stream.read(min(found.value, _MAX_NAME)).decode("utf-8", "replace")
