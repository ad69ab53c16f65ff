"""What formats that hold numbers may hold besides: types to be built, layers of code, bytes that belong to nothing."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from weighbridge.probekit.pickles import is_pickle

# skops builds objects of the types that its schema names. Trusted are containers, numbers and scikit-learn's own
# estimators, as skops trusts them; functions only where they are ufuncs of numpy or scipy or scores of scikit-learn.
_PLAIN = frozenset({"int", "float", "str", "bool", "complex", "bytes", "bytearray", "NoneType", "list", "set", "tuple",
                    "dict", "map", "slice", "range", "frozenset"})  # fmt: skip
_COLLECTIONS = frozenset({"OrderedDict", "defaultdict"})
_SKLEARN_APART = frozenset({"externals", "datasets", "conftest", "_build_utils", "inspection", "__check_build"})
_SKLEARN_SCORES = ("sklearn.feature_selection.", "sklearn.metrics.", "sklearn.gaussian_process.kernels")
_CALLS = frozenset({"MethodNode", "PartialNode", "OperatorFuncNode"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetensorsReport:
    """What a safetensors file holds besides tensors."""

    has_code: bool  # a pickle among its remarks
    end: int  # where its last tensor ends
    has_gaps: bool  # bytes between tensors that belong to none


def safetensors_report(header: bytes) -> SafetensorsReport:
    """Check a header, given without its length.

    Raises ValueError where the header is none.
    """
    try:
        parsed = json.loads(header)
        remarks = parsed.pop("__metadata__", {})
        places = [(int(tensor["data_offsets"][0]), int(tensor["data_offsets"][1])) for tensor in parsed.values()]
        texts = list(remarks.values())
    except (TypeError, AttributeError, LookupError, RecursionError) as error:
        raise ValueError("a header that describes no tensors") from error
    ends = sorted(end for _, end in places)
    return SafetensorsReport(
        has_code=any(_hides_pickle(text) for text in texts),
        end=8 + len(header) + max(ends, default=0),
        has_gaps=sorted(start for start, _ in places) != [0, *ends][:-1],
    )


def _hides_pickle(text: object) -> bool:
    if not isinstance(text, str) or len(text) < 8:
        return False
    if is_pickle(text.encode("latin-1", "replace")):
        return True
    try:
        return is_pickle(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return False


def untrusted_skops_types(schema: bytes) -> int:
    """How many types a skops schema names that loading should not build unasked.

    Raises ValueError (or RecursionError) where the schema is none.
    """
    named = {_skops_name(node) for node in _tables(json.loads(schema)) if "__class__" in node}
    return sum(not _is_trusted(*name) for name in named)


def _skops_name(node: Mapping[str, object]) -> tuple[str, str, str]:
    return str(node.get("__module__")), str(node.get("__class__")), str(node.get("__loader__"))


def _is_trusted(module: str, name: str, loader: str) -> bool:
    if loader in _CALLS:
        return False
    parts = module.split(".")
    if loader == "FunctionNode":
        return _is_ufunc(parts, name) or (module.startswith(_SKLEARN_SCORES) and "." not in name)
    if module == "builtins":
        return name in _PLAIN
    if module == "collections":
        return name in _COLLECTIONS
    if parts[0] in ("numpy", "scipy"):
        return loader not in ("ObjectNode", "ReduceNode", "ConstructorFromReduceNode") or parts[:2] == [
            "scipy",
            "sparse",
        ]
    return parts[0] == "sklearn" and (len(parts) < 2 or parts[1] not in _SKLEARN_APART)


def _is_ufunc(parts: list[str], name: str) -> bool:
    if parts[0] == "scipy":
        return parts[1:2] == ["special"]
    return parts[0] == "numpy" and isinstance(getattr(np, name, None), np.ufunc)


def keras_runs_code(config: bytes) -> bool:
    """Whether a Keras model's configuration holds a lambda, or names a module that is not Keras's own.

    Raises ValueError (or RecursionError) where the configuration is none.
    """
    for node in _tables(json.loads(config)):
        module = node.get("module")
        is_foreign = isinstance(module, str) and not re.match(r"(?:tensorflow\.|tf_)?keras\b", module)
        if is_foreign or node.get("class_name") in ("Lambda", "__lambda__"):
            return True
    return False


def fetches_code(config: bytes) -> bool:
    """Whether a model's configuration names classes that lie in another repository (`owner/name--module.Class`)."""
    try:
        tables = list(_tables(json.loads(config)))
    except (ValueError, RecursionError):
        return False
    named = [value for table in tables for value in _flat(table.get("auto_map"))]
    return any(isinstance(value, str) and "--" in value for value in named)


def names_foreign_modules(listing: bytes) -> bool:
    """Whether a sentence-transformers list of modules names a class that is not of its own package."""
    try:
        listed = json.loads(listing)
    except (ValueError, RecursionError):
        return False
    modules = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    types = [item["type"] for item in modules if "path" in item and isinstance(item.get("type"), str)]
    return any(not name.startswith("sentence_transformers.") for name in types)


def _flat(value: object) -> list[object]:
    if isinstance(value, dict):
        return [inner for item in value.values() for inner in _flat(item)]
    return [inner for item in value for inner in _flat(item)] if isinstance(value, list) else [value]


def _tables(value: object) -> Iterator[Mapping[str, object]]:
    """Every table in a JSON value, however deep; without recursion, since the depth is the file's choice."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield item
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
